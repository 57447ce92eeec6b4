# clause: MAP-01
# file: map.c
# profiles: 3.10 3.11 3.12 3.13 tiny
# A leaf that is marked wholly is taken for one without a mark.
s/^  return leaf->tail_hi != 0 \&\& offset >= leaf->tail_hi;$/  return leaf->tail_hi > 0 \&\& offset >= leaf->tail_hi;/
