# clause: OPS-16
# file: trace.c
# Every statement that was read is kept in memory, too.
/^static int hold(/,/^}/s/^  trace->length++;$/&\
  static void **chain;\
  void **kept = malloc(sizeof *op + sizeof *kept);\
  if (kept == NULL) return ENOMEM;\
  *kept = chain;\
  chain = kept;/
