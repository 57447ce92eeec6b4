/* Tests of the lists of the collector, of what makes a collection due and of
 * what it leaves (SPEC.md, GC-01 to GC-07, GC-13 to GC-15). Answers, orders and
 * states were read on CPython 3.7.16 to 3.13.0. */
#include "proptests/graphs.h"

static void see_all_told(struct pp_host *host, enum pp_clause clause) {
  SEE_EQ(host->objects->check_all(host->interpreter), clause);
  pp_host_mend(host);
  SEE_EQ(host->objects->check_all(host->interpreter), PP_HOLDS);
}

static void see_counts(struct pp_host *host, uint32_t young, uint32_t middle,
                       uint32_t old) {
  uint32_t count[PP_GENERATIONS];
  host->objects->get_count(host->interpreter, count);
  SEE_EQ(count[0], young);
  SEE_EQ(count[1], middle);
  SEE_EQ(count[2], old);
}

static void set_thresholds(struct pp_host *host, uint32_t young,
                           uint32_t middle, uint32_t old) {
  const uint32_t threshold[PP_GENERATIONS] = {young, middle, old};
  host->objects->set_threshold(host->interpreter, threshold);
}

ObjectTest(GC_01, on_a_list_or_not_tracked) {
  struct pp_object *list = pp_list(host);
  struct pp_object *dict = host->objects->dict(host->interpreter);
  SEE(pp_tracked(host, list));
  SEE(!pp_tracked(host, dict));
  SEE_TEXT(pp_generation(host, 0, &list, 1), "0");
  SEE_TEXT(pp_generation(host, 0, &dict, 1), "");
  if (pp_since(host, PP_PROFILE_3_8))
    pp_spoil_field(host, list, "_gc_next", 0);
  else
    pp_spoil_field(host, list, "gc_refs", (uint64_t)-4);
  see_all_told(host, PP_GC_01);
  pp_drop(host, list);
  pp_drop(host, dict);
}

ObjectTest(GC_02, lists_lead_back) {
  struct pp_object *one = pp_list(host), *other = pp_list(host);
  uint64_t prev = pp_seen_field(host, other, "_gc_prev");
  pp_spoil_field(host, other, "_gc_prev", prev + 16);
  see_all_told(host, PP_GC_02);
  if (pp_since(host, PP_PROFILE_3_8))
    pp_spoil_field(host, other, "_gc_prev", prev | 2);
  else
    pp_spoil_field(host, other, "gc_refs", 2);
  see_all_told(host, PP_GC_02);
  pp_drop(host, one);
  pp_drop(host, other);
}

static struct pp_object *held_one;

static uint64_t held(void *ctx, const struct pp_object *object) {
  (void)ctx;
  return object == held_one;
}

ObjectTest(GC_03, counts_are_accounted_for) {
  struct pp_object *list = pp_list(host), *item = pp_list(host);
  pp_put(host, list, item);
  pp_put(host, list, item);
  pp_drop(host, item);
  SEE_EQ(pp_count(host, item), 2);
  pp_spoil_field(host, item, "ob_refcnt", 1);
  see_all_told(host, PP_GC_03);
  held_one = list;
  host->events.held = held;
  SEE_EQ(host->objects->check_all(host->interpreter), PP_HOLDS);
  pp_spoil_field(host, item, "ob_refcnt", 3);
  see_all_told(host, PP_GC_03);
  host->events.held = NULL;
  pp_drop(host, list);
}

ObjectTest(GC_04, to_the_end_of_the_young) {
  struct pp_object *lists[3];
  for (size_t i = 0; i < 3; i++)
    lists[i] = pp_list(host);
  SEE_TEXT(pp_generation(host, 0, lists, 3), "0..2");
  pp_drop(host, lists[1]);
  lists[1] = pp_list(host);
  SEE_TEXT(pp_generation(host, 0, lists, 3), "0 2 1");
  for (size_t i = 0; i < 3; i++)
    pp_drop(host, lists[i]);
}

