/* An interpreter as its vtable sees it (SPEC.md, OBJ). */
#ifndef REFERENCE_OBJECTS_INTERPRETER_H
#define REFERENCE_OBJECTS_INTERPRETER_H

#include "poolproof/objects.h"
#include "reference/objects/names.h"

size_t pp_interpreter_size(const struct pp_profile *profile);
struct pp_interpreter *
pp_interpreter_create(void *memory,
                      const struct pp_interpreter_options *options);
void pp_interpreter_destroy(struct pp_interpreter *interpreter);
enum pp_type_id pp_interpreter_type_of(const struct pp_interpreter *interpreter,
                                       const struct pp_object *object);
uint64_t pp_interpreter_refcount(const struct pp_interpreter *interpreter,
                                 const struct pp_object *object);
size_t pp_interpreter_length(const struct pp_interpreter *interpreter,
                             const struct pp_object *object);
void pp_interpreter_traverse(const struct pp_interpreter *interpreter,
                             const struct pp_object *object, void *ctx,
                             bool (*visit)(void *ctx,
                                           struct pp_object *referred));

/* The whole of it: lists, tables, and every tracked object. */
enum pp_clause
pp_interpreter_check_all(const struct pp_interpreter *interpreter);

#endif
