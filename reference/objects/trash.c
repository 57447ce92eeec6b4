/* Deep deallocation (SPEC.md, REF-08 to REF-10). */
#include "reference/objects/trash.h"

#include "reference/objects/gc.h"
#include "reference/objects/object.h"

/* What was laid aside before this one, or NULL. */
static struct pp_object *next_aside(const struct pp_interpreter *interpreter,
                                    const struct pp_object *object) {
  const struct pp_gc_head *head = pp_gc_head_of(interpreter, object);
  return (struct pp_object *)(void *)pp_gc_prev(head);
}

static void lay_aside(struct pp_interpreter *interpreter,
                      struct pp_object *object) {
  struct pp_witness *witness = interpreter->witness;
  struct pp_trash *trash = &interpreter->trash;
  PP_REQUIRE(witness, REF_09, object != trash->aside);
  /* A head and an object are as well aligned. */
  pp_gc_set_prev(pp_gc_head_of(interpreter, object),
                 (const struct pp_gc_head *)(const void *)trash->aside);
  PP_ENSURE(witness, REF_10, next_aside(interpreter, object) == trash->aside);
  trash->aside = object;
}

static struct pp_object *take_back(struct pp_interpreter *interpreter) {
  struct pp_witness *witness = interpreter->witness;
  struct pp_trash *trash = &interpreter->trash;
  struct pp_object *object = trash->aside;
  PP_REQUIRE(witness, REF_10, object != NULL);
  PP_REQUIRE(witness, REF_10, pp_type_known(object) != NULL);
  trash->aside = next_aside(interpreter, object);
  pp_gc_set_prev(pp_gc_head_of(interpreter, object), NULL);
  PP_ENSURE(witness, REF_09, pp_word_read(object->bytes) == 0);
  PP_ENSURE(witness, REF_09, !pp_gc_is_tracked(interpreter, object));
  return object;
}

/* What deallocating them lays aside comes to the same list. */
static void deallocate_aside(struct pp_interpreter *interpreter) {
  struct pp_witness *witness = interpreter->witness;
  struct pp_trash *trash = &interpreter->trash;
  uint32_t depth = trash->depth++;
  PP_REQUIRE(witness, REF_10, depth <= interpreter->rules->trash_resume);
  while (trash->aside != NULL) {
    struct pp_object *object = take_back(interpreter);
    pp_type_of(interpreter, object)->dealloc(interpreter, object);
    PP_ENSURE(witness, REF_08, trash->depth == depth + 1);
  }
  trash->depth--;
}

static bool begin(struct pp_interpreter *interpreter, struct pp_object *object,
                  uint32_t more) {
  struct pp_witness *witness = interpreter->witness;
  struct pp_trash *trash = &interpreter->trash;
  PP_REQUIRE(witness, REF_09, pp_word_read(object->bytes) == 0);
  PP_REQUIRE(witness, REF_09, !pp_gc_is_tracked(interpreter, object));
  PP_REQUIRE(witness, OBJ_04, !pp_is_static(interpreter, object));
  PP_REQUIRE(witness, REF_08, trash->depth <= interpreter->rules->trash_depth);
  if (trash->depth + more >= interpreter->rules->trash_depth) {
    lay_aside(interpreter, object);
    return false;
  }
  trash->depth++;
  PP_ENSURE(witness, REF_08, trash->depth <= interpreter->rules->trash_depth);
  return true;
}

static void end(struct pp_interpreter *interpreter, uint32_t more) {
  struct pp_witness *witness = interpreter->witness;
  struct pp_trash *trash = &interpreter->trash;
  PP_REQUIRE(witness, REF_08, trash->depth > 0);
  PP_REQUIRE(witness, REF_08, trash->depth <= interpreter->rules->trash_depth);
  trash->depth--;
  if (trash->aside == NULL) return;
  if (trash->depth + more > interpreter->rules->trash_resume) return;
  deallocate_aside(interpreter);
  PP_ENSURE(witness, REF_10, trash->aside == NULL);
}

bool pp_trash_begin(struct pp_interpreter *interpreter,
                    struct pp_object *object) {
  return begin(interpreter, object, 0);
}

void pp_trash_end(struct pp_interpreter *interpreter) {
  end(interpreter, 0);
}

bool pp_trash_begin_instance(struct pp_interpreter *interpreter,
                             struct pp_object *object) {
  return begin(interpreter, object, interpreter->rules->trash_instance_more);
}

void pp_trash_end_instance(struct pp_interpreter *interpreter) {
  end(interpreter, interpreter->rules->trash_instance_more);
}

enum pp_clause pp_trash_check(const struct pp_interpreter *interpreter) {
  const struct pp_trash *trash = &interpreter->trash;
  struct pp_witness *witness = interpreter->witness;
  const struct pp_object *object = trash->aside;
  PP_FACT(witness, REF_08, trash->depth <= interpreter->rules->trash_depth);
  for (; object != NULL; object = next_aside(interpreter, object)) {
    PP_FACT(witness, REF_09, pp_type_known(object) != NULL);
    PP_FACT(witness, OBJ_04, !pp_is_static(interpreter, object));
    PP_FACT(witness, REF_09, pp_word_read(object->bytes) == 0);
    PP_FACT(witness, REF_09, !pp_gc_is_tracked(interpreter, object));
  }
  if (trash->depth > 0) return PP_HOLDS;
  if (interpreter->rules->trash_instance_more > 0) return PP_HOLDS;
  PP_FACT(witness, REF_10, trash->aside == NULL);
  return PP_HOLDS;
}
