# clause: MAP-03
# file: map.c
# profiles: 3.10 3.11 3.12 3.13 tiny
# An arena that lies in two leaves marks the first.
/^  low->tail_lo = offset;$/d
