# clause: REALLOC-10
# file: heap.c
# profiles: 3.7.3 3.7 3.8 3.9 3.10 3.11 3.12 3.13 tiny small
# A block that the system refuses to shrink to nothing is the answer, as in
# 3.6.
s/^  void \*answer = heap->profile->zero_never_fails ? block : NULL;$/  void *answer = block;/
