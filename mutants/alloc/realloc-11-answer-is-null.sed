# clause: REALLOC-11
# file: heap.c
# profiles: 3.6
# When the system refuses to shrink a block to nothing the answer is null, as
# from 3.7 on.
s/^  void \*answer = heap->profile->zero_never_fails ? block : NULL;$/  void *answer = NULL;/
