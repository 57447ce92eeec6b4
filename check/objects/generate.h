/* Generated programs of objects: a trace is a function of a seed and of nothing
 * else (SPEC.md, OPS-14), weighted towards where objects change their ways:
 * the edges of what is shared, of growth, of free lists, of nesting, and of the
 * collector.
 *
 * It keeps no graph. What it remembers of an ID is what was last made for it,
 * so some statements ask for what cannot be had, which is as well. */
#ifndef CHECK_OBJECTS_GENERATE_H
#define CHECK_OBJECTS_GENERATE_H

#include <stdbool.h>

#include "check/op.h"
#include "check/random.h"
#include "poolproof/objects.h"

enum {
  PP_OBJECT_IDS = 4096,
  PP_PLANNED_MAX = 512 /* statements that belong together */
};

/* What a program is about. */
enum pp_object_history {
  PP_HISTORY_MIXED,  /* all, in stretches */
  PP_HISTORY_GRAPHS, /* built, let go and collected, one after the other */
  PP_HISTORY_VALUES, /* made of values, and those of values */
  PP_HISTORY_GROWTH  /* each kind of container, from nothing to many items */
};

/* Items of a container that has grown, and is to shrink. */
#define PP_GROWN UINT64_C(10000)

struct pp_object_generate_options {
  uint64_t seed;
  uint64_t round;
  uint64_t operations;
  enum pp_object_history history;
  bool compared; /* with a CPython: no memory is refused */
};

/* What a stretch of the program is about. */
enum pp_theme {
  PP_THEME_VALUES,
  PP_THEME_TEXT,
  PP_THEME_LISTS,
  PP_THEME_ARRAYS,
  PP_THEME_DICTS,
  PP_THEME_SETS,
  PP_THEME_GRAPH,
  PP_THEME_DEEP,
  PP_THEME_KEPT, /* free lists: many are made, and die */
  PP_THEME_WEAK,
  PP_THEME_COLLECTOR,
  PP_THEME_COUNT
};

struct pp_object_generator {
  struct pp_op_source source; /* first: is the source */
  struct pp_object_generate_options options;
  struct pp_random random;
  uint64_t emitted;
  uint32_t opening; /* progress through the edges */
  uint32_t run;     /* and through the short runs behind them */
  enum pp_theme theme;
  uint64_t theme_left;
  bool begun;                  /* the first stretch was */
  uint32_t ids;                /* in use by this theme: 0 to ids - 1 */
  uint32_t favourite;          /* a container that grows */
  uint8_t type[PP_OBJECT_IDS]; /* of what was last made; PP_TYPE_NONE: no one */
  uint32_t length[PP_OBJECT_IDS];
  struct pp_op planned[PP_PLANNED_MAX];
  uint32_t chain_left; /* statements of one that is longer than any plan */
  bool chained;        /* there was such a chain */
  unsigned planned_count;
  unsigned planned_next;
  uint32_t sequence; /* of growth: which, */
  uint64_t step;     /* how far, */
  uint64_t items;    /* to how many items, */
  bool shrinking;    /* or back */
};

void pp_object_generator_open(struct pp_object_generator *generator,
                              const struct pp_object_generate_options *options);

/* ---- between the files of the generator ---- */

static inline struct pp_op pp_statement(enum pp_op_kind kind, uint64_t id,
                                        uint64_t a, uint64_t b) {
  return (struct pp_op){.kind = kind, .id = id, .a = a, .b = b};
}

static inline uint64_t pp_below(struct pp_object_generator *g, uint64_t limit) {
  return pp_random_below(&g->random, limit);
}

static inline void pp_plan(struct pp_object_generator *g, struct pp_op op) {
  if (g->planned_count < PP_PLANNED_MAX) g->planned[g->planned_count++] = op;
}

/* depths.c */
struct pp_op pp_generate_chain(struct pp_object_generator *generator);
struct pp_op pp_generate_depth(struct pp_object_generator *generator);
struct pp_op pp_generate_kept(struct pp_object_generator *generator);

/* graphs.c, growth.c: plan the next part of such a history; false: it was the
 * last. */
void pp_plan_graph(struct pp_object_generator *generator);
void pp_plan_value(struct pp_object_generator *generator);
bool pp_plan_growth(struct pp_object_generator *generator);

/* runs.c: plans the next short run of growth; false: there is none. */
bool pp_plan_run(struct pp_object_generator *generator);

/* values.c: a statement that makes a plain value for this ID. */
struct pp_op pp_generate_value(struct pp_object_generator *generator,
                               uint32_t id);
/* The same for a value that may be a key. */
struct pp_op pp_generate_key(struct pp_object_generator *generator,
                             uint32_t id);
/* The next statement of the opening; false when there is none. */
bool pp_generate_object_opening(struct pp_object_generator *generator,
                                struct pp_op *op);

#endif
