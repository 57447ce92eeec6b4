# clause: DICT-09
# file: dict.c
# profiles: 3.10 3.11 3.12 3.13
# Eight slots are enough for a key or two.
s/dict_skips_smallest && used > 0/dict_skips_smallest \&\& used > 2/
