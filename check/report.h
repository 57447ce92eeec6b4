/* What a worker tells its parent: plain data in memory that both of them map.
 * The parent believes nothing else that a worker says; what a subject writes
 * to its standard streams is noise, and how it ends is evidence. */
#ifndef CHECK_REPORT_H
#define CHECK_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "check/op.h"
#include "check/refusals.h"
#include "poolproof/clause.h"

/* Where a worker is, so that a crash can be blamed. */
enum pp_where {
  PP_WHERE_START,
  PP_WHERE_LOADING, /* in the subject's loader and constructors */
  PP_WHERE_ENGINE,  /* in our own code */
  PP_WHERE_SUBJECT, /* in a call of the subject */
  PP_WHERE_BLOCK,   /* reading or writing a block that the subject gave */
  PP_WHERE_DONE     /* the run is over and the report complete */
};

enum { PP_WHAT_MAX = 640, PP_WHY_MAX = 512 };

/* In how much two interpreters agreed (SPEC.md, GRAPH): requests for memory;
 * values that a statement made, compared in every field; graphs, which are
 * full collections that found garbage, after which all that is left was
 * compared; finalizers that ran, objects that they brought back, and callbacks,
 * in the same order; containers that grew to ten thousand items, and that
 * shrank from there to none; literals and comprehensions, by their size. */
/* clang-format off */
#define PP_AGREED(A)                    \
  A(REQUESTS, "requests")               \
  A(VALUES, "values")                   \
  A(GRAPHS, "graphs")                   \
  A(FINALIZERS, "finalizers")           \
  A(RESURRECTIONS, "resurrections")     \
  A(CALLBACKS, "callbacks")             \
  A(GROWTHS, "growth sequences")        \
  A(DISPLAYS, "displays")
/* clang-format on */

enum pp_agreed {
#define AGREED(kind, name) PP_AGREED_##kind,
  PP_AGREED(AGREED)
#undef AGREED
      PP_AGREED_COUNT
};

extern const char *const pp_agreed_names[PP_AGREED_COUNT];

/* The clause that was seen broken, and by what. */
struct pp_finding {
  enum pp_clause clause; /* PP_HOLDS: nothing was found */
  bool ours;     /* the reference or the engine broke it, not the subject */
  uint64_t step; /* statement of the trace, from 1 */
  uint64_t part; /* within a burst or a drain, from 0 */
  struct pp_op op;
  unsigned thread;        /* whose statement it is, from 1; 0: there is one */
  uint64_t turn;          /* of the threads, from 0 */
  char what[PP_WHAT_MAX]; /* the blocks involved, one sentence */
};

struct pp_report {
  volatile uint32_t where; /* enum pp_where */
  volatile uint32_t stake; /* the clause that a crash of the call under way
                              breaks; PP_HOLDS: no particular one */
  volatile uint64_t step;  /* statement under way, from 1 */
  volatile uint64_t ticks; /* changes as long as the worker makes progress */

  uint64_t operations; /* calls of the subject */
  uint64_t skipped;    /* statements that it has no call for */
  uint64_t evaluated[PP_CLAUSE_COUNT];
  uint64_t deviated[PP_CLAUSE_COUNT]; /* latitude taken, or declared */
  uint8_t armed[PP_CLAUSE_COUNT];     /* has an oracle in this run */
  uint64_t agreed[PP_AGREED_COUNT];
  uint64_t live_peak;     /* bytes that were out at once, at most */
  uint64_t blocks_peak;   /* of a program of objects: blocks likewise, */
  uint64_t blocks_left;   /* and those that were out at its end, */
  uint64_t live_left;     /* with their bytes */
  uint64_t resident_peak; /* bytes of the worker in memory, at most */
  uint64_t forks;         /* tried by threads, while others called */
  bool exhausted;         /* the host ran out of memory: no verdict */
  bool unwatched; /* the subject closed the output that it is watched by */

  struct pp_refused refused;

  int load_result; /* enum pp_load_result */
  char title[128];
  char version[32];
  char profile[16];
  char why[PP_WHY_MAX]; /* of a failed load */

  struct pp_finding finding;
};

#endif
