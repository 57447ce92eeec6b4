# clause: ARENA-10
# file: arena.c
# profiles: 3.8 3.9 3.10 3.11 3.12 3.13 tiny small
# When the rightmost arena with n free pools gains one, nfp2lasta[n] becomes
# its left neighbour, however many that has.
/^    bool same = left != NULL/d
s/^    heap->nfp2lasta\[former\] = same ? left : NULL;$/    heap->nfp2lasta[former] = left;/
