/* The collector of a real CPython behind the vtable of objects, and what it is
 * to be refused memory (as test_objects_python.c). */
#include <criterion/criterion.h>
#include <string.h>

#include "proptests/pythons.h"

static const struct pp_objects *const o = &pp_objects_python;
static struct pythons *const p = &pp_pythons;

/* ---- instances and references ---- */

static unsigned visited;

static bool count_visited(void *ctx, struct pp_object *object) {
  if (ctx == NULL || ctx == object) visited++;
  return true;
}

static void use_instances(void) {
  struct pp_object *plain = o->instance(p->interpreter, false);
  HOLDS(o->set_attribute(p->interpreter, plain, 0, plain));
  HOLDS(o->set_attribute(p->interpreter, plain, 1, o->none(p->interpreter)));
  HOLDS(o->set_attribute(p->interpreter, plain, 1, NULL));
  HOLDS(!o->set_attribute(p->interpreter, plain, 1, NULL));
  HOLDS(o->type_of(p->interpreter, plain) == PP_TYPE_INSTANCE);
  visited = 0;
  o->traverse(p->interpreter, plain, NULL, count_visited);
  HOLDS(visited == 1); /* itself, or its dict */
  HOLDS(o->weakref(p->interpreter, o->none(p->interpreter), false) == NULL);
  struct pp_object *weakref = o->weakref(p->interpreter, plain, true);
  HOLDS(o->type_of(p->interpreter, weakref) == PP_TYPE_WEAKREF);
  pp_pythons_drop(plain);
  HOLDS(p->dead == 0);
  HOLDS(o->collect(p->interpreter, 0) == (p->minor < 11 ? 2 : 1));
  HOLDS(p->dead == 1);
  HOLDS(p->last_dead == weakref);
  struct pp_object *finalizing = o->instance(p->interpreter, true);
  HOLDS(!o->is_finalized(p->interpreter, finalizing));
  pp_pythons_drop(finalizing);
  HOLDS(p->finalized == 1);
  HOLDS(p->last_finalized == finalizing);
}

/* ---- the collector ---- */

/* A list that is its own item, and nothing else's. */
static void leave_cycle(void) {
  struct pp_object *list = o->list(p->interpreter, NULL, 0);
  HOLDS(o->append(p->interpreter, list, list));
  pp_pythons_drop(list);
}

static unsigned tracked_in(unsigned generation) {
  visited = 0;
  o->visit_generation(p->interpreter, generation, NULL, count_visited);
  return visited;
}

static void collect_automatically(void) {
  const uint32_t few[PP_GENERATIONS] = {5, 10, 10};
  uint32_t usual[PP_GENERATIONS], count[PP_GENERATIONS];
  o->get_threshold(p->interpreter, usual);
  HOLDS(usual[0] == (p->minor < 13 ? 700 : 2000));
  HOLDS(usual[2] == 10);
  o->set_threshold(p->interpreter, few);
  for (uint32_t i = 0; i < 6; i++) {
    o->get_count(p->interpreter, count);
    HOLDS(count[0] == i);
    HOLDS(tracked_in(0) == i);
    leave_cycle();
    if (i == 4)
      HOLDS(o->getsizeof(p->interpreter, o->none(p->interpreter)) > 0);
  }
  o->safe_point(p->interpreter);
  o->get_count(p->interpreter, count);
  HOLDS(count[0] == 0);
  HOLDS(count[1] == 1);
  HOLDS(tracked_in(0) == (p->minor < 12 ? 1 : 0)); /* that which made it due */
  o->enable(p->interpreter, false);
  for (int i = 0; i < 10; i++)
    leave_cycle();
  o->safe_point(p->interpreter);
  HOLDS(tracked_in(0) >= 10);
  o->enable(p->interpreter, true);
  o->set_threshold(p->interpreter, usual);
}

