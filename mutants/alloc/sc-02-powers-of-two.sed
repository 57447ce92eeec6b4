# clause: SC-02
# file: geometry.h
# profiles: 3.6 3.7.3 3.7 3.8 3.9 3.10 3.11 3.12 3.13 small
# Blocks are of powers of two.
/ pp_class_size(/,/^}/s/^  return (class_index + 1) << profile->alignment_shift;$/\
  uint32_t size = (uint32_t)1 << profile->alignment_shift;\
  while (size < (class_index + 1) << profile->alignment_shift) size <<= 1;\
  return size;/
