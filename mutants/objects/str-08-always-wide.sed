# clause: STR-08
# file: str.c
# profiles: 3.7 3.8
# Every text is its own wstr.
s/wide ? text : NULL/text/
