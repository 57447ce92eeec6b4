# clause: HEAP-15
# file: lifetime.c
# profiles: 3.9 3.10 3.11 3.12 3.13 tiny
# A heap that ends forgets an arena that has empty pools. Up to 3.8, there is
# none when all blocks are freed.
s/^    if (base == 0) continue;$/    if (base == 0 || heap->arenas[i].freepools != NULL) continue;/
