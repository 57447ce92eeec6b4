# clause: SC-05
# file: geometry.h
# profiles: tiny
# The capacity of a pool is what fits behind two headers. Only in the smallest
# pools is that less than two blocks.
/ pp_class_capacity(/,/^}/s/- PP_POOL_HEADER/- (size_t)2 * PP_POOL_HEADER/
