# clause: ARENA-14
# file: arena.c
# profiles: all
# The arena vector begins with 8 slots.
s/former == 0 ? PP_ARENA_SLOTS_FIRST :/former == 0 ? PP_ARENA_SLOTS_FIRST \/ 2 :/
