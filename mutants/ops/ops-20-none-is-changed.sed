# clause: OPS-20
# file: change.c
# What is to be changed is None where the ID names nothing.
/^void pp_objects_change(/,/^}/s/call.target = pp_model_named(&driver->model, op->id)/call.target = pp_objects_operand(driver, op->id)/
