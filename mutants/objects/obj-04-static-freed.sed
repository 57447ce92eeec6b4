# clause: OBJ-04
# file: interned.c
# profiles: 3.12 3.13
# When the interpreter ends, all interned strings are given back.
/^void pp_interned_end(/,/^}/s/== PP_INTERNED_IMMORTAL)$/!= PP_NOT_INTERNED)/
