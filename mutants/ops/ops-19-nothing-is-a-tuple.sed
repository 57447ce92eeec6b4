# clause: OPS-19
# file: driver.c
# An ID that names nothing stands for the empty tuple.
/^struct pp_node \*pp_objects_operand(/,/^}/s/driver->model.none : node/driver->empty : node/
