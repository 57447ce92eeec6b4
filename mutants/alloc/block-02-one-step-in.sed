# clause: BLOCK-02
# file: heap.c
# profiles: all
# A block that is larger than the alignment begins that much late.
/^static void \*take_small(/,/^}/s/^  heap->live_blocks++;$/&\
  if (class_index > 0) block += pp_alignment(profile);/
