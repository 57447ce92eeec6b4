# clause: REF-01
# file: object.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# A reference that is taken counts twice.
/^void pp_incref(/,/^}/s/PP_FIELD_OBJECT_REFCOUNT, count + 1);/PP_FIELD_OBJECT_REFCOUNT, count + 2);/
