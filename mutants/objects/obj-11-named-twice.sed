# clause: OBJ-11
# file: values.c
# profiles: 3.11 3.12 3.13
# An attribute that is set again is named again in the order.
s/^  if (former == NULL) add_to_order(/  if (value != NULL) add_to_order(/
