# clause: GC-14
# file: gc.c
# profiles: 3.12 3.13
# A collection does not wait for a safe point.
s/^  if (interpreter->rules->collects_at_safe_point) {$/  if (false) {/
