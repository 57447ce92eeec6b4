# clause: SET-07
# file: set.c
# profiles: all
# A new table has a hash in its last entry.
s/^  memset(table, 0, size \* PP_SET_ENTRY);$/  memset(table, 0, size * PP_SET_ENTRY);\n  table[size * PP_SET_ENTRY - 1] = 1;/
