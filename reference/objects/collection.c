/* A collection: which objects of a generation nothing outside of it refers to
 * (SPEC.md, GC-04 to GC-11). Counts are copied from the objects into their
 * heads and every reference from within is taken off; what is left comes from
 * outside. Whatever such an object refers to comes back from among those that
 * were unreachable so far.
 *
 *   young:       reachable .. | to be looked at ..      -> the next generation
 *   unreachable: found with a count of zero ..          -> garbage.c
 *
 * Since 3.8 the count takes the place of the way back, and the lists are
 * threaded one way while they are looked at. */
#include "reference/objects/gc.h"

#include "reference/objects/object.h"

struct walk {
  const struct pp_interpreter *interpreter;
  struct pp_gc_head *young;
};

/* The head of an object that takes part in this collection, or NULL. */
static struct pp_gc_head *taking_part(const struct pp_interpreter *interpreter,
                                      const struct pp_object *object) {
  if (!pp_is_collected(interpreter, pp_type_of(interpreter, object)))
    return NULL;
  struct pp_gc_head *head = pp_gc_head_of(interpreter, object);
  return pp_gc_is_collecting(interpreter, head) ? head : NULL;
}

static void traverse(const struct walk *walk, const struct pp_gc_head *head,
                     pp_visit *visit) {
  const struct pp_object *object = pp_gc_object_of(walk->interpreter, head);
  const struct pp_type *type = pp_type_of(walk->interpreter, object);
  union {
    const void *given;
    void *taken;
  } ctx = {walk};
  if (type->traverse != NULL)
    type->traverse(walk->interpreter, object, visit, ctx.taken);
}

/* ---- counts ---- */

static void update_refs(const struct walk *walk) {
  const struct pp_interpreter *interpreter = walk->interpreter;
  struct pp_witness *witness = interpreter->witness;
  struct pp_gc_head *head = pp_gc_next(walk->young);
  for (; head != walk->young; head = pp_gc_next(head)) {
    const struct pp_object *object = pp_gc_object_of(interpreter, head);
    PP_REQUIRE(witness, GC_01, pp_gc_is_tracked(interpreter, object));
    PP_REQUIRE(witness, OBJ_04, !pp_is_static(interpreter, object));
    uint64_t count = pp_word_read(object->bytes);
    pp_gc_begin_collecting(interpreter, head, (int64_t)count);
  }
}

static bool take_one_off(void *ctx, struct pp_object *referred) {
  const struct walk *walk = ctx;
  struct pp_gc_head *head = taking_part(walk->interpreter, referred);
  if (head == NULL) return true;
  int64_t refs = pp_gc_refs(walk->interpreter, head);
  PP_ENSURE(walk->interpreter->witness, GC_03, refs > 0);
  pp_gc_set_refs(walk->interpreter, head, refs - 1);
  PP_ENSURE(walk->interpreter->witness, GC_08,
            pp_gc_is_collecting(walk->interpreter, head));
  return true;
}

static void subtract_refs(const struct walk *walk) {
  const struct pp_gc_head *head = pp_gc_next(walk->young);
  for (; head != walk->young; head = pp_gc_next(head))
    traverse(walk, head, take_one_off);
}

/* ---- what is reachable ---- */

static bool reach(void *ctx, struct pp_object *referred) {
  const struct walk *walk = ctx;
  const struct pp_interpreter *interpreter = walk->interpreter;
  struct pp_witness *witness = interpreter->witness;
  struct pp_gc_head *head = taking_part(interpreter, referred);
  if (head == NULL) return true;
  if (pp_gc_is_unreachable(interpreter, head)) {
    /* Too early: back to the end of those that are to be looked at. */
    pp_gc_unmark_unreachable(head);
    pp_gc_list_move(interpreter, head, walk->young);
    pp_gc_set_refs(interpreter, head, 1);
    PP_ENSURE(witness, GC_08, pp_gc_prev(walk->young) == head);
    PP_ENSURE(witness, GC_08, !pp_gc_is_unreachable(interpreter, head));
  } else if (pp_gc_refs(interpreter, head) == 0) {
    pp_gc_set_refs(interpreter, head, 1);
  }
  PP_ENSURE(witness, GC_08, pp_gc_refs(interpreter, head) > 0);
  return true;
}

