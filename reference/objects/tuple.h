/* tuple: items in the object itself, as many as it was made with (SPEC.md,
 * TUPLE). */
#ifndef REFERENCE_OBJECTS_TUPLE_H
#define REFERENCE_OBJECTS_TUPLE_H

#include "poolproof/objects.h"
#include "reference/objects/names.h"

/* The longest dead tuples that are kept. */
enum { PP_LAST_KEPT_LENGTH = 20, PP_EMPTY_TUPLE_WORDS = 3 };

struct pp_empty_tuple {
  struct pp_object *object;
  struct {
    uint64_t head[2];                      /* its GC head */
    uint64_t object[PP_EMPTY_TUPLE_WORDS]; /* the tuple itself */
  } fixed;                                 /* where it is static: here */
};

/* The one empty tuple; false when it cannot be had. */
bool pp_empty_tuple_begin(struct pp_interpreter *interpreter);
void pp_empty_tuple_end(struct pp_interpreter *interpreter);

/* Tracked; a NULL item is None. */
struct pp_object *pp_tuple_new(struct pp_interpreter *interpreter,
                               struct pp_object *const *items, size_t length);
size_t pp_tuple_length(const struct pp_interpreter *interpreter,
                       const struct pp_object *tuple);
/* The same with NULL in place of every item, and then an item, whose reference
 * is the tuple's from then on. */
struct pp_object *pp_tuple_of_length(struct pp_interpreter *interpreter,
                                     size_t length);
void pp_tuple_put(const struct pp_interpreter *interpreter,
                  struct pp_object *tuple, size_t index,
                  struct pp_object *item);
/* Borrowed. */
struct pp_object *pp_tuple_get(const struct pp_interpreter *interpreter,
                               const struct pp_object *tuple, size_t index);

#endif
