/* The workloads behind the figures on checking: a heap that is filled to a
 * number of live blocks and then has, step by step, a random one freed and a
 * new one taken in its place; or what programs do, in which some blocks are
 * resized, zeroed or aligned, and most are small. */
#ifndef BENCH_STEADY_H
#define BENCH_STEADY_H

#include "check/op.h"

/* `live` requests of 1 to 512 bytes, then `steps` times a free and one. */
struct pp_ops steady_trace(uint64_t seed, uint64_t live, uint64_t steps);

/* Likewise, of up to 32 KiB: of a hundred requests 50 have 1 to 64 bytes, 30 to
 * 256, 15 to 1 KiB, 4 to 4 KiB. Of a hundred steps, 15 resize a block, 10 want
 * zeros, 3 an alignment, and 5 ask for a usable size. */
struct pp_ops mixed_trace(uint64_t seed, uint64_t live, uint64_t steps);

#endif
