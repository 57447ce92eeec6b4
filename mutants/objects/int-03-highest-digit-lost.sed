# clause: INT-03
# file: int.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# The highest of two digits or more is not written.
/^static void fill(/,/^}/s/^}$/  if (count > 1)\n    memset(digits_of(interpreter, object) + (count - 1) * DIGIT_SIZE, 0, DIGIT_SIZE);\n}/
