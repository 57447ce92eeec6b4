/* A list as it is seen: by the collector, by who shows memory, and by its
 * predicate (SPEC.md, LIST). */
#include "reference/objects/list.h"
#include "reference/objects/memory.h"
#include "reference/objects/object.h"

static size_t array_size(const struct pp_interpreter *interpreter,
                         const struct pp_object *list) {
  size_t room = pp_list_allocated(interpreter, list);
  PP_REQUIRE(interpreter->witness, LIST_01, room <= PTRDIFF_MAX / PP_WORD_SIZE);
  return room * PP_WORD_SIZE;
}

static size_t size_with_array(const struct pp_interpreter *interpreter,
                              const struct pp_object *list) {
  size_t size = array_size(interpreter, list);
  if (size > 0)
    PP_ENSURE(interpreter->witness, LIST_11,
              pp_list_items(interpreter, list) != NULL);
  return PP_LIST_SIZE + size;
}

static void traverse(const struct pp_interpreter *interpreter,
                     const struct pp_object *list, pp_visit *visit, void *ctx) {
  for (size_t i = pp_list_length(interpreter, list); i-- > 0;) {
    struct pp_object *item = pp_list_item(interpreter, list, i);
    PP_REQUIRE(interpreter->witness, LIST_12, item != NULL);
    PP_REQUIRE(interpreter->witness, REF_01, pp_word_read(item->bytes) > 0);
    if (!visit(ctx, item)) return;
  }
}

static bool piece(const struct pp_interpreter *interpreter,
                  const struct pp_object *list, unsigned index,
                  struct pp_piece_info *shown) {
  const uint8_t *items = pp_list_items(interpreter, list);
  if (index != 1) return false;
  if (items == NULL) return false;
  PP_REQUIRE(interpreter->witness, LIST_01,
             pp_list_length(interpreter, list) <=
                 pp_list_allocated(interpreter, list));
  *shown = (struct pp_piece_info){pp_field_texts[PP_FIELD_LIST_ITEMS].name,
                                  items, array_size(interpreter, list), false};
  return true;
}

/* The items, then the room behind them. */
static bool array_field(const struct pp_interpreter *interpreter,
                        const struct pp_object *list, unsigned index,
                        struct pp_field_info *shown) {
  size_t used = pp_list_length(interpreter, list) * PP_WORD_SIZE;
  size_t size = array_size(interpreter, list);
  struct pp_field_info items = {"items", PP_SHAPE_OBJECTS, 0, used};
  PP_REQUIRE(interpreter->witness, LIST_01, used <= size);
  return pp_buffer_show(interpreter, &items, size, index, shown);
}

static bool field(const struct pp_interpreter *interpreter,
                  const struct pp_object *list, unsigned piece_index,
                  unsigned index, struct pp_field_info *shown) {
  static const enum pp_field fields[] = {PP_FIELD_VAR_SIZE, PP_FIELD_LIST_ITEMS,
                                         PP_FIELD_LIST_ALLOCATED};
  if (piece_index > 1) return false;
  if (piece_index == 1) return array_field(interpreter, list, index, shown);
  return pp_fields_show(interpreter, fields, sizeof fields / sizeof fields[0],
                        &index, 0, shown);
}

static enum pp_clause check(const struct pp_interpreter *interpreter,
                            const struct pp_object *list) {
  size_t length = pp_list_length(interpreter, list);
  size_t room = pp_list_allocated(interpreter, list);
  PP_FACT(interpreter->witness, LIST_01, length <= room);
  PP_FACT(interpreter->witness, LIST_01, room <= PTRDIFF_MAX / PP_WORD_SIZE);
  if (pp_list_items(interpreter, list) == NULL)
    PP_FACT(interpreter->witness, LIST_11, room == 0);
  for (size_t i = 0; i < length; i++) {
    const struct pp_object *item = pp_list_item(interpreter, list, i);
    PP_FACT(interpreter->witness, LIST_12, item != NULL);
    PP_FACT(interpreter->witness, REF_01, pp_word_read(item->bytes) > 0);
    PP_FACT(interpreter->witness, OBJ_01, pp_type_known(item) != NULL);
  }
  return PP_HOLDS;
}

const struct pp_type pp_list_type = {
    .id = PP_TYPE_LIST,
    .name = "list",
    .fixed_size = PP_LIST_SIZE,
    .dealloc = pp_list_dealloc,
    .traverse = traverse,
    .clear = pp_list_clear,
    .getsizeof = size_with_array,
    .length = pp_list_length,
    .piece = piece,
    .field = field,
    .check = check,
};
