/* From a literal to an object of the reference, put together as CPython does:
 * a display of constants is copied from a tuple or frozenset that the compiler
 * made, others are made with room for just what is in them, or item by item
 * when they are long. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/objects/displays.h"
#include "cli/layout.h"

/* The level of the reference: a value is built once and never freed in an
 * unexpected order, so that the cheap facts are those that can be broken. */
static const struct pp_objects *const objects = &pp_objects_cheap;

enum {
  PAIRS = 5, /* for which every dict has room */
};

struct builder {
  const struct pp_profile *profile;
  struct pp_interpreter *interpreter;
  struct layout_names *names;
  bool scattered; /* where keys lie depends on more than the value */
};

/* ---- memory of the interpreter: the C library's, where nothing is one ---- */

static void *memory_malloc(void *ctx, size_t size) {
  (void)ctx;
  return malloc(size > 0 ? size : 1);
}

static void *memory_calloc(void *ctx, size_t count, size_t size) {
  (void)ctx;
  return calloc(count > 0 ? count : 1, size > 0 ? size : 1);
}

static void *memory_realloc(void *ctx, void *block, size_t size) {
  (void)ctx;
  return realloc(block, size > 0 ? size : 1);
}

static void memory_free(void *ctx, void *block) {
  (void)ctx;
  free(block);
}

static const struct pp_system_source memory = {
    NULL, memory_malloc, memory_calloc, memory_realloc, memory_free};

static void broken(struct pp_witness *witness, enum pp_clause clause,
                   const char *where) {
  (void)witness;
  fprintf(stderr, "poolproof layout: the reference broke %s at %s\n",
          pp_clause_texts[clause].id, where);
  exit(5);
}

/* ---- values ---- */

static struct pp_object *build(struct builder *builder,
                               const struct literal *literal);

static void drop(struct builder *builder, struct pp_object *object) {
  if (object != NULL) objects->decref(builder->interpreter, object);
}

static struct pp_object *build_text(struct builder *builder,
                                    const struct literal *literal) {
  struct pp_object *text =
      objects->string(builder->interpreter, literal->points, literal->length);
  if (text == NULL || !layout_is_interned(literal)) return text;
  return objects->intern(builder->interpreter, text);
}

static struct pp_object *build_bytes(struct builder *builder,
                                     const struct literal *literal) {
  uint8_t *bytes = malloc(literal->length + 1);
  if (bytes == NULL) return NULL;
  for (size_t i = 0; i < literal->length; i++)
    bytes[i] = (uint8_t)literal->points[i];
  struct pp_object *object =
      literal->type == PP_TYPE_BYTES
          ? objects->bytes(builder->interpreter, bytes, literal->length)
          : objects->bytearray(builder->interpreter, bytes, literal->length);
  free(bytes);
  return object;
}

/* ---- containers ---- */

static bool are_constant(const struct literal *literal) {
  for (size_t i = 0; i < literal->length; i++)
    if (!literal->items[i]->constant) return false;
  return true;
}

static bool is_copied(const struct builder *builder,
                      const struct literal *literal) {
  return pp_display_is_copied(builder->profile, literal->length) &&
         are_constant(literal);
}

/* list() and then extend or append, or with just the room. */
static struct pp_object *make_list(struct builder *builder,
                                   const struct literal *literal,
                                   struct pp_object *const *items) {
  struct pp_interpreter *interpreter = builder->interpreter;
  bool copied = is_copied(builder, literal);
  bool one_by_one = pp_display_is_long(builder->profile, literal->length);
  if (!copied && !one_by_one)
    return objects->list(interpreter, items, literal->length);
  struct pp_object *list = objects->list(interpreter, NULL, 0);
  bool done = list != NULL;
  if (copied) {
    struct pp_object *tuple =
        objects->tuple(interpreter, items, literal->length);
    done = done && tuple != NULL && objects->extend(interpreter, list, tuple);
    drop(builder, tuple);
  }
  for (size_t i = 0; !copied && done && i < literal->length; i++)
    done = objects->append(interpreter, list, items[i]);
  if (done) return list;
  drop(builder, list);
  return NULL;
}

struct copying {
  struct pp_interpreter *interpreter;
  struct pp_object *copy;
  bool done;
};

struct ordering {
  struct pp_object **keys;
  size_t count, at;
  bool recording, same;
};

