/* None, Ellipsis and NotImplemented (SPEC.md, OBJ-07). */
#ifndef REFERENCE_OBJECTS_SINGLETONS_H
#define REFERENCE_OBJECTS_SINGLETONS_H

#include "poolproof/objects.h"
#include "reference/objects/names.h"

void pp_singletons_begin(struct pp_interpreter *interpreter);
struct pp_object *pp_none_new(struct pp_interpreter *interpreter);
struct pp_object *pp_ellipsis_new(struct pp_interpreter *interpreter);
struct pp_object *pp_not_implemented_new(struct pp_interpreter *interpreter);

#endif
