# clause: REF-04
# file: shared.c
# profiles: 3.11
# The count of a static value begins at 1.
s/^  return biased ? PP_BIASED_COUNT : /  (void)biased;\n  return /
