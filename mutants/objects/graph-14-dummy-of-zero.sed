# clause: GRAPH-14
# file: set.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# The dummy of a set has the hash 0.
# Found as SET-06, because that is asserted where it happens.
s/(struct pp_member){pp_set_dummy(interpreter), -1}/(struct pp_member){pp_set_dummy(interpreter), 0}/
