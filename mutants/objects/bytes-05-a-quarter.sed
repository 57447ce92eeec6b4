# clause: BYTES-05
# file: bytearray.c
# profiles: all
# A bytearray grows by a quarter.
s/return target + target \/ EIGHTH +/return target + target \/ 4 +/
