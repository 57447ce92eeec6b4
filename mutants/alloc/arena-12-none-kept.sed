# clause: ARENA-12
# file: arena.c
# profiles: 3.9 3.10 3.11 3.12 3.13 tiny
# A wholly free arena is released at once, as up to 3.8.
s/^  return arena->nextarena != NULL;$/  return true;/
