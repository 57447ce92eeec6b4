# clause: GRAPH-17
# file: set.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# A set lets go of its keys from the end.
# Found as GRAPH-15, because the next request is another one.
/^static void let_go(/,/^}/s/for (size_t i = 0; i < entries; i++)/for (size_t i = entries; i-- > 0;)/
