/* None, Ellipsis and NotImplemented: a count and a type, once each, and never
 * in a block of the heap (SPEC.md, OBJ-07). */
#include "reference/objects/singletons.h"

#include "reference/objects/object.h"

static enum pp_clause check(const struct pp_interpreter *interpreter,
                            const struct pp_object *object) {
  const struct pp_shared *shared = &interpreter->shared;
  const struct pp_static *known = &shared->none;
  if (pp_is(interpreter, object, PP_TYPE_ELLIPSIS)) known = &shared->ellipsis;
  if (pp_is(interpreter, object, PP_TYPE_NOT_IMPLEMENTED))
    known = &shared->not_implemented;
  PP_FACT(interpreter->witness, OBJ_07, pp_is_static(interpreter, object));
  PP_FACT(interpreter->witness, OBJ_07,
          object == (const struct pp_object *)known);
  return PP_HOLDS;
}

#define SINGLETON(number, text) \
  { .id = PP_TYPE_##number, .name = (text), .check = check, }

const struct pp_type pp_none_type = SINGLETON(NONE, "NoneType");
const struct pp_type pp_ellipsis_type = SINGLETON(ELLIPSIS, "ellipsis");
const struct pp_type pp_not_implemented_type =
    SINGLETON(NOT_IMPLEMENTED, "NotImplementedType");

static void begin(struct pp_interpreter *interpreter,
                  struct pp_static *singleton, const struct pp_type *type) {
  struct pp_object *object = (struct pp_object *)singleton;
  pp_object_begin(interpreter, object, type, pp_singleton_count(interpreter));
  PP_ENSURE(interpreter->witness, OBJ_07, pp_is_static(interpreter, object));
  PP_ENSURE(interpreter->witness, REF_02, pp_word_read(object->bytes) > 0);
  pp_object_touched(interpreter, object);
}

void pp_singletons_begin(struct pp_interpreter *interpreter) {
  struct pp_shared *shared = &interpreter->shared;
  begin(interpreter, &shared->none, &pp_none_type);
  begin(interpreter, &shared->ellipsis, &pp_ellipsis_type);
  begin(interpreter, &shared->not_implemented, &pp_not_implemented_type);
}

static struct pp_object *again(struct pp_interpreter *interpreter,
                               struct pp_static *singleton) {
  struct pp_object *object =
      pp_borrow(interpreter, (struct pp_object *)singleton);
  PP_ENSURE(interpreter->witness, OBJ_07,
            pp_object_size(interpreter, object) == PP_OBJECT_SIZE);
  PP_ENSURE(interpreter->witness, OBJ_05,
            pp_object_getsizeof(interpreter, object) == PP_OBJECT_SIZE);
  pp_object_touched(interpreter, object);
  return object;
}

struct pp_object *pp_none_new(struct pp_interpreter *interpreter) {
  return again(interpreter, &interpreter->shared.none);
}

struct pp_object *pp_ellipsis_new(struct pp_interpreter *interpreter) {
  return again(interpreter, &interpreter->shared.ellipsis);
}

struct pp_object *pp_not_implemented_new(struct pp_interpreter *interpreter) {
  return again(interpreter, &interpreter->shared.not_implemented);
}
