# clause: DICT-06
# file: dict.c
# profiles: all
# The slot of a key that is deleted still leads to its entry.
/pp_keys_set_index(interpreter, keys, found.slot, PP_SLOT_DUMMY);/d
