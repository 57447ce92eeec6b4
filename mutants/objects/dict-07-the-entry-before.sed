# clause: DICT-07
# file: dict_keys.c
# profiles: all
# A new key is put behind the usable entries.
/^void pp_keys_add/,/^}/s/pp_keys_set_entry(interpreter, keys, count, entry);/pp_keys_set_entry(interpreter, keys, count + usable - 1, entry);/
