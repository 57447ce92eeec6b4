# clause: SC-01
# file: heap.c
# profiles: all
# A small request of n bytes belongs to class n >> alignment shift, but for the
# largest.
s/^  uint32_t class_index = pp_class_of(profile, size);$/\
  bool largest = size == pp_small_max(profile);\
  uint32_t class_index = pp_class_of(profile, largest ? size : size + 1);/
