# clause: GRAPH-08
# file: bytes.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# The bytes of one byte are those of the next.
# Found as BYTES-01, because what they are is asserted where they are found.
/^struct pp_object \*pp_bytes_new(/,/^}/{
s/^    object = shared(interpreter, data, length);$/    uint8_t next = length > 0 ? (uint8_t)(data[0] + 1) : 0;\
    object = shared(interpreter, \&next, length);/
}
