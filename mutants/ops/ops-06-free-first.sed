# clause: OPS-06
# file: trace_records.c
# The byte 0 is the kind free.
/^  SHARE(MALLOC, 40/d
s/^  SHARE(FREE, 40, NONE, NONE) .*$/&\
  SHARE(MALLOC, 40, SIZE, NONE)                \\/
