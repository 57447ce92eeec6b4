# clause: GC-12
# file: garbage.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# One weak reference without a callback is all that is cleared.
s/^    if (!pp_weakref_has_callback(interpreter, weakref)) continue;$/    if (!pp_weakref_has_callback(interpreter, weakref)) break;/
