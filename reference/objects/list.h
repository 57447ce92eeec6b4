/* list: an object and an array of items, which grows ahead of demand (SPEC.md,
 * LIST). */
#ifndef REFERENCE_OBJECTS_LIST_H
#define REFERENCE_OBJECTS_LIST_H

#include <assert.h>

#include "poolproof/objects.h"
#include "reference/objects/names.h"
#include "reference/objects/object.h"

enum { PP_LIST_SIZE = 40 };
static_assert(PP_LIST_SIZE == PP_VAR_SIZE + 2 * PP_WORD_SIZE,
              "behind ob_size are ob_item and allocated");

struct pp_object *pp_list_new(struct pp_interpreter *interpreter,
                              struct pp_object *const *items, size_t length);
bool pp_list_append(struct pp_interpreter *interpreter, struct pp_object *list,
                    struct pp_object *item);
bool pp_list_insert(struct pp_interpreter *interpreter, struct pp_object *list,
                    size_t index, struct pp_object *item);
struct pp_object *pp_list_pop(struct pp_interpreter *interpreter,
                              struct pp_object *list, size_t index);
bool pp_list_set_item(struct pp_interpreter *interpreter,
                      struct pp_object *list, size_t index,
                      struct pp_object *item);
bool pp_list_extend(struct pp_interpreter *interpreter, struct pp_object *list,
                    struct pp_object *other);
void pp_list_clear(struct pp_interpreter *interpreter, struct pp_object *list);

void pp_list_dealloc(struct pp_interpreter *interpreter,
                     struct pp_object *list);

/* ---- list_slice.c ---- */

bool pp_list_assign_slice(struct pp_interpreter *interpreter,
                          struct pp_object *list, size_t first, size_t last,
                          struct pp_object *other);

/* ---- what the files of list share ---- */

static inline size_t pp_list_length(const struct pp_interpreter *interpreter,
                                    const struct pp_object *list) {
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, OBJ_01, pp_is(interpreter, list, PP_TYPE_LIST));
  return pp_field_read(interpreter, list, PP_FIELD_VAR_SIZE);
}

static inline size_t pp_list_allocated(const struct pp_interpreter *interpreter,
                                       const struct pp_object *list) {
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, OBJ_01, pp_is(interpreter, list, PP_TYPE_LIST));
  return pp_field_read(interpreter, list, PP_FIELD_LIST_ALLOCATED);
}

/* Items in the array, or room for them. */
static inline uint8_t *pp_list_items(const struct pp_interpreter *interpreter,
                                     const struct pp_object *list) {
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, OBJ_01, pp_is(interpreter, list, PP_TYPE_LIST));
  return pp_field_pointer(interpreter, list, PP_FIELD_LIST_ITEMS);
}

/* Borrowed. */
struct pp_object *pp_list_item(const struct pp_interpreter *interpreter,
                               const struct pp_object *list, size_t index);
void pp_list_put(const struct pp_interpreter *interpreter,
                 struct pp_object *list, size_t index,
                 const struct pp_object *item);
/* Room for so many items, of which the first stay; false: nothing changed. */
bool pp_list_resize(struct pp_interpreter *interpreter, struct pp_object *list,
                    size_t length);
/* An array of so many items, none there yet, for a list without one. */
bool pp_list_make_room(struct pp_interpreter *interpreter,
                       struct pp_object *list, size_t length);
/* Of a list or a tuple; false: it is neither. */
bool pp_items_of(const struct pp_interpreter *interpreter,
                 const struct pp_object *sequence, const uint8_t **items,
                 size_t *length);

#endif
