# clause: REF-07
# file: object.c
# profiles: 3.12 3.13
# A count of 2^32 - 1 is taken from.
/^bool pp_object_is_immortal(/,/^}/s/(int32_t)(uint32_t)count < 0/(int32_t)(uint32_t)count < -1/
