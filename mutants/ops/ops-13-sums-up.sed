# clause: OPS-13
# file: driver.c
# A later system-fail adds to an earlier one.
s/both\[i\]->system_fail = op->a;$/both[i]->system_fail += op->a;/
