# clause: BYTES-01
# file: bytes.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# The length counts the zero behind the bytes.
s/PP_FIELD_VAR_SIZE, length);$/PP_FIELD_VAR_SIZE, length + 1);/
