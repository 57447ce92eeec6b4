# clause: TUPLE-06
# file: tuple.c
# profiles: all
# The first item is let go of first.
/^static void dealloc/,/^}/s/^  for (size_t i = length; i-- > 0;) {$/  for (size_t i = 0; i < length; i++) {/
