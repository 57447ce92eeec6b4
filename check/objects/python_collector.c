/* The collector of an interpreter. Its generations are rings of heads, one in
 * front of each tracked object, with a head of the ring beside a threshold and
 * a count; they are found by tracking one object in an empty generation, and
 * read where they lie, because asking the module gc makes lists and tuples. */
#include <stdio.h>

#include "check/objects/python_inside.h"

enum {
  STATE_WORDS =
      64,      /* the collector's state ends before, from its generations */
  FLAGS = 168, /* tp_flags in a type object */
  FLAG_COLLECTED = 1 << 14,
  FLAGS_PRE_HEADER = 1 << 3 | 1 << 4 /* managed weakrefs, managed dict */
};

/* Low bits of the links, since 3.8. */
#define LINK_BITS UINT64_C(3)
#define FINALIZED UINT64_C(1)

static bool has_wide_head(void) {
  return pp_python.release.minor <= 7;
}

static size_t head_bytes(void) {
  return has_wide_head() ? 32 : 16;
}

static uint64_t *at(uint64_t link) {
  return (uint64_t *)(uintptr_t)(link & ~LINK_BITS);
}

static uint64_t *next_of(const uint64_t *head) {
  return at(head[0]);
}

size_t pp_python_head_size(const struct pp_object *object, size_t *before) {
  uint64_t type = pp_python_word(object, 8);
  uint64_t flags =
      pp_python_word((const struct pp_object *)(uintptr_t)type, FLAGS);
  if ((flags & FLAG_COLLECTED) == 0) return 0;
  if (before != NULL && pp_python.release.minor >= 11 &&
      (flags & FLAGS_PRE_HEADER) != 0)
    *before += 2 * sizeof(void *);
  return head_bytes();
}

static uint64_t *head_of(const struct pp_object *object) {
  return (uint64_t *)((uintptr_t)object - head_bytes());
}

static struct pp_object *object_of(const uint64_t *head) {
  return (struct pp_object *)((uintptr_t)head + head_bytes());
}

/* ---- calls ---- */

static void call_without_arguments(struct pp_object *function) {
  struct pp_object *none = pp_python_call(function, NULL, 0);
  if (none != NULL) pp_python.Py_DecRef(none);
}

static int64_t collect_for(enum pp_python_asker asker, unsigned generation) {
  struct pp_object *number = pp_python.PyLong_FromLongLong(generation);
  pp_python_ask(asker);
  struct pp_object *result = pp_python_call(pp_python.gc_collect, &number, 1);
  pp_python_ask(PP_PYTHON_ITSELF);
  pp_python.Py_DecRef(number);
  if (result == NULL) {
    pp_python.PyErr_Clear();
    return PP_OBJECT_ERROR;
  }
  int64_t found = pp_python.PyLong_AsLong(result);
  pp_python.Py_DecRef(result);
  return found;
}

/* ---- finding the generations ---- */

static bool is_empty(const uint64_t *head) {
  return next_of(head) == head && at(head[1]) == head;
}

/* The thresholds as the module gc tells them. */
static bool ask_thresholds(int32_t threshold[PP_GENERATIONS]) {
  struct pp_object *gc = pp_python.PyImport_ImportModule("gc");
  if (gc == NULL) return false;
  struct pp_object *get = pp_python.PyObject_GetAttrString(gc, "get_threshold");
  struct pp_object *all =
      get == NULL ? NULL : pp_python.PyObject_Call(get, pp_python.empty, NULL);
  if (all == NULL) return false;
  for (int i = 0; i < PP_GENERATIONS; i++)
    threshold[i] =
        (int32_t)pp_python.PyLong_AsLong(pp_python.PyTuple_GetItem(all, i));
  return true;
}

/* The generations follow each other at the same distance. */
static bool try_distance(uint64_t *youngest, size_t distance,
                         const int32_t threshold[PP_GENERATIONS]) {
  for (size_t i = 0; i < PP_GENERATIONS; i++) {
    struct pp_python_generation *generation = &pp_python.generations[i];
    generation->head = youngest + i * distance / sizeof *youngest;
    generation->threshold =
        (int32_t *)((uintptr_t)generation->head + head_bytes());
    generation->count = generation->threshold + 1;
    if (*generation->threshold != threshold[i]) return false;
    if (i > 0 && !is_empty(generation->head)) return false;
  }
  return true;
}

/* The ring of what is frozen has its head shortly behind the others; it is
 * found from an object that is frozen. */
static bool find_frozen(const uint64_t *frozen) {
  uintptr_t from = (uintptr_t)pp_python.generations[0].head;
  const uint64_t *head = frozen;
  for (size_t i = 0; i < 10000000; i++) {
    head = next_of(head);
    if (head == frozen) return false;
    if ((uintptr_t)head - from >= STATE_WORDS * sizeof *head) continue;
    pp_python.generations[PP_GENERATIONS].head = at((uint64_t)(uintptr_t)head);
    return true;
  }
  return false;
}

/* Since 3.12 a collection makes a str to tell gc.callbacks what it is about,
 * even when that is empty: the list is taken away from the collector. */
static bool forget_callbacks(void) {
  struct pp_object *gc = pp_python.PyImport_ImportModule("gc");
  struct pp_object *callbacks =
      gc == NULL ? NULL : pp_python.PyObject_GetAttrString(gc, "callbacks");
  uint64_t *words = pp_python.generations[0].head;
  for (size_t i = 0; callbacks != NULL && i < STATE_WORDS; i++) {
    if (words[i] != (uint64_t)(uintptr_t)callbacks) continue;
    words[i] = 0;
    return true;
  }
  return false;
}

