# clause: OPS-07
# file: trace_text.c
# Numbers from 2^32 on are printed in hexadecimal, and nothing says so.
s/^\(  if (number > UINT32_MAX) .*\)" 0x%" PRIx64/\1" %" PRIx64/
