# clause: OPS-05
# file: trace_records.c
# The skew of a record is its low byte.
s/^  case SKEW: return at\[0\] \* PP_SKEW_STEP;$/  case SKEW: return at[0];/
