# clause: DICT-02
# file: dict_keys.c
# profiles: all
# An index takes one byte in a table of 256 slots, too.
s/size <= INT8_MAX + 1/size <= 2 * (INT8_MAX + 1)/
