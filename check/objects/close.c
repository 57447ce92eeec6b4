/* The end of a driver of programs whose process goes on: what it and its sides
 * took is given back, and another program can be performed (SPEC.md, GRAPH). */
#include <stdlib.h>
#include <string.h>

#include "check/objects/driver.h"

void pp_objects_close(struct pp_objects_driver *driver) {
  for (unsigned i = 0; i < driver->side_count; i++)
    pp_side_close(&driver->sides[i], driver->options.profile);
  pp_model_close(&driver->model);
  free(driver->aside);
  free(driver->died);
  free(driver->operands);
  free(driver->objects);
  free(driver->bytes);
  memset(driver, 0, sizeof *driver);
}
