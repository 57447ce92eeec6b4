/* Instances of a class (SPEC.md, OBJ-10 to OBJ-13, GC-09).
 *
 *   to 3.10      | GC head | object | dict | weaklist |
 *   3.11  | values | dict | GC head | object | weaklist |
 *   3.12  | weaklist | values | GC head | object |
 *   3.13  | weaklist | dict | GC head | object | values and their order | */
#include "reference/objects/instance.h"

#include <assert.h>

#include "reference/objects/object.h"
#include "reference/objects/weakref.h"

static_assert((int)PP_ATTRIBUTES <= PP_VALUES_CAPACITY, "each has a place");

static bool have_dict(const struct pp_interpreter *interpreter) {
  return interpreter->rules->attributes == PP_ATTRIBUTES_DICT;
}

static size_t size(const struct pp_interpreter *interpreter,
                   const struct pp_object *instance) {
  (void)instance;
  size_t fields = interpreter->rules->instance_size;
  PP_ENSURE(interpreter->witness, OBJ_10, fields >= PP_OBJECT_SIZE);
  bool inside = interpreter->rules->attributes == PP_ATTRIBUTES_INSIDE;
  return inside ? fields + pp_values_bytes(interpreter) : fields;
}

static size_t getsizeof(const struct pp_interpreter *interpreter,
                        const struct pp_object *instance) {
  (void)instance;
  return interpreter->rules->instance_size;
}

struct pp_object *pp_instance_new(struct pp_interpreter *interpreter,
                                  bool finalizer) {
  struct pp_witness *witness = interpreter->witness;
  const struct pp_type *type =
      finalizer ? &pp_finalizing_type : &pp_instance_type;
  struct pp_object *instance =
      pp_object_new_collected(interpreter, type, size(interpreter, NULL));
  if (instance == NULL) return NULL;
  memset(instance->bytes + PP_OBJECT_SIZE, 0,
         size(interpreter, instance) - PP_OBJECT_SIZE);
  if (!have_dict(interpreter)) {
    if (!pp_values_begin(interpreter, instance)) {
      pp_object_free(interpreter, instance);
      return NULL;
    }
  }
  pp_gc_track(interpreter, instance);
  PP_ENSURE(witness, GC_09,
            pp_instance_has_finalizer(interpreter, instance) == finalizer);
  PP_ENSURE(witness, GC_09, !pp_gc_is_finalized(interpreter, instance));
  PP_ENSURE(witness, REF_01, pp_word_read(instance->bytes) == 1);
  PP_ENSURE(witness, GC_16, pp_weakref_first(interpreter, instance) == NULL);
  pp_object_touched(interpreter, instance);
  return instance;
}

bool pp_instance_set(struct pp_interpreter *interpreter,
                     struct pp_object *instance, unsigned number,
                     struct pp_object *value) {
  if (!pp_is(interpreter, instance, PP_TYPE_INSTANCE)) return false;
  if (number >= PP_ATTRIBUTES) return false;
  PP_REQUIRE(interpreter->witness, REF_01, pp_word_read(instance->bytes) > 0);
  if (have_dict(interpreter))
    return pp_shared_keys_set(interpreter, instance, number, value);
  return pp_values_set(interpreter, instance, number, value);
}

/* ---- finalizers ---- */

bool pp_instance_has_finalizer(const struct pp_interpreter *interpreter,
                               const struct pp_object *object) {
  return pp_type_of(interpreter, object) == &pp_finalizing_type;
}

void pp_instance_finalize(struct pp_interpreter *interpreter,
                          struct pp_object *instance) {
  struct pp_witness *witness = interpreter->witness;
  const struct pp_object_events *events = interpreter->options.events;
  PP_REQUIRE(witness, GC_09, pp_instance_has_finalizer(interpreter, instance));
  PP_REQUIRE(witness, GC_09, pp_word_read(instance->bytes) > 0);
  PP_REQUIRE(witness, GC_09, pp_gc_is_tracked(interpreter, instance));
  if (events == NULL) return;
  if (events->finalize != NULL) events->finalize(events->ctx, instance);
}

/* Its count is zero; a finalizer sees it alive, and may leave it so. */
static bool survives_finalizer(struct pp_interpreter *interpreter,
                               struct pp_object *instance) {
  struct pp_witness *witness = interpreter->witness;
  if (!pp_instance_has_finalizer(interpreter, instance)) return false;
  PP_REQUIRE(witness, GC_09, pp_word_read(instance->bytes) == 0);
  pp_gc_track(interpreter, instance);
  pp_word_write(instance->bytes, 1);
  if (!pp_gc_is_finalized(interpreter, instance)) {
    pp_instance_finalize(interpreter, instance);
    pp_gc_set_finalized(interpreter, instance);
  }
  PP_ENSURE(witness, GC_09, pp_gc_is_finalized(interpreter, instance));
  PP_ENSURE(witness, GC_09, pp_word_read(instance->bytes) > 0);
  PP_ENSURE(witness, GC_09, pp_gc_is_tracked(interpreter, instance));
  uint64_t count = pp_word_read(instance->bytes) - 1;
  pp_word_write(instance->bytes, count);
  if (count > 0) return true;
  pp_gc_untrack(interpreter, instance);
  return false;
}

/* ---- the end ---- */

