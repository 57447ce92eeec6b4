/* tuple: as many items as it was made with, in the object itself (SPEC.md,
 * TUPLE).
 *
 *   | ob_refcnt | ob_type | ob_size = 3 | item 0 | item 1 | item 2 |
 *
 * There is one empty tuple. Dead tuples of few items are kept for the next of
 * their length. */
#include "reference/objects/tuple.h"

#include "reference/objects/gc.h"
#include "reference/objects/memory.h"
#include "reference/objects/object.h"
#include "reference/objects/trash.h"

static_assert(PP_EMPTY_TUPLE_WORDS * PP_WORD_SIZE == PP_VAR_SIZE, "no items");
static_assert((int)PP_LAST_KEPT_LENGTH < (int)PP_FREE_LENGTHS,
              "each has its list");

#define LONGEST ((PTRDIFF_MAX - PP_VAR_SIZE) / PP_WORD_SIZE)

size_t pp_tuple_length(const struct pp_interpreter *interpreter,
                       const struct pp_object *tuple) {
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, OBJ_01, pp_is(interpreter, tuple, PP_TYPE_TUPLE));
  return pp_field_read(interpreter, tuple, PP_FIELD_VAR_SIZE);
}

static uint8_t *slot(const struct pp_interpreter *interpreter,
                     const struct pp_object *tuple, size_t index) {
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, TUPLE_01, index < pp_tuple_length(interpreter, tuple));
  const uint8_t *first = pp_field_at(interpreter, tuple, PP_FIELD_TUPLE_ITEMS);
  PP_ENSURE(witness, TUPLE_01, first == tuple->bytes + PP_VAR_SIZE);
  return (uint8_t *)(uintptr_t)first + index * PP_WORD_SIZE;
}

struct pp_object *pp_tuple_get(const struct pp_interpreter *interpreter,
                               const struct pp_object *tuple, size_t index) {
  return pp_pointer_read(slot(interpreter, tuple, index));
}

static size_t size_for(const struct pp_interpreter *interpreter,
                       size_t length) {
  PP_REQUIRE(interpreter->witness, TUPLE_01, length <= LONGEST);
  return PP_VAR_SIZE + length * PP_WORD_SIZE;
}

static size_t size(const struct pp_interpreter *interpreter,
                   const struct pp_object *tuple) {
  return size_for(interpreter, pp_tuple_length(interpreter, tuple));
}

/* ---- the empty tuple ---- */

bool pp_empty_tuple_begin(struct pp_interpreter *interpreter) {
  const struct pp_type *type = pp_type_here(PP_TYPE_TUPLE);
  struct pp_empty_tuple *empty = &interpreter->shared.empty_tuple;
  struct pp_object *tuple;
  PP_REQUIRE(interpreter->witness, TUPLE_02, empty->object == NULL);
  if (interpreter->rules->empty_tuple_static) {
    memset(&empty->fixed, 0, sizeof empty->fixed);
    tuple = (struct pp_object *)(void *)empty->fixed.object;
    pp_object_begin(interpreter, tuple, type, pp_static_count(interpreter));
  } else {
    tuple = pp_object_new_collected(interpreter, type, PP_VAR_SIZE);
    if (tuple == NULL) return false;
    PP_ENSURE(interpreter->witness, OBJ_04, !pp_is_static(interpreter, tuple));
  }
  pp_field_write(interpreter, tuple, PP_FIELD_VAR_SIZE, 0);
  PP_ENSURE(interpreter->witness, GC_01, !pp_gc_is_tracked(interpreter, tuple));
  empty->object = tuple;
  return true;
}

