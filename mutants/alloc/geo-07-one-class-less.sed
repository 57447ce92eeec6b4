# clause: GEO-07
# file: profile.c
# profiles: 3.8
# Requests of up to 496 bytes are small.
/(3_8, /s/4, 32/4, 31/
