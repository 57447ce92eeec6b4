# clause: BLOCK-01
# file: heap.c
# profiles: all
# A block begins eight bytes late, behind room for its length.
/^static void \*take_small(/,/^}/s/^  heap->live_blocks++;$/&\
  block += 8;/
