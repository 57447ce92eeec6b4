# clause: SET-04
# file: set.c
# profiles: all
# A set that grows gets half as many entries.
s/used \* 2 : used \* GROWTH))$/used \* 2 : used))/
