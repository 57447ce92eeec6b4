# clause: DICT-03
# file: dict.c
# profiles: all
# A dict that grows gets half as many slots more.
s/^    size \*= 2;$/    size += size \/ 2;/
