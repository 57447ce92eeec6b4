# clause: DICT-16
# file: dict.c
# profiles: all
# A value that is replaced takes its hash along.
s/^  entry.value = pp_borrow(interpreter, value);$/  entry.value = pp_borrow(interpreter, value);\n  entry.hash++;/
