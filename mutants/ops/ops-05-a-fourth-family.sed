# clause: OPS-05
# file: trace_records.c
# The family of a record is one of four, of which there are three.
s/% PP_DOMAIN_COUNT;$/% (PP_DOMAIN_COUNT + 1);/
