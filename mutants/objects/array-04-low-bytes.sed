# clause: ARRAY-04
# file: array_items.c
# profiles: all
# An int is cut to the bytes that there is room for.
s/^    if (magnitude > most) return false;$//
s/^    if (bits < WORD_BITS && magnitude >> bits != 0) return false;$//
s/^    uint64_t most = .*;$//
