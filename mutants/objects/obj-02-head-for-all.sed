# clause: OBJ-02
# file: layout.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# Every object is told to have a GC head.
s/^  piece->start = object->bytes - before;$/  piece->start = object->bytes - interpreter->rules->gc_head;/
