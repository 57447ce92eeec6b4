# clause: OPS-01
# file: trace_text.c
# A file without a statement is a trace without statements.
s/^    if (got == 0 && text->headed) return 0;$/    if (got == 0) return 0;/
