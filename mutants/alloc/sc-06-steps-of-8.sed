# clause: SC-06
# file: profile.c
# profiles: 3.8
# There are 64 classes in steps of 8 bytes, as in 3.7.3.
/(3_8, /s/4, 32/3, 64/
