# clause: OBJ-05
# file: layout.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# sys.getsizeof leaves out what lies before an object.
s/^  size_t answer = size + pp_object_before(.*);$/  size_t answer = size;/
