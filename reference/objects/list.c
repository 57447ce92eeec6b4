/* list: an object and an array of its items, which is longer than need be
 * (SPEC.md, LIST).
 *
 *   | ... | ob_size = 2 | ob_item | allocated = 4 |
 *                           '--> | item 0 | item 1 |  room  |  room  |
 */
#include "reference/objects/list.h"

#include "reference/objects/gc.h"
#include "reference/objects/memory.h"
#include "reference/objects/object.h"
#include "reference/objects/trash.h"
#include "reference/objects/tuple.h"

enum {
  LENGTH_LIMIT_SHIFT = 3, /* of eight bytes each */
  EIGHTH = 8,             /* the part that is added */
  EIGHTH_SHIFT = 3,
  ADDED_LATER = 6, /* and besides, from LATER items on */
  ADDED_FIRST = 3,
  LATER = 9,
  FOUR = 4
};

static_assert((FOUR & (FOUR - 1)) == 0, "in_fours takes bits away");
static_assert(1 << EIGHTH_SHIFT == EIGHTH, "LIST-02 and LIST-03");

/* Down to a multiple of four. */
static size_t in_fours(size_t length) {
  return length & ~(size_t)(FOUR - 1);
}

/* ---- fields ---- */

/* The array, the items in use and the room. */
static void set_array(const struct pp_interpreter *interpreter,
                      struct pp_object *list, const uint8_t *items,
                      size_t length, size_t room) {
  PP_REQUIRE(interpreter->witness, LIST_01, room <= PTRDIFF_MAX / PP_WORD_SIZE);
  PP_ENSURE(interpreter->witness, LIST_01, length <= room);
  if (items == NULL) PP_ENSURE(interpreter->witness, LIST_11, room == 0);
  pp_field_set_pointer(interpreter, list, PP_FIELD_LIST_ITEMS, items);
  pp_field_write(interpreter, list, PP_FIELD_VAR_SIZE, length);
  pp_field_write(interpreter, list, PP_FIELD_LIST_ALLOCATED, room);
}

struct pp_object *pp_list_item(const struct pp_interpreter *interpreter,
                               const struct pp_object *list, size_t index) {
  struct pp_witness *witness = interpreter->witness;
  const uint8_t *items = pp_list_items(interpreter, list);
  PP_REQUIRE(witness, LIST_01, index < pp_list_length(interpreter, list));
  PP_REQUIRE(witness, LIST_11, items != NULL);
  return pp_pointer_read(items + index * PP_WORD_SIZE);
}

void pp_list_put(const struct pp_interpreter *interpreter,
                 struct pp_object *list, size_t index,
                 const struct pp_object *item) {
  struct pp_witness *witness = interpreter->witness;
  uint8_t *items = pp_list_items(interpreter, list);
  PP_REQUIRE(witness, LIST_01, index < pp_list_length(interpreter, list));
  PP_REQUIRE(witness, LIST_11, items != NULL);
  PP_REQUIRE(witness, LIST_12, item != NULL);
  PP_REQUIRE(witness, REF_01, pp_word_read(item->bytes) > 0);
  pp_pointer_write(items + index * PP_WORD_SIZE, item);
}

/* ---- how it grows ---- */

static size_t room_for(const struct pp_object_rules *rules, size_t length,
                       size_t target) {
  if (target == 0) return 0;
  if (rules->list_growth == PP_LIST_EIGHTH_MORE)
    return target + target / EIGHTH +
           (target < LATER ? ADDED_FIRST : ADDED_LATER);
  size_t room = in_fours(target + target / EIGHTH + ADDED_LATER);
  bool outgrows_it = target > length && target - length > room - target;
  return outgrows_it ? in_fours(target + FOUR - 1) : room;
}

/* What was said of the growth, in other words. */
static void ensure_growth(const struct pp_interpreter *interpreter,
                          size_t length, size_t target, size_t room) {
  PP_ENSURE(interpreter->witness, LIST_01, room >= target);
  if (target == 0) return;
  if (interpreter->rules->list_growth == PP_LIST_EIGHTH_MORE) {
    PP_ENSURE(interpreter->witness, LIST_02, room - target >= ADDED_FIRST);
    PP_ENSURE(interpreter->witness, LIST_02,
              room - target - (target >= LATER ? ADDED_LATER : ADDED_FIRST) ==
                  target >> EIGHTH_SHIFT);
    return;
  }
  PP_ENSURE(interpreter->witness, LIST_03, room % FOUR == 0);
  if (room < target + FOUR && target > length) {
    /* Or there is hardly room for more. */
    if (target - length > room - target) return;
  }
  PP_ENSURE(interpreter->witness, LIST_03, room > target);
  PP_ENSURE(interpreter->witness, LIST_03,
            room <= target + (target >> EIGHTH_SHIFT) + ADDED_LATER);
  PP_ENSURE(interpreter->witness, LIST_03,
            room + FOUR > target + (target >> EIGHTH_SHIFT) + ADDED_LATER);
}