static struct pp_object *add_all(struct builder *builder, struct pp_object *set,
                                 size_t length,
                                 struct pp_object *const *items) {
  bool done = set != NULL;
  for (size_t i = 0; done && i < length; i++)
    done = objects->set_add(builder->interpreter, set, items[i]);
  if (done) return set;
  drop(builder, set);
  return NULL;
}

static bool add_one(void *ctx, struct pp_object *key) {
  struct copying *copying = ctx;
  copying->done = objects->set_add(copying->interpreter, copying->copy, key);
  return copying->done;
}

/* The same keys in the order of a set's table, which stays as it is. */
static struct pp_object *put_anew(struct builder *builder,
                                  const struct pp_object *set) {
  struct copying copying = {builder->interpreter,
                            objects->set(builder->interpreter), true};
  if (set != NULL && copying.copy != NULL)
    objects->traverse(builder->interpreter, set, &copying, add_one);
  if (set != NULL && copying.done) return copying.copy;
  drop(builder, copying.copy);
  return NULL;
}

static bool is_next(void *ctx, struct pp_object *key) {
  struct ordering *ordering = ctx;
  if (ordering->recording)
    ordering->keys[ordering->count++] = key;
  else
    ordering->same = ordering->same && ordering->keys[ordering->at++] == key;
  return true;
}

static bool in_same_order(const struct builder *builder,
                          const struct pp_object *left,
                          const struct pp_object *right) {
  size_t length = objects->length(builder->interpreter, left);
  struct ordering ordering = {.recording = true, .same = true};
  ordering.keys = calloc(length + 1, sizeof(struct pp_object *));
  if (ordering.keys == NULL) return false;
  objects->traverse(builder->interpreter, left, &ordering, is_next);
  ordering.recording = false;
  objects->traverse(builder->interpreter, right, &ordering, is_next);
  free(ordering.keys);
  return ordering.same;
}

/* The compiler puts a frozenset together anew, in the order of its table, when
 * it merges constants that are equal; and once more, when another program has
 * interned one of its texts before. Where that tells, keys have no place. */
static struct pp_object *merged(struct builder *builder,
                                struct pp_object *set) {
  struct pp_object *once = put_anew(builder, set);
  struct pp_object *twice = put_anew(builder, once);
  if (once != NULL && twice != NULL && !in_same_order(builder, once, twice))
    builder->scattered = true;
  drop(builder, set);
  drop(builder, twice);
  return once;
}

/* Copied from a frozenset, or one by one. */
static struct pp_object *make_set(struct builder *builder,
                                  const struct literal *literal,
                                  struct pp_object *const *items) {
  struct pp_interpreter *interpreter = builder->interpreter;
  struct pp_object *set =
      add_all(builder, objects->set(interpreter), literal->length, items);
  if (!is_copied(builder, literal)) return set;
  set = merged(builder, set);
  if (set == NULL) return NULL;
  struct pp_object *copy = objects->set(interpreter);
  bool done = copy != NULL && objects->extend(interpreter, copy, set);
  drop(builder, set);
  if (done) return copy;
  drop(builder, copy);
  return NULL;
}

static struct pp_object *make_dict(struct builder *builder,
                                   const struct literal *literal,
                                   struct pp_object *const *items) {
  struct pp_object *dict = objects->dict(builder->interpreter);
  bool done = dict != NULL;
  for (size_t i = 0; done && i + 1 < literal->length; i += 2)
    done =
        objects->dict_set(builder->interpreter, dict, items[i], items[i + 1]);
  if (done) return dict;
  drop(builder, dict);
  return NULL;
}

static struct pp_object *make(struct builder *builder,
                              const struct literal *literal,
                              struct pp_object *const *items) {
  struct pp_interpreter *interpreter = builder->interpreter;
  switch (literal->type) {
  case PP_TYPE_TUPLE:
    return objects->tuple(interpreter, items, literal->length);
  case PP_TYPE_LIST: return make_list(builder, literal, items);
  case PP_TYPE_SET: return make_set(builder, literal, items);
  case PP_TYPE_DICT: return make_dict(builder, literal, items);
  default:
    return objects->array_of(interpreter, literal->code, items,
                             literal->length);
  }
}

