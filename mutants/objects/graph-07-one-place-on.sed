# clause: GRAPH-07
# file: list.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# An item is inserted one place further on.
/^bool pp_list_insert(/,/^}/s/^  if (index > length) index = length;$/  if (index >= length) index = length;\
  else index++;/
