# clause: OPS-11
# file: driver.c
# A drain frees neighbours, whatever STEP says.
/^static void drain(/,/^}/s/op->id + i \* op->b/op->id + i/