/* No deeper than the parser goes. */
static struct pp_object *build_container(struct builder *builder,
                                         const struct literal *literal) {
  struct pp_object **items =
      calloc(literal->length + 1, sizeof(struct pp_object *));
  if (items == NULL) return NULL;
  bool done = true;
  for (size_t i = 0; done && i < literal->length; i++) {
    items[i] = build(builder, literal->items[i]);
    done = items[i] != NULL;
  }
  struct pp_object *object = done ? make(builder, literal, items) : NULL;
  for (size_t i = 0; i < literal->length; i++)
    drop(builder, items[i]);
  free(items);
  return object;
}

static struct pp_object *build_unnamed(struct builder *builder,
                                       const struct literal *literal) {
  struct pp_interpreter *interpreter = builder->interpreter;
  switch (literal->type) {
  case PP_TYPE_NONE: return objects->none(interpreter);
  case PP_TYPE_ELLIPSIS: return objects->ellipsis(interpreter);
  case PP_TYPE_NOT_IMPLEMENTED: return objects->not_implemented(interpreter);
  case PP_TYPE_BOOL: return objects->boolean(interpreter, literal->boolean);
  case PP_TYPE_INT:
    return objects->integer(interpreter, literal->integer.negative,
                            literal->integer.digits, literal->integer.count);
  case PP_TYPE_FLOAT: return objects->floating(interpreter, literal->real);
  case PP_TYPE_COMPLEX:
    return objects->complex(interpreter, literal->real, literal->imaginary);
  case PP_TYPE_STR: return build_text(builder, literal);
  case PP_TYPE_BYTES:
  case PP_TYPE_BYTEARRAY: return build_bytes(builder, literal);
  default: return build_container(builder, literal);
  }
}

static struct pp_object *build(struct builder *builder,
                               const struct literal *literal) {
  char text[LAYOUT_DESCRIBED + 1];
  struct pp_object *object = build_unnamed(builder, literal);
  if (object == NULL) return NULL;
  literal_describe(literal, text, sizeof text);
  if (layout_names_add(builder->names, (uint64_t)(uintptr_t)object, text))
    return object;
  drop(builder, object);
  return NULL;
}

/* ---- the whole ---- */

/* CPython makes room for all pairs of a display before it knows that some have
 * equal keys; the reference has no such dict. */
static bool has_equal_keys(const struct builder *builder,
                           const struct literal *literal,
                           const struct pp_object *object) {
  size_t pairs = literal->length / 2;
  if (literal->type != PP_TYPE_DICT || pairs <= PAIRS) return false;
  return objects->length(builder->interpreter, object) < pairs;
}

static bool build_here(struct builder *builder, const struct literal *literal,
                       struct layout *layout, const char **why) {
  struct pp_object *object = build(builder, literal);
  if (object == NULL) return false;
  if (has_equal_keys(builder, literal, object)) {
    *why = "a dict of more than 5 pairs with equal keys is not laid out";
    drop(builder, object);
    return false;
  }
  layout->type = layout_type_name(literal->type);
  layout->counted = layout_is_counted(literal);
  layout->code = literal->type == PP_TYPE_ARRAY ? literal->code : '\0';
  layout->ready = builder->profile->id < PP_PROFILE_3_12;
  layout->scattered =
      builder->scattered || layout_is_scattered(literal, builder->profile);
  layout->getsizeof = objects->getsizeof(builder->interpreter, object);
  bool done = layout_copy(objects, builder->interpreter, object, layout);
  layout_names_sort(&layout->names);
  drop(builder, object);
  return done;
}

bool layout_build(const struct literal *literal,
                  const struct pp_profile *profile, struct layout *layout,
                  const char **why) {
  struct pp_witness witness = {.broken = broken};
  const struct pp_interpreter_options options = {
      .profile = profile, .obj = &memory, .mem = &memory, .witness = &witness};
  struct builder builder = {.profile = profile, .names = &layout->names};
  *layout = (struct layout){0};
  size_t size = objects->interpreter_size(profile);
  void *place = malloc(size > 0 ? size : 1);
  *why = "the reference has no such value, or memory is short";
  if (place == NULL) return false;
  builder.interpreter = objects->create(place, &options);
  bool done = false;
  if (builder.interpreter == NULL) {
    *why = "this profile has no objects";
  } else {
    done = build_here(&builder, literal, layout, why);
    objects->destroy(builder.interpreter);
  }
  free(place);
  return done;
}
