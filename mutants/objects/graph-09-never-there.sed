# clause: GRAPH-09
# file: dict.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# To delete a key that is not there is no mistake.
/^bool pp_dict_delete(/,/^}/s/if (found.index < 0) return false;/if (found.index < 0) return true;/
