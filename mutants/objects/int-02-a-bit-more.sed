# clause: INT-02
# file: int.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# The lowest digit has bit 30 set.
/^static void fill(/,/^}/s/^}$/  digits_of(interpreter, object)[3] |= 1 << 6;\n}/
