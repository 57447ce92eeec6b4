/* The opening of every generated history: each edge of the contract once, in
 * an order that never changes, so that even the shortest run has asked for
 * them (SPEC.md, API and HEAP). Refused sizes come last of each kind, for a
 * block that is live, which must survive them. */
#include "check/edges.h"

#define HUGE_ABOVE ((uint64_t)PTRDIFF_MAX + 1)
#define MIB(n) ((uint64_t)(n) << 20)
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum { A = 0, B = 1, C = 2, D = 3 }; /* IDs that the opening uses */

/* clang-format off */
static const struct pp_op openings[] = {
    /* Zero sizes are blocks of their own, or null. */
    {PP_OP_MALLOC, A, 0, 0},
    {PP_OP_MALLOC, B, 0, 0},
    {PP_OP_FREE, A, 0, 0},
    {PP_OP_FREE, B, 0, 0},
    {PP_OP_FREE, A, 0, 0}, /* null now */
    {PP_OP_CALLOC, A, 0, 5},
    {PP_OP_CALLOC, B, 5, 0},
    {PP_OP_FREE, A, 0, 0},
    {PP_OP_FREE, B, 0, 0},
    /* Sizes that cannot be had. */
    {PP_OP_MALLOC, A, UINT64_MAX, 0},
    {PP_OP_MALLOC, A, HUGE_ABOVE, 0},
    {PP_OP_MALLOC, A, HUGE_ABOVE - 1, 0}, /* the largest that may be had */
    {PP_OP_FREE, A, 0, 0},
    {PP_OP_MALLOC, A, UINT64_MAX - 7, 0},
    {PP_OP_MALLOC, A, UINT64_MAX - 15, 0},
    {PP_OP_MALLOC, A, UINT64_MAX - 4095, 0},
    {PP_OP_CALLOC, A, UINT64_MAX, 1},
    {PP_OP_CALLOC, A, HUGE_ABOVE, 1},
    {PP_OP_CALLOC, A, UINT64_C(0x5555555555555556), 3},      /* wraps to 2 */
    {PP_OP_CALLOC, A, UINT64_MAX / 16 + 2, 16},              /* wraps to 16 */
    {PP_OP_CALLOC, A, UINT64_C(1) << 32, UINT64_C(1) << 32}, /* wraps to 0 */
    {PP_OP_CALLOC, A, HUGE_ABOVE, 2},                        /* likewise */
    /* A live block survives what its realloc cannot do. */
    {PP_OP_REALLOC, A, 24, 0},
    {PP_OP_REALLOC, A, UINT64_MAX, 0},
    {PP_OP_REALLOC, A, HUGE_ABOVE - 1, 0},
    {PP_OP_REALLOC, A, HUGE_ABOVE, 0},
    {PP_OP_REALLOC, A, UINT64_MAX - 15, 0},
    {PP_OP_REALLOCARRAY, A, UINT64_MAX, 2},
    {PP_OP_REALLOCARRAY, A, UINT64_C(0x5555555555555556), 3},
    {PP_OP_REALLOCARRAY, A, UINT64_C(1) << 32, UINT64_C(1) << 32},
    {PP_OP_REALLOCARRAY, A, HUGE_ABOVE, 1},
    {PP_OP_REALLOCARRAY, A, UINT64_MAX, 1},
    {PP_OP_REALLOCARRAY, A, 10, 10},
    {PP_OP_REALLOC, A, 5000, 0},
    {PP_OP_REALLOC, A, UINT64_MAX - 4095, 0},
    {PP_OP_REALLOC, A, 3, 0},
    {PP_OP_REALLOC, A, 0, 0},
    {PP_OP_FREE, A, 0, 0},
    {PP_OP_REALLOC, B, 0, 0}, /* of null */
    {PP_OP_FREE, B, 0, 0},
    {PP_OP_REALLOCARRAY, B, 7, 9},
    {PP_OP_FREE, B, 0, 0},
    /* Memory that was written before comes from calloc as zeros. */
    {PP_OP_BURST, A, 4, 100},
    {PP_OP_DRAIN, A, 4, 1},
    {PP_OP_CALLOC, A, 10, 10},
    {PP_OP_CALLOC, B, 1, 100},
    {PP_OP_CALLOC, C, 3000, 7},
    {PP_OP_FREE, C, 0, 0},
    {PP_OP_CALLOC, C, 7, 3000},
    {PP_OP_DRAIN, A, 3, 1},
    /* Alignments, with sizes below, equal and above. */
    {PP_OP_ALIGNED_ALLOC, A, 8, 8},
    {PP_OP_ALIGNED_ALLOC, B, 16, 16},
    {PP_OP_ALIGNED_ALLOC, C, 64, 64},
    {PP_OP_ALIGNED_ALLOC, D, 256, 256},
    {PP_OP_DRAIN, A, 4, 1},
    {PP_OP_ALIGNED_ALLOC, A, 512, 1024},
    {PP_OP_ALIGNED_ALLOC, B, 4096, 64},
    {PP_OP_ALIGNED_ALLOC, C, 4096, 4096},
    {PP_OP_ALIGNED_ALLOC, D, 65536, 65536},
    {PP_OP_DRAIN, A, 4, 1},
    {PP_OP_ALIGNED_ALLOC, A, 1048576, 4096},
    {PP_OP_FREE, A, 0, 0},
    {PP_OP_ALIGNED_ALLOC, A, 3, 9}, /* no power of two */
    {PP_OP_FREE, A, 0, 0},
    {PP_OP_ALIGNED_ALLOC, A, 48, 96},
    {PP_OP_FREE, A, 0, 0},
    {PP_OP_ALIGNED_ALLOC, A, 64, UINT64_MAX - 63},
    {PP_OP_ALIGNED_ALLOC, A, 4096, HUGE_ABOVE},
    {PP_OP_POSIX_MEMALIGN, A, 8, 1},
    {PP_OP_POSIX_MEMALIGN, B, 64, 100},
    {PP_OP_POSIX_MEMALIGN, C, 4096, 1},
    {PP_OP_POSIX_MEMALIGN, D, 65536, 70000},
    {PP_OP_DRAIN, A, 4, 1},
    {PP_OP_POSIX_MEMALIGN, A, 4, 16},  /* less than a pointer */
    {PP_OP_POSIX_MEMALIGN, A, 24, 16}, /* no power of two */
    {PP_OP_POSIX_MEMALIGN, A, 0, 16},
    {PP_OP_POSIX_MEMALIGN, A, 16, UINT64_MAX},
    {PP_OP_POSIX_MEMALIGN, A, 4096, HUGE_ABOVE},
    {PP_OP_FREE, A, 0, 0},
    /* Sizes known to the caller. */
    {PP_OP_MALLOC, A, 40, 0},
    {PP_OP_USABLE, A, 0, 0},
    {PP_OP_FREE_SIZED, A, 40, 0},
    {PP_OP_ALIGNED_ALLOC, A, 64, 192},
    {PP_OP_USABLE, A, 0, 0},
    {PP_OP_FREE_ALIGNED_SIZED, A, 64, 192},
};

