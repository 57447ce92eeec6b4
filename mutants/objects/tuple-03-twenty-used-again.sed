# clause: TUPLE-03
# file: free_lists.c
# profiles: 3.11 3.12
# A tuple of 20 items is taken from the list of those.
s/^  return list != PP_FREE_TUPLE || index <= rules->free_tuple_take;$/  (void)rules;\n  (void)list;\n  (void)index;\n  return true;/
