# clause: OPS-02
# file: trace_text.c
# A number beyond 2^64 - 1 wraps.
s/^    if (\*number > (UINT64_MAX - value) \/ base) return ERANGE;$//
