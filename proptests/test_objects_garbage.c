/* Tests of what is garbage, what becomes of it, and of weak references
 * (SPEC.md, GC-08 to GC-12, GC-16, GC-17). Answers and orders were read on
 * CPython 3.7.16 to 3.13.0. */
#include "proptests/graphs.h"
#include "reference/objects/object.h"

static struct pp_object *weakref(struct pp_host *host,
                                 struct pp_object *referent, bool callback) {
  struct pp_object *made =
      host->objects->weakref(host->interpreter, referent, callback);
  cr_assert_not_null(made);
  return made;
}

static bool is_dead(struct pp_host *host, struct pp_object *weakref) {
  struct pp_object *none = host->objects->none(host->interpreter);
  uint64_t object = pp_seen_field(host, weakref, "wr_object");
  pp_drop(host, none);
  return object == (uintptr_t)none;
}

/* Up to 3.10 an instance with attributes is two objects. */
static int64_t instances(struct pp_host *host, int64_t count) {
  return pp_since(host, PP_PROFILE_3_11) ? count : 2 * count;
}

enum { NODES = 40 };

/* What is reached from the first few, by a search of our own. */
static size_t reach(const bool edges[NODES][NODES], bool *reached) {
  size_t count = 0;
  for (bool more = true; more;) {
    more = false;
    for (size_t i = 0; i < NODES * NODES; i++) {
      if (!edges[i / NODES][i % NODES]) continue;
      if (!reached[i / NODES] || reached[i % NODES]) continue;
      reached[i % NODES] = true;
      more = true;
    }
  }
  for (size_t i = 0; i < NODES; i++)
    count += reached[i];
  return count;
}

ObjectTest(GC_08, exactly_what_is_not_reached) {
  uint32_t random = 1;
  for (size_t round = 0; round < 20; round++) {
    struct pp_object *lists[NODES];
    bool edges[NODES][NODES] = {{false}}, reached[NODES] = {false};
    for (size_t i = 0; i < NODES; i++)
      lists[i] = pp_list(host);
    for (size_t i = 0; i < NODES + round; i++) {
      random = random * 1664525 + 1013904223;
      size_t from = (random >> 8) % NODES, to = (random >> 20) % NODES;
      edges[from][to] = true;
      pp_put(host, lists[from], lists[to]);
    }
    for (size_t i = 0; i < NODES; i++) {
      edges[i][(i + 1) % NODES | 3] = true; /* so that none dies by itself */
      edges[i | 3][i] = true;
      pp_put(host, lists[i], lists[(i + 1) % NODES | 3]);
      pp_put(host, lists[i | 3], lists[i]);
    }
    size_t roots = round % 3;
    for (size_t i = 0; i < roots; i++)
      reached[i * 8] = true;
    size_t count = reach((const bool(*)[NODES])edges, reached);
    for (size_t i = 0; i < NODES; i++) {
      if (roots > i / 8 && i % 8 == 0) continue;
      pp_drop(host, lists[i]);
    }
    SEE_EQ(pp_collect(host, 2), NODES - count);
    SEE_EQ(pp_collect(host, 2), 0);
    for (size_t i = 0; i < roots; i++)
      pp_drop(host, lists[i * 8]);
    pp_collect(host, 2);
  }
}

/* A ring of five, each of which holds the one that is so many further on. */
static void see_things(struct pp_host *host, size_t step, bool finalizer,
                       const char *expected) {
  struct pp_object *things[5];
  for (size_t i = 0; i < 5; i++)
    things[i] = pp_thing(host, finalizer);
  for (size_t i = 0; i < 5; i++)
    pp_attribute(host, things[i], 0, things[(i + step) % 5]);
  for (size_t i = 0; i < 5; i++)
    pp_drop(host, things[i]);
  pp_deaths_begin(host, things, 5);
  SEE_EQ(pp_collect(host, 2), instances(host, 5));
  SEE_TEXT(pp_deaths(), expected);
}

ObjectTest(GC_08, in_the_order_in_which_it_is_found) {
  see_things(host, 1, false, "4 3 2 1 0");
  see_things(host, 4, false, "1..4 0");
}

static void resurrect(struct pp_host *host, struct pp_object *instance) {
  host->objects->incref(host->interpreter, instance);
}

