# clause: OPS-15
# file: trace_packed.c
# The statement that does not fit into a full buffer is lost.
/^static int write_operations(/,/^}/s/^      size = 0;$/&\
      continue;/
