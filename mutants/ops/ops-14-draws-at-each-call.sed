# clause: OPS-14
# file: generate.c
# Whoever asks for statements one by one draws more numbers.
s/^  struct pp_generator \*g = (struct pp_generator \*)source;$/&\
  pp_random_below(\&g->random, 2);/
