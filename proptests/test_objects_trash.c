/* Tests of deep deallocation (SPEC.md, REF-08 to REF-10). The orders were read
 * on CPython 3.7.16 to 3.13.0. */
#include "proptests/graphs.h"

enum { DEEPEST = 300 };

static struct pp_object *chain[DEEPEST];

/* Each holds the one before it; the last is the test's. */
static void make_chain(struct pp_host *host, size_t length,
                       struct pp_object *(*make)(struct pp_host *,
                                                 struct pp_object *)) {
  struct pp_object *held = pp_number(host, 1000);
  for (size_t i = 0; i < length; i++) {
    chain[i] = make(host, held);
    pp_drop(host, held);
    held = chain[i];
  }
  pp_deaths_begin(host, chain, length);
}

static struct pp_object *make_tuple(struct pp_host *host,
                                    struct pp_object *held) {
  return pp_long_tuple(host, held);
}

static struct pp_object *make_thing(struct pp_host *host,
                                    struct pp_object *held) {
  struct pp_object *thing = pp_thing(host, false);
  pp_attribute(host, thing, 0, held);
  return thing;
}

static void see_deaths(struct pp_host *host, size_t length,
                       const char *expected) {
  make_chain(host, length, make_tuple);
  pp_drop(host, chain[length - 1]);
  SEE_TEXT(pp_deaths(), expected);
  SEE_EQ(host->objects->check_all(host->interpreter), PP_HOLDS);
}

ObjectTest(REF_08, fifty_at_most) {
  bool late = pp_since(host, PP_PROFILE_3_13);
  see_deaths(host, 49, "0..48");
  see_deaths(host, 50, "0..49");
  see_deaths(host, 51, late ? "0..50" : "1..50 0");
}

static size_t aside_count;

/* When the first of a chain of sixty dies, the ten behind it have not begun. */
static void count_aside(void *ctx, const struct pp_object *object) {
  struct pp_host *host = ctx;
  if (object != chain[10]) return;
  aside_count = 0;
  for (size_t i = 0; i < 10; i++) {
    bool first = i == 9;
    SEE_EQ(pp_count(host, chain[i]), first ? 0 : 1);
    SEE_EQ(pp_tracked(host, chain[i]), !first);
    aside_count++;
  }
}

ObjectTest(REF_09, as_it_is) {
  if (pp_since(host, PP_PROFILE_3_13)) return; /* REF_08, ten_thousand */
  make_chain(host, 60, make_tuple);
  host->events.dealloc = count_aside;
  pp_drop(host, chain[59]);
  SEE_EQ(aside_count, 10);
}

ObjectTest(REF_10, the_last_first) {
  bool late = pp_since(host, PP_PROFILE_3_13);
  see_deaths(host, 120, late ? "0..119" : "70..119 21..69 0..20");
  see_deaths(host, 300,
             late ? "0..299"
                  : "250..299 201..249 152..200 103..151 54..102 5..53 0..4");
  if (late) return;
  /* Two chains side by side: what was laid aside first waits longest. */
  struct pp_object *list = pp_list(host);
  for (size_t i = 0; i < 2; i++) {
    make_chain(host, 60, make_tuple);
    pp_put(host, list, chain[59]);
    pp_drop(host, chain[59]);
  }
  pp_drop(host, list); /* the second, which is the last item, goes first */
  SEE_TEXT(pp_deaths(), "11..59 0..10");
}

ObjectTest(REF_10, instances) {
  make_chain(host, 120, make_thing);
  pp_drop(host, chain[119]);
  if (!pp_since(host, PP_PROFILE_3_8)) SEE_TEXT(pp_deaths(), "95..119");
  pp_drop(host, pp_list(host)); /* in 3.7 that takes the others up */
  SEE_TEXT(pp_deaths(),
           PP_TEXT_OF_RELEASE(host, "95..119 71..94 47..70 23..46 0..22",
                              "95..119 70..94 46..69 21..45 0..20",
                              "95..119 70..94 46..69 21..45 0..20",
                              "95..119 70..94 46..69 21..45 0..20",
                              "70..119 21..69 0..20", "70..119 21..69 0..20",
                              "0..119"));
  SEE_EQ(host->objects->check_all(host->interpreter), PP_HOLDS);
}