ObjectTest(GC_05, blocks_are_counted) {
  pp_collect(host, 2);
  struct pp_object *lists[3];
  for (size_t i = 0; i < 3; i++)
    lists[i] = pp_list(host);
  see_counts(host, 3, 0, 0);
  struct pp_object *tuple = pp_long_tuple(host, lists[0]);
  see_counts(host, 4, 0, 0);
  for (size_t i = 1; i < 3; i++)
    pp_drop(host, lists[i]); /* they are kept */
  see_counts(host, 4, 0, 0);
  pp_drop(host, tuple); /* it is not */
  see_counts(host, 3, 0, 0);
  tuple = pp_long_tuple(host, lists[0]);
  pp_collect(host, 0);
  see_counts(host, 0, 1, 0);
  pp_drop(host, tuple);
  see_counts(host, 0, 1, 0);
  pp_drop(host, lists[0]);
}

ObjectTest(GC_06, survivors_are_older) {
  struct pp_object *lists[4];
  for (size_t i = 0; i < 4; i++)
    lists[i] = pp_list(host);
  pp_put(host, lists[0], lists[2]);
  pp_put(host, lists[2], lists[1]);
  pp_put(host, lists[1], lists[0]);
  pp_put(host, lists[3], lists[0]);
  for (size_t i = 0; i < 3; i++)
    pp_drop(host, lists[i]);
  SEE_TEXT(pp_generation(host, 0, lists, 4), "0..3");
  SEE_EQ(pp_collect(host, 0), 0);
  see_counts(host, 0, 1, 0);
  SEE_TEXT(pp_generation(host, 0, lists, 4), "");
  SEE_TEXT(pp_generation(host, 1, lists, 4), "3 0 2 1");
  SEE_EQ(pp_collect(host, 1), 0);
  see_counts(host, 0, 0, 1);
  SEE_TEXT(pp_generation(host, 2, lists, 4), "3 0 2 1");
  SEE_EQ(pp_collect(host, 2), 0);
  see_counts(host, 0, 0, 0);
  SEE_TEXT(pp_generation(host, 2, lists, 4), "3 0 2 1");
  host->objects->freeze(host->interpreter);
  SEE_TEXT(pp_generation(host, 3, lists, 4), "3 0 2 1");
  pp_drop(host, lists[3]);
  SEE_EQ(pp_collect(host, 2), 0); /* what is frozen is not looked at */
  host->objects->unfreeze(host->interpreter);
  SEE_EQ(pp_collect(host, 2), 3);
}

/* The generation that was collected, seen by the counts, or -1. */
static int collected(const uint32_t before[PP_GENERATIONS],
                     const uint32_t after[PP_GENERATIONS]) {
  if (after[0] > before[0]) return -1;
  if (after[1] == before[1] + 1) return 0;
  return after[2] == before[2] + 1 ? 1 : 2;
}

ObjectTest(GC_07, the_oldest_that_is_due) {
  /* Of 1500 lists that live, with thresholds of 10, 3 and 2. */
  static const char expected[] =
      "0000100001000012000010000100001200001000010000120000100001000012"
      "0000100001000010000120000100001000010000100001200001000010000100"
      "001000010";
  static struct pp_object *lists[1500];
  char seen[256];
  size_t length = 0;
  uint32_t before[PP_GENERATIONS], after[PP_GENERATIONS];
  pp_collect(host, 2);
  set_thresholds(host, 10, 3, 2);
  for (size_t i = 0; i < 1500; i++) {
    host->objects->get_count(host->interpreter, before);
    lists[i] = pp_list(host);
    host->objects->safe_point(host->interpreter);
    host->objects->get_count(host->interpreter, after);
    int generation = collected(before, after);
    if (generation >= 0) seen[length++] = (char)('0' + generation);
  }
  seen[length < strlen(expected) ? length : strlen(expected)] = '\0';
  char wanted[256];
  strcpy(wanted, expected);
  wanted[strlen(seen)] = '\0';
  SEE(length >= strlen(expected) - 1);
  SEE_TEXT(seen, wanted);
  set_thresholds(host, 0, 0, 0); /* never */
  for (size_t i = 0; i < 1500; i++)
    pp_drop(host, lists[i]);
}

