/* The collector as its vtable sees it, and its predicate (SPEC.md, GC-01 to
 * GC-03). */
#include "reference/objects/gc.h"
#include "reference/objects/object.h"

void pp_gc_get_count(const struct pp_interpreter *interpreter,
                     uint32_t count[PP_GENERATIONS]) {
  memcpy(count, interpreter->collector.count,
         sizeof interpreter->collector.count);
}

void pp_gc_get_threshold(const struct pp_interpreter *interpreter,
                         uint32_t threshold[PP_GENERATIONS]) {
  memcpy(threshold, interpreter->collector.threshold,
         sizeof interpreter->collector.threshold);
}

void pp_gc_set_threshold(struct pp_interpreter *interpreter,
                         const uint32_t threshold[PP_GENERATIONS]) {
  memcpy(interpreter->collector.threshold, threshold,
         sizeof interpreter->collector.threshold);
}

void pp_gc_enable(struct pp_interpreter *interpreter, bool enabled) {
  interpreter->collector.disabled = !enabled;
}

void pp_gc_freeze(struct pp_interpreter *interpreter) {
  struct pp_witness *witness = interpreter->witness;
  struct pp_collector *collector = &interpreter->collector;
  PP_REQUIRE(witness, GC_02, !collector->collecting);
  for (unsigned i = 0; i < PP_GENERATIONS; i++) {
    pp_gc_list_merge(interpreter, &collector->lists[i],
                     &collector->lists[PP_GC_PERMANENT]);
    collector->count[i] = 0;
    PP_ENSURE(witness, GC_01, pp_gc_list_is_empty(&collector->lists[i]));
  }
}

void pp_gc_unfreeze(struct pp_interpreter *interpreter) {
  struct pp_witness *witness = interpreter->witness;
  struct pp_collector *collector = &interpreter->collector;
  PP_REQUIRE(witness, GC_02, !collector->collecting);
  pp_gc_list_merge(interpreter, &collector->lists[PP_GC_PERMANENT],
                   &collector->lists[PP_GC_OLDEST]);
  PP_ENSURE(witness, GC_01,
            pp_gc_list_is_empty(&collector->lists[PP_GC_PERMANENT]));
}

void pp_gc_visit_generation(const struct pp_interpreter *interpreter,
                            unsigned generation, void *ctx,
                            bool (*visit)(void *ctx,
                                          struct pp_object *object)) {
  if (generation > PP_GC_PERMANENT) return;
  const struct pp_gc_head *list = &interpreter->collector.lists[generation];
  const struct pp_gc_head *head = pp_gc_next(list);
  for (; head != list; head = pp_gc_next(head)) {
    if (!visit(ctx, pp_gc_object_of(interpreter, head))) return;
  }
}

/* ---- the lists are whole ---- */

/* What a head on a list says, behind this one. */
static enum pp_clause check_head(const struct pp_interpreter *interpreter,
                                 const struct pp_gc_head *before,
                                 const struct pp_gc_head *head) {
  struct pp_witness *witness = interpreter->witness;
  PP_FACT(witness, GC_02, head != NULL);
  PP_FACT(witness, GC_02, pp_gc_prev(head) == before);
  const struct pp_object *object = pp_gc_object_of(interpreter, head);
  const struct pp_type *type = pp_type_known(object);
  PP_FACT(witness, GC_01, type != NULL);
  PP_FACT(witness, OBJ_06, (uintptr_t)object % PP_OBJECT_ALIGNMENT == 0);
  PP_FACT(witness, GC_01, pp_is_collected(interpreter, type));
  PP_FACT(witness, OBJ_02, pp_gc_head_of(interpreter, object) == head);
  PP_FACT(witness, GC_01, pp_gc_is_tracked(interpreter, object));
  PP_FACT(witness, GC_01, !pp_is_static(interpreter, object));
  PP_FACT(witness, GC_03, pp_word_read(object->bytes) > 0);
  PP_FACT(witness, REF_03, !pp_object_is_immortal(interpreter, object));
  if (pp_gc_is_finalized(interpreter, object))
    PP_FACT(witness, GC_09, pp_instance_has_finalizer(interpreter, object));
  if (interpreter->collector.collecting) return PP_HOLDS;
  PP_FACT(witness, GC_02, !pp_gc_is_collecting(interpreter, head));
  PP_FACT(witness, GC_02, !pp_gc_is_unreachable(interpreter, head));
  return PP_HOLDS;
}

