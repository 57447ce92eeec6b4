# clause: OPS-06
# file: trace_records.c
# A tail shorter than a record counts as one.
s/^  size_t count = size \/ PP_RECORD_SIZE;$/  size_t count = (size + PP_RECORD_SIZE - 1) \/ PP_RECORD_SIZE;/
