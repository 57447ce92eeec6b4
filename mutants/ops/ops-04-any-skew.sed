# clause: OPS-04
# file: op.c
# A skew need not be a multiple of 4096.
s/^    return op->a < PP_SKEW_BASE && op->a % PP_SKEW_STEP == 0 ? 0 : 1;$/    return op->a < PP_SKEW_BASE ? 0 : 1;/
