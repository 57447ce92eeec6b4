/* Free lists (SPEC.md, OBJ-08 and OBJ-09). What is on a list is linked through
 * the word where its type was.
 *
 *   first -> |count|  next  | ... -> |count|  NULL  | ... */
#include "reference/objects/free_lists.h"

#include "reference/objects/memory.h"
#include "reference/objects/object.h"
#include "reference/objects/tuple.h"

static uint8_t *link_of(struct pp_object *object) {
  return object->bytes + PP_WORD_SIZE;
}

static struct pp_object *next_of(const struct pp_object *object) {
  return (struct pp_object *)(uintptr_t)pp_word_read(object->bytes +
                                                     PP_WORD_SIZE);
}

static size_t most_kept(const struct pp_object_rules *rules,
                        enum pp_free_list list, size_t index) {
  if (list == PP_FREE_TUPLE) {
    if (index == 0) return 0;
    return index > rules->free_tuple_put ? 0 : rules->free_tuples;
  }
  if (index > 0) return 0;
  if (list == PP_FREE_FLOAT) return rules->free_floats;
  if (list == PP_FREE_LIST) return rules->free_lists;
  if (list == PP_FREE_DICT) return rules->free_dicts;
  return rules->free_dict_keys;
}

static bool is_taken(const struct pp_object_rules *rules,
                     enum pp_free_list list, size_t index) {
  return list != PP_FREE_TUPLE || index <= rules->free_tuple_take;
}

static enum pp_clause check_one(const struct pp_interpreter *interpreter,
                                enum pp_free_list list, size_t index) {
  struct pp_witness *witness = interpreter->witness;
  const struct pp_free_lists *lists = &interpreter->free_lists;
  size_t most = most_kept(interpreter->rules, list, index);
  PP_FACT(witness, OBJ_08, lists->count[list][index] <= most);
  size_t seen = 0;
  const struct pp_object *object = lists->first[list][index];
  for (; object != NULL; object = next_of(object)) {
    PP_FACT(witness, OBJ_09, seen < lists->count[list][index]);
    PP_FACT(witness, OBJ_04, !pp_is_static(interpreter, object));
    if (list != PP_FREE_DICT_KEYS)
      PP_FACT(witness, REF_06, pp_word_read(object->bytes) == 0);
    seen++;
  }
  PP_FACT(witness, OBJ_09, seen == lists->count[list][index]);
  return PP_HOLDS;
}

struct pp_object *pp_free_list_take(struct pp_interpreter *interpreter,
                                    enum pp_free_list list, size_t index) {
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, OBJ_09, (unsigned)list < PP_FREE_LISTS);
  if (index >= PP_FREE_LENGTHS) return NULL;
  if (!is_taken(interpreter->rules, list, index)) return NULL;
  struct pp_free_lists *lists = &interpreter->free_lists;
  struct pp_object *object = lists->first[list][index];
  if (object == NULL) return NULL;
  PP_ENSURE(witness, OBJ_09, lists->count[list][index] > 0);
  PP_ENSURE(witness, OBJ_04, !pp_is_static(interpreter, object));
  PP_ENSURE(witness, OBJ_06, (uintptr_t)object % PP_OBJECT_ALIGNMENT == 0);
  if (list != PP_FREE_DICT_KEYS)
    PP_ENSURE(witness, REF_06, pp_word_read(object->bytes) == 0);
  lists->first[list][index] = next_of(object);
  lists->count[list][index]--;
  PP_ENSURE(witness, OBJ_09,
            (lists->first[list][index] == NULL) ==
                (lists->count[list][index] == 0));
  PP_CHECK(PP_MARK_HEAP, witness, check_one(interpreter, list, index));
  return object;
}

bool pp_free_list_put(struct pp_interpreter *interpreter,
                      enum pp_free_list list, size_t index,
                      struct pp_object *object) {
  struct pp_witness *witness = interpreter->witness;
  struct pp_free_lists *lists = &interpreter->free_lists;
  PP_REQUIRE(witness, OBJ_09, (unsigned)list < PP_FREE_LISTS);
  if (list == PP_FREE_TUPLE)
    PP_REQUIRE(witness, TUPLE_04,
               pp_tuple_length(interpreter, object) == index);
  if (index >= PP_FREE_LENGTHS) return false;
  PP_REQUIRE(witness, OBJ_04, !pp_is_static(interpreter, object));
  PP_REQUIRE(witness, OBJ_09, lists->first[list][index] != object);
  if (list != PP_FREE_DICT_KEYS)
    PP_REQUIRE(witness, REF_06, pp_word_read(object->bytes) == 0);
  size_t most = most_kept(interpreter->rules, list, index);
  if (lists->count[list][index] >= most) {
    PP_ENSURE(witness, OBJ_08, lists->count[list][index] == most);
    return false;
  }
  if (list != PP_FREE_DICT_KEYS) pp_object_tell_end(interpreter, object);
  pp_word_write(link_of(object), (uintptr_t)lists->first[list][index]);
  lists->first[list][index] = object;
  lists->count[list][index]++;
  PP_ENSURE(witness, OBJ_09, next_of(object) != object);
  PP_ENSURE(witness, OBJ_08, lists->count[list][index] <= most);
  PP_CHECK(PP_MARK_HEAP, witness, check_one(interpreter, list, index));
  return true;
}

/* ---- all of them ---- */

static size_t before(const struct pp_interpreter *interpreter,
                     enum pp_free_list list) {
  bool bare = list == PP_FREE_FLOAT || list == PP_FREE_DICT_KEYS;
  return bare ? 0 : interpreter->rules->gc_head;
}

static void clear(struct pp_interpreter *interpreter, enum pp_free_list list,
                  size_t index) {
  const struct pp_system_source *family = list == PP_FREE_DICT_KEYS
                                              ? pp_keys_family(interpreter)
                                              : interpreter->options.obj;
  struct pp_free_lists *lists = &interpreter->free_lists;
  struct pp_object *object = lists->first[list][index];
  while (object != NULL) {
    struct pp_object *next = next_of(object);
    PP_ENSURE(interpreter->witness, OBJ_09, lists->count[list][index] > 0);
    lists->count[list][index]--;
    family->free(family->ctx, object->bytes - before(interpreter, list));
    object = next;
  }
  lists->first[list][index] = NULL;
  PP_ENSURE(interpreter->witness, OBJ_09, lists->count[list][index] == 0);
}

void pp_free_lists_clear(struct pp_interpreter *interpreter) {
  bool floats_first = interpreter->rules->free_floats_first;
  const enum pp_free_list order[PP_FREE_LISTS] = {
      floats_first ? PP_FREE_FLOAT : PP_FREE_TUPLE,
      floats_first ? PP_FREE_TUPLE : PP_FREE_FLOAT,
      PP_FREE_LIST,
      PP_FREE_DICT,
      PP_FREE_DICT_KEYS,
  };
  for (size_t i = 0; i < PP_FREE_LISTS; i++) {
    for (size_t index = 0; index < PP_FREE_LENGTHS; index++)
      clear(interpreter, order[i], index);
  }
}

enum pp_clause pp_free_lists_check(const struct pp_interpreter *interpreter) {
  for (unsigned list = 0; list < PP_FREE_LISTS; list++) {
    for (size_t index = 0; index < PP_FREE_LENGTHS; index++)
      PP_PART(check_one(interpreter, (enum pp_free_list)list, index));
  }
  return PP_HOLDS;
}
