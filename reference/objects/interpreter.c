/* An interpreter, from its beginning to its end (SPEC.md, OBJ). */
#include "reference/objects/interpreter.h"

#include "reference/objects/object.h"

size_t pp_interpreter_size(const struct pp_profile *profile) {
  (void)profile;
  return sizeof(struct pp_interpreter);
}

static void require_family(const struct pp_interpreter *interpreter,
                           const struct pp_system_source *family) {
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, OBJ_09, family != NULL);
  PP_REQUIRE(witness, OBJ_09, family->malloc != NULL);
  PP_REQUIRE(witness, OBJ_09, family->calloc != NULL);
  PP_REQUIRE(witness, OBJ_09, family->realloc != NULL);
  PP_REQUIRE(witness, OBJ_04, family->free != NULL);
}

struct pp_interpreter *
pp_interpreter_create(void *memory,
                      const struct pp_interpreter_options *options) {
  PP_REQUIRE(options->witness, OBJ_01, options->profile != NULL);
  PP_REQUIRE(options->witness, OBJ_06, memory != NULL);
  const struct pp_object_rules *rules =
      pp_object_rules_of(options->profile->id);
  if (rules == NULL) return NULL;
  struct pp_interpreter *interpreter = memory;
  memset(interpreter, 0, sizeof *interpreter);
  interpreter->rules = rules;
  interpreter->options = *options;
  interpreter->witness = options->witness;
  require_family(interpreter, options->obj);
  require_family(interpreter, options->mem);
  PP_REQUIRE(interpreter->witness, OBJ_06,
             ((uintptr_t)memory & (PP_OBJECT_ALIGNMENT - 1)) == 0);
  PP_CHECK(PP_MARK_OBJECT, interpreter->witness, pp_rules_check(interpreter));
  PP_CHECK(PP_MARK_OBJECT, interpreter->witness, pp_types_check(interpreter));
  pp_collector_begin(interpreter);
  if (!pp_shared_begin(interpreter)) return NULL;
  if (!pp_classes_begin(interpreter)) {
    pp_shared_end(interpreter);
    return NULL;
  }
  /* What was made so far is no program's. */
  PP_ENSURE(interpreter->witness, GC_01, interpreter->collector.tracked == 0);
  memset(interpreter->collector.count, 0, sizeof interpreter->collector.count);
  PP_CHECK(PP_MARK_OBJECT, interpreter->witness,
           pp_free_lists_check(interpreter));
  return interpreter;
}

void pp_interpreter_destroy(struct pp_interpreter *interpreter) {
  PP_REQUIRE(interpreter->witness, GC_14, !interpreter->collector.collecting);
  PP_REQUIRE(interpreter->witness, REF_10, interpreter->trash.depth == 0);
  pp_gc_collect(interpreter, PP_GC_OLDEST);
  pp_classes_end(interpreter);
  pp_shared_end(interpreter);
  pp_free_lists_clear(interpreter);
  PP_ENSURE(interpreter->witness, REF_10, interpreter->trash.aside == NULL);
  PP_CHECK(PP_MARK_OBJECT, interpreter->witness,
           pp_free_lists_check(interpreter));
}

/* ---- looking ---- */

enum pp_type_id pp_interpreter_type_of(const struct pp_interpreter *interpreter,
                                       const struct pp_object *object) {
  PP_REQUIRE(interpreter->witness, OBJ_01, pp_type_known(object) != NULL);
  return pp_type_of(interpreter, object)->id;
}

uint64_t pp_interpreter_refcount(const struct pp_interpreter *interpreter,
                                 const struct pp_object *object) {
  PP_REQUIRE(interpreter->witness, OBJ_01, pp_type_known(object) != NULL);
  return pp_field_read(interpreter, object, PP_FIELD_OBJECT_REFCOUNT);
}

size_t pp_interpreter_length(const struct pp_interpreter *interpreter,
                             const struct pp_object *object) {
  const struct pp_type *type = pp_type_known(object);
  PP_REQUIRE(interpreter->witness, OBJ_01, type != NULL);
  return type->length == NULL ? 0 : type->length(interpreter, object);
}

void pp_interpreter_traverse(const struct pp_interpreter *interpreter,
                             const struct pp_object *object, void *ctx,
                             pp_visit *visit) {
  const struct pp_type *type = pp_type_known(object);
  PP_REQUIRE(interpreter->witness, OBJ_01, type != NULL);
  PP_REQUIRE(interpreter->witness, GC_03, visit != NULL);
  if (type->traverse != NULL) type->traverse(interpreter, object, visit, ctx);
}

/* ---- everything ---- */

struct seen {
  const struct pp_interpreter *interpreter;
  enum pp_clause told;
};

static bool check_one(void *ctx, struct pp_object *object) {
  struct seen *seen = ctx;
  seen->told = pp_object_check(seen->interpreter, object);
  return seen->told == PP_HOLDS;
}

enum pp_clause
pp_interpreter_check_all(const struct pp_interpreter *interpreter) {
  /* The lists first: what follows walks along them. */
  PP_PART(pp_gc_check(interpreter));
  PP_PART(pp_gc_check_held(interpreter));
  PP_PART(pp_trash_check(interpreter));
  PP_PART(pp_free_lists_check(interpreter));
  PP_PART(pp_interned_check(interpreter));
  if (interpreter->trash.depth > 0) return PP_HOLDS;
  PP_FACT(interpreter->witness, REF_10, interpreter->trash.aside == NULL);
  struct seen seen = {interpreter, PP_HOLDS};
  for (unsigned i = 0; i < PP_GC_LISTS; i++) {
    pp_gc_visit_generation(interpreter, i, &seen, check_one);
    if (seen.told != PP_HOLDS) return seen.told;
  }
  return PP_HOLDS;
}
