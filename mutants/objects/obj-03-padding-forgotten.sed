# clause: OBJ-03
# file: str.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# No field covers what lies between the state and the text.
s/ PP_FIELD_STR_PADDING,//
