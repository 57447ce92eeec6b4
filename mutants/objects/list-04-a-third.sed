# clause: LIST-04
# file: list.c
# profiles: all
# A list keeps its array as long as a third of it is in use.
s/target >= room \/ 2/target >= room \/ 3/
