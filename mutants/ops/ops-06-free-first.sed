# clause: OPS-06
# file: trace_records.c
# The byte 0 is the kind free.
/^  SHARE(MALLOC, 56/d
s/^  SHARE(FREE, 56, NONE, NONE)  .*$/&\
  SHARE(MALLOC, 56, SIZE, NONE)                \\/
