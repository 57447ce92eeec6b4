# clause: BYTES-06
# file: bytearray.c
# profiles: all
# A bytearray that shrinks keeps its buffer.
s/if (target < room && target >= room \/ 2) {/if (target < room) {/
