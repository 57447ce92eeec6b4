# clause: ARENA-14
# file: arena.c
# profiles: all
# The arena vector grows by one slot.
s/: former << 1;$/: former + 1;/
