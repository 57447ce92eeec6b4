# clause: HASH-05
# file: hash_number.c
# profiles: all
# A float has the hash of its fraction, without its exponent.
s/rotate(interpreter, number.magnitude, (unsigned)shift)/rotate(interpreter, number.magnitude, (unsigned)shift \& 0)/
