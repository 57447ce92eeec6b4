# clause: OPS-03
# file: ends.c
# A free of an ID without a block calls nothing.
/^static void free_null(/,/^}/s/^  call_free(driver, op, &null);$/  (void)op, (void)null;/
