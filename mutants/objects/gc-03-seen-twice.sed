# clause: GC-03
# file: instance.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# What an instance refers to is seen twice.
# Found as GRAPH-07, because what a container holds is looked at first.
s/^    if (dict != NULL) visit(ctx, dict);$/    for (int i = 0; dict != NULL \&\& i < 2; i++)\n      visit(ctx, dict);/
s/^    if (!visit(ctx, value)) return;$/    visit(ctx, value);\n&/
