/* The workload behind the figures on checking: a heap that is filled to a
 * number of live blocks and then has, step by step, a random one freed and a
 * new one of 1 to 512 bytes taken in its place. */
#ifndef BENCH_STEADY_H
#define BENCH_STEADY_H

#include "check/op.h"

/* `live` requests, then `steps` times a free and a request. */
struct pp_ops steady_trace(uint64_t seed, uint64_t live, uint64_t steps);

#endif
