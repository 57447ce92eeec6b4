# clause: OBJ-08
# file: free_lists.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# Only two dead objects of a type are kept.
s/^  if (lists->count\[list\]\[index\] >= most) {$/  if (lists->count[list][index] >= 2) {/
