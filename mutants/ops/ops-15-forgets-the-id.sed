# clause: OPS-15
# file: trace_packed.c
# When a buffer is full, the ID before the next one is forgotten.
/^static int write_operations(/,/^}/s/^      size = 0;$/&\
      previous = 0;/
