# clause: GEO-04
# file: geometry.h
# profiles: 3.10 3.11 3.12 3.13 tiny
# The pools of an arena are counted from its base, whatever gap there is.
/ pp_arena_pools(/,/^}/s/end - pp_pool_ceiling(profile, base)/end - base/
