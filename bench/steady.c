/* The workloads: uniform in lifetime, so the least kind to caches that there
 * is. */
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

/* ---- what programs do ---- */

static uint64_t mixed_size(struct pp_random *random) {
  static const struct {
    uint64_t until, most; /* of a hundred, and bytes */
  } parts[] = {{50, 64}, {80, 256}, {95, 1024}, {99, 4096}, {100, 32768}};
  uint64_t of_hundred = pp_random_below(random, 100);
  int part = 0;
  while (of_hundred >= parts[part].until)
    part++;
  uint64_t least = part == 0 ? 1 : parts[part - 1].most + 1;
  return pp_random_between(random, least, parts[part].most);
}

static void take(struct pp_ops *ops, struct pp_random *random, uint64_t id) {
  uint64_t size = mixed_size(random);
  uint64_t of_hundred = pp_random_below(random, 100);
  if (of_hundred < 10) {
    pp_ops_push(ops, (struct pp_op){PP_OP_CALLOC, id, 1, size});
  } else if (of_hundred < 13) {
    uint64_t alignment = UINT64_C(16) << pp_random_below(random, 4);
    pp_ops_push(ops, (struct pp_op){PP_OP_POSIX_MEMALIGN, id, alignment, size});
  } else {
    pp_ops_push(ops, (struct pp_op){PP_OP_MALLOC, id, size, 0});
  }
}

struct pp_ops mixed_trace(uint64_t seed, uint64_t live, uint64_t steps) {
  struct pp_random random = pp_random_split(seed, ~live);
  struct pp_ops ops = {0};
  for (uint64_t id = 0; id < live; id++)
    take(&ops, &random, id);
  for (uint64_t i = 0; i < steps; i++) {
    uint64_t id = pp_random_below(&random, live);
    uint64_t of_hundred = pp_random_below(&random, 100);
    if (of_hundred < 15) {
      pp_ops_push(&ops,
                  (struct pp_op){PP_OP_REALLOC, id, mixed_size(&random), 0});
    } else if (of_hundred < 20) {
      pp_ops_push(&ops, (struct pp_op){PP_OP_USABLE, id, 0, 0});
    } else {
      pp_ops_push(&ops, (struct pp_op){PP_OP_FREE, id, 0, 0});
      take(&ops, &random, id);
    }
  }
  return ops;
}
