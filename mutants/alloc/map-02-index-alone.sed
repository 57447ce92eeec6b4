# clause: MAP-02
# file: map.c
# profiles: 3.6 3.7.3 3.7 3.8 3.9 small
# Whether the arena that is named holds the address is not looked at.
/^static bool index_holds(/,/^}/{
  /^  uintptr_t offset = /d
  /^  if (offset >= pp_arena_size(heap->profile)) return false;$/d
}
