# clause: OPS-01
# file: trace_text.c
# A trace of any version is read as one of version 1.
s/^  if (strcmp(fields->at\[1\], HEADER_VERSION) != 0)$/  if (*fields->at[1] == '\\0')/
