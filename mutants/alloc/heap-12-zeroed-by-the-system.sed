# clause: HEAP-12
# file: heap.c
# profiles: all
# A small calloc of more than half of the small limit goes to the system,
# whose memory is zero already. No assertion of the heap knows where a request
# could have gone.
/^static void \*allocate_zeroed(/,/^}/s/^  if (is_small(heap, bytes)) {$/  if (is_small(heap, 2 * bytes)) {/
