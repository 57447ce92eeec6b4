# clause: GRAPH-13
# file: collection.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# A collection answers one more than it collected.
s/^  return collect(interpreter, generation);$/  return collect(interpreter, generation) + 1;/
