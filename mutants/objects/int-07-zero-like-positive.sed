# clause: INT-07
# file: int.c
# profiles: 3.12 3.13
# The sign of zero is that of a positive number.
s/^  TAG_ZERO = 1,$/  TAG_ZERO = 0,/
