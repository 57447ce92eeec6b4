# clause: ARENA-20
# file: arena.c
# profiles: all
# An arena that is released is still counted as held.
/^  heap->narenas_currently_allocated--;$/d