static void collect_when_told(void) {
  struct pp_object *list = o->list(p->interpreter, NULL, 0);
  HOLDS(tracked_in(0) == 1);
  HOLDS(o->collect(p->interpreter, 0) == 0);
  HOLDS(tracked_in(1) == 1);
  o->freeze(p->interpreter);
  HOLDS(tracked_in(1) == 0);
  HOLDS(tracked_in(PP_GENERATIONS) == 1);
  o->unfreeze(p->interpreter);
  HOLDS(tracked_in(2) == 1);
  pp_pythons_drop(list);
  HOLDS(tracked_in(2) == 0);
  for (int i = 0; i < 300; i++)
    leave_cycle();
  p->requests[0] = '\0';
  HOLDS(o->collect(p->interpreter, 2) == 300);
  HOLDS(strchr(p->requests, '+') == NULL); /* its answer is an int */
  HOLDS(o->collect(p->interpreter, 2) == 0);
}

/* ---- what is done beside ---- */

/* With the free lists empty, whatever else was made would lie in one now. */
static void ask_everything(void) {
  uint32_t before[PP_GENERATIONS], after[PP_GENERATIONS];
  struct pp_object *array = o->array(p->interpreter, 'B');
  struct pp_object *item = pp_pythons_number(1);
  for (int i = 0; i < 300; i++)
    HOLDS(o->append(p->interpreter, array, item));
  struct pp_object *string = pp_pythons_text("not interned yet");
  o->get_count(p->interpreter, before);
  string = o->intern(p->interpreter, string);
  HOLDS(o->pop(p->interpreter, array, 299) == item);
  HOLDS(o->insert(p->interpreter, array, 299, item));
  HOLDS(o->set_item(p->interpreter, array, 299, item));
  HOLDS(o->extend(p->interpreter, array, array));
  HOLDS(o->getsizeof(p->interpreter, array) > 600);
  HOLDS(o->is_tracked(p->interpreter, array) == (p->minor >= 10));
  HOLDS(!o->append(p->interpreter, array, o->none(p->interpreter)));
  o->enable(p->interpreter, true);
  o->get_count(p->interpreter, after);
  HOLDS(memcmp(before, after, sizeof before) == 0);
  o->freeze(p->interpreter);
  o->unfreeze(p->interpreter);
  p->requests[0] = '\0';
  for (size_t length = 1; length < 8; length++) {
    struct pp_object *const items[8] = {NULL};
    HOLDS(o->tuple(p->interpreter, items, length) != NULL);
    HOLDS(!pp_pythons_asked(""));
    p->requests[0] = '\0';
  }
  HOLDS(o->floating(p->interpreter, 1) != NULL);
  HOLDS(pp_pythons_asked(" O+24"));
  HOLDS(o->list(p->interpreter, NULL, 0) != NULL);
  HOLDS(pp_pythons_asked(p->minor == 7 ? " O+72" : " O+56"));
  HOLDS(o->dict(p->interpreter) != NULL);
  HOLDS(pp_pythons_asked(p->minor == 7 ? " O+168 O+80" : " O+64"));
}

/* ---- refusals ---- */

static void refuse(void) {
  struct pp_object *list = o->list(p->interpreter, NULL, 0);
  struct pp_object *dict = o->dict(p->interpreter);
  struct pp_object *key = pp_pythons_text("another key");
  p->refusing = true;
  HOLDS(pp_pythons_number(1000) == NULL);
  HOLDS(pp_pythons_text("bbbbbbb") == NULL);
  HOLDS(!o->append(p->interpreter, list, list));
  if (p->minor > 7) HOLDS(!o->dict_set(p->interpreter, dict, key, list));
  HOLDS(o->instance(p->interpreter, false) == NULL);
  HOLDS(o->array(p->interpreter, 'Q') == NULL);
  p->refusing = false;
  HOLDS(o->length(p->interpreter, list) == 0);
  HOLDS(o->append(p->interpreter, list, list));
  HOLDS(o->dict_set(p->interpreter, dict, key, list));
  pp_pythons_drop(dict);
}

Test(objects_python, instances_and_weak_references_tell_their_end) {
  pp_each_python(use_instances);
}

Test(objects_python, collector_works_by_its_thresholds) {
  pp_each_python(collect_automatically);
}

Test(objects_python, collector_works_when_told) {
  pp_each_python(collect_when_told);
}

Test(objects_python, refusals_change_nothing) {
  pp_each_python(refuse);
}

Test(objects_python, what_is_done_beside_leaves_nothing_behind) {
  pp_each_python(ask_everything);
}
