/* Assignment to a slice of a list (SPEC.md, LIST). What was there is set aside
 * before the array changes, and let go of when all is in its place. */
#include "reference/objects/gc.h"
#include "reference/objects/list.h"
#include "reference/objects/memory.h"
#include "reference/objects/object.h"
#include "reference/objects/tuple.h"

enum { ASIDE = 8 /* items that are set aside without memory of their own */ };

/* One assignment: list[first:last] = what came, and what was there. */
struct slice {
  struct pp_object *list;
  size_t first, last;
  const uint8_t *coming;
  size_t count;
  uint8_t *former;
  uint8_t room[ASIDE * PP_WORD_SIZE];
};

static size_t leaving(const struct slice *slice) {
  return slice->last - slice->first;
}

static uint8_t *items_from(const struct pp_interpreter *interpreter,
                           const struct slice *slice, size_t index) {
  uint8_t *items = pp_list_items(interpreter, slice->list);
  PP_REQUIRE(interpreter->witness, LIST_11, items != NULL);
  PP_REQUIRE(interpreter->witness, LIST_01,
             index <= pp_list_allocated(interpreter, slice->list));
  return items + index * PP_WORD_SIZE;
}

static bool set_aside(struct pp_interpreter *interpreter, struct slice *slice) {
  struct pp_witness *witness = interpreter->witness;
  size_t bytes = leaving(slice) * PP_WORD_SIZE;
  PP_REQUIRE(witness, LIST_01, slice->first <= slice->last);
  PP_REQUIRE(witness, LIST_01,
             slice->last <= pp_list_length(interpreter, slice->list));
  slice->former = slice->room;
  if (bytes > sizeof slice->room) {
    slice->former = pp_family_malloc(pp_mem(interpreter), bytes);
    if (slice->former == NULL) return false;
  }
  if (bytes == 0) return true;
  memcpy(slice->former, items_from(interpreter, slice, slice->first), bytes);
  PP_ENSURE(witness, LIST_12, pp_pointer_read(slice->former) != NULL);
  return true;
}

static void let_go(struct pp_interpreter *interpreter, struct slice *slice) {
  for (size_t i = leaving(slice); i-- > 0;) {
    uint8_t *at = slice->former + i * PP_WORD_SIZE;
    struct pp_object *item = pp_pointer_read(at);
    struct pp_witness *witness = interpreter->witness;
    PP_REQUIRE(witness, LIST_12, item != NULL);
    PP_REQUIRE(witness, REF_01, pp_word_read(item->bytes) > 0);
    if (i + 1 < leaving(slice))
      PP_ENSURE(witness, LIST_09, pp_word_read(at + PP_WORD_SIZE) == 0);
    pp_pointer_write(at, NULL);
    pp_decref(interpreter, item);
  }
}

static void drop_aside(struct pp_interpreter *interpreter,
                       struct slice *slice) {
  if (slice->former != slice->room)
    pp_family_free(pp_mem(interpreter), slice->former);
}

/* Moves what lies behind the slice, and makes the list as long as it is to be.
 * False: as before. */
static bool shift(struct pp_interpreter *interpreter, struct slice *slice) {
  struct pp_object *list = slice->list;
  struct pp_witness *witness = interpreter->witness;
  size_t length = pp_list_length(interpreter, list);
  size_t behind = (length - slice->last) * PP_WORD_SIZE;
  size_t to = slice->first + slice->count;
  size_t target = length - leaving(slice) + slice->count;
  PP_REQUIRE(witness, LIST_01, slice->last <= length);
  PP_REQUIRE(witness, LIST_10, target > 0);
  if (target == length) return true;
  if (target < length) {
    uint8_t *from = items_from(interpreter, slice, slice->last);
    memmove(items_from(interpreter, slice, to), from, behind);
    if (pp_list_resize(interpreter, list, target)) return true;
    memmove(from, items_from(interpreter, slice, to), behind);
    memcpy(items_from(interpreter, slice, slice->first), slice->former,
           leaving(slice) * PP_WORD_SIZE);
    PP_ENSURE(witness, LIST_01, pp_list_length(interpreter, list) == length);
    return false;
  }
  if (!pp_list_resize(interpreter, list, target)) return false;
  PP_ENSURE(witness, LIST_01, pp_list_length(interpreter, list) == target);
  memmove(items_from(interpreter, slice, to),
          items_from(interpreter, slice, slice->last), behind);
  return true;
}

