# clause: DICT-01
# file: dict.c
# profiles: all
# A key that is deleted is still counted.
s/pp_dict_length(interpreter, dict) - 1);/pp_dict_length(interpreter, dict));/
