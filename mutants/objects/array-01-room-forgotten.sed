# clause: ARRAY-01
# file: array.c
# profiles: all
# An array that grows has room for an item less than it holds.
/^static bool resize/,/^}/s/^  set_buffer(interpreter, array, items, target, room);$/  set_buffer(interpreter, array, items, target, target - 1);/
