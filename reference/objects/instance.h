/* Instances of two classes without slots, the second of which has a finalizer
 * (SPEC.md, OBJ-10 to OBJ-13):
 *
 *   class C: pass                class D:
 *                                    def __del__(self): ...
 *
 * How much memory an instance takes depends on all that its class has seen
 * before, so the classes are not new: each has had instances enough, 40, that
 * got the attributes a0 to a4 in this order, and were all given back. From
 * there on an instance takes the same memory every time. More attributes than
 * these are refused. */
#ifndef REFERENCE_OBJECTS_INSTANCE_H
#define REFERENCE_OBJECTS_INSTANCE_H

#include "poolproof/objects.h"
#include "reference/objects/names.h"

enum {
  PP_CLASSES = 2,        /* without a finalizer, and with one */
  PP_VALUES_CAPACITY = 6 /* what such a class makes room for since 3.11 */
};

struct pp_classes {
  struct pp_object *names[PP_ATTRIBUTES]; /* where there are dicts */
  struct pp_object *keys[PP_CLASSES];     /* that dicts share, or NULL */
};

bool pp_classes_begin(struct pp_interpreter *interpreter);
void pp_classes_end(struct pp_interpreter *interpreter);

struct pp_object *pp_instance_new(struct pp_interpreter *interpreter,
                                  bool finalizer);
bool pp_instance_has_finalizer(const struct pp_interpreter *interpreter,
                               const struct pp_object *object);
void pp_instance_finalize(struct pp_interpreter *interpreter,
                          struct pp_object *instance);
bool pp_instance_set(struct pp_interpreter *interpreter,
                     struct pp_object *instance, unsigned number,
                     struct pp_object *value);

/* ---- attributes in values (values.c) ---- */

bool pp_values_begin(struct pp_interpreter *interpreter,
                     struct pp_object *instance);
/* False: an instance that was garbage has lost its block. */
bool pp_values_exist(const struct pp_interpreter *interpreter,
                     const struct pp_object *instance);
/* Gives back what they refer to; and then their block. */
void pp_values_clear(struct pp_interpreter *interpreter,
                     struct pp_object *instance);
void pp_values_end(struct pp_interpreter *interpreter,
                   struct pp_object *instance);
size_t pp_values_bytes(const struct pp_interpreter *interpreter);
/* Their memory; not NULL. */
uint8_t *pp_values_start(const struct pp_interpreter *interpreter,
                         const struct pp_object *instance);
struct pp_object *pp_values_get(const struct pp_interpreter *interpreter,
                                const struct pp_object *instance,
                                unsigned number);
bool pp_values_set(struct pp_interpreter *interpreter,
                   struct pp_object *instance, unsigned number,
                   struct pp_object *value);
/* Fields of the memory, the first at this offset. */
bool pp_values_field(const struct pp_interpreter *interpreter,
                     const struct pp_object *instance, unsigned index,
                     int offset, struct pp_field_info *field);
enum pp_clause pp_values_check(const struct pp_interpreter *interpreter,
                               const struct pp_object *instance);

/* ---- attributes in a dict (shared_keys.c) ---- */

bool pp_shared_keys_set(struct pp_interpreter *interpreter,
                        struct pp_object *instance, unsigned number,
                        struct pp_object *value);

#endif
