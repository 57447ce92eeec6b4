# clause: REF-05
# file: shared.c
# profiles: 3.12 3.13
# The count of a static object begins at 2^31 - 1.
s/immortal ? PP_IMMORTAL_COUNT : 1/immortal ? PP_IMMORTAL_COUNT >> 1 : 1/
