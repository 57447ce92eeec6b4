# clause: OPS-10
# file: driver.c
# A burst is of N - 1 requests.
/^static void burst(/,/^}/s/i < op->a;/i + 1 < op->a;/
