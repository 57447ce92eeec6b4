# clause: INT-01
# file: int.c
# profiles: 3.7 3.8 3.9 3.10 3.11
# ob_size has no sign.
s/negative ? 0 - (uint64_t)count : count/count/;s/^                       struct pp_object \*object, bool negative, size_t count) {$/&\n  (void)negative;/
