/* The lists of the collector, and what is counted until a collection is due
 * (SPEC.md, GC-01 to GC-07). The two ways in which a head holds its state are
 * told apart here and nowhere else. */
#include "reference/objects/gc.h"

#include <assert.h>

#include "reference/objects/object.h"

/* Bits of `next` and `prev` since 3.8. */
enum {
  UNREACHABLE = 1, /* of next */
  FINALIZED = 1,   /* of prev, and in 3.7 of the count */
  COLLECTING = 2,
  FLAGS = 3, /* beside a pointer */
  REFS_SHIFT = 2,
  REFS_APART_SHIFT = 1
};

/* Counts in 3.7 that are none. */
enum { APART_UNTRACKED = -2, APART_REACHABLE = -3, APART_UNREACHABLE = -4 };

static_assert((size_t)FLAGS < PP_OBJECT_ALIGNMENT,
              "bits beside a pointer to a head");
static_assert((FINALIZED | COLLECTING) == FLAGS, "all that are beside it");
static_assert(FLAGS >> REFS_SHIFT == 0, "the count begins behind them");
static_assert(sizeof(struct pp_gc_head) == 2 * PP_WORD_SIZE, "next, prev");

void pp_collector_begin(struct pp_interpreter *interpreter) {
  struct pp_witness *witness = interpreter->witness;
  struct pp_collector *collector = &interpreter->collector;
  PP_REQUIRE(witness, GC_01, collector->tracked == 0);
  PP_REQUIRE(witness, GC_05, collector->count[0] == 0);
  PP_REQUIRE(witness, GC_02, !collector->collecting);
  PP_REQUIRE(witness, GC_14, !collector->scheduled);
  for (size_t i = 0; i < PP_GC_LISTS; i++)
    pp_gc_list_begin(&collector->lists[i]);
  collector->threshold[0] = interpreter->rules->threshold_young;
  for (size_t i = 1; i < PP_GENERATIONS; i++)
    collector->threshold[i] = interpreter->rules->threshold_older;
  PP_ENSURE(witness, GC_07,
            collector->threshold[0] > collector->threshold[PP_GC_OLDEST]);
}

/* ---- heads ---- */

/* No bit of its address is a flag's. */
static bool is_aligned(const void *at) {
  return ((uintptr_t)at & FLAGS) == 0;
}

/* Whether it is no object's. */
static bool is_of_list(const struct pp_interpreter *interpreter,
                       const struct pp_gc_head *head) {
  uintptr_t first = (uintptr_t)interpreter->collector.lists;
  return (uintptr_t)head - first < sizeof interpreter->collector.lists;
}

struct pp_gc_head *pp_gc_head_of(const struct pp_interpreter *interpreter,
                                 const struct pp_object *object) {
  struct pp_witness *witness = interpreter->witness;
  uintptr_t address = (uintptr_t)object->bytes;
  PP_REQUIRE(witness, GC_02, is_aligned(object));
  PP_REQUIRE(witness, OBJ_02,
             pp_is_collected(interpreter, pp_type_of(interpreter, object)));
  return (struct pp_gc_head *)(address - interpreter->rules->gc_head);
}

struct pp_object *pp_gc_object_of(const struct pp_interpreter *interpreter,
                                  const struct pp_gc_head *head) {
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, GC_02, is_aligned(head));
  PP_REQUIRE(witness, GC_02, !is_of_list(interpreter, head));
  return (struct pp_object *)((uintptr_t)head + interpreter->rules->gc_head);
}

struct pp_gc_head *pp_gc_next(const struct pp_gc_head *head) {
  return (struct pp_gc_head *)(uintptr_t)(head->next & ~(uint64_t)FLAGS);
}

struct pp_gc_head *pp_gc_prev(const struct pp_gc_head *head) {
  return (struct pp_gc_head *)(uintptr_t)(head->prev & ~(uint64_t)FLAGS);
}

void pp_gc_set_next(struct pp_gc_head *head, const struct pp_gc_head *next) {
  head->next = (uintptr_t)next | (head->next & FLAGS);
}

void pp_gc_set_prev(struct pp_gc_head *head, const struct pp_gc_head *prev) {
  head->prev = (uintptr_t)prev | (head->prev & FLAGS);
}

/* ---- the count in a head, and the states of 3.7 ---- */

static uint8_t *apart(struct pp_gc_head *head) {
  return (uint8_t *)(head + 1);
}

static int64_t apart_read(const struct pp_gc_head *head) {
  int64_t word;
  memcpy(&word, head + 1, sizeof word);
  return word;
}

