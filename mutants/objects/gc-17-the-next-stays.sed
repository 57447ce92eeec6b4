# clause: GC-17
# file: weakref.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# A weak reference that refers to nothing still knows the next.
/^static void unlink_from(/,/^}/{/WEAKREF_NEXT, NULL);$/d}
