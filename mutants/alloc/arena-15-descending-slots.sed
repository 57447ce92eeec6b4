# clause: ARENA-15
# file: arena.c
# profiles: all
# New slots are used in descending order.
s/^    vector\[i\].nextarena = i + 1 < count ? &vector\[i + 1\] : NULL;$/    vector[i].nextarena = i > former ? \&vector[i - 1] : NULL;/
s/^  heap->unused_arena_objects = &vector\[former\];$/  heap->unused_arena_objects = \&vector[count - 1];/
