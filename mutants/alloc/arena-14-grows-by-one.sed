# clause: ARENA-14
# file: arena.c
# profiles: all
# The arena vector grows by one slot.
# Not searched: it takes 17 arenas for the vector to grow.
s/: former << 1;$/: former + 1;/
