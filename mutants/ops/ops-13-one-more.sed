# clause: OPS-13
# file: driver.c
# One more request for an arena is refused than was asked for.
s/both\[i\]->arena_fail = op->a;$/both[i]->arena_fail = op->a + (op->a > 0);/
