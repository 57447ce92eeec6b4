# clause: HEAP-03
# file: heap.c
# profiles: all
# A request of exactly PTRDIFF_MAX is refused without asking the system.
/^static void \*serve(/,/^}/s/size > PTRDIFF_MAX/size >= PTRDIFF_MAX/
