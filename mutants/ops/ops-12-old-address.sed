# clause: OPS-12
# file: ends.c
# After a realloc the ID names the place where the block was.
/^static void moves(/,/^}/s/^  block->address = address;$//
