/* Settings of the sources (SPEC.md, OPS-13): how many requests are still to be
 * refused, and where arenas start, reckoned beside both heaps of a lock-step.
 */
#include <inttypes.h>

#include "fuzz/heaps.h"
#include "fuzz/meanings.h"

/* What was so after the statement before. */
static struct source {
  uint64_t arena_requests, arena_refusals, system_requests;
  uint64_t arena_fail, system_fail, skew;
  uint32_t arenas;
} sources[2];

static uint64_t less(uint64_t number, uint64_t by) {
  return number < by ? 0 : number - by;
}

static _Noreturn void differs(const struct pp_op *op, const char *what,
                              uint64_t is, uint64_t should_be) {
  char statement[160];
  pp_op_print(op, statement, sizeof statement);
  pp_fuzz_found("OPS-13", "after %s: %s is %" PRIu64 " and should be %" PRIu64,
                statement, what, is, should_be);
}

static void must_be(const struct pp_op *op, const char *what, uint64_t is,
                    uint64_t should_be) {
  if (is != should_be) differs(op, what, is, should_be);
}

/* What the statement sets, by itself. */
static void set(struct source *source, const struct pp_op *op, bool scaled) {
  if (op->kind == PP_OP_ARENA_FAIL) source->arena_fail = op->a;
  if (op->kind == PP_OP_SYSTEM_FAIL) source->system_fail = op->a;
  if (op->kind == PP_OP_ARENA_SKEW)
    source->skew = scaled ? op->a / PP_SKEW_SCALE : op->a;
}

static void follow(struct source *source, const struct pp_places *places,
                   const struct pp_op *op, bool scaled) {
  uint64_t requests = places->arena_requests - source->arena_requests;
  uint64_t refusals = places->arena_refusals - source->arena_refusals;
  uint64_t of_system = places->system_requests - source->system_requests;
  uint64_t refused =
      requests < source->arena_fail ? requests : source->arena_fail;
  must_be(op, "the number of refused arenas", refusals, refused);
  source->arena_fail = less(source->arena_fail, requests);
  source->system_fail = less(source->system_fail, of_system);
  set(source, op, scaled);
  must_be(op, "arena-fail", places->arena_fail, source->arena_fail);
  must_be(op, "system-fail", places->system_fail, source->system_fail);
  const struct pp_place_slot *last =
      places->ordinals == source->arenas
          ? NULL
          : pp_places_arena(places, places->ordinals - 1);
  if (last != NULL)
    must_be(op, "the skew of an arena", last->base & (PP_SKEW_BASE - 1),
            source->skew);
  source->arena_requests = places->arena_requests;
  source->arena_refusals = places->arena_refusals;
  source->system_requests = places->system_requests;
  source->arenas = places->ordinals;
}

static void after(const struct pp_driver *driver, const struct pp_op *op) {
  bool scaled = driver->twin->profile->id >= PP_PROFILE_TINY;
  follow(&sources[0], driver->places, op, scaled);
  follow(&sources[1], &driver->twin->places, op, scaled);
}

void pp_meaning_of_settings(const struct pp_fuzz_program *program) {
  static const struct pp_fuzz_heaps heaps = {.subject = "reference",
                                             .level = PP_LEVEL_NONE,
                                             .anew = true,
                                             .after = after};
  sources[0] = sources[1] = (struct source){0};
  pp_fuzz_perform(&heaps, program);
}
