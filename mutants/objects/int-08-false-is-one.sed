# clause: INT-08
# file: int.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# False and True are changed over.
/^bool pp_small_ints_begin(/,/^}/{s/fill(interpreter, object, false, &i, i);/uint32_t other = !i;\n    fill(interpreter, object, false, \&other, other);/}
