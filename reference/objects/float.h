/* float and complex (SPEC.md, OBJ). */
#ifndef REFERENCE_OBJECTS_FLOAT_H
#define REFERENCE_OBJECTS_FLOAT_H

#include "poolproof/objects.h"
#include "reference/objects/names.h"
#include "reference/objects/rules.h"

struct pp_object *pp_float_new(struct pp_interpreter *interpreter,
                               double value);
/* The number in a field of one of them. */
double pp_double_at(const struct pp_interpreter *interpreter,
                    const struct pp_object *object, enum pp_field field);
struct pp_object *pp_complex_new(struct pp_interpreter *interpreter,
                                 double real, double imaginary);

#endif