enum pp_clause pp_gc_list_check(const struct pp_interpreter *interpreter,
                                const struct pp_gc_head *list,
                                uint64_t *tracked) {
  struct pp_witness *witness = interpreter->witness;
  const struct pp_gc_head *before = list;
  const struct pp_gc_head *head = pp_gc_next(list);
  PP_FACT(witness, GC_02, pp_gc_prev(list) != NULL);
  for (; head != list; head = pp_gc_next(head)) {
    PP_PART(check_head(interpreter, before, head));
    (*tracked)++;
    PP_FACT(witness, GC_01, *tracked <= interpreter->collector.tracked);
    before = head;
  }
  PP_FACT(witness, GC_02, pp_gc_prev(list) == before);
  return PP_HOLDS;
}

/* ---- every reference to what is tracked is accounted for ---- */

struct sum {
  const struct pp_interpreter *interpreter;
  const struct pp_object *one; /* only references to it, or NULL: to all */
  uint64_t references;
};

static bool add_reference(void *ctx, struct pp_object *referred) {
  struct sum *sum = ctx;
  if (sum->one == NULL) {
    if (pp_gc_is_tracked(sum->interpreter, referred)) sum->references++;
  } else if (referred == sum->one) {
    sum->references++;
  }
  return true;
}

/* References from all that is tracked. */
static uint64_t sum_of(const struct pp_interpreter *interpreter,
                       const struct pp_object *one) {
  struct sum sum = {interpreter, one, 0};
  for (unsigned i = 0; i < PP_GC_LISTS; i++) {
    const struct pp_gc_head *list = &interpreter->collector.lists[i];
    const struct pp_gc_head *head = pp_gc_next(list);
    for (; head != list; head = pp_gc_next(head)) {
      const struct pp_object *object = pp_gc_object_of(interpreter, head);
      const struct pp_type *type = pp_type_of(interpreter, object);
      if (type->traverse != NULL)
        type->traverse(interpreter, object, add_reference, &sum);
    }
  }
  return sum.references;
}

enum { PP_GC_FEW = 64 }; /* of so few objects each is looked at */

static enum pp_clause check_counts(const struct pp_interpreter *interpreter,
                                   bool known) {
  const struct pp_object_events *events = interpreter->options.events;
  struct pp_witness *witness = interpreter->witness;
  bool few = interpreter->collector.tracked <= PP_GC_FEW;
  uint64_t counts = 0, held = 0;
  for (unsigned i = 0; i < PP_GC_LISTS; i++) {
    const struct pp_gc_head *list = &interpreter->collector.lists[i];
    const struct pp_gc_head *head = pp_gc_next(list);
    for (; head != list; head = pp_gc_next(head)) {
      const struct pp_object *object = pp_gc_object_of(interpreter, head);
      uint64_t count = pp_word_read(object->bytes);
      uint64_t outside = known ? events->held(events->ctx, object) : 0;
      counts += count;
      held += outside;
      if (!few) continue;
      uint64_t inside = sum_of(interpreter, object);
      PP_FACT(witness, GC_03, count >= inside + outside);
      if (known) PP_FACT(witness, GC_03, count == inside + outside);
    }
  }
  uint64_t inside = sum_of(interpreter, NULL);
  PP_FACT(witness, GC_03, counts >= inside + held);
  if (known) PP_FACT(witness, GC_03, counts == inside + held);
  return PP_HOLDS;
}

/* In the middle of a deallocation a count may be ahead of who refers. */
static bool is_at_rest(const struct pp_interpreter *interpreter) {
  if (interpreter->collector.collecting) return false;
  return interpreter->trash.depth == 0;
}

enum pp_clause pp_gc_check(const struct pp_interpreter *interpreter) {
  const struct pp_collector *collector = &interpreter->collector;
  struct pp_witness *witness = interpreter->witness;
  uint64_t tracked = 0;
  for (unsigned i = 0; i < PP_GC_LISTS; i++)
    PP_PART(pp_gc_list_check(interpreter, &collector->lists[i], &tracked));
  if (collector->scheduled)
    PP_FACT(witness, GC_14, interpreter->rules->collects_at_safe_point);
  if (!is_at_rest(interpreter)) return PP_HOLDS;
  PP_FACT(witness, GC_01, tracked == collector->tracked);
  return check_counts(interpreter, false);
}

enum pp_clause pp_gc_check_held(const struct pp_interpreter *interpreter) {
  const struct pp_object_events *events = interpreter->options.events;
  if (events == NULL) return PP_HOLDS;
  if (events->held == NULL) return PP_HOLDS;
  if (!is_at_rest(interpreter)) return PP_HOLDS;
  return check_counts(interpreter, true);
}
