# clause: SC-03
# file: heap.c
# profiles: all
# A small request gets a byte more than it asks for, to mark its end.
/^static void \*serve(/,/^}/s/take_small(heap, size)/take_small(heap, size + (size < pp_small_max(heap->profile)))/
