# clause: REF-06
# file: object.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# An object ends when one reference is left.
/^void pp_decref(/,/^}/s/^  if (count > 1) return;$/  if (count > 2) return;/
