# clause: ARENA-14
# file: arena.c
# profiles: all
# Not searched: it takes 17 arenas for the vector to grow.
# The arena vector grows by one slot.
s/: former << 1;$/: former + 1;/