/* The word without its flag is twice the count, of either sign. */
static int64_t apart_refs(const struct pp_gc_head *head) {
  int64_t word = apart_read(head);
  return (word - (word & FINALIZED)) / (1 << REFS_APART_SHIFT);
}

static void apart_set_refs(struct pp_gc_head *head, int64_t refs) {
  int64_t flag = apart_read(head) & FINALIZED;
  int64_t word = refs * (1 << REFS_APART_SHIFT) + flag;
  memcpy(apart(head), &word, sizeof word);
}

int64_t pp_gc_refs(const struct pp_interpreter *interpreter,
                   const struct pp_gc_head *head) {
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, GC_08, pp_gc_is_collecting(interpreter, head));
  bool apart = interpreter->rules->gc_refs_apart;
  int64_t refs = apart ? apart_refs(head) : (int64_t)(head->prev >> REFS_SHIFT);
  PP_ENSURE(witness, GC_08, refs >= 0);
  return refs;
}

void pp_gc_set_refs(const struct pp_interpreter *interpreter,
                    struct pp_gc_head *head, int64_t refs) {
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, GC_08, refs >= 0);
  PP_REQUIRE(witness, GC_08, refs <= INT64_MAX >> REFS_SHIFT);
  if (interpreter->rules->gc_refs_apart) {
    apart_set_refs(head, refs);
    return;
  }
  head->prev = (uint64_t)refs << REFS_SHIFT | (head->prev & FLAGS);
}

void pp_gc_begin_collecting(const struct pp_interpreter *interpreter,
                            struct pp_gc_head *head, int64_t refs) {
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, GC_02, !pp_gc_is_collecting(interpreter, head));
  PP_REQUIRE(witness, GC_02, !pp_gc_is_unreachable(interpreter, head));
  PP_REQUIRE(witness, GC_03, refs > 0);
  if (!interpreter->rules->gc_refs_apart) head->prev |= COLLECTING;
  pp_gc_set_refs(interpreter, head, refs);
  PP_ENSURE(witness, GC_08, pp_gc_is_collecting(interpreter, head));
  PP_ENSURE(witness, GC_08, pp_gc_refs(interpreter, head) == refs);
}

bool pp_gc_is_collecting(const struct pp_interpreter *interpreter,
                         const struct pp_gc_head *head) {
  if (!interpreter->rules->gc_refs_apart) return (head->prev & COLLECTING) != 0;
  int64_t refs = apart_refs(head);
  if (refs == APART_UNTRACKED) return false;
  return refs != APART_REACHABLE;
}

void pp_gc_end_collecting(const struct pp_interpreter *interpreter,
                          struct pp_gc_head *head) {
  struct pp_witness *witness = interpreter->witness;
  if (interpreter->rules->gc_refs_apart)
    apart_set_refs(head, APART_REACHABLE);
  else
    head->prev &= ~(uint64_t)COLLECTING;
  PP_ENSURE(witness, GC_02, !pp_gc_is_collecting(interpreter, head));
  PP_ENSURE(witness, GC_02, !pp_gc_is_unreachable(interpreter, head));
}

bool pp_gc_is_unreachable(const struct pp_interpreter *interpreter,
                          const struct pp_gc_head *head) {
  if (interpreter->rules->gc_refs_apart)
    return apart_refs(head) == APART_UNREACHABLE;
  return (head->next & UNREACHABLE) != 0;
}

void pp_gc_mark_unreachable(const struct pp_interpreter *interpreter,
                            struct pp_gc_head *head) {
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, GC_08, pp_gc_is_collecting(interpreter, head));
  PP_REQUIRE(witness, GC_08, !pp_gc_is_unreachable(interpreter, head));
  if (interpreter->rules->gc_refs_apart)
    apart_set_refs(head, APART_UNREACHABLE);
  else
    head->next |= UNREACHABLE;
  PP_ENSURE(witness, GC_08, pp_gc_is_unreachable(interpreter, head));
}

void pp_gc_unmark_unreachable(struct pp_gc_head *head) {
  head->next &= ~(uint64_t)UNREACHABLE;
}

/* ---- lists ---- */

void pp_gc_list_begin(struct pp_gc_head *list) {
  list->next = (uintptr_t)list;
  list->prev = (uintptr_t)list;
}

bool pp_gc_list_is_empty(const struct pp_gc_head *list) {
  return pp_gc_next(list) == list;
}

size_t pp_gc_list_size(const struct pp_interpreter *interpreter,
                       const struct pp_gc_head *list) {
  struct pp_witness *witness = interpreter->witness;
  size_t size = 0;
  const struct pp_gc_head *head = pp_gc_next(list);
  for (; head != list; head = pp_gc_next(head)) {
    size++;
    PP_ENSURE(witness, GC_02, head != NULL);
    PP_ENSURE(witness, GC_01, size <= interpreter->collector.tracked);
  }
  return size;
}

