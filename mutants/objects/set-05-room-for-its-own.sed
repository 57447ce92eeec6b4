# clause: SET-05
# file: set.c
# profiles: all
# A set that takes in another gets room as for one key, four times both.
s/^  if (!resize(interpreter, set, both \* 2)) return false;$/  if (!resize(interpreter, set, both * 4)) return false;/
