/* What can be done to a sequence, whatever type it has: the functions of the
 * vtable, each led to that of the type. Another type is refused. */
#ifndef REFERENCE_OBJECTS_SEQUENCE_H
#define REFERENCE_OBJECTS_SEQUENCE_H

#include "poolproof/objects.h"
#include "reference/objects/names.h"

bool pp_sequence_append(struct pp_interpreter *interpreter,
                        struct pp_object *sequence, struct pp_object *item);
bool pp_sequence_insert(struct pp_interpreter *interpreter,
                        struct pp_object *sequence, size_t index,
                        struct pp_object *item);
struct pp_object *pp_sequence_pop(struct pp_interpreter *interpreter,
                                  struct pp_object *sequence, size_t index);
bool pp_sequence_set_item(struct pp_interpreter *interpreter,
                          struct pp_object *sequence, size_t index,
                          struct pp_object *item);
struct pp_object *pp_sequence_get_item(struct pp_interpreter *interpreter,
                                       struct pp_object *sequence,
                                       size_t index);
bool pp_sequence_assign_slice(struct pp_interpreter *interpreter,
                              struct pp_object *list, size_t first, size_t last,
                              struct pp_object *other);
bool pp_sequence_extend(struct pp_interpreter *interpreter,
                        struct pp_object *sequence, struct pp_object *other);

bool pp_mapping_set(struct pp_interpreter *interpreter, struct pp_object *dict,
                    struct pp_object *key, struct pp_object *value);
bool pp_mapping_delete(struct pp_interpreter *interpreter,
                       struct pp_object *dict, struct pp_object *key);
struct pp_object *pp_mapping_get(struct pp_interpreter *interpreter,
                                 struct pp_object *dict, struct pp_object *key);
bool pp_mapping_add(struct pp_interpreter *interpreter, struct pp_object *set,
                    struct pp_object *key);
bool pp_mapping_discard(struct pp_interpreter *interpreter,
                        struct pp_object *set, struct pp_object *key);
bool pp_container_clear(struct pp_interpreter *interpreter,
                        struct pp_object *container);

#endif
