# clause: STR-05
# file: str.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# A character above ASCII is made anew each time.
/^static bool is_shared(/,/^}/s/<= PP_LATIN_1_MAX/<= PP_ASCII_MAX/