bool pp_list_resize(struct pp_interpreter *interpreter, struct pp_object *list,
                    size_t target) {
  size_t length = pp_list_length(interpreter, list);
  size_t room = pp_list_allocated(interpreter, list);
  uint8_t *items = pp_list_items(interpreter, list);
  PP_REQUIRE(interpreter->witness, LIST_01, length <= room);
  if (target <= room) {
    if (target >= room / 2) {
      PP_ENSURE(interpreter->witness, LIST_04, target * 2 + 1 >= room);
      set_array(interpreter, list, items, target, room);
      return true;
    }
    PP_ENSURE(interpreter->witness, LIST_04, target * 2 < room);
  }
  if (target > PTRDIFF_MAX >> (LENGTH_LIMIT_SHIFT + 1)) return false;
  room = room_for(interpreter->rules, length, target);
  ensure_growth(interpreter, length, target, room);
  items = pp_family_realloc(pp_mem(interpreter), items, room * PP_WORD_SIZE);
  if (items == NULL) return false;
  set_array(interpreter, list, items, target, room);
  /* What was there came along. */
  if (length > 0 && target > 0)
    PP_ENSURE(interpreter->witness, LIST_12, pp_pointer_read(items) != NULL);
  return true;
}

/* ---- to make one ---- */

static struct pp_object *take(struct pp_interpreter *interpreter) {
  const struct pp_type *type = pp_type_here(PP_TYPE_LIST);
  struct pp_object *list = pp_free_list_take(interpreter, PP_FREE_LIST, 0);
  if (list == NULL) {
    const uint32_t *kept = interpreter->free_lists.count[PP_FREE_LIST];
    PP_ENSURE(interpreter->witness, OBJ_09, *kept == 0);
    return pp_object_new_collected(interpreter, type, PP_LIST_SIZE);
  }
  pp_object_begin(interpreter, list, type, 1);
  PP_ENSURE(interpreter->witness, GC_01, !pp_gc_is_tracked(interpreter, list));
  return list;
}

bool pp_list_make_room(struct pp_interpreter *interpreter,
                       struct pp_object *list, size_t length) {
  const struct pp_system_source *mem = pp_mem(interpreter);
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, LIST_11, pp_list_items(interpreter, list) == NULL);
  PP_REQUIRE(witness, LIST_01, pp_list_length(interpreter, list) == 0);
  PP_REQUIRE(witness, LIST_05, length > 0);
  uint8_t *items = interpreter->rules->list_copy_zeroed
                       ? pp_family_calloc(mem, length, PP_WORD_SIZE)
                       : pp_family_malloc(mem, length * PP_WORD_SIZE);
  if (items == NULL) return false;
  memset(items, 0, length * PP_WORD_SIZE);
  set_array(interpreter, list, items, length, length);
  return true;
}

struct pp_object *pp_list_new(struct pp_interpreter *interpreter,
                              struct pp_object *const *items, size_t length) {
  if (length > PTRDIFF_MAX >> LENGTH_LIMIT_SHIFT) return NULL;
  struct pp_object *list = take(interpreter);
  struct pp_witness *witness = interpreter->witness;
  if (list == NULL) return NULL;
  PP_ENSURE(witness, REF_01, pp_word_read(list->bytes) == 1);
  set_array(interpreter, list, NULL, 0, 0);
  if (length > 0) {
    uint8_t *array =
        pp_family_calloc(pp_mem(interpreter), length, PP_WORD_SIZE);
    if (array == NULL) {
      pp_decref(interpreter, list);
      return NULL;
    }
    set_array(interpreter, list, array, length, length);
  }
  for (size_t i = 0; i < length; i++)
    pp_list_put(interpreter, list, i, pp_borrow_or_none(interpreter, items[i]));
  PP_ENSURE(witness, LIST_05, pp_list_allocated(interpreter, list) == length);
  PP_ENSURE(witness, LIST_05, pp_list_length(interpreter, list) == length);
  pp_gc_track(interpreter, list);
  PP_ENSURE(witness, LIST_13, pp_gc_is_tracked(interpreter, list));
  pp_object_touched(interpreter, list);
  return list;
}

/* ---- and its end ---- */

