# clause: OPS-04
# file: trace_text.c
# Columns count from 0.
s/^  return (unsigned long)(at - text->text) + 1;$/  return (unsigned long)(at - text->text);/
