# clause: GC-02
# file: gc.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# What leaves a list stays where its next leads back to.
/^void pp_gc_list_remove(/,/^}/{/^  pp_gc_set_prev(next, prev);$/d}
