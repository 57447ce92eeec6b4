# clause: STR-03
# file: str.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# A one is written behind the text.
s/^  memset(text + length \* kind, 0, kind);$/  memset(text + length * kind, 1, kind);/
