# clause: REF-03
# file: object.c
# profiles: 3.12 3.13
# The low half of a count is added to when it is all ones.
/^void pp_incref(/,/^}/s/^    if ((uint32_t)count == PP_IMMORTAL_COUNT) return;$//