/* What else is asked of any malloc, but not of CPython's family. */
static const struct pp_op more_openings[] = {
    {PP_OP_FREE, A, 0, 0}, /* where sized frees are unknown */
    {PP_OP_FREE_SIZED, A, 40, 0}, /* of null */
    {PP_OP_FREE_ALIGNED_SIZED, A, 64, 192},
    {PP_OP_MALLOC, A, 40, 0},
    {PP_OP_REALLOCARRAY, A, 0, 7},
    {PP_OP_FREE, A, 0, 0},
    {PP_OP_REALLOCARRAY, A, 7, 0},
    {PP_OP_FREE, A, 0, 0},
    {PP_OP_MALLOC, A, 40, 0},
    {PP_OP_USABLE, A, 0, 0},
    {PP_OP_USABLE, A, 0, 0},
    {PP_OP_FREE, A, 0, 0},
    {PP_OP_ALIGNED_ALLOC, A, 64, 0},
    {PP_OP_FREE_ALIGNED_SIZED, A, 64, 0},
    {PP_OP_FREE, A, 0, 0},
    {PP_OP_REALLOCARRAY, A, 6, 50},
    {PP_OP_FREE_SIZED, A, 300, 0},
    {PP_OP_FREE, A, 0, 0},
    {PP_OP_CALLOC, A, 4, HUGE_ABOVE / 2 + 2}, /* wraps to 8, twice the count */
    {PP_OP_FREE, A, 0, 0},
    {PP_OP_MALLOC, A, 3000, 0}, /* calloc of many small parts */
    {PP_OP_FREE, A, 0, 0},
    {PP_OP_CALLOC, A, 1000, 3},
    {PP_OP_MALLOC, B, 900, 0},
    {PP_OP_REALLOC, B, 500, 0}, /* and was written beyond that */
    {PP_OP_FREE, B, 0, 0},
    {PP_OP_CALLOC, B, 100, 9},
    {PP_OP_DRAIN, A, 2, 1},
    {PP_OP_ALIGNED_ALLOC, A, 512, 512},
    {PP_OP_ALIGNED_ALLOC, B, 1024, 1024},
    {PP_OP_ALIGNED_ALLOC, C, 2048, 2048},
    {PP_OP_ALIGNED_ALLOC, D, 16, 8},
    {PP_OP_REALLOC, A, 3000, 0}, /* of an aligned block */
    {PP_OP_REALLOC, B, 40, 0},
    {PP_OP_DRAIN, A, 4, 1},
    {PP_OP_ALIGNED_ALLOC, A, 65536, 100}, /* small and over-aligned */
    {PP_OP_REALLOC, A, 200, 0},
    {PP_OP_FREE, A, 0, 0},
    {PP_OP_ALIGNED_ALLOC, A, 64, 4096},
    {PP_OP_ALIGNED_ALLOC, B, 64, 4096},
    {PP_OP_DRAIN, A, 2, 1},
    {PP_OP_POSIX_MEMALIGN, A, 256, 256},
    {PP_OP_POSIX_MEMALIGN, B, 512, 512},
    {PP_OP_POSIX_MEMALIGN, C, 16, 8},
    {PP_OP_POSIX_MEMALIGN, D, 64, 0},
    {PP_OP_REALLOC, A, 5000, 0},
    {PP_OP_DRAIN, A, 4, 1},
    /* Size, alignment and a header, of which any two may be had. */
    {PP_OP_POSIX_MEMALIGN, A, 4096, UINT64_MAX - 4096 - 20},
    {PP_OP_POSIX_MEMALIGN, A, HUGE_ABOVE, HUGE_ABOVE - 100},
    {PP_OP_FREE, A, 0, 0},
    {PP_OP_POSIX_MEMALIGN, A, 16, HUGE_ABOVE - 1}, /* that may be had */
    {PP_OP_FREE, A, 0, 0},
    {PP_OP_ALIGNED_ALLOC, A, 16, UINT64_MAX},
    /* Alignments that no address has. */
    {PP_OP_ALIGNED_ALLOC, A, UINT64_C(1) << 47, 100},
    {PP_OP_ALIGNED_ALLOC, A, HUGE_ABOVE, 64},
    {PP_OP_POSIX_MEMALIGN, A, UINT64_C(1) << 47, 100},
    {PP_OP_POSIX_MEMALIGN, A, HUGE_ABOVE, 64},
    {PP_OP_FREE, A, 0, 0},
    /* What the system may take back, and may not give again as it is. */
    {PP_OP_MALLOC, A, 300000, 0},
    {PP_OP_FREE, A, 0, 0},
    {PP_OP_CALLOC, A, 3, 100000},
    {PP_OP_FREE, A, 0, 0},
};

