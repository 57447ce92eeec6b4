# clause: OPS-04
# file: trace_text.c
# What stands behind the last operand is not looked at.
s/^  if (fields->count > 1 + count)$/  if (fields->count > FIELDS_MAX + 1)/
