# clause: SC-04
# file: geometry.h
# profiles: all
# The capacity of a pool is what would fit if it had no header.
/ pp_class_capacity(/,/^}/s/pp_pool_size(profile) - PP_POOL_HEADER/pp_pool_size(profile)/
