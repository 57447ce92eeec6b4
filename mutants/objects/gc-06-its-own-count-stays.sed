# clause: GC-06
# file: collection.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# A collection leaves the count of its own generation.
/^static struct pp_gc_head \*merge_younger(/,/^}/s/ i <= generation;/ i < generation;/
