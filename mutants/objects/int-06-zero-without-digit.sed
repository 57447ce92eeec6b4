# clause: INT-06
# file: int.c
# profiles: 3.11 3.12 3.13
# sys.getsizeof counts no digit of zero.
s/^  if (count == 0) count = counted ? 1 : 0;$//
