# clause: SET-09
# file: set.c
# profiles: all
# A set grows when four fifths are filled.
s/if (!place.again && is_full(interpreter, set, 0))/if (!place.again \&\& is_full(interpreter, set, 0) \&\&\n      pp_set_fill(interpreter, set) * FULL_COUNT >=\n          pp_set_mask(interpreter, set) * GROWTH)/
