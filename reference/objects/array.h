/* array.array: numbers of one kind, as the machine stores them (SPEC.md,
 * ARRAY). */
#ifndef REFERENCE_OBJECTS_ARRAY_H
#define REFERENCE_OBJECTS_ARRAY_H

#include "poolproof/objects.h"
#include "reference/objects/names.h"

enum { PP_ARRAY_SIZE = 64 };

/* What ob_descr points to. */
struct pp_array_code {
  char code;
  uint8_t size; /* bytes of an item */
  enum {
    PP_ARRAY_SIGNED,
    PP_ARRAY_UNSIGNED,
    PP_ARRAY_REAL,
    PP_ARRAY_TEXT
  } kind;
};

/* NULL for a code that the profile has not. */
struct pp_object *pp_array_new(struct pp_interpreter *interpreter, char code);
/* With room for just these items. NULL when one does not fit. */
struct pp_object *pp_array_of(struct pp_interpreter *interpreter, char code,
                              struct pp_object *const *items, size_t length);
/* An item that the code has no room for is refused. */
bool pp_array_insert(struct pp_interpreter *interpreter,
                     struct pp_object *array, size_t index,
                     struct pp_object *item);
struct pp_object *pp_array_pop(struct pp_interpreter *interpreter,
                               struct pp_object *array, size_t index);
bool pp_array_set_item(struct pp_interpreter *interpreter,
                       struct pp_object *array, size_t index,
                       struct pp_object *item);
bool pp_array_extend(struct pp_interpreter *interpreter,
                     struct pp_object *array, struct pp_object *other);

/* ---- array_items.c ---- */

const struct pp_array_code *
pp_array_code_of(const struct pp_interpreter *interpreter, char code);
/* The bytes of an item, at most eight; false: it is of no such kind, or there
 * is no room for it. Text may be given another form (up to 3.8). */
bool pp_array_encode(struct pp_interpreter *interpreter,
                     const struct pp_array_code *code, struct pp_object *item,
                     uint8_t *bytes);
/* A new reference, or NULL. */
struct pp_object *pp_array_decode(struct pp_interpreter *interpreter,
                                  const struct pp_array_code *code,
                                  const uint8_t *bytes);

#endif
