# clause: OPS-13
# file: driver.c
# arena-skew moves the arenas of the twin, and those of the subject by nothing.
s/^    if (op->kind == PP_OP_ARENA_SKEW) both\[i\]->skew = skew_of(driver, op);$/    if (op->kind == PP_OP_ARENA_SKEW) both[1]->skew = skew_of(driver, op);/
