# clause: INTERN-06
# file: str.c
# profiles: 3.13
# Of static strings only the empty one is interned from the start.
s/^  bool interned = interpreter->rules->interned_at_start;$/  bool interned = false;/
