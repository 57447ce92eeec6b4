/* Generated histories: a trace is a function of a seed, of what the subject
 * can be asked, and of nothing else, so that the same seed gives the same
 * trace on every machine (SPEC.md, OPS-14).
 *
 * A history begins with the edges, each of them once, and goes on in phases of
 * growth, churn and shrinkage, each with its own mix of sizes and statements;
 * it ends with every block freed. */
#ifndef CHECK_GENERATE_H
#define CHECK_GENERATE_H

#include <stdbool.h>

#include "check/op.h"
#include "check/random.h"
#include "poolproof/reference.h"

/* Blocks are named 0 to PP_GENERATE_IDS - 1. */
#define PP_GENERATE_IDS 65536
/* Blocks of a burst, at most. */
#define PP_GENERATE_BURST 4096
/* But for one in the opening of some rounds, of more than 16 bits count. */
#define PP_GENERATE_CROWD 70000

struct pp_generate_options {
  uint64_t seed;
  uint64_t round;      /* an independent history for each */
  uint64_t operations; /* calls; the last phase may exceed it a little */
  /* Of the family: sizes gather at its edges, and domains, arena-skew and
   * refusals are in the mix. NULL: any malloc. */
  const struct pp_profile *profile;
};

/* How sizes are drawn within a phase. */
enum pp_size_mix {
  PP_SIZES_SMALL,         /* 1 to the small limit */
  PP_SIZES_CLASS,         /* one class */
  PP_SIZES_PAIR,          /* two classes in turn */
  PP_SIZES_LARGE_CLASSES, /* the upper half of the classes */
  PP_SIZES_EDGES,         /* next to class, page, pool and arena edges */
  PP_SIZES_WIDE,          /* every magnitude up to 1 MiB, few up to 32 */
  PP_SIZES_COUNT
};

struct pp_generator {
  struct pp_op_source source; /* first: is the source */
  struct pp_generate_options options;
  struct pp_random random;
  uint64_t emitted; /* calls so far; of any malloc, without the opening's */
  /* Blocks of more than 1 MiB are in the mix: in every other round, for what
   * was live at most bounds what may be resident, and is low in the others. */
  bool large;
  bool over;

  /* IDs by the generator's own reckoning, in which no request is refused: a
   * permutation with the live ones first, and its inverse. */
  uint32_t *ids;
  uint32_t *position;
  uint64_t *sizes; /* of each live ID */
  uint64_t *taken; /* when it was taken */
  uint8_t *origin; /* how: 0, PP_ORIGIN_OTHER, or the bits of an alignment */
  uint32_t live_count;
  uint64_t live_bytes;

  /* The phase under way. */
  enum {
    PP_PHASE_EDGES,
    PP_PHASE_GROW,
    PP_PHASE_CHURN,
    PP_PHASE_SHRINK,
    PP_PHASE_END
  } phase;
  uint64_t phase_left; /* statements */
  uint32_t target;     /* live blocks to grow to, or shrink to */
  enum pp_size_mix mix;
  uint64_t size_a, size_b; /* of PP_SIZES_CLASS and PP_SIZES_PAIR */
  unsigned shrink_order;   /* random, oldest first, newest first */
  unsigned weight_realloc, weight_calloc, weight_aligned, weight_odd;
  uint32_t part, edge; /* progress through the edges */
  struct pp_op after;  /* the statement that comes next, if any: a free */
};

/* An aligned block that no sized free is meant for. */
#define PP_ORIGIN_OTHER UINT8_MAX

/* Where so much is live, what is asked for next is small: at most 1 KiB, of any
 * malloc. A burst that was begun before is not cut short. */
#define PP_GENERATE_BYTES (UINT64_C(128) << 20)

void pp_generator_open(struct pp_generator *generator,
                       const struct pp_generate_options *options);
void pp_generator_close(struct pp_generator *generator);

/* sizes.c: a size of the current mix, and one next to an edge. */
uint64_t pp_generate_size(struct pp_generator *generator);
uint64_t pp_generate_edge(struct pp_generator *generator);
/* A size for a block that has `former` bytes now: that wished for, or less. */
uint64_t pp_generate_at_most(const struct pp_generator *generator,
                             uint64_t wished, uint64_t former);

/* Whether the heap is of a scaled-down profile; and how many blocks are live at
 * once, at most. Scaled down that is so many arenas of the largest class:
 * enough for their vector to grow twice, and few enough to look at all of them
 * after each statement. */
bool pp_generate_is_scaled(const struct pp_generator *generator);
uint64_t pp_generate_live_most(const struct pp_generator *generator);

/* edges.c: the next statement of the opening; false when there is none. */
bool pp_generate_opening(struct pp_generator *generator, struct pp_op *op);

#endif
