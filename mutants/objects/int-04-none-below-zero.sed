# clause: INT-04
# file: int.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# What is below zero is never shared.
/^static bool is_small(/,/^}/s/negative ? PP_SMALL_NEGATIVE/negative ? 0/
