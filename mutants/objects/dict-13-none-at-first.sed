# clause: DICT-13
# file: dict.c
# profiles: 3.7
# A new dict has the keys that all empty ones share.
/^struct pp_object \*pp_dict_new/,/^}/s/own ? pp_keys_new(interpreter, PP_KEYS_SMALLEST, true)/false ? NULL/
