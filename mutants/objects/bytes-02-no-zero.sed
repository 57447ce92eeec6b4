# clause: BYTES-02
# file: bytes.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# A one is written behind the bytes.
s/^  at\[length\] = 0;$/  at[length] = 1;/
