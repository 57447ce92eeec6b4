# clause: OPS-21
# file: make.c
# One reference is given back, and the ID forgets the others.
/^void pp_objects_vacate(/,/^}/{
s/^  while (pp_model_name(&driver->model, id) != NULL)$/  struct pp_name *name = pp_model_name(\&driver->model, id);\
  if (name == NULL) return;\
  if (name->held > 1) pp_model_drop(\&driver->model, id, name->held - 1);/
s/^    pp_objects_drop(driver, id);/  pp_objects_drop(driver, id);/
}