void pp_empty_tuple_end(struct pp_interpreter *interpreter) {
  struct pp_object *tuple = interpreter->shared.empty_tuple.object;
  struct pp_witness *witness = interpreter->witness;
  interpreter->shared.empty_tuple.object = NULL;
  if (tuple == NULL) return;
  PP_ENSURE(witness, TUPLE_02, pp_tuple_length(interpreter, tuple) == 0);
  PP_ENSURE(witness, REF_02, pp_word_read(tuple->bytes) > 0);
  if (interpreter->rules->empty_tuple_static) return;
  pp_object_free(interpreter, tuple);
}

/* ---- to make one ---- */

static struct pp_object *take(struct pp_interpreter *interpreter,
                              size_t length) {
  const struct pp_type *type = pp_type_here(PP_TYPE_TUPLE);
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, TUPLE_02, length > 0);
  struct pp_object *tuple =
      pp_free_list_take(interpreter, PP_FREE_TUPLE, length);
  if (tuple == NULL) {
    const uint32_t *kept = interpreter->free_lists.count[PP_FREE_TUPLE];
    if (length <= interpreter->rules->free_tuple_take)
      PP_ENSURE(witness, OBJ_09, kept[length] == 0);
    size_t bytes = size_for(interpreter, length);
    return pp_object_new_collected(interpreter, type, bytes);
  }
  PP_ENSURE(witness, TUPLE_04, length <= PP_LAST_KEPT_LENGTH);
  if (length == PP_LAST_KEPT_LENGTH)
    PP_ENSURE(witness, TUPLE_03, interpreter->rules->free_tuple_take >= length);
  pp_object_begin(interpreter, tuple, type, 1);
  PP_ENSURE(witness, TUPLE_04, pp_tuple_length(interpreter, tuple) == length);
  PP_ENSURE(witness, GC_01, !pp_gc_is_tracked(interpreter, tuple));
  return tuple;
}

struct pp_object *pp_tuple_of_length(struct pp_interpreter *interpreter,
                                     size_t length) {
  if (length == 0)
    return pp_borrow(interpreter, interpreter->shared.empty_tuple.object);
  if (length > LONGEST) return NULL;
  struct pp_object *tuple = take(interpreter, length);
  if (tuple == NULL) return NULL;
  pp_field_write(interpreter, tuple, PP_FIELD_VAR_SIZE, length);
  memset(slot(interpreter, tuple, 0), 0, length * PP_WORD_SIZE);
  pp_gc_track(interpreter, tuple);
  PP_ENSURE(interpreter->witness, TUPLE_05,
            pp_gc_is_tracked(interpreter, tuple));
  PP_ENSURE(interpreter->witness, REF_01, pp_word_read(tuple->bytes) == 1);
  return tuple;
}

void pp_tuple_put(const struct pp_interpreter *interpreter,
                  struct pp_object *tuple, size_t index,
                  struct pp_object *item) {
  uint8_t *at = slot(interpreter, tuple, index);
  PP_REQUIRE(interpreter->witness, TUPLE_01, pp_pointer_read(at) == NULL);
  PP_REQUIRE(interpreter->witness, TUPLE_01, item != NULL);
  PP_REQUIRE(interpreter->witness, REF_01, pp_word_read(item->bytes) > 0);
  /* Whoever made it fills it, before anyone else has it. */
  PP_REQUIRE(interpreter->witness, TUPLE_01, pp_word_read(tuple->bytes) == 1);
  pp_pointer_write(at, item);
}

struct pp_object *pp_tuple_new(struct pp_interpreter *interpreter,
                               struct pp_object *const *items, size_t length) {
  const struct pp_object *empty = interpreter->shared.empty_tuple.object;
  struct pp_witness *witness = interpreter->witness;
  struct pp_object *tuple = pp_tuple_of_length(interpreter, length);
  if (tuple == NULL) return NULL;
  PP_ENSURE(witness, TUPLE_02, (tuple == empty) == (length == 0));
  PP_ENSURE(witness, TUPLE_01, pp_tuple_length(interpreter, tuple) == length);
  for (size_t i = 0; i < length; i++)
    pp_tuple_put(interpreter, tuple, i,
                 pp_borrow_or_none(interpreter, items[i]));
  pp_object_touched(interpreter, tuple);
  return tuple;
}

