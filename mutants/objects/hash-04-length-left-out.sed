# clause: HASH-04
# file: hash.c
# profiles: all
# The hash of a tuple has nothing of its length.
# Found as GRAPH-14, because nothing inside knows the hash but what computes it.
s/PRODUCT_STEP + 2 \* left;/PRODUCT_STEP, (void)left;/
s/joined->hash + (length ^ (XX_PRIME_5 ^ XX_END))/joined->hash + (XX_PRIME_5 ^ XX_END)/
