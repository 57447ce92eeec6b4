# clause: OPS-08
# file: trace_records.c
# The ID of a record is its distance from that of the record before.
/^size_t pp_records_decode(/,/^}/s/^    ops\[i\] = decode(bytes + i \* PP_RECORD_SIZE);$/  {\
    ops[i] = decode(bytes + i * PP_RECORD_SIZE);\
    bool named = pp_op_operands[ops[i].kind][0] == 'i';\
    if (i > 0 \&\& named) ops[i].id = (ops[i].id + ops[i - 1].id) % 256;\
  }/
s/^#include <string.h>$/#include <stdbool.h>\
&/