/* Before it the list is whole again; behind it, it is threaded forwards. */
static void set_apart(const struct walk *walk, struct pp_gc_head *before,
                      struct pp_gc_head *head, struct pp_gc_head *unreachable) {
  PP_REQUIRE(walk->interpreter->witness, GC_08,
             pp_gc_refs(walk->interpreter, head) == 0);
  PP_REQUIRE(walk->interpreter->witness, GC_02, pp_gc_next(before) == head);
  pp_gc_set_next(before, pp_gc_next(head));
  pp_gc_list_append(walk->interpreter, unreachable, head);
  pp_gc_mark_unreachable(walk->interpreter, head);
}

static void move_unreachable(const struct walk *walk,
                             struct pp_gc_head *unreachable) {
  const struct pp_interpreter *interpreter = walk->interpreter;
  struct pp_witness *witness = interpreter->witness;
  struct pp_gc_head *before = walk->young;
  struct pp_gc_head *head = pp_gc_next(before);
  while (head != walk->young) {
    PP_ENSURE(witness, GC_08, !pp_gc_is_unreachable(interpreter, head));
    if (pp_gc_refs(interpreter, head) > 0) {
      traverse(walk, head, reach);
      PP_ENSURE(witness, GC_02, pp_gc_next(before) == head);
      pp_gc_set_prev(head, before);
      pp_gc_end_collecting(interpreter, head);
      before = head;
    } else {
      set_apart(walk, before, head, unreachable);
    }
    head = pp_gc_next(before);
  }
  pp_gc_set_prev(walk->young, before);
  PP_ENSURE(witness, GC_02, pp_gc_next(before) == walk->young);
  PP_ENSURE(witness, GC_02, pp_gc_prev(walk->young) == before);
}

/* ---- what is garbage is closed: all references to it come from it ---- */

struct tally {
  const struct pp_interpreter *interpreter;
  uint64_t references;
};

static bool count_if_garbage(void *ctx, struct pp_object *referred) {
  struct tally *tally = ctx;
  if (taking_part(tally->interpreter, referred) != NULL) tally->references++;
  return true;
}

static bool is_closed(const struct pp_interpreter *interpreter,
                      const struct pp_gc_head *garbage) {
  struct tally tally = {interpreter, 0};
  uint64_t counts = 0;
  const struct pp_gc_head *head = pp_gc_next(garbage);
  for (; head != garbage; head = pp_gc_next(head)) {
    const struct pp_object *object = pp_gc_object_of(interpreter, head);
    const struct pp_type *type = pp_type_of(interpreter, object);
    counts += pp_word_read(object->bytes);
    if (type->traverse != NULL)
      type->traverse(interpreter, object, count_if_garbage, &tally);
  }
  return counts == tally.references;
}

static enum pp_clause whole(const struct pp_interpreter *interpreter,
                            const struct pp_gc_head *list) {
  uint64_t tracked = 0;
  return pp_gc_list_check(interpreter, list, &tracked);
}

/* Leaves in a list what is reachable from outside of it, and moves the rest.
 * What is moved takes part in the collection, and bears no other mark. */
static void deduce_unreachable(const struct pp_interpreter *interpreter,
                               struct pp_gc_head *young,
                               struct pp_gc_head *unreachable) {
  struct pp_witness *witness = interpreter->witness;
  struct walk walk = {interpreter, young};
  update_refs(&walk);
  subtract_refs(&walk);
  pp_gc_list_begin(unreachable);
  move_unreachable(&walk, unreachable);
  struct pp_gc_head *head = pp_gc_next(unreachable);
  for (; head != unreachable; head = pp_gc_next(head))
    pp_gc_unmark_unreachable(head);
  PP_CHECK(PP_MARK_OBJECT, witness, whole(interpreter, young));
  PP_CHECK(PP_MARK_OBJECT, witness, whole(interpreter, unreachable));
  PP_ENSURE_SLOWLY(witness, GC_08, is_closed(interpreter, unreachable));
}

/* ---- what need not be tracked ---- */

static bool is_harmless(void *ctx, struct pp_object *referred) {
  struct tally *tally = ctx;
  if (pp_gc_may_be_tracked(tally->interpreter, referred)) tally->references++;
  return tally->references == 0;
}

