# clause: ARENA-20
# file: arena.c
# profiles: all
# The most arenas ever held is not brought up to date.
/^    heap->narenas_highwater = heap->narenas_currently_allocated;$/d
