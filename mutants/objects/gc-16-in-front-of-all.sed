# clause: GC-16
# file: weakref.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# A weak reference with a callback goes in front of the shared one.
s/^  link_behind(interpreter, referent, callback ? shared : NULL, weakref);$/  link_behind(interpreter, referent, NULL, weakref);/
