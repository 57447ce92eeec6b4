# clause: LIST-06
# file: list.c
# profiles: 3.10 3.11 3.12 3.13
# A list without an array is given one of just the items it takes in.
s/(length + 1) & ~(size_t)1/length/
