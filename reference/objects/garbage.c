/* What becomes of garbage (SPEC.md, GC-09 to GC-12): first nothing can reach
 * it by a weak reference any more, then finalizers run, once for each object,
 * and what they have not made reachable is taken apart. */
#include "reference/objects/gc.h"
#include "reference/objects/instance.h"
#include "reference/objects/object.h"
#include "reference/objects/weakref.h"

/* ---- weak references ---- */

/* Those to one object forget it; whose callback is to be called waits. */
static void forget_referent(struct pp_interpreter *interpreter,
                            struct pp_object *referent,
                            struct pp_gc_head *waiting) {
  struct pp_witness *witness = interpreter->witness;
  struct pp_object *weakref = pp_weakref_first(interpreter, referent);
  for (; weakref != NULL; weakref = pp_weakref_first(interpreter, referent)) {
    pp_weakref_forget(interpreter, weakref);
    if (!pp_weakref_has_callback(interpreter, weakref)) continue;
    struct pp_gc_head *head = pp_gc_head_of(interpreter, weakref);
    if (pp_gc_is_collecting(interpreter, head)) continue; /* garbage, too */
    PP_ENSURE(witness, GC_01, pp_gc_is_tracked(interpreter, weakref));
    pp_incref(interpreter, weakref);
    pp_gc_list_move(interpreter, head, waiting);
    PP_ENSURE(witness, GC_12, pp_gc_prev(waiting) == head);
  }
  PP_ENSURE(witness, GC_12, pp_weakref_first(interpreter, referent) == NULL);
}

static int64_t call_back(struct pp_interpreter *interpreter,
                         struct pp_gc_head *waiting, struct pp_gc_head *old) {
  struct pp_witness *witness = interpreter->witness;
  int64_t gone = 0;
  while (!pp_gc_list_is_empty(waiting)) {
    struct pp_gc_head *head = pp_gc_next(waiting);
    struct pp_object *weakref = pp_gc_object_of(interpreter, head);
    PP_ENSURE(witness, GC_12, pp_weakref_has_callback(interpreter, weakref));
    PP_ENSURE(witness, GC_12, !pp_gc_is_collecting(interpreter, head));
    PP_ENSURE(witness, GC_12, pp_word_read(weakref->bytes) > 0);
    PP_ENSURE(witness, GC_01, pp_gc_is_tracked(interpreter, weakref));
    pp_weakref_call_back(interpreter, weakref);
    pp_decref(interpreter, weakref);
    if (pp_gc_next(waiting) == head)
      pp_gc_list_move(interpreter, head, old);
    else
      gone++;
  }
  return gone;
}

int64_t pp_garbage_clear_weakrefs(struct pp_interpreter *interpreter,
                                  struct pp_gc_head *garbage,
                                  struct pp_gc_head *old) {
  struct pp_gc_head waiting;
  PP_REQUIRE(interpreter->witness, GC_12, interpreter->collector.collecting);
  pp_gc_list_begin(&waiting);
  struct pp_gc_head *head = pp_gc_next(garbage);
  for (; head != garbage; head = pp_gc_next(head)) {
    struct pp_object *object = pp_gc_object_of(interpreter, head);
    PP_REQUIRE(interpreter->witness, GC_08,
               pp_gc_is_collecting(interpreter, head));
    if (pp_is(interpreter, object, PP_TYPE_WEAKREF)) {
      if (interpreter->rules->clears_garbage_weakrefs)
        pp_weakref_forget(interpreter, object);
    }
    forget_referent(interpreter, object, &waiting);
  }
  return call_back(interpreter, &waiting, old);
}

/* ---- finalizers ---- */

void pp_garbage_finalize(struct pp_interpreter *interpreter,
                         struct pp_gc_head *garbage) {
  /* A finalizer may end any object of the list, so it is taken from its front;
   * what has been seen is on a list of its own. */
  struct pp_witness *witness = interpreter->witness;
  struct pp_gc_head seen;
  PP_REQUIRE(witness, GC_09, interpreter->collector.collecting);
  pp_gc_list_begin(&seen);
  while (!pp_gc_list_is_empty(garbage)) {
    struct pp_gc_head *head = pp_gc_next(garbage);
    struct pp_object *object = pp_gc_object_of(interpreter, head);
    pp_gc_list_move(interpreter, head, &seen);
    PP_ENSURE(witness, GC_02, pp_gc_prev(&seen) == head);
    PP_REQUIRE(witness, GC_12, pp_weakref_first(interpreter, object) == NULL);
    PP_REQUIRE(witness, GC_08, pp_gc_is_collecting(interpreter, head));
    if (!pp_instance_has_finalizer(interpreter, object)) continue;
    if (pp_gc_is_finalized(interpreter, object)) continue;
    pp_gc_set_finalized(interpreter, object);
    pp_incref(interpreter, object);
    pp_instance_finalize(interpreter, object);
    PP_ENSURE(witness, GC_09, pp_word_read(object->bytes) > 0);
    PP_ENSURE(witness, GC_09, pp_gc_is_finalized(interpreter, object));
    PP_ENSURE(witness, GC_09, pp_gc_is_tracked(interpreter, object));
    pp_decref(interpreter, object);
  }
  PP_ENSURE(witness, GC_09, pp_gc_list_is_empty(garbage));
  pp_gc_list_merge(interpreter, &seen, garbage);
  PP_ENSURE(witness, GC_09, pp_gc_list_is_empty(&seen));
}

/* ---- the end ---- */

void pp_garbage_delete(struct pp_interpreter *interpreter,
                       struct pp_gc_head *garbage, struct pp_gc_head *old) {
  struct pp_witness *witness = interpreter->witness;
  while (!pp_gc_list_is_empty(garbage)) {
    struct pp_gc_head *head = pp_gc_next(garbage);
    struct pp_object *object = pp_gc_object_of(interpreter, head);
    const struct pp_type *type = pp_type_of(interpreter, object);
    PP_REQUIRE(witness, GC_03, pp_word_read(object->bytes) > 0);
    PP_REQUIRE(witness, GC_12, pp_weakref_first(interpreter, object) == NULL);
    if (pp_instance_has_finalizer(interpreter, object))
      PP_REQUIRE(witness, GC_09, pp_gc_is_finalized(interpreter, object));
    if (type->clear != NULL) {
      pp_incref(interpreter, object);
      type->clear(interpreter, object);
      pp_decref(interpreter, object);
    }
    if (pp_gc_next(garbage) != head) continue;
    /* It has survived, or holds nothing and dies of another's end. */
    PP_ENSURE(witness, GC_01, pp_gc_is_tracked(interpreter, object));
    PP_ENSURE(witness, GC_03, pp_word_read(object->bytes) > 0);
    pp_gc_end_collecting(interpreter, head);
    pp_gc_list_move(interpreter, head, old);
  }
}