static void clear(struct pp_interpreter *interpreter,
                  struct pp_object *instance) {
  if (!have_dict(interpreter)) {
    if (!pp_values_exist(interpreter, instance)) return;
    pp_values_clear(interpreter, instance);
    if (interpreter->rules->clear_frees_values)
      pp_values_end(interpreter, instance);
    return;
  }
  struct pp_object *dict =
      pp_field_pointer(interpreter, instance, PP_FIELD_INSTANCE_DICT);
  if (dict == NULL) return;
  PP_REQUIRE(interpreter->witness, OBJ_10,
             pp_is(interpreter, dict, PP_TYPE_DICT));
  pp_field_set_pointer(interpreter, instance, PP_FIELD_INSTANCE_DICT, NULL);
  pp_decref(interpreter, dict);
}

static void end(struct pp_interpreter *interpreter,
                struct pp_object *instance) {
  struct pp_witness *witness = interpreter->witness;
  if (survives_finalizer(interpreter, instance)) return;
  PP_REQUIRE(witness, REF_06, pp_word_read(instance->bytes) == 0);
  PP_REQUIRE(witness, REF_09, !pp_gc_is_tracked(interpreter, instance));
  pp_weakrefs_of_dying(interpreter, instance);
  clear(interpreter, instance);
  if (!have_dict(interpreter)) {
    if (pp_values_exist(interpreter, instance))
      pp_values_end(interpreter, instance);
  }
  PP_ENSURE(witness, GC_09, !pp_gc_is_tracked(interpreter, instance));
  PP_ENSURE(witness, GC_17, pp_weakref_first(interpreter, instance) == NULL);
  pp_object_free(interpreter, instance);
}

static void dealloc(struct pp_interpreter *interpreter,
                    struct pp_object *instance) {
  PP_REQUIRE(interpreter->witness, OBJ_04,
             !pp_is_static(interpreter, instance));
  pp_gc_untrack(interpreter, instance);
  if (!pp_trash_begin_instance(interpreter, instance)) return;
  end(interpreter, instance);
  pp_trash_end_instance(interpreter);
}

/* ---- looking ---- */

static void traverse(const struct pp_interpreter *interpreter,
                     const struct pp_object *instance, pp_visit *visit,
                     void *ctx) {
  if (have_dict(interpreter)) {
    struct pp_object *dict =
        pp_field_pointer(interpreter, instance, PP_FIELD_INSTANCE_DICT);
    if (dict != NULL) visit(ctx, dict);
    return;
  }
  if (!pp_values_exist(interpreter, instance)) return;
  for (unsigned i = 0; i < PP_VALUES_CAPACITY; i++) {
    struct pp_object *value = pp_values_get(interpreter, instance, i);
    if (value == NULL) continue;
    PP_REQUIRE(interpreter->witness, REF_06, pp_word_read(value->bytes) > 0);
    if (!visit(ctx, value)) return;
  }
}

static bool piece(const struct pp_interpreter *interpreter,
                  const struct pp_object *instance, unsigned index,
                  struct pp_piece_info *piece) {
  if (interpreter->rules->attributes != PP_ATTRIBUTES_APART) return false;
  if (index > 1) return false;
  if (!pp_values_exist(interpreter, instance)) return false;
  PP_ENSURE(interpreter->witness, OBJ_10,
            pp_values_start(interpreter, instance) != NULL);
  piece->name = "values";
  piece->start = pp_values_start(interpreter, instance);
  piece->size = pp_values_bytes(interpreter);
  piece->shared = false;
  return true;
}

static bool field(const struct pp_interpreter *interpreter,
                  const struct pp_object *instance, unsigned piece,
                  unsigned index, struct pp_field_info *field) {
  if (piece > 1) return false;
  if (piece == 1)
    return pp_values_field(interpreter, instance, index, 0, field);
  static const enum pp_field fields[] = {PP_FIELD_INSTANCE_DICT,
                                         PP_FIELD_INSTANCE_WEAKLIST};
  for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
    if (interpreter->rules->offsets[fields[i]] < 0) continue;
    if (pp_fields_show(interpreter, &fields[i], 1, &index, 0, field))
      return true;
  }
  if (interpreter->rules->attributes != PP_ATTRIBUTES_INSIDE) return false;
  return pp_values_field(interpreter, instance, index,
                         interpreter->rules->instance_size, field);
}

static enum pp_clause check(const struct pp_interpreter *interpreter,
                            const struct pp_object *instance) {
  struct pp_witness *witness = interpreter->witness;
  PP_FACT(witness, GC_01, pp_gc_is_tracked(interpreter, instance));
  if (pp_gc_is_finalized(interpreter, instance))
    PP_FACT(witness, GC_09, pp_instance_has_finalizer(interpreter, instance));
  if (!have_dict(interpreter)) {
    if (pp_values_exist(interpreter, instance))
      return pp_values_check(interpreter, instance);
    PP_FACT(witness, OBJ_10, interpreter->rules->clear_frees_values);
    return PP_HOLDS;
  }
  const struct pp_object *dict =
      pp_field_pointer(interpreter, instance, PP_FIELD_INSTANCE_DICT);
  if (dict == NULL) return PP_HOLDS;
  PP_FACT(witness, OBJ_10, pp_is(interpreter, dict, PP_TYPE_DICT));
  PP_FACT(witness, OBJ_04, !pp_is_static(interpreter, dict));
  PP_FACT(witness, REF_06, pp_word_read(dict->bytes) > 0);
  return PP_HOLDS;
}

#define INSTANCE_TYPE(text)                                                 \
  {                                                                         \
    .id = PP_TYPE_INSTANCE, .name = (text), .managed = true, .size = size,  \
    .dealloc = dealloc, .traverse = traverse, .clear = clear,               \
    .getsizeof = getsizeof, .piece = piece, .field = field, .check = check, \
  }

const struct pp_type pp_instance_type = INSTANCE_TYPE("C");
const struct pp_type pp_finalizing_type = INSTANCE_TYPE("D");
