/* What is shared from the start: what is static lies in the interpreter, the
 * rest in blocks that it holds a reference to (SPEC.md, REF-03 and REF-04). */
#include "reference/objects/shared.h"

#include "reference/objects/bytes.h"
#include "reference/objects/int.h"
#include "reference/objects/object.h"
#include "reference/objects/singletons.h"
#include "reference/objects/str.h"

uint64_t pp_singleton_count(const struct pp_interpreter *interpreter) {
  bool immortal = interpreter->rules->immortality == PP_IMMORTAL_HALF;
  return immortal ? PP_IMMORTAL_COUNT : 1;
}

uint64_t pp_static_count(const struct pp_interpreter *interpreter) {
  bool biased = interpreter->rules->immortality == PP_IMMORTAL_BIAS;
  return biased ? PP_BIASED_COUNT : pp_singleton_count(interpreter);
}

bool pp_is_biased(enum pp_type_id type) {
  uint32_t biased = PP_TYPE_BIT(INT) | PP_TYPE_BIT(STR) | PP_TYPE_BIT(BYTES) |
                    PP_TYPE_BIT(TUPLE);
  return (biased >> type & 1) != 0;
}

bool pp_is_static(const struct pp_interpreter *interpreter,
                  const struct pp_object *object) {
  uintptr_t first = (uintptr_t)&interpreter->shared;
  PP_REQUIRE(interpreter->witness, OBJ_01, object != NULL);
  return (uintptr_t)object - first < sizeof interpreter->shared;
}

static bool begin(struct pp_interpreter *interpreter) {
  PP_REQUIRE(interpreter->witness, OBJ_07,
             interpreter->shared.none.words[0] == 0);
  pp_singletons_begin(interpreter);
  if (!pp_small_ints_begin(interpreter)) return false;
  if (!pp_bytes_begin(interpreter)) return false;
  if (!pp_str_begin(interpreter)) return false;
  pp_dicts_begin(interpreter);
  if (!pp_empty_tuple_begin(interpreter)) return false;
  PP_ENSURE(interpreter->witness, TUPLE_02,
            interpreter->shared.empty_tuple.object != NULL);
  PP_ENSURE(interpreter->witness, REF_06, interpreter->trash.depth == 0);
  return true;
}

bool pp_shared_begin(struct pp_interpreter *interpreter) {
  if (begin(interpreter)) return true;
  pp_shared_end(interpreter);
  return false;
}

void pp_shared_end(struct pp_interpreter *interpreter) {
  struct pp_shared_blocks *blocks = &interpreter->blocks;
  PP_REQUIRE(interpreter->witness, REF_10, interpreter->trash.aside == NULL);
  pp_empty_tuple_end(interpreter);
  pp_shared_release(interpreter, blocks->strings, PP_CHARACTERS + 1);
  pp_shared_release(interpreter, blocks->bytes, PP_CHARACTERS + 1);
  pp_small_ints_end(interpreter);
  pp_interned_end(interpreter);
  PP_ENSURE(interpreter->witness, INTERN_02,
            interpreter->interned.slots == NULL);
}

void pp_shared_release(struct pp_interpreter *interpreter,
                       struct pp_object **blocks, size_t count) {
  struct pp_witness *witness = interpreter->witness;
  for (size_t i = 0; i < count; i++) {
    struct pp_object *object = blocks[i];
    blocks[i] = NULL;
    if (object == NULL) continue;
    PP_REQUIRE(witness, OBJ_04, !pp_is_static(interpreter, object));
    PP_REQUIRE(witness, OBJ_06, (uintptr_t)object % PP_OBJECT_ALIGNMENT == 0);
    PP_REQUIRE(witness, REF_04, pp_word_read(object->bytes) < PP_BIASED_COUNT);
    pp_decref(interpreter, object);
  }
}