/* Takes the array from the list, then lets go of the items, the last first. */
static void drop(struct pp_interpreter *interpreter, struct pp_object *list) {
  uint8_t *items = pp_list_items(interpreter, list);
  size_t length = pp_list_length(interpreter, list);
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, LIST_01, length <= pp_list_allocated(interpreter, list));
  if (items == NULL) return;
  set_array(interpreter, list, NULL, 0, 0);
  for (size_t i = length; i-- > 0;) {
    uint8_t *at = items + i * PP_WORD_SIZE;
    struct pp_object *item = pp_pointer_read(at);
    PP_ENSURE(witness, LIST_09, item != NULL);
    if (i + 1 < length)
      PP_ENSURE(witness, LIST_09, pp_word_read(at + PP_WORD_SIZE) == 0);
    pp_pointer_write(at, NULL);
    pp_decref(interpreter, item);
  }
  pp_family_free(pp_mem(interpreter), items);
}

void pp_list_clear(struct pp_interpreter *interpreter, struct pp_object *list) {
  drop(interpreter, list);
  pp_object_touched(interpreter, list);
}

void pp_list_dealloc(struct pp_interpreter *interpreter,
                     struct pp_object *list) {
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, REF_06, pp_word_read(list->bytes) == 0);
  pp_gc_untrack(interpreter, list);
  PP_ENSURE(witness, GC_01, !pp_gc_is_tracked(interpreter, list));
  if (!pp_trash_begin(interpreter, list)) return;
  drop(interpreter, list);
  PP_ENSURE(witness, REF_06, pp_word_read(list->bytes) == 0);
  PP_ENSURE(witness, LIST_10, pp_list_items(interpreter, list) == NULL);
  PP_ENSURE(witness, LIST_11, pp_list_allocated(interpreter, list) == 0);
  if (!pp_free_list_put(interpreter, PP_FREE_LIST, 0, list))
    pp_object_free(interpreter, list);
  pp_trash_end(interpreter);
}

/* ---- one item ---- */

bool pp_list_append(struct pp_interpreter *interpreter, struct pp_object *list,
                    struct pp_object *item) {
  size_t length = pp_list_length(interpreter, list);
  size_t room = pp_list_allocated(interpreter, list);
  uint8_t *items = pp_list_items(interpreter, list);
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, LIST_01, length <= room);
  /* Since 3.11 room is used as it is, even where less than half is. */
  if (interpreter->rules->list_append_in_place && length < room)
    set_array(interpreter, list, items, length + 1, room);
  else if (!pp_list_resize(interpreter, list, length + 1))
    return false;
  PP_ENSURE(witness, LIST_01, pp_list_length(interpreter, list) == length + 1);
  pp_list_put(interpreter, list, length, pp_borrow(interpreter, item));
  pp_object_touched(interpreter, list);
  return true;
}

bool pp_list_insert(struct pp_interpreter *interpreter, struct pp_object *list,
                    size_t index, struct pp_object *item) {
  size_t length = pp_list_length(interpreter, list);
  struct pp_witness *witness = interpreter->witness;
  if (index > length) index = length;
  if (!pp_list_resize(interpreter, list, length + 1)) return false;
  PP_ENSURE(witness, LIST_01, pp_list_length(interpreter, list) == length + 1);
  PP_ENSURE(witness, LIST_11, pp_list_items(interpreter, list) != NULL);
  uint8_t *at = pp_list_items(interpreter, list) + index * PP_WORD_SIZE;
  memmove(at + PP_WORD_SIZE, at, (length - index) * PP_WORD_SIZE);
  pp_list_put(interpreter, list, index, pp_borrow(interpreter, item));
  pp_object_touched(interpreter, list);
  return true;
}

bool pp_list_set_item(struct pp_interpreter *interpreter,
                      struct pp_object *list, size_t index,
                      struct pp_object *item) {
  if (index >= pp_list_length(interpreter, list)) return false;
  struct pp_object *former = pp_list_item(interpreter, list, index);
  PP_REQUIRE(interpreter->witness, LIST_12, former != NULL);
  pp_list_put(interpreter, list, index, pp_borrow(interpreter, item));
  pp_decref(interpreter, former);
  return true;
}

/* Without the item, whose reference is not the list's any more. */
static bool leave_out(struct pp_interpreter *interpreter,
                      struct pp_object *list, size_t index) {
  size_t length = pp_list_length(interpreter, list);
  uint8_t *items = pp_list_items(interpreter, list);
  uint8_t *at = items + index * PP_WORD_SIZE;
  PP_REQUIRE(interpreter->witness, LIST_01, index < length);
  PP_REQUIRE(interpreter->witness, LIST_11, items != NULL);
  PP_REQUIRE(interpreter->witness, LIST_12, pp_pointer_read(at) != NULL);
  if (length == 1 && interpreter->rules->list_pop_clears) {
    set_array(interpreter, list, NULL, 0, 0);
    pp_family_free(pp_mem(interpreter), items);
    return true;
  }
  struct pp_object *item = pp_pointer_read(at);
  size_t behind = (length - index - 1) * PP_WORD_SIZE;
  memmove(at, at + PP_WORD_SIZE, behind);
  if (!pp_list_resize(interpreter, list, length - 1)) {
    memmove(at + PP_WORD_SIZE, at, behind);
    pp_pointer_write(at, item);
    return false;
  }
  return true;
}

