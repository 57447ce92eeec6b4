# clause: OPS-17
# file: shrink.c
# Single statements are not left out, only stretches and whole lives.
s/^  while (drop_stretches(shrinker, ops, trial, 1))$/  while (drop_stretches(shrinker, ops, trial, 2))/
