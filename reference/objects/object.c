/* Objects: their memory, their header, their count (SPEC.md, OBJ and REF).
 * Counting is the same addition in all releases; what differs is who is
 * excepted from it. */
#include "reference/objects/object.h"

/* ---- memory ---- */

void pp_object_begin(const struct pp_interpreter *interpreter,
                     struct pp_object *object, const struct pp_type *type,
                     uint64_t count) {
  PP_REQUIRE(interpreter->witness, REF_01, count > 0);
  pp_field_set_pointer(interpreter, object, PP_FIELD_OBJECT_TYPE, type);
  pp_field_write(interpreter, object, PP_FIELD_OBJECT_REFCOUNT, count);
  PP_ENSURE(interpreter->witness, OBJ_01, pp_word_read(object->bytes) == count);
  PP_ENSURE(interpreter->witness, OBJ_01, pp_type_known(object) == type);
}

static struct pp_object *allocate(struct pp_interpreter *interpreter,
                                  const struct pp_type *type, size_t size) {
  const struct pp_system_source *obj = interpreter->options.obj;
  size_t before = pp_object_before(interpreter, type);
  PP_REQUIRE(interpreter->witness, OBJ_01, size >= PP_OBJECT_SIZE);
  PP_REQUIRE(interpreter->witness, OBJ_01, size <= PTRDIFF_MAX - before);
  uint8_t *memory = obj->malloc(obj->ctx, before + size);
  if (memory == NULL) return NULL;
  memset(memory, 0, before);
  return (struct pp_object *)(memory + before);
}

struct pp_object *pp_object_new(struct pp_interpreter *interpreter,
                                const struct pp_type *type, size_t size) {
  PP_REQUIRE(interpreter->witness, OBJ_02, !pp_is_collected(interpreter, type));
  struct pp_object *object = allocate(interpreter, type, size);
  if (object == NULL) return NULL;
  pp_object_begin(interpreter, object, type, 1);
  return object;
}

struct pp_object *pp_object_new_collected(struct pp_interpreter *interpreter,
                                          const struct pp_type *type,
                                          size_t size) {
  PP_REQUIRE(interpreter->witness, OBJ_02, pp_is_collected(interpreter, type));
  struct pp_object *object = allocate(interpreter, type, size);
  if (object == NULL) return NULL;
  pp_object_begin(interpreter, object, type, 1);
  pp_gc_allocated(interpreter, object);
  /* A collection may have run; it knows nothing of the object. */
  PP_ENSURE(interpreter->witness, GC_08, pp_word_read(object->bytes) == 1);
  PP_ENSURE(interpreter->witness, GC_01,
            !pp_gc_is_tracked(interpreter, object));
  return object;
}

void pp_object_tell_end(struct pp_interpreter *interpreter,
                        const struct pp_object *object) {
  const struct pp_object_events *events = interpreter->options.events;
  if (events == NULL) return;
  if (events->dealloc != NULL) events->dealloc(events->ctx, object);
}

void pp_object_free(struct pp_interpreter *interpreter,
                    struct pp_object *object) {
  const struct pp_system_source *obj = interpreter->options.obj;
  PP_REQUIRE(interpreter->witness, OBJ_04, !pp_is_static(interpreter, object));
  pp_object_tell_end(interpreter, object);
  const struct pp_type *type = pp_type_of(interpreter, object);
  PP_REQUIRE(interpreter->witness, OBJ_04, type->dealloc != NULL);
  if (pp_is_collected(interpreter, type)) pp_gc_freed(interpreter, object);
  obj->free(obj->ctx, object->bytes - pp_object_before(interpreter, type));
}

/* ---- counting ---- */

bool pp_object_is_immortal(const struct pp_interpreter *interpreter,
                           const struct pp_object *object) {
  if (interpreter->rules->immortality != PP_IMMORTAL_HALF) return false;
  uint64_t count = pp_field_read(interpreter, object, PP_FIELD_OBJECT_REFCOUNT);
  return (int32_t)(uint32_t)count < 0;
}

