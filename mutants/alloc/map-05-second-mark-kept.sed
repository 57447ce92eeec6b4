# clause: MAP-05
# file: map.c
# profiles: 3.10 3.11 3.12 3.13 tiny
# The mark of a released arena stays in its second leaf.
/^    low->tail_lo = 0;$/d
