# clause: OBJ-10
# file: values.c
# profiles: 3.11 3.12
# A block of values does not say what lies before them.
s/^    start\[APART_PREFIX_AT\] = BEFORE;$/    start[APART_PREFIX_AT] = 0;/
