/* dict: keys in the order in which they came, and a value each (SPEC.md,
 * DICT). */
#ifndef REFERENCE_OBJECTS_DICT_H
#define REFERENCE_OBJECTS_DICT_H

#include "poolproof/objects.h"
#include "reference/objects/dict_keys.h"
#include "reference/objects/names.h"
#include "reference/objects/object.h"

enum { PP_DICT_SIZE = 48, PP_DICT_WORDS = 4, PP_DICT_GROWTH = 3 };
static_assert(PP_DICT_SIZE == PP_OBJECT_SIZE + PP_DICT_WORDS * PP_WORD_SIZE,
              "ma_used, ma_version_tag, ma_keys and ma_values");

struct pp_object *pp_dict_new(struct pp_interpreter *interpreter);
/* A key that has no hash is refused. */
bool pp_dict_set(struct pp_interpreter *interpreter, struct pp_object *dict,
                 struct pp_object *key, struct pp_object *value);
bool pp_dict_delete(struct pp_interpreter *interpreter, struct pp_object *dict,
                    struct pp_object *key);
/* Borrowed, or NULL. */
struct pp_object *pp_dict_get(struct pp_interpreter *interpreter,
                              struct pp_object *dict, struct pp_object *key);
void pp_dict_clear(struct pp_interpreter *interpreter, struct pp_object *dict);
void pp_dict_dealloc(struct pp_interpreter *interpreter,
                     struct pp_object *dict);

static inline struct pp_object *
pp_dict_keys(const struct pp_interpreter *interpreter,
             const struct pp_object *dict) {
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, OBJ_01, pp_is(interpreter, dict, PP_TYPE_DICT));
  return pp_field_pointer(interpreter, dict, PP_FIELD_DICT_KEYS);
}

static inline size_t pp_dict_length(const struct pp_interpreter *interpreter,
                                    const struct pp_object *dict) {
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, OBJ_01, pp_is(interpreter, dict, PP_TYPE_DICT));
  return pp_field_read(interpreter, dict, PP_FIELD_DICT_USED);
}

/* With keys that the dict takes, and no values. */
struct pp_object *pp_dict_of_keys(struct pp_interpreter *interpreter,
                                  struct pp_object *keys);
/* Slots that it takes when it has to grow. */
size_t pp_dict_growth(const struct pp_interpreter *interpreter,
                      const struct pp_object *dict);
/* It has changed. */
void pp_dict_renew(struct pp_interpreter *interpreter, struct pp_object *dict);
/* This key and this value are in it. */
void pp_dict_track(struct pp_interpreter *interpreter, struct pp_object *dict,
                   const struct pp_object *key, const struct pp_object *value);

/* ---- up to 3.10: keys that others have, too (shared_keys.c) ---- */

/* The row of values, or NULL when they are with the keys. */
struct pp_object **pp_dict_values(const struct pp_interpreter *interpreter,
                                  const struct pp_object *dict);
size_t pp_dict_values_bytes(const struct pp_interpreter *interpreter,
                            const struct pp_object *keys);
/* Lets go of a row of values, if there is one, and of its memory. */
void pp_dict_drop_values(struct pp_interpreter *interpreter,
                         const struct pp_object *keys,
                         struct pp_object **values);
enum pp_clause pp_dict_check_values(const struct pp_interpreter *interpreter,
                                    const struct pp_object *dict);

#endif