ObjectTest(GC_09, once_and_first) {
  struct pp_object *things[5];
  for (size_t i = 0; i < 5; i++)
    things[i] = pp_thing(host, true);
  for (size_t i = 0; i < 5; i++)
    pp_attribute(host, things[i], 1, things[(i + 1) % 5]);
  for (size_t i = 0; i < 5; i++)
    pp_drop(host, things[i]);
  pp_deaths_begin(host, things, 5);
  SEE_EQ(pp_collect(host, 2), instances(host, 5));
  SEE_EQ(host->finalized_count, 5);
  for (size_t i = 0; i < 5; i++)
    SEE(host->finalized[i] == things[i]);
  SEE_TEXT(pp_deaths(), "4 3 2 1 0");
}

ObjectTest(GC_09, never_again) {
  struct pp_object *thing = pp_thing(host, true);
  host->finalize = resurrect;
  SEE(!host->objects->is_finalized(host->interpreter, thing));
  pp_drop(host, thing);
  SEE_EQ(host->finalized_count, 1);
  SEE_EQ(pp_count(host, thing), 1);
  SEE(pp_tracked(host, thing));
  SEE(host->objects->is_finalized(host->interpreter, thing));
  pp_drop(host, thing);
  SEE_EQ(host->finalized_count, 1);
  SEE_EQ(host->dealloc_count, 1);
}

/* One that keeps itself alive, one that it reaches, one that reaches it, and
 * one of its own. */
static void see_resurrection(struct pp_host *host, int64_t first,
                             int64_t second, const char *left) {
  struct pp_object *things[4];
  for (size_t i = 0; i < 4; i++)
    things[i] = pp_thing(host, i == 0);
  pp_attribute(host, things[0], 0, things[0]);
  pp_attribute(host, things[0], 1, things[1]);
  pp_attribute(host, things[1], 0, things[0]);
  pp_attribute(host, things[2], 0, things[2]);
  pp_attribute(host, things[2], 1, things[0]);
  pp_attribute(host, things[3], 0, things[3]);
  for (size_t i = 0; i < 4; i++)
    pp_drop(host, things[i]);
  host->finalize = resurrect;
  SEE_EQ(pp_collect(host, 0), first);
  SEE_TEXT(pp_generation(host, 1, things, 4), left);
  SEE_EQ(pp_collect(host, 2), second);
  SEE_TEXT(pp_generation(host, 2, things, 4), "0 1");
  pp_drop(host, things[0]);
  SEE_EQ(pp_collect(host, 2), instances(host, 2));
  SEE_EQ(host->finalized_count, 1);
}

ObjectTest(GC_10, all_or_nothing) {
  see_resurrection(host, 0, 4, "0..3");
}

ObjectTest(GC_11, what_is_reached) {
  see_resurrection(host, instances(host, 2), 0, "0 1");
}

ObjectTest(GC_12, those_outside_are_called) {
  struct pp_object *one = pp_thing(host, false), *other = pp_thing(host, false);
  pp_attribute(host, one, 0, other);
  pp_attribute(host, other, 0, one);
  struct pp_object *refs[] = {
      weakref(host, one, true), weakref(host, one, true),
      weakref(host, other, true), weakref(host, one, true)};
  struct pp_object *shared = weakref(host, one, false);
  pp_drop(host, one);
  pp_drop(host, other);
  SEE_EQ(pp_collect(host, 2), instances(host, 2));
  SEE_EQ(host->weakrefs_dead_count, 4);
  const size_t order[] = {3, 1, 0, 2};
  for (size_t i = 0; i < 4; i++) {
    SEE(host->weakrefs_dead[i] == refs[order[i]]);
    SEE(is_dead(host, refs[i]));
    SEE(pp_seen_field(host, refs[i], "wr_callback") != 0);
    pp_drop(host, refs[i]);
  }
  SEE(is_dead(host, shared));
  pp_drop(host, shared);
}

static struct pp_object *watched[2];
static bool seen_dead[2];

static void look(struct pp_host *host, struct pp_object *instance) {
  (void)instance;
  for (size_t i = 0; i < 2; i++)
    seen_dead[i] = is_dead(host, watched[i]);
}

ObjectTest(GC_12, before_any_finalizer) {
  struct pp_object *thing = pp_thing(host, true), *alive = pp_list(host);
  struct pp_object *set = host->objects->set(host->interpreter);
  watched[0] = weakref(host, thing, false);
  watched[1] = weakref(host, set, true);
  pp_attribute(host, thing, 0, thing);
  for (unsigned i = 0; i < 2; i++) {
    pp_attribute(host, thing, i + 1, watched[i]);
    pp_drop(host, watched[i]);
  }
  pp_drop(host, thing);
  host->finalize = look;
  SEE_EQ(pp_collect(host, 2), instances(host, 1) + 2);
  SEE_EQ(host->weakrefs_dead_count, 0);
  SEE(seen_dead[0]);
  SEE_EQ(seen_dead[1], pp_since(host, PP_PROFILE_3_8));
  pp_drop(host, set);
  pp_drop(host, alive);
}

