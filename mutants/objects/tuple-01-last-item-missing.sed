# clause: TUPLE-01
# file: tuple.c
# profiles: all
# The last item of a tuple is left out.
s/^  for (size_t i = 0; i < length; i++)$/  for (size_t i = 0; i + 1 < length; i++)/