void pp_incref(struct pp_interpreter *interpreter, struct pp_object *object) {
  struct pp_witness *witness = interpreter->witness;
  uint64_t count = pp_field_read(interpreter, object, PP_FIELD_OBJECT_REFCOUNT);
  PP_REQUIRE(witness, REF_01, count > 0);
  PP_REQUIRE(witness, OBJ_01, pp_type_known(object) != NULL);
  if (interpreter->rules->immortality == PP_IMMORTAL_HALF) {
    /* Only what cannot be added to is left alone. */
    if ((uint32_t)count == PP_IMMORTAL_COUNT) return;
    PP_ENSURE(witness, REF_03, (uint32_t)(count + 1) > 0);
  }
  pp_field_write(interpreter, object, PP_FIELD_OBJECT_REFCOUNT, count + 1);
  PP_ENSURE(witness, REF_01, pp_word_read(object->bytes) == count + 1);
}

void pp_decref(struct pp_interpreter *interpreter, struct pp_object *object) {
  struct pp_witness *witness = interpreter->witness;
  uint64_t count = pp_field_read(interpreter, object, PP_FIELD_OBJECT_REFCOUNT);
  PP_REQUIRE(witness, REF_01, count > 0);
  PP_REQUIRE(witness, OBJ_01, pp_type_known(object) != NULL);
  if (pp_object_is_immortal(interpreter, object)) return;
  if (interpreter->rules->immortality == PP_IMMORTAL_HALF)
    PP_ENSURE(witness, REF_07, (int32_t)(uint32_t)count > 0);
  pp_field_write(interpreter, object, PP_FIELD_OBJECT_REFCOUNT, count - 1);
  PP_ENSURE(witness, REF_01, pp_word_read(object->bytes) == count - 1);
  if (count > 1) return;
  PP_ENSURE(witness, REF_02, !pp_is_static(interpreter, object));
  PP_ENSURE(witness, REF_06, pp_word_read(object->bytes) == 0);
  pp_type_of(interpreter, object)->dealloc(interpreter, object);
}

struct pp_object *pp_borrow(struct pp_interpreter *interpreter,
                            struct pp_object *object) {
  pp_incref(interpreter, object);
  return object;
}

/* ---- the whole object ---- */

/* What the count of a static object can be. */
static enum pp_clause check_static(const struct pp_interpreter *interpreter,
                                   const struct pp_object *object) {
  struct pp_witness *witness = interpreter->witness;
  uint64_t count = pp_word_read(object->bytes);
  const struct pp_type *type = pp_type_of(interpreter, object);
  switch (interpreter->rules->immortality) {
  case PP_IMMORTAL_NONE: break;
  case PP_IMMORTAL_BIAS:
    if (pp_is_biased(type->id))
      PP_FACT(witness, REF_04, count >= PP_BIASED_COUNT);
    break;
  case PP_IMMORTAL_HALF:
    PP_FACT(witness, REF_05, count == PP_IMMORTAL_COUNT);
    break;
  }
  return PP_HOLDS;
}

enum pp_clause pp_object_check(const struct pp_interpreter *interpreter,
                               const struct pp_object *object) {
  struct pp_witness *witness = interpreter->witness;
  const struct pp_type *type = pp_type_known(object);
  PP_FACT(witness, OBJ_01, type != NULL);
  PP_FACT(witness, REF_01, pp_word_read(object->bytes) > 0);
  if (pp_is_static(interpreter, object)) {
    PP_PART(check_static(interpreter, object));
  } else {
    PP_FACT(witness, OBJ_06,
            ((uintptr_t)object & (PP_OBJECT_ALIGNMENT - 1)) == 0);
  }
  if (type->check != NULL) PP_PART(type->check(interpreter, object));
  return pp_object_check_layout(interpreter, object);
}

void pp_object_touched(const struct pp_interpreter *interpreter,
                       const struct pp_object *object) {
  PP_CHECK(PP_MARK_OBJECT, interpreter->witness,
           pp_object_check(interpreter, object));
}
