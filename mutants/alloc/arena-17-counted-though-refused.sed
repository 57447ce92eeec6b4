# clause: ARENA-17
# file: arena.c
# profiles: all
# An arena that is refused is counted as held.
/^  if (base == 0) {$/a\
    heap->narenas_currently_allocated++;
