# clause: GEO-06
# file: profile.c
# profiles: 3.9
# Arenas are of 128 KiB.
/(3_9, /s/12, 18/12, 17/