static struct pp_object *referents[3];

static void make_referents(struct pp_host *host) {
  referents[0] = host->objects->set(host->interpreter);
  referents[1] = host->objects->array(host->interpreter, 'i');
  referents[2] = pp_thing(host, false);
}

ObjectTest(GC_16, the_shared_one_first) {
  make_referents(host);
  for (size_t i = 0; i < 3; i++) {
    struct pp_object *refs[5];
    for (size_t k = 0; k < 5; k++)
      refs[k] = weakref(host, referents[i], k % 2 == 0);
    SEE(refs[1] == refs[3]);
    SEE_EQ(pp_count(host, refs[1]), 2);
    pp_drop(host, refs[3]);
    struct pp_object *const order[] = {refs[1], refs[4], refs[2], refs[0]};
    for (size_t k = 0; k < 4; k++) {
      uintptr_t prev = k == 0 ? 0 : (uintptr_t)order[k - 1];
      uintptr_t next = k == 3 ? 0 : (uintptr_t)order[k + 1];
      SEE_EQ(pp_seen_field(host, order[k], "wr_prev"), prev);
      SEE_EQ(pp_seen_field(host, order[k], "wr_next"), next);
    }
    SEE_EQ(
        pp_seen_field(host, referents[i], i == 2 ? "weaklist" : "weakreflist"),
        (uintptr_t)refs[1]);
    SEE_EQ(host->objects->getsizeof(host->interpreter, refs[0]),
           PP_OF_RELEASE(host, 88, 72, 72, 72, 80, 80, 80));
    pp_spoil_field(host, refs[4], "wr_prev", (uintptr_t)refs[2]);
    pp_see_object_told(host, refs[1], PP_GC_16);
    for (size_t k = 0; k < 4; k++)
      pp_drop(host, order[k]);
    SEE_EQ(
        pp_seen_field(host, referents[i], i == 2 ? "weaklist" : "weakreflist"),
        0);
    pp_drop(host, referents[i]);
  }
  SEE_EQ(host->weakrefs_dead_count, 0);
  struct pp_object *list = pp_list(host);
  SEE(host->objects->weakref(host->interpreter, list, false) == NULL);
  pp_drop(host, list);
}

ObjectTest(GC_17, the_newest_is_called_first) {
  make_referents(host);
  for (size_t i = 0; i < 3; i++) {
    struct pp_object *refs[5];
    for (size_t k = 0; k < 5; k++)
      refs[k] = weakref(host, referents[i], k != 1);
    host->weakrefs_dead_count = 0;
    pp_collect(host, 2); /* nothing is kept to be used again */
    pp_host_mark(host);
    pp_drop(host, referents[i]);
    SEE(strstr(host->log, pp_since(host, PP_PROFILE_3_8) ? "O+104" : "O+120"));
    SEE_EQ(host->weakrefs_dead_count, 4);
    const size_t order[] = {4, 3, 2, 0};
    for (size_t k = 0; k < 4; k++)
      SEE(host->weakrefs_dead[k] == refs[order[k]]);
    for (size_t k = 0; k < 5; k++) {
      SEE(is_dead(host, refs[k]));
      SEE_EQ(pp_seen_field(host, refs[k], "wr_callback"), 0);
      SEE_EQ(pp_holds(host, refs[k]), PP_HOLDS);
      pp_drop(host, refs[k]);
    }
  }
}

ObjectTest(GC_17, one_callback_needs_a_tuple_since_3_13) {
  struct pp_object *thing = pp_thing(host, false);
  struct pp_object *one = weakref(host, thing, true);
  struct pp_object *shared = weakref(host, thing, false);
  pp_host_mark(host);
  pp_drop(host, thing);
  SEE_EQ(strstr(host->log, "O+") != NULL, pp_since(host, PP_PROFILE_3_13));
  SEE_EQ(host->weakrefs_dead_count, 1);
  pp_spoil_field(host, one, "wr_next", (uintptr_t)shared);
  pp_see_object_told(host, one, PP_GC_17);
  pp_drop(host, one);
  pp_drop(host, shared);
}
