# clause: GC-04
# file: gc.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# What becomes tracked goes to the front of the youngest.
s/^  pp_gc_list_append(interpreter, &collector->lists\[0\], head);$/  pp_gc_list_append(interpreter, pp_gc_next(\&collector->lists[0]), head);/
