# clause: LIST-02
# file: list.c
# profiles: 3.7 3.8
# A short list is given six items more, too.
s/(target < LATER ? ADDED_FIRST : ADDED_LATER);/ADDED_LATER;/
