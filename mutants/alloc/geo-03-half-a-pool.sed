# clause: GEO-03
# file: geometry.h
# profiles: all
# The pool of a block is looked for at half the distance.
/ \*pp_pool_of(/,/^}/s/pp_pool_size(profile) - 1/pp_pool_size(profile) \/ 2 - 1/