/* Objects of this type that hold nothing that may be tracked leave. */
static void untrack_harmless(struct pp_interpreter *interpreter,
                             struct pp_gc_head *list, enum pp_type_id id) {
  struct pp_gc_head *next;
  struct pp_gc_head *head = pp_gc_next(list);
  for (; head != list; head = next) {
    next = pp_gc_next(head);
    struct pp_object *object = pp_gc_object_of(interpreter, head);
    if (!pp_is(interpreter, object, id)) continue;
    struct tally tally = {interpreter, 0};
    pp_type_here(id)->traverse(interpreter, object, is_harmless, &tally);
    if (tally.references == 0) pp_gc_untrack(interpreter, object);
    PP_ENSURE(interpreter->witness, GC_13,
              pp_gc_is_tracked(interpreter, object) == (tally.references > 0));
  }
}

/* ---- after the finalizers ---- */

/* To 3.8: nothing of it is garbage when anything of it is reachable. */
static bool anything_reachable(const struct pp_interpreter *interpreter,
                               struct pp_gc_head *garbage) {
  struct walk walk = {interpreter, garbage};
  bool any = false;
  update_refs(&walk);
  subtract_refs(&walk);
  struct pp_gc_head *before = garbage;
  struct pp_gc_head *head = pp_gc_next(garbage);
  for (; head != garbage; head = pp_gc_next(head)) {
    if (pp_gc_refs(interpreter, head) > 0) any = true;
    pp_gc_set_prev(head, before);
    pp_gc_end_collecting(interpreter, head);
    before = head;
  }
  return any;
}

/* Moves what the finalizers have made reachable, and with it what they had to
 * by the profile, to the older list. */
static void keep_resurrected(const struct pp_interpreter *interpreter,
                             struct pp_gc_head *garbage,
                             struct pp_gc_head *old) {
  struct pp_witness *witness = interpreter->witness;
  struct pp_gc_head *head = pp_gc_next(garbage);
  for (; head != garbage; head = pp_gc_next(head))
    pp_gc_end_collecting(interpreter, head);
  if (interpreter->rules->resurrects_all) {
    if (!anything_reachable(interpreter, garbage)) return;
    pp_gc_list_merge(interpreter, garbage, old);
    PP_ENSURE(witness, GC_10, pp_gc_list_is_empty(garbage));
    PP_CHECK(PP_MARK_OBJECT, witness, whole(interpreter, old));
    return;
  }
  struct pp_gc_head still;
  deduce_unreachable(interpreter, garbage, &still);
  pp_gc_list_merge(interpreter, garbage, old);
  PP_CHECK(PP_MARK_OBJECT, witness, whole(interpreter, old));
  pp_gc_list_merge(interpreter, &still, garbage);
  PP_ENSURE_SLOWLY(witness, GC_11, is_closed(interpreter, garbage));
}

/* ---- one collection ---- */

static bool younger_are_empty(const struct pp_collector *collector,
                              unsigned generation) {
  for (unsigned i = 0; i < generation; i++) {
    if (!pp_gc_list_is_empty(&collector->lists[i])) return false;
    if (collector->count[i] != 0) return false;
  }
  return collector->count[generation] == 0;
}

/* The list of the generation, with all younger ones at its end. */
static struct pp_gc_head *merge_younger(struct pp_interpreter *interpreter,
                                        unsigned generation) {
  struct pp_witness *witness = interpreter->witness;
  struct pp_collector *collector = &interpreter->collector;
  PP_REQUIRE(witness, GC_06, generation <= PP_GC_OLDEST);
  if (generation < PP_GC_OLDEST) collector->count[generation + 1]++;
  for (unsigned i = 0; i <= generation; i++)
    collector->count[i] = 0;
  struct pp_gc_head *young = &collector->lists[generation];
  for (unsigned i = 0; i < generation; i++)
    pp_gc_list_merge(interpreter, &collector->lists[i], young);
  PP_ENSURE(witness, GC_06, younger_are_empty(collector, generation));
  return young;
}

/* Survivors are a generation older; those of the oldest are long-lived. */
static struct pp_gc_head *merge_survivors(struct pp_interpreter *interpreter,
                                          struct pp_gc_head *young,
                                          unsigned generation) {
  struct pp_witness *witness = interpreter->witness;
  struct pp_collector *collector = &interpreter->collector;
  untrack_harmless(interpreter, young, PP_TYPE_TUPLE);
  if (generation < PP_GC_OLDEST) {
    if (generation + 1 == PP_GC_OLDEST)
      collector->pending += pp_gc_list_size(interpreter, young);
    struct pp_gc_head *old = &collector->lists[generation + 1];
    pp_gc_list_merge(interpreter, young, old);
    PP_ENSURE(witness, GC_06, pp_gc_list_is_empty(young));
    PP_CHECK(PP_MARK_OBJECT, witness, whole(interpreter, old));
    return old;
  }
  untrack_harmless(interpreter, young, PP_TYPE_DICT);
  collector->pending = 0;
  collector->long_lived = pp_gc_list_size(interpreter, young);
  PP_ENSURE(witness, GC_07, collector->long_lived <= collector->tracked);
  return young;
}

