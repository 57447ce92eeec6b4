# clause: GRAPH-06
# file: weakref.c
# profiles: 3.7 3.8 3.9 3.10
# The callback is taken from a weak reference, and not called.
/^static void forget_and_call_back(/,/^}/{/pp_weakref_call_back/d;};s/^static bool is_alive(/__attribute__((unused)) &/
