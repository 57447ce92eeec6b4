/* The steady workload: uniform in size and in lifetime, so the least kind to
 * caches that there is. */
#include "bench/steady.h"

#include "check/random.h"

enum { SIZE_MAX_STEADY = 512 };

struct pp_ops steady_trace(uint64_t seed, uint64_t live, uint64_t steps) {
  struct pp_random random = pp_random_split(seed, live);
  struct pp_ops ops = {0};
  for (uint64_t id = 0; id < live; id++) {
    uint64_t size = pp_random_between(&random, 1, SIZE_MAX_STEADY);
    pp_ops_push(&ops, (struct pp_op){PP_OP_MALLOC, id, size, 0});
  }
  for (uint64_t i = 0; i < steps; i++) {
    uint64_t id = pp_random_below(&random, live);
    uint64_t size = pp_random_between(&random, 1, SIZE_MAX_STEADY);
    pp_ops_push(&ops, (struct pp_op){PP_OP_FREE, id, 0, 0});
    pp_ops_push(&ops, (struct pp_op){PP_OP_MALLOC, id, size, 0});
  }
  return ops;
}
