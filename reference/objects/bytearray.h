/* bytearray: bytes that can change and grow (SPEC.md, BYTES-04 to BYTES-08). */
#ifndef REFERENCE_OBJECTS_BYTEARRAY_H
#define REFERENCE_OBJECTS_BYTEARRAY_H

#include "poolproof/objects.h"
#include "reference/objects/names.h"

enum { PP_BYTEARRAY_SIZE = 56 };

struct pp_object *pp_bytearray_new(struct pp_interpreter *interpreter,
                                   const uint8_t *data, size_t length);
/* An item is an int from 0 to 255. */
bool pp_bytearray_insert(struct pp_interpreter *interpreter,
                         struct pp_object *bytearray, size_t index,
                         struct pp_object *item);
struct pp_object *pp_bytearray_pop(struct pp_interpreter *interpreter,
                                   struct pp_object *bytearray, size_t index);
bool pp_bytearray_set_item(struct pp_interpreter *interpreter,
                           struct pp_object *bytearray, size_t index,
                           struct pp_object *item);
bool pp_bytearray_extend(struct pp_interpreter *interpreter,
                         struct pp_object *bytearray, struct pp_object *other);

#endif
