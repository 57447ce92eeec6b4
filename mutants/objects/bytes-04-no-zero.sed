# clause: BYTES-04
# file: bytearray.c
# profiles: all
# Nothing is written behind the bytes of a bytearray.
/^  bytes\[length\] = 0;$/d
