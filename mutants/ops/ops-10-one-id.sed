# clause: OPS-10
# file: driver.c
# All requests of a burst are for its first ID.
/^static void burst(/,/^}/s/op->id + i/op->id/
