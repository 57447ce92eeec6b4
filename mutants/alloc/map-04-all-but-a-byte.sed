# clause: MAP-04
# file: map.c
# profiles: 3.10 3.11 3.12 3.13 tiny
# An arena at a multiple of the arena size marks its leaf from the second byte
# on.
s/^    high->tail_hi = -1;$/    high->tail_hi = 1;/
