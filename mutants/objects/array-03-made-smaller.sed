# clause: ARRAY-03
# file: array.c
# profiles: all
# An array that loses an item is given a smaller buffer.
s/if (room >= target && length < target + KEPT && items != NULL) {/if (room >= target \&\& length <= target \&\& items != NULL) {/
