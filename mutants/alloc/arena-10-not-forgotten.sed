# clause: ARENA-10
# file: arena.c
# profiles: 3.8 3.9 3.10 3.11 3.12 3.13 tiny small
# nfp2lasta still names the head, which was alone, when it has one pool less.
s/^  if (is_rightmost(heap, arena)) heap/  if (is_rightmost(heap, arena) \&\& arena->nextarena != NULL)\
    heap/
