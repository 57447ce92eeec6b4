# clause: HEAP-01
# file: heap.c
# profiles: all
# A block of a pool that is freed is not counted off.
/^static void give_small(/,/^}/{/^  heap->live_blocks--;$/d;}
