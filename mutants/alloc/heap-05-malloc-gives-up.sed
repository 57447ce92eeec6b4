# clause: HEAP-05
# file: heap.c
# profiles: all
# A small malloc that gets no arena is null instead of falling back.
/^static void \*serve(/,/^}/s/^    if (block != NULL) return block;$/    if (block != NULL || size > 0) return block;/
