# clause: HASH-02
# file: hash_number.c
# profiles: all
# Numbers are taken modulo 2^61 - 2.
s/(UINT64_C(1) << PRIME_BITS) - 1;/(UINT64_C(1) << PRIME_BITS) - 2;/
