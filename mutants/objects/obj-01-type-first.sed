# clause: OBJ-01
# file: object.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# A new object has the address of its type where its count belongs.
/^void pp_object_begin(/,/^}/s/PP_FIELD_OBJECT_TYPE, type)/PP_FIELD_OBJECT_REFCOUNT, type)/
/^void pp_object_begin(/,/^}/s/PP_FIELD_OBJECT_REFCOUNT, count)/PP_FIELD_OBJECT_TYPE, count)/
