# clause: REALLOC-07
# file: heap.c
# profiles: all
# A new size over PTRDIFF_MAX for a block from the system is passed on to it.
/^static void \*reallocate(/,/^}/{/size > PTRDIFF_MAX/d;}
