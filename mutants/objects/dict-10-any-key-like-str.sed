# clause: DICT-10
# file: dict.c
# profiles: 3.10
# A table of str stays one when another key comes.
s/^  if (!str) pp_keys_set_lookup(interpreter, keys, PP_LOOKUP_ANY);$//
