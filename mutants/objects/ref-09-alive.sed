# clause: REF-09
# file: trash.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12
# What is laid aside gets a count of one.
/^static void lay_aside(/,/^}/s/^  trash->aside = object;$/  trash->aside = object;\n  pp_word_write(object->bytes, 1);/