/* What one end of a list says of the other. */
static void require_ends(const struct pp_interpreter *interpreter,
                         const struct pp_gc_head *list) {
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, GC_02, is_aligned(list));
  PP_REQUIRE(witness, GC_02, pp_gc_prev(list) != NULL);
  PP_REQUIRE(witness, GC_02, pp_gc_next(pp_gc_prev(list)) == list);
}

void pp_gc_list_append(const struct pp_interpreter *interpreter,
                       struct pp_gc_head *list, struct pp_gc_head *head) {
  struct pp_witness *witness = interpreter->witness;
  struct pp_gc_head *last = pp_gc_prev(list);
  require_ends(interpreter, list);
  PP_REQUIRE(witness, GC_02, is_aligned(head));
  PP_REQUIRE(witness, GC_01, !is_of_list(interpreter, head));
  PP_REQUIRE(witness, GC_01, head != last);
  pp_gc_set_prev(head, last);
  pp_gc_set_next(last, head);
  pp_gc_set_next(head, list);
  pp_gc_set_prev(list, head);
  PP_ENSURE(witness, GC_02, pp_gc_next(pp_gc_prev(head)) == head);
  PP_ENSURE(witness, GC_02, pp_gc_prev(pp_gc_next(head)) == head);
}

void pp_gc_list_remove(const struct pp_interpreter *interpreter,
                       struct pp_gc_head *head) {
  struct pp_witness *witness = interpreter->witness;
  struct pp_gc_head *next = pp_gc_next(head);
  struct pp_gc_head *prev = pp_gc_prev(head);
  PP_REQUIRE(witness, GC_01, !is_of_list(interpreter, head));
  PP_REQUIRE(witness, GC_02, prev != NULL);
  PP_REQUIRE(witness, GC_02, next != NULL);
  PP_REQUIRE(witness, GC_02, pp_gc_next(prev) == head);
  PP_REQUIRE(witness, GC_02, pp_gc_prev(next) == head);
  pp_gc_set_next(prev, next);
  pp_gc_set_prev(next, prev);
  PP_ENSURE(witness, GC_02, pp_gc_next(prev) == next);
  PP_ENSURE(witness, GC_02, pp_gc_prev(next) == prev);
}

void pp_gc_list_move(const struct pp_interpreter *interpreter,
                     struct pp_gc_head *head, struct pp_gc_head *list) {
  pp_gc_list_remove(interpreter, head);
  pp_gc_list_append(interpreter, list, head);
}

void pp_gc_list_merge(const struct pp_interpreter *interpreter,
                      struct pp_gc_head *from, struct pp_gc_head *to) {
  struct pp_witness *witness = interpreter->witness;
  PP_REQUIRE(witness, GC_01, from != to);
  if (pp_gc_list_is_empty(from)) return;
  struct pp_gc_head *last = pp_gc_prev(to);
  require_ends(interpreter, from);
  require_ends(interpreter, to);
  pp_gc_set_next(last, pp_gc_next(from));
  pp_gc_set_prev(pp_gc_next(from), last);
  pp_gc_set_prev(to, pp_gc_prev(from));
  pp_gc_set_next(pp_gc_prev(from), to);
  pp_gc_list_begin(from);
  PP_ENSURE(witness, GC_02, pp_gc_prev(pp_gc_next(last)) == last);
  PP_ENSURE(witness, GC_02, pp_gc_next(pp_gc_prev(to)) == to);
}

/* ---- objects ---- */

bool pp_gc_is_tracked(const struct pp_interpreter *interpreter,
                      const struct pp_object *object) {
  if (!pp_is_collected(interpreter, pp_type_of(interpreter, object)))
    return false;
  const struct pp_gc_head *head = pp_gc_head_of(interpreter, object);
  if (!interpreter->rules->gc_refs_apart) return head->next != 0;
  return apart_refs(head) != APART_UNTRACKED;
}

void pp_gc_track(struct pp_interpreter *interpreter, struct pp_object *object) {
  struct pp_witness *witness = interpreter->witness;
  struct pp_collector *collector = &interpreter->collector;
  PP_REQUIRE(witness, GC_01, !pp_gc_is_tracked(interpreter, object));
  struct pp_gc_head *head = pp_gc_head_of(interpreter, object);
  head->next = 0;
  if (interpreter->rules->gc_refs_apart) {
    head->prev = 0;
    apart_set_refs(head, APART_REACHABLE);
  }
  pp_gc_list_append(interpreter, &collector->lists[0], head);
  collector->tracked++;
  PP_ENSURE(witness, GC_01, pp_gc_is_tracked(interpreter, object));
  PP_ENSURE(witness, GC_04, pp_gc_prev(&collector->lists[0]) == head);
  PP_ENSURE(witness, GC_04, pp_gc_next(head) == &collector->lists[0]);
  PP_ENSURE(witness, GC_02, !pp_gc_is_collecting(interpreter, head));
  PP_ENSURE(witness, GC_02, !pp_gc_is_unreachable(interpreter, head));
}

