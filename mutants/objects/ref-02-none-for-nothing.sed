# clause: REF-02
# file: singletons.c
# profiles: 3.7 3.8 3.9 3.10 3.11
# The reference to None that is handed out is not taken.
/^struct pp_object \*pp_none_new(/,/^}/s/again(interpreter, &interpreter->shared.none)/(struct pp_object *)\&interpreter->shared.none/
