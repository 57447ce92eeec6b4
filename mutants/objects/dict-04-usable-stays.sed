# clause: DICT-04
# file: dict_keys.c
# profiles: all
# A new entry leaves as many usable.
s/PP_FIELD_KEYS_USABLE, usable - 1);/PP_FIELD_KEYS_USABLE, usable);/
