# clause: GRAPH-02
# file: collection.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# What a finalizer brought back is deleted all the same.
# Found as GRAPH-13, because two interpreters are compared at once.
s/^    pp_garbage_finalize(\(.*\));$/&/;/^static void keep_resurrected(/,/^}/s/^  if (interpreter->rules->resurrects_all) {$/  if (young_only(interpreter)) return;\
&/;s/^static void keep_resurrected(/static bool young_only(const struct pp_interpreter *interpreter) {\
  return interpreter != NULL;\
}\
\
&/
