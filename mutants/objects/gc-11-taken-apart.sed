# clause: GC-11
# file: collection.c
# profiles: 3.9 3.10 3.11 3.12 3.13
# What has become reachable is taken apart with the rest.
/^  deduce_unreachable(interpreter, garbage, &still);$/{n;d}
