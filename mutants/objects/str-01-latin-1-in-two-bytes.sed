# clause: STR-01
# file: str.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# Only ASCII gets along with one byte to a character.
/^static uint32_t kind_for(/,/^}/s/most <= PP_LATIN_1_MAX/most <= PP_ASCII_MAX/
