# clause: GC-08
# file: collection.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# What was passed too early is not brought back.
s/^  if (pp_gc_is_unreachable(interpreter, head)) {$/  if (false) {/
