# clause: ARENA-09
# file: arena.c
# profiles: all
# An arena that outgrew its right neighbour stays where it is.
/^static void arena_reorder(/,/^}/{
  /^  list_remove(heap, arena);$/d
  /^  list_insert_after(heap, left, arena);$/d
}
