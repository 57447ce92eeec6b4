# clause: ARENA-11
# file: arena.c
# profiles: 3.6 3.7.3 3.7 3.8 small
# A wholly free arena is kept when it is the last of usable_arenas, as in 3.9.
s/^  if (!heap->profile->keeps_rightmost) return true;$/  (void)heap;/
