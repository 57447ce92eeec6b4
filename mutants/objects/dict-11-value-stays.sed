# clause: DICT-11
# file: dict.c
# profiles: all
# An entry whose key is deleted keeps its value.
s/^  struct pp_entry gone = {.hash = entry.hash};$/  struct pp_entry gone = {.hash = entry.hash, .value = entry.value};/