static bool free_lists_are_empty(const struct pp_interpreter *interpreter) {
  const struct pp_free_lists *lists = &interpreter->free_lists;
  uint32_t kept = 0;
  for (size_t i = 0; i < PP_FREE_LISTS; i++) {
    for (size_t index = 0; index < PP_FREE_LENGTHS; index++)
      kept += lists->count[i][index];
  }
  return kept == 0;
}

static int64_t collect(struct pp_interpreter *interpreter,
                       unsigned generation) {
  struct pp_witness *witness = interpreter->witness;
  struct pp_collector *collector = &interpreter->collector;
  struct pp_gc_head garbage;
  PP_REQUIRE(witness, GC_06, generation <= PP_GC_OLDEST);
  PP_REQUIRE(witness, GC_06, !collector->collecting);
  collector->collecting = true;
  struct pp_gc_head *young = merge_younger(interpreter, generation);
  PP_CHECK(PP_MARK_OBJECT, witness, whole(interpreter, young));
  deduce_unreachable(interpreter, young, &garbage);
  struct pp_gc_head *old = merge_survivors(interpreter, young, generation);
  int64_t collected = pp_garbage_clear_weakrefs(interpreter, &garbage, old);
  PP_ENSURE(witness, GC_12, collected >= 0);
  pp_garbage_finalize(interpreter, &garbage);
  keep_resurrected(interpreter, &garbage, old);
  PP_CHECK(PP_MARK_OBJECT, witness, whole(interpreter, &garbage));
  collected += (int64_t)pp_gc_list_size(interpreter, &garbage);
  pp_garbage_delete(interpreter, &garbage, old);
  PP_ENSURE(witness, GC_01, pp_gc_list_is_empty(&garbage));
  if (generation == PP_GC_OLDEST) {
    pp_free_lists_clear(interpreter);
    PP_ENSURE(witness, GC_15, free_lists_are_empty(interpreter));
  }
  PP_CHECK(PP_MARK_OBJECT, witness, whole(interpreter, old));
  PP_ENSURE(witness, GC_02, collector->collecting);
  collector->collecting = false;
  PP_CHECK(PP_MARK_HEAP, witness, pp_gc_check(interpreter));
  return collected;
}

int64_t pp_gc_collect(struct pp_interpreter *interpreter, unsigned generation) {
  if (generation > PP_GC_OLDEST) return PP_OBJECT_ERROR;
  if (interpreter->collector.collecting) return 0;
  return collect(interpreter, generation);
}

enum { PP_GC_QUARTER = 4 };

/* A quarter as many as have lived long have to be waiting, lest the work grow
 * with the square of what is alive. */
static bool is_due(const struct pp_collector *collector, unsigned generation) {
  if (collector->count[generation] <= collector->threshold[generation])
    return false;
  if (generation < PP_GC_OLDEST) return true;
  return collector->pending >= collector->long_lived / PP_GC_QUARTER;
}

void pp_gc_collect_due(struct pp_interpreter *interpreter) {
  struct pp_witness *witness = interpreter->witness;
  struct pp_collector *collector = &interpreter->collector;
  if (collector->collecting) return;
  for (unsigned generation = PP_GENERATIONS; generation > 0; generation--) {
    if (!is_due(collector, generation - 1)) continue;
    PP_ENSURE(witness, GC_07,
              collector->count[generation - 1] >
                  collector->threshold[generation - 1]);
    if (generation > PP_GC_OLDEST) /* what a quarter rounded down comes to */
      PP_ENSURE(witness, GC_07,
                (collector->pending + 1) * PP_GC_QUARTER >
                    collector->long_lived);
    collect(interpreter, generation - 1);
    return;
  }
}

void pp_gc_safe_point(struct pp_interpreter *interpreter) {
  if (!interpreter->collector.scheduled) return;
  PP_ENSURE(interpreter->witness, GC_14,
            interpreter->rules->collects_at_safe_point);
  PP_REQUIRE(interpreter->witness, GC_14, !interpreter->collector.collecting);
  interpreter->collector.scheduled = false;
  pp_gc_collect_due(interpreter);
}
