# clause: OPS-07
# file: trace_text.c
# Numbers are printed with their low 32 bits.
s/^  if (number > UINT32_MAX) return .*$//
s/^  return snprintf(text, size, " %" PRIu64, number);$/  return snprintf(text, size, " %" PRIu32, (uint32_t)number);/
