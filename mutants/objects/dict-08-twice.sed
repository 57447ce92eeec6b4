# clause: DICT-08
# file: dict.c
# profiles: 3.7 3.8 3.9
# A dict that grows gets twice as many slots as keys, or a few more.
s/size < used \* PP_DICT_GROWTH)/size < used * 2)/
