# file: literal_describe.c
# A description holds the characters of a str as they are.
s/point >= ' ' && point < 127/point < 127/