bool pp_python_find_generations(char *why, size_t why_size) {
  int32_t threshold[PP_GENERATIONS];
  pp_python_enable(NULL, false);
  struct pp_object *former = pp_python.PyList_New(0);
  bool found = ask_thresholds(threshold);
  collect_for(PP_PYTHON_ITSELF, 2);
  pp_python_freeze(NULL);
  struct pp_object *young = pp_python.PyList_New(0);
  uint64_t *youngest = next_of(head_of(young));
  found = found && next_of(youngest) == head_of(young) &&
          at(youngest[1]) == head_of(young);
  found = found && (try_distance(youngest, head_bytes() + 8, threshold) ||
                    try_distance(youngest, head_bytes() + 16, threshold));
  found = found && find_frozen(head_of(former)) && forget_callbacks();
  pp_python.Py_DecRef(young);
  pp_python.Py_DecRef(former);
  if (!found)
    snprintf(why, why_size, "its generations are not where they should be");
  return found;
}

/* The ring goes on without its head, so that its objects can leave it. */
static void take_out(uint64_t *head) {
  if (is_empty(head)) return;
  uint64_t *first = next_of(head);
  uint64_t *last = at(head[1]);
  last[0] = (uint64_t)(uintptr_t)first | (last[0] & LINK_BITS);
  first[1] = (uint64_t)(uintptr_t)last | (first[1] & LINK_BITS);
  head[0] = head[1] = (uint64_t)(uintptr_t)head;
}

void pp_python_begin_generations(void) {
  pp_python_enable(NULL, false);
  collect_for(PP_PYTHON_ITSELF, 2);
  pp_python_freeze(NULL);
  take_out(pp_python.generations[PP_GENERATIONS].head);
  collect_for(PP_PYTHON_ITSELF, 2); /* with no survivors */
  pp_python_safe_point(NULL);
  for (size_t i = 0; i < PP_GENERATIONS; i++)
    *pp_python.generations[i].count = 0;
  pp_python_enable(NULL, true);
}

/* ---- the functions of the vtable ---- */

int64_t pp_python_collect(struct pp_interpreter *interpreter,
                          unsigned generation) {
  (void)interpreter;
  return collect_for(PP_PYTHON_COLLECTION, generation);
}

void pp_python_safe_point(struct pp_interpreter *interpreter) {
  (void)interpreter;
  enum pp_python_asker asker = pp_python_ask(PP_PYTHON_PROGRAM);
  pp_python.PyErr_CheckSignals();
  pp_python_ask(asker);
}

bool pp_python_is_tracked(const struct pp_interpreter *interpreter,
                          const struct pp_object *object) {
  (void)interpreter;
  struct pp_object *asked = (struct pp_object *)(uintptr_t)object;
  struct pp_object *answer = pp_python_call(pp_python.gc_is_tracked, &asked, 1);
  bool tracked = answer == pp_python.truth;
  if (answer != NULL) pp_python.Py_DecRef(answer);
  return tracked;
}

/* gc.is_finalized is there since 3.9; the bit is older. */
bool pp_python_is_finalized(const struct pp_interpreter *interpreter,
                            const struct pp_object *object) {
  (void)interpreter;
  if (pp_python_head_size(object, NULL) == 0) return false;
  return (head_of(object)[has_wide_head() ? 2 : 1] & FINALIZED) != 0;
}

void pp_python_get_count(const struct pp_interpreter *interpreter,
                         uint32_t *count) {
  (void)interpreter;
  for (size_t i = 0; i < PP_GENERATIONS; i++)
    count[i] = (uint32_t)*pp_python.generations[i].count;
}

void pp_python_get_threshold(const struct pp_interpreter *interpreter,
                             uint32_t *threshold) {
  (void)interpreter;
  for (size_t i = 0; i < PP_GENERATIONS; i++)
    threshold[i] = (uint32_t)*pp_python.generations[i].threshold;
}

void pp_python_set_threshold(struct pp_interpreter *interpreter,
                             const uint32_t *threshold) {
  (void)interpreter;
  for (size_t i = 0; i < PP_GENERATIONS; i++)
    *pp_python.generations[i].threshold = (int32_t)threshold[i];
}

void pp_python_enable(struct pp_interpreter *interpreter, bool enabled) {
  (void)interpreter;
  pp_python.enabled = enabled;
  call_without_arguments(enabled ? pp_python.gc_enable : pp_python.gc_disable);
}

void pp_python_freeze(struct pp_interpreter *interpreter) {
  (void)interpreter;
  call_without_arguments(pp_python.gc_freeze);
}

void pp_python_unfreeze(struct pp_interpreter *interpreter) {
  (void)interpreter;
  call_without_arguments(pp_python.gc_unfreeze);
}

void pp_python_visit_generation(const struct pp_interpreter *interpreter,
                                unsigned generation, void *ctx,
                                bool (*visit)(void *ctx,
                                              struct pp_object *object)) {
  (void)interpreter;
  const uint64_t *ring = pp_python.generations[generation].head;
  for (const uint64_t *head = next_of(ring); head != ring; head = next_of(head))
    if (!visit(ctx, object_of(head))) return;
}
