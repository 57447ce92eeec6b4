# clause: OPS-04
# file: trace_text.c
# Lines without a statement are not counted.
s/^  text->line++;$/  if (text->length > 0) text->line++;/
