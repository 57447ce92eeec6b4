# clause: STR-04
# file: str.c
# profiles: 3.9 3.10 3.11
# Every text is its own wstr.
s/wide ? text : NULL/text/
