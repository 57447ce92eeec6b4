# clause: LIST-12
# file: list_slice.c
# profiles: all
# The first item that a slice is given is left out.
s/^  for (size_t i = 0; i < slice->count; i++) {$/  if (slice->count > 1) pp_list_put(interpreter, list, slice->first, NULL);\n  for (size_t i = 1; i < slice->count; i++) {/
