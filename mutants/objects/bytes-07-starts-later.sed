# clause: BYTES-07
# file: bytearray.c
# profiles: all
# A bytearray without bytes has room for one.
s/bytes == NULL ? 0 : length + 1/length + 1/