/* Little is live, and much is taken: for who never gives back. */
static const struct pp_op churn[] = {
    {PP_OP_BURST, A, 64, 60000},
    {PP_OP_DRAIN, A, 64, 1},
};

enum { CHURNS = 32 }; /* 128 MiB in all */

/* Beyond 1 MiB, where no request needs to be granted. */
static const struct pp_op large_openings[] = {
    {PP_OP_MALLOC, A, MIB(1) + 1, 0},
    {PP_OP_MALLOC, B, MIB(1) + 1, 0},
    {PP_OP_USABLE, A, 0, 0},
    {PP_OP_REALLOC, A, MIB(3), 0},
    {PP_OP_REALLOC, A, MIB(3) + 5000, 0},
    {PP_OP_USABLE, B, 0, 0},
    {PP_OP_REALLOC, B, 200, 0},
    {PP_OP_REALLOC, B, MIB(2), 0},
    {PP_OP_DRAIN, A, 2, 1},
    {PP_OP_CALLOC, A, 3000, 700},
    {PP_OP_POSIX_MEMALIGN, B, 65536, MIB(2)},
    {PP_OP_REALLOC, B, MIB(4), 0},
    {PP_OP_MALLOC, C, MIB(16), 0},
    {PP_OP_MALLOC, D, MIB(16) + 1000, 0},
    {PP_OP_REALLOC, D, MIB(32) + 1000, 0},
    {PP_OP_DRAIN, A, 4, 1},
};
/* clang-format on */

/* clang-format off */
/* The sources of a heap of CPython's family refuse, at each point where it
 * turns to them first; and an arena that is no multiple of its size. */
