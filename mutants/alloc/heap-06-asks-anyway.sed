# clause: HEAP-06
# file: heap.c
# profiles: all
# A request over PTRDIFF_MAX is passed on to the system.
/^static void \*serve(/,/^}/{/size > PTRDIFF_MAX/d;}
