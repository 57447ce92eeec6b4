# clause: BYTES-08
# file: bytearray.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12
# The buffer of a bytearray is from the MEM family.
s/pp_keys_family(interpreter)/pp_mem(interpreter)/
