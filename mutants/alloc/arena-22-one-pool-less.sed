# clause: ARENA-22
# file: arena.c
# profiles: all
# An arena is released with the size of all of its pools but one.
/^void pp_arena_return(/,/^}/s/(void \*)base, pp_arena_size(heap->profile))/(void *)base,\
               pp_arena_size(heap->profile) - pp_pool_size(heap->profile))/
