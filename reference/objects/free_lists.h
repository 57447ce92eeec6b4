/* The lists of dead objects that are kept to be used again, the last first.
 * From the heap's point of view what is on them lives (SPEC.md, OBJ). */
#ifndef REFERENCE_OBJECTS_FREE_LISTS_H
#define REFERENCE_OBJECTS_FREE_LISTS_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "poolproof/objects.h"
#include "reference/objects/names.h"
#include "reference/objects/tuple.h"

enum pp_free_list {
  PP_FREE_FLOAT,
  PP_FREE_TUPLE, /* index: the length */
  PP_FREE_LIST,
  PP_FREE_DICT,
  PP_FREE_DICT_KEYS /* no object, but as much memory as one of the least */
};

enum {
  PP_FREE_LISTS = PP_FREE_DICT_KEYS + 1,
  PP_FREE_LENGTHS = 21 /* of tuples: 0 to 20 */
};

static_assert(PP_FREE_LENGTHS == PP_LAST_KEPT_LENGTH + 1, "TUPLE-03");

struct pp_free_lists {
  struct pp_object *first[PP_FREE_LISTS][PP_FREE_LENGTHS];
  uint32_t count[PP_FREE_LISTS][PP_FREE_LENGTHS];
};

/* The one put there last, or NULL. Its type and its count are to be set. */
struct pp_object *pp_free_list_take(struct pp_interpreter *interpreter,
                                    enum pp_free_list list, size_t index);
/* False when it holds as many as the profile allows. */
bool pp_free_list_put(struct pp_interpreter *interpreter,
                      enum pp_free_list list, size_t index,
                      struct pp_object *object);
/* Gives back the memory of all of them. */
void pp_free_lists_clear(struct pp_interpreter *interpreter);
enum pp_clause pp_free_lists_check(const struct pp_interpreter *interpreter);

#endif
