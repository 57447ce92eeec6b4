# clause: DICT-12
# file: dict.c
# profiles: all
# A dict that is cleared gets new keys of its own.
s/set_keys(interpreter, dict, pp_empty_keys(interpreter));/struct pp_object *others = pp_keys_new(interpreter, PP_KEYS_SMALLEST, true);\n  if (others == NULL) return;\n  set_keys(interpreter, dict, others);/
