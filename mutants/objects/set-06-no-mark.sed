# clause: SET-06
# file: set.c
# profiles: all
# A key that is discarded leaves its hash.
s/(struct pp_member){pp_set_dummy(interpreter), -1}/(struct pp_member){pp_set_dummy(interpreter), hash}/
