/* The types of one build, by their number (SPEC.md, OBJ-01). */
#include "reference/objects/object.h"

/* Behind the numbered types: instances of the class with a finalizer. */
static const struct pp_type *const types[PP_TYPE_COUNT + 1] = {
#define ROW(id, type) [PP_TYPE_##id] = &(type),
    PP_TYPES(ROW)
#undef ROW
        [PP_TYPE_COUNT] = &pp_finalizing_type,
};

const struct pp_type *pp_type_here(enum pp_type_id id) {
  return types[id];
}

/* Called with any word where a type should be, so nothing is asserted. */
const struct pp_type *pp_type_known(const struct pp_object *object) {
  const void *type =
      (const void *)(uintptr_t)pp_word_read(object->bytes + PP_WORD_SIZE);
  for (size_t id = 0; id <= PP_TYPE_COUNT; id++) {
    if (types[id] == type) return types[id];
  }
  return NULL;
}

static enum pp_clause check_one(const struct pp_interpreter *interpreter,
                                const struct pp_type *type) {
  struct pp_witness *witness = interpreter->witness;
  bool collected = pp_is_collected(interpreter, type);
  bool is_static = type->id <= PP_TYPE_BOOL; /* as all of its objects are */
  bool is_sized = type->size != NULL || type->fixed_size > 0;
  PP_FACT(witness, OBJ_01, type->name != NULL);
  PP_FACT(witness, OBJ_04, (type->dealloc == NULL) == is_static);
  PP_FACT(witness, OBJ_03, is_sized == (type->field != NULL));
  if (type->size != NULL) PP_FACT(witness, OBJ_03, type->fixed_size == 0);
  if (type->managed) PP_FACT(witness, OBJ_02, collected);
  if (type->clear != NULL) PP_FACT(witness, GC_03, collected);
  if (type->piece != NULL) PP_FACT(witness, OBJ_03, type->field != NULL);
  return PP_HOLDS;
}

enum pp_clause pp_types_check(const struct pp_interpreter *interpreter) {
  struct pp_witness *witness = interpreter->witness;
  for (unsigned i = 0; i <= PP_TYPE_COUNT; i++) {
    PP_FACT(witness, OBJ_01, types[i] != NULL);
    unsigned id = i == PP_TYPE_COUNT ? PP_TYPE_INSTANCE : i;
    PP_FACT(witness, OBJ_01, types[i]->id == id);
    PP_PART(check_one(interpreter, types[i]));
  }
  return PP_HOLDS;
}
