# clause: BYTES-03
# file: bytes.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# Only the empty one is shared.
/^struct pp_object \*pp_bytes_new(/,/^}/s/if (length > 1)/if (length > 0)/
