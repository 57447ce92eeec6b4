# clause: GC-10
# file: collection.c
# profiles: 3.7 3.8
# What was found with a resurrected object is taken apart.
/^    if (!anything_reachable(interpreter, garbage)) return;$/{n;d}
