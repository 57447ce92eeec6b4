/* The two families of memory as containers ask them: MEM for what grows, and
 * OBJ for some of it, by the rules of the profile. */
#ifndef REFERENCE_OBJECTS_MEMORY_H
#define REFERENCE_OBJECTS_MEMORY_H

#include "reference/objects/object.h"
#include "reference/objects/singletons.h"

static inline const struct pp_system_source *
pp_mem(const struct pp_interpreter *interpreter) {
  return interpreter->options.mem;
}

/* Of the keys of dicts and the bytes of bytearrays. */
static inline const struct pp_system_source *
pp_keys_family(const struct pp_interpreter *interpreter) {
  const struct pp_system_source *family = interpreter->options.obj;
  if (interpreter->rules->keys_from_mem) family = interpreter->options.mem;
  PP_ENSURE(interpreter->witness, BYTES_08, family != NULL);
  return family;
}

static inline void *pp_family_malloc(const struct pp_system_source *family,
                                     size_t size) {
  return family->malloc(family->ctx, size);
}

static inline void *pp_family_calloc(const struct pp_system_source *family,
                                     size_t count, size_t size) {
  return family->calloc(family->ctx, count, size);
}

static inline void *pp_family_realloc(const struct pp_system_source *family,
                                      void *block, size_t size) {
  return family->realloc(family->ctx, block, size);
}

static inline void pp_family_free(const struct pp_system_source *family,
                                  void *block) {
  family->free(family->ctx, block);
}

/* A pointer to an object, in an array of such or in an entry. */
static inline struct pp_object *pp_pointer_read(const void *at) {
  return (struct pp_object *)(uintptr_t)pp_word_read(at);
}

static inline void pp_pointer_write(void *at, const struct pp_object *object) {
  pp_word_write(at, (uintptr_t)object);
}

/* The same field, to write to. */
static inline uint8_t *pp_field_place(const struct pp_interpreter *interpreter,
                                      struct pp_object *object,
                                      enum pp_field field) {
  PP_REQUIRE(interpreter->witness, OBJ_03, pp_has_field(interpreter, field));
  return object->bytes + interpreter->rules->offsets[field];
}

/* A reference of one's own; None in place of NULL. */
static inline struct pp_object *
pp_borrow_or_none(struct pp_interpreter *interpreter,
                  struct pp_object *object) {
  if (object == NULL) return pp_none_new(interpreter);
  PP_REQUIRE(interpreter->witness, REF_01, pp_word_read(object->bytes) > 0);
  return pp_borrow(interpreter, object);
}

#endif
