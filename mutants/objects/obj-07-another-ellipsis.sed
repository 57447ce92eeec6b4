# clause: OBJ-07
# file: singletons.c
# profiles: 3.7 3.8 3.9 3.10 3.11 3.12 3.13
# Each Ellipsis is an object of its own.
/^struct pp_object \*pp_ellipsis_new(/,/^}/s/again(.*)/\n      pp_object_new(interpreter, \&pp_ellipsis_type, PP_OBJECT_SIZE)/
/^struct pp_object \*pp_ellipsis_new(/,/^}/s/^  return/  struct pp_object *object =/
/^struct pp_object \*pp_ellipsis_new(/,/^}/s/^}$/  pp_object_touched(interpreter, object);\n  return object;\n}/