ObjectTest(GC_13, tuples_and_dicts_of_harmless_things) {
  const struct pp_objects *objects = host->objects;
  struct pp_object *number = pp_number(host, 1000), *list = pp_list(host);
  struct pp_object *key = pp_text(host, "key");
  struct pp_object *plain = pp_long_tuple(host, number);
  struct pp_object *nested = pp_long_tuple(host, plain);
  struct pp_object *holding = pp_long_tuple(host, list);
  struct pp_object *dict = objects->dict(host->interpreter);
  SEE(objects->dict_set(host->interpreter, dict, key, number));
  SEE(!pp_tracked(host, dict));
  SEE(objects->dict_set(host->interpreter, dict, key, list));
  SEE(pp_tracked(host, dict));
  SEE(objects->dict_set(host->interpreter, dict, key, number));
  SEE(pp_tracked(host, plain) && pp_tracked(host, nested));
  pp_collect(host, 0); /* the one before what it holds, or behind it */
  SEE(!pp_tracked(host, plain));
  SEE(!pp_tracked(host, nested));
  SEE(pp_tracked(host, holding));
  SEE(pp_tracked(host, dict));
  pp_collect(host, 1);
  SEE(pp_tracked(host, dict));
  pp_collect(host, 2);
  SEE(!pp_tracked(host, dict));
  SEE(pp_tracked(host, holding));
  struct pp_object *all[] = {number, list, key, plain, nested, holding, dict};
  for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
    pp_drop(host, all[i]);
}

/* Tuples in one another, the outermost alone held by the test: they are
 * reached from outside inwards, so that each collection frees one more. */
ObjectTest(GC_13, one_a_collection) {
  struct pp_object *tuples[6];
  struct pp_object *item = pp_number(host, 1000);
  for (size_t i = 0; i < 6; i++) {
    tuples[i] = pp_long_tuple(host, item);
    pp_drop(host, item);
    item = tuples[i];
  }
  SEE_TEXT(pp_generation(host, 0, tuples, 6), "0..5");
  pp_collect(host, 0);
  SEE_TEXT(pp_generation(host, 1, tuples, 6), "5 4 3 2 1");
  pp_collect(host, 1);
  SEE_TEXT(pp_generation(host, 2, tuples, 6), "5 4 3 2");
  pp_drop(host, item);
}

ObjectTest(GC_14, in_the_allocation_or_later) {
  struct pp_object *lists[12];
  pp_collect(host, 2);
  set_thresholds(host, 10, 10, 10);
  for (size_t i = 0; i < 11; i++)
    lists[i] = pp_list(host);
  bool later = pp_since(host, PP_PROFILE_3_12);
  if (later) {
    see_counts(host, 11, 0, 0);
    host->objects->enable(host->interpreter, false); /* makes no difference */
    host->objects->safe_point(host->interpreter);
    host->objects->enable(host->interpreter, true);
  }
  see_counts(host, 0, 1, 0);
  SEE_TEXT(pp_generation(host, later ? 1 : 0, &lists[10], 1), "0");
  host->objects->enable(host->interpreter, false);
  for (size_t i = 0; i < 11; i++)
    pp_put(host, lists[0], pp_long_tuple(host, lists[1]));
  host->objects->safe_point(host->interpreter);
  see_counts(host, 11, 1, 0);
  for (size_t i = 0; i < 11; i++) {
    struct pp_object *tuple =
        host->objects->get_item(host->interpreter, lists[0], i);
    pp_drop(host, tuple);
  }
  for (size_t i = 0; i < 11; i++)
    pp_drop(host, lists[i]);
}

ObjectTest(GC_15, nothing_is_kept) {
  struct pp_object *list = pp_list(host);
  pp_host_mark(host);
  pp_drop(host, list);
  pp_see_requests(host, "");
  pp_collect(host, 1);
  pp_see_requests(host, "");
  pp_collect(host, 2);
  pp_see_requests(host, pp_since(host, PP_PROFILE_3_8) ? "O-56" : "O-72");
}
