# clause: MAP-08
# file: profile.c
# profiles: 3.12
# The map is for 63 bits of an address.
/(3_12, /s/15, 15, 14/15, 15, 13/
