/* bytes (SPEC.md, BYTES). */
#ifndef REFERENCE_OBJECTS_BYTES_H
#define REFERENCE_OBJECTS_BYTES_H

#include "poolproof/objects.h"
#include "reference/objects/names.h"

/* The empty one, and where they are static those of one byte. */
bool pp_bytes_begin(struct pp_interpreter *interpreter);
/* Shared when it is of one byte, or none. */
struct pp_object *pp_bytes_new(struct pp_interpreter *interpreter,
                               const uint8_t *data, size_t length);
const uint8_t *pp_bytes_data(const struct pp_interpreter *interpreter,
                             const struct pp_object *object);
size_t pp_bytes_length(const struct pp_interpreter *interpreter,
                       const struct pp_object *object);

#endif
