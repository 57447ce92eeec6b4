# clause: GRAPH-03
# file: trash.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12
# Of what was laid aside, the first is taken up.
# Found as REF-10, because that is asserted where it happens.
/^static void deallocate_aside(/,/^}/s/while (/if (/