struct pp_object *pp_list_pop(struct pp_interpreter *interpreter,
                              struct pp_object *list, size_t index) {
  size_t length = pp_list_length(interpreter, list);
  struct pp_witness *witness = interpreter->witness;
  if (index >= length) return NULL;
  struct pp_object *item = pp_list_item(interpreter, list, index);
  PP_REQUIRE(witness, LIST_12, item != NULL);
  if (!leave_out(interpreter, list, index)) return NULL;
  if (length == 1) {
    bool bare = pp_list_items(interpreter, list) == NULL;
    if (interpreter->rules->list_pop_clears) {
      PP_ENSURE(witness, LIST_08, bare);
    } else {
      PP_ENSURE(witness, LIST_07, !bare);
      PP_ENSURE(witness, LIST_07, pp_list_allocated(interpreter, list) <= 1);
    }
  }
  PP_ENSURE(witness, LIST_01, pp_list_length(interpreter, list) == length - 1);
  PP_ENSURE(witness, REF_01, pp_word_read(item->bytes) > 0);
  pp_object_touched(interpreter, list);
  return item;
}

/* ---- many items ---- */

bool pp_items_of(const struct pp_interpreter *interpreter,
                 const struct pp_object *sequence, const uint8_t **items,
                 size_t *length) {
  PP_REQUIRE(interpreter->witness, OBJ_01, pp_type_known(sequence) != NULL);
  *length = pp_field_read(interpreter, sequence, PP_FIELD_VAR_SIZE);
  if (pp_is(interpreter, sequence, PP_TYPE_TUPLE)) {
    *items = pp_field_at(interpreter, sequence, PP_FIELD_TUPLE_ITEMS);
    return true;
  }
  if (!pp_is(interpreter, sequence, PP_TYPE_LIST)) return false;
  *items = pp_list_items(interpreter, sequence);
  if (*items == NULL) PP_ENSURE(interpreter->witness, LIST_11, *length == 0);
  return true;
}

/* An array for so many items, rounded up to an even number, for a list that
 * has none. */
static bool preallocate(struct pp_interpreter *interpreter,
                        struct pp_object *list, size_t length) {
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, LIST_06, pp_list_items(interpreter, list) == NULL);
  PP_REQUIRE(witness, LIST_06, length > 0);
  size_t room = (length + 1) & ~(size_t)1;
  uint8_t *items = pp_family_malloc(pp_mem(interpreter), room * PP_WORD_SIZE);
  if (items == NULL) return false;
  set_array(interpreter, list, items, length, room);
  PP_ENSURE(witness, LIST_06, room % 2 == 0);
  PP_ENSURE(witness, LIST_06, room - length < 2);
  return true;
}

bool pp_list_extend(struct pp_interpreter *interpreter, struct pp_object *list,
                    struct pp_object *other) {
  const uint8_t *from;
  size_t added;
  struct pp_witness *witness = interpreter->witness;
  if (!pp_items_of(interpreter, other, &from, &added)) return false;
  if (added == 0) return true;
  size_t length = pp_list_length(interpreter, list);
  if (added > PTRDIFF_MAX - length) return false;
  bool bare = pp_list_items(interpreter, list) == NULL;
  bool made = bare && interpreter->rules->list_extend_exact
                  ? preallocate(interpreter, list, added)
                  : pp_list_resize(interpreter, list, length + added);
  if (!made) return false;
  /* It may be the list itself, whose array has moved. */
  (void)pp_items_of(interpreter, other, &from, &added);
  added = pp_list_length(interpreter, list) - length;
  if (other == list) PP_ENSURE(witness, LIST_01, added == length);
  PP_ENSURE(witness, LIST_11, pp_list_items(interpreter, list) != NULL);
  for (size_t i = 0; i < added; i++) {
    struct pp_object *item = pp_pointer_read(from + i * PP_WORD_SIZE);
    PP_REQUIRE(witness, LIST_12, item != NULL);
    pp_list_put(interpreter, list, length + i, pp_borrow(interpreter, item));
  }
  pp_object_touched(interpreter, list);
  return true;
}