/* ---- and its end ---- */

static void dealloc(struct pp_interpreter *interpreter,
                    struct pp_object *tuple) {
  size_t length = pp_tuple_length(interpreter, tuple);
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, TUPLE_02, length > 0);
  PP_REQUIRE(witness, REF_06, pp_word_read(tuple->bytes) == 0);
  pp_gc_untrack(interpreter, tuple);
  PP_ENSURE(witness, GC_01, !pp_gc_is_tracked(interpreter, tuple));
  if (!pp_trash_begin(interpreter, tuple)) return;
  struct pp_object *after = NULL;
  for (size_t i = length; i-- > 0;) {
    struct pp_object *item = pp_tuple_get(interpreter, tuple, i);
    /* Behind it all are gone already. */
    if (i + 1 < length) after = pp_tuple_get(interpreter, tuple, i + 1);
    PP_ENSURE(witness, TUPLE_06, after == NULL);
    pp_pointer_write(slot(interpreter, tuple, i), NULL);
    if (item != NULL) pp_decref(interpreter, item);
  }
  PP_ENSURE(witness, REF_06, pp_word_read(tuple->bytes) == 0);
  PP_ENSURE(witness, TUPLE_01, pp_tuple_length(interpreter, tuple) == length);
  if (!pp_free_list_put(interpreter, PP_FREE_TUPLE, length, tuple))
    pp_object_free(interpreter, tuple);
  else
    PP_ENSURE(witness, OBJ_08, length <= interpreter->rules->free_tuple_put);
  pp_trash_end(interpreter);
}

static void traverse(const struct pp_interpreter *interpreter,
                     const struct pp_object *tuple, pp_visit *visit,
                     void *ctx) {
  for (size_t i = pp_tuple_length(interpreter, tuple); i-- > 0;) {
    struct pp_object *item = pp_tuple_get(interpreter, tuple, i);
    if (item == NULL) continue; /* in the making */
    PP_REQUIRE(interpreter->witness, REF_01, pp_word_read(item->bytes) > 0);
    if (!visit(ctx, item)) return;
  }
}

static bool field(const struct pp_interpreter *interpreter,
                  const struct pp_object *tuple, unsigned piece, unsigned index,
                  struct pp_field_info *shown) {
  static const enum pp_field fields[] = {PP_FIELD_VAR_SIZE,
                                         PP_FIELD_TUPLE_ITEMS};
  size_t length = pp_tuple_length(interpreter, tuple);
  if (piece > 0) return false;
  return pp_fields_show(interpreter, fields, length == 0 ? 1 : 2, &index,
                        length * PP_WORD_SIZE, shown);
}

static enum pp_clause check(const struct pp_interpreter *interpreter,
                            const struct pp_object *tuple) {
  size_t length = pp_tuple_length(interpreter, tuple);
  const struct pp_object *empty = interpreter->shared.empty_tuple.object;
  PP_FACT(interpreter->witness, TUPLE_01, length <= LONGEST);
  PP_FACT(interpreter->witness, TUPLE_02, (length == 0) == (tuple == empty));
  for (size_t i = 0; i < length; i++) {
    const struct pp_object *item = pp_tuple_get(interpreter, tuple, i);
    PP_FACT(interpreter->witness, TUPLE_01, item != NULL);
    PP_FACT(interpreter->witness, REF_01, pp_word_read(item->bytes) > 0);
    PP_FACT(interpreter->witness, OBJ_01, pp_type_known(item) != NULL);
  }
  return PP_HOLDS;
}

const struct pp_type pp_tuple_type = {
    .id = PP_TYPE_TUPLE,
    .name = "tuple",
    .size = size,
    .dealloc = dealloc,
    .traverse = traverse,
    .length = pp_tuple_length,
    .field = field,
    .check = check,
};