static const struct pp_op refusals[] = {
    {PP_OP_SYSTEM_FAIL, 0, 1, 0}, /* the vector of arenas */
    {PP_OP_MALLOC, A, 16, 0},
    {PP_OP_FREE, A, 0, 0},
    {PP_OP_ARENA_FAIL, 0, 1, 0},
    {PP_OP_MALLOC, A, 16, 0},
    {PP_OP_ARENA_FAIL, 0, 1, 0},
    {PP_OP_CALLOC, B, 2, 8},
    {PP_OP_ARENA_FAIL, 0, 1, 0},
    {PP_OP_REALLOC, C, 16, 0}, /* of null */
    {PP_OP_DRAIN, A, 3, 1},
    {PP_OP_ARENA_FAIL, 0, 0, 0}, /* what nobody asked for is forgotten */
    {PP_OP_SYSTEM_FAIL, 0, 1, 0}, /* a node of the map */
    {PP_OP_MALLOC, A, 16, 0},
    {PP_OP_FREE, A, 0, 0},
    {PP_OP_SYSTEM_FAIL, 0, 0, 0},
    {PP_OP_ARENA_SKEW, 0, PP_SKEW_STEP, 0},
    {PP_OP_MALLOC, A, 16, 0},
    {PP_OP_FREE, A, 0, 0},
    {PP_OP_ARENA_SKEW, 0, 0, 0},
    {PP_OP_MALLOC, A, 600, 0}, /* a block of the system */
    {PP_OP_SYSTEM_FAIL, 0, 1, 0},
    {PP_OP_REALLOC, A, 0, 0},
    {PP_OP_SYSTEM_FAIL, 0, 1, 0},
    {PP_OP_REALLOC, A, 3000, 0},
    {PP_OP_FREE, A, 0, 0},
    {PP_OP_MALLOC, A, 16, 0}, /* a block of a pool */
    {PP_OP_SYSTEM_FAIL, 0, 1, 0},
    {PP_OP_REALLOC, A, 600, 0},
    {PP_OP_SYSTEM_FAIL, 0, 1, 0},
    {PP_OP_REALLOC, A, 0, 0},
    {PP_OP_FREE, A, 0, 0},
    {PP_OP_SYSTEM_FAIL, 0, 0, 0},
};
/* clang-format on */

/* What CPython's families have a call for. */
static bool family_has(enum pp_op_kind kind) {
  switch (kind) {
  case PP_OP_MALLOC:
  case PP_OP_CALLOC:
  case PP_OP_REALLOC:
  case PP_OP_FREE:
  case PP_OP_BURST:
  case PP_OP_DRAIN: return true;
  default: return false;
  }
}

static bool family_opening(struct pp_generator *generator, struct pp_op *op) {
  if (generator->edge < COUNT(refusals)) {
    *op = refusals[generator->edge++];
    return true;
  }
  while (generator->edge - COUNT(refusals) < COUNT(openings)) {
    *op = openings[generator->edge++ - COUNT(refusals)];
    if (family_has(op->kind)) return true;
  }
  return false;
}

/* Statements of a table, some times over. */
static bool of_table(const struct pp_op *table, size_t count, size_t times,
                     uint64_t index, struct pp_op *op) {
  if (index >= count * times) return false;
  *op = table[index % count];
  return true;
}

static bool open_all(uint64_t index, struct pp_op *op) {
  if (of_table(openings, COUNT(openings), 1, index, op)) return true;
  return of_table(more_openings, COUNT(more_openings), 1,
                  index - COUNT(openings), op);
}

static bool open_churn(uint64_t index, struct pp_op *op) {
  return of_table(churn, COUNT(churn), CHURNS, index, op);
}

static bool open_large(uint64_t index, struct pp_op *op) {
  return of_table(large_openings, COUNT(large_openings), 1, index, op);
}

bool pp_generate_opening(struct pp_generator *generator, struct pp_op *op) {
  static const struct {
    pp_opening *opening;
    uint64_t rounds, first; /* one round of so many */
  } parts[] = {{open_all, 1, 0},        {open_churn, 4, 2},
               {open_large, 2, 1},      {pp_opening_vector, 2, 1},
               {pp_opening_vast, 4, 1}, {pp_opening_walls, 4, 3},
               {pp_opening_crowd, 8, 7}};
  if (generator->options.profile != NULL) return family_opening(generator, op);
  for (; generator->part < COUNT(parts); generator->part++) {
    uint64_t round = generator->options.round % parts[generator->part].rounds;
    if (round == parts[generator->part].first &&
        parts[generator->part].opening(generator->edge, op)) {
      generator->edge++;
      return true;
    }
    generator->edge = 0;
  }
  return false;
}