void pp_gc_untrack(struct pp_interpreter *interpreter,
                   struct pp_object *object) {
  struct pp_witness *witness = interpreter->witness;
  if (!pp_gc_is_tracked(interpreter, object)) return;
  struct pp_gc_head *head = pp_gc_head_of(interpreter, object);
  pp_gc_list_remove(interpreter, head);
  head->next = 0;
  if (interpreter->rules->gc_refs_apart)
    apart_set_refs(head, APART_UNTRACKED);
  else
    head->prev &= FINALIZED;
  PP_ENSURE(witness, GC_01, !pp_gc_is_tracked(interpreter, object));
  PP_ENSURE(witness, GC_02, !pp_gc_is_collecting(interpreter, head));
  PP_ENSURE(witness, GC_01, interpreter->collector.tracked > 0);
  interpreter->collector.tracked--;
}

bool pp_gc_may_be_tracked(const struct pp_interpreter *interpreter,
                          const struct pp_object *item) {
  if (!pp_is_collected(interpreter, pp_type_of(interpreter, item)))
    return false;
  if (!pp_is(interpreter, item, PP_TYPE_TUPLE)) return true;
  return pp_gc_is_tracked(interpreter, item);
}

bool pp_gc_is_finalized(const struct pp_interpreter *interpreter,
                        const struct pp_object *object) {
  if (!pp_is_collected(interpreter, pp_type_of(interpreter, object)))
    return false;
  const struct pp_gc_head *head = pp_gc_head_of(interpreter, object);
  if (!interpreter->rules->gc_refs_apart) return (head->prev & FINALIZED) != 0;
  return (apart_read(head) & FINALIZED) != 0;
}

void pp_gc_set_finalized(struct pp_interpreter *interpreter,
                         struct pp_object *object) {
  struct pp_witness *witness = interpreter->witness;
  struct pp_gc_head *head = pp_gc_head_of(interpreter, object);
  PP_REQUIRE(witness, GC_09, pp_instance_has_finalizer(interpreter, object));
  if (interpreter->rules->gc_refs_apart) {
    int64_t word = apart_read(head) | FINALIZED;
    memcpy(apart(head), &word, sizeof word);
  } else {
    head->prev |= FINALIZED;
  }
  PP_ENSURE(witness, GC_09, pp_gc_is_finalized(interpreter, object));
}

/* ---- counting ---- */

static bool is_due(const struct pp_collector *collector) {
  if (collector->count[0] <= collector->threshold[0]) return false;
  if (collector->threshold[0] == 0) return false;
  if (collector->disabled) return false;
  return !collector->collecting;
}

void pp_gc_allocated(struct pp_interpreter *interpreter,
                     struct pp_object *object) {
  struct pp_witness *witness = interpreter->witness;
  struct pp_collector *collector = &interpreter->collector;
  struct pp_gc_head *head = pp_gc_head_of(interpreter, object);
  PP_REQUIRE(witness, REF_01, pp_word_read(object->bytes) == 1);
  memset(head, 0, interpreter->rules->gc_head);
  if (interpreter->rules->gc_refs_apart) apart_set_refs(head, APART_UNTRACKED);
  PP_ENSURE(witness, GC_01, !pp_gc_is_tracked(interpreter, object));
  collector->count[0]++;
  PP_ENSURE(witness, GC_05, collector->count[0] > 0);
  if (!is_due(collector)) return;
  if (interpreter->rules->collects_at_safe_point) {
    collector->scheduled = true;
    return;
  }
  pp_gc_collect_due(interpreter);
  PP_ENSURE(witness, GC_14, !interpreter->rules->collects_at_safe_point);
  PP_ENSURE(witness, GC_07, !is_due(collector));
}

void pp_gc_freed(struct pp_interpreter *interpreter, struct pp_object *object) {
  struct pp_witness *witness = interpreter->witness;
  struct pp_collector *collector = &interpreter->collector;
  uint32_t former = collector->count[0];
  pp_gc_untrack(interpreter, object);
  if (former > 0) collector->count[0]--;
  PP_ENSURE(witness, GC_05, collector->count[0] + (former > 0) == former);
  PP_ENSURE(witness, GC_01, !pp_gc_is_tracked(interpreter, object));
}
