# clause: ARRAY-02
# file: array.c
# profiles: all
# An array grows by an eighth.
s/target \/ SIXTEENTH/target \/ 8/
