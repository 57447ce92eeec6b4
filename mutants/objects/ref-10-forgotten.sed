# clause: REF-10
# file: trash.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12
# What was laid aside is not taken up again.
s/^  deallocate_aside(interpreter);$/  if (trash->aside == NULL) deallocate_aside(interpreter);/
