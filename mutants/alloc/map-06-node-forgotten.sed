# clause: MAP-06
# file: map.c
# profiles: 3.10 3.11 3.12 3.13 tiny
# With the mark of a released arena goes the node that it is in.
/^void pp_map_unmark(/,/^}/s/^  int32_t offset = high->tail_hi;$/&\
  struct key key = key_of(heap->profile, base);/
/^  PP_ENSURE(heap->witness, MAP_05, !radix_holds(heap, (void \*)base));$/i\
  ((void **)heap->map.root[key.top])[key.middle] = NULL;
