# clause: TUPLE-02
# file: tuple.c
# profiles: all
# Each tuple without items is a new one.
/^  if (length == 0)$/,+1d
