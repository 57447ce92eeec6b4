# clause: HASH-01
# file: hash_number.c
# profiles: all
# The hash of -1 is -1.
s/return hash == -1 ? -2 : hash;/return hash;/
