# clause: HASH-03
# file: hash_text.c
# profiles: all
# SipHash has a round more at its end.
# Found as GRAPH-14, because nothing inside knows the hash but what computes it.
s/each + 2)/each + 3)/
