# clause: LIST-03
# file: list.c
# profiles: 3.9 3.10 3.11 3.12 3.13
# The room is rounded down to a multiple of two.
s/^  size_t room = in_fours(\(.*\));$/  size_t room = (\1) \& ~(size_t)1;/
