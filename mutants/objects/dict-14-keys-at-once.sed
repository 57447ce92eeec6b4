# clause: DICT-14
# file: dict.c
# profiles: 3.8 3.9 3.10 3.11 3.12 3.13
# A new dict has keys of its own.
/^struct pp_object \*pp_dict_new/,/^}/s/own ? pp_keys_new/!own ? pp_keys_new/
