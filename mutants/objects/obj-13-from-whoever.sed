# clause: OBJ-13
# file: shared_keys.c
# profiles: 3.7 3.8 3.9 3.10
# A class takes new keys though others have its own.
s/^    if (holders(interpreter, former) == 1) \*keys = share/    if (holders(interpreter, former) > 0) *keys = share/
