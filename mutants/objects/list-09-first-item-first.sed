# clause: LIST-09
# file: list.c
# profiles: all
# The first item is let go of first.
/^static void drop/,/^}/s/^  for (size_t i = length; i-- > 0;) {$/  for (size_t i = 0; i < length; i++) {/
