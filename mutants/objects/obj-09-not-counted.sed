# clause: OBJ-09
# file: free_lists.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# What is taken from a free list is still counted.
/^struct pp_object \*pp_free_list_take(/,/^}/s/^  lists->count\[list\]\[index\]--;$/  (void)lists->count;/