static bool assign(struct pp_interpreter *interpreter, struct slice *slice) {
  struct pp_object *list = slice->list;
  struct pp_witness *witness = interpreter->witness;
  size_t length = pp_list_length(interpreter, list);
  PP_REQUIRE(witness, LIST_01, leaving(slice) <= length);
  PP_REQUIRE(witness, LIST_01, slice->count <= PTRDIFF_MAX - length);
  size_t target = length - leaving(slice) + slice->count;
  if (target == 0) {
    pp_list_clear(interpreter, list);
    PP_ENSURE(witness, LIST_10, pp_list_items(interpreter, list) == NULL);
    return true;
  }
  if (!set_aside(interpreter, slice)) return false;
  if (!shift(interpreter, slice)) {
    drop_aside(interpreter, slice);
    return false;
  }
  PP_ENSURE(witness, LIST_01, pp_list_length(interpreter, list) == target);
  for (size_t i = 0; i < slice->count; i++) {
    struct pp_object *item = pp_pointer_read(slice->coming + i * PP_WORD_SIZE);
    PP_REQUIRE(witness, LIST_12, item != NULL);
    pp_list_put(interpreter, list, slice->first + i,
                pp_borrow(interpreter, item));
  }
  pp_object_touched(interpreter, list);
  let_go(interpreter, slice);
  drop_aside(interpreter, slice);
  return true;
}

/* Another list with the same items, for when a list is assigned to itself. */
static struct pp_object *copy(struct pp_interpreter *interpreter,
                              struct pp_object *list) {
  size_t length = pp_list_length(interpreter, list);
  struct pp_object *other = pp_list_new(interpreter, NULL, 0);
  if (other == NULL) return NULL;
  if (length == 0) return other;
  if (!pp_list_make_room(interpreter, other, length)) {
    pp_decref(interpreter, other);
    return NULL;
  }
  struct pp_witness *witness = interpreter->witness;
  PP_ENSURE(witness, LIST_05, pp_list_allocated(interpreter, other) == length);
  for (size_t i = 0; i < length; i++) {
    struct pp_object *item = pp_list_item(interpreter, list, i);
    PP_REQUIRE(witness, LIST_12, item != NULL);
    pp_list_put(interpreter, other, i, pp_borrow(interpreter, item));
  }
  PP_ENSURE(witness, LIST_05, pp_list_length(interpreter, other) == length);
  pp_object_touched(interpreter, other);
  return other;
}

bool pp_list_assign_slice(struct pp_interpreter *interpreter,
                          struct pp_object *list, size_t first, size_t last,
                          struct pp_object *other) {
  struct slice slice = {.list = list};
  size_t length = pp_list_length(interpreter, list);
  slice.first = first < length ? first : length;
  slice.last = last < length ? last : length;
  if (slice.last < slice.first) slice.last = slice.first;
  struct pp_object *own = NULL;
  if (other == list) {
    own = copy(interpreter, list);
    if (own == NULL) return false;
    PP_ENSURE(interpreter->witness, REF_01, own != list);
    other = own;
  }
  bool done = pp_items_of(interpreter, other, &slice.coming, &slice.count) &&
              slice.count <= PTRDIFF_MAX - length &&
              assign(interpreter, &slice);
  if (own != NULL) {
    /* Nobody else has seen it. */
    PP_ENSURE(interpreter->witness, REF_01, pp_word_read(own->bytes) == 1);
    pp_decref(interpreter, own);
  }
  return done;
}
