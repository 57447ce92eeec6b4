# clause: MAP-06
# file: map.c
# profiles: 3.10 3.11 3.12 3.13 tiny
# The nodes in the middle of the map are not given back when the heap ends.
/^    system->free(system->ctx, middle);$/,/^    released++;$/d
