# clause: ARRAY-06
# file: array.c
# profiles: all
# ob_descr leads to what is behind that of the code.
s/PP_FIELD_ARRAY_DESCR, descr);/PP_FIELD_ARRAY_DESCR,\n                       (const uint8_t *)descr + 1);/
