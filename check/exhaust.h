/* The exhaustive search: every state that a heap of a scaled-down geometry can
 * come to, and in each of them every operation, every free of every live
 * block, and every pattern of refusals by its sources (SPEC.md, "What exhaust
 * means by a state"). States are told apart up to the names of addresses.
 *
 * The search is breadth first, so what breaks a clause is met with a trace
 * than which none is shorter. Counts, numbers and traces do not depend on how
 * many processes share the work. */
#ifndef CHECK_EXHAUST_H
#define CHECK_EXHAUST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "check/op.h"
#include "poolproof/reference.h"

enum {
  PP_EXHAUST_ARENAS_MAX = 6,
  PP_EXHAUST_SYSTEM_MAX = 7,
  PP_EXHAUST_CHOSEN_MAX = 8,
  PP_EXHAUST_WHAT_MAX = 256
};

/* What is searched: the rules and sizes of a profile, and how much of the
 * world there is. A source that has given out everything refuses. */
struct pp_exhaust_geometry {
  char name[32]; /* for people */
  const struct pp_profile *profile;
  uint32_t classes;       /* those that are asked for, as bits */
  unsigned arenas;        /* that the arena source has */
  unsigned system_blocks; /* that the system source has for callers */
  /* Bytes that each arena starts past a multiple of the arena size; in
   * ascending order, so that none overlaps the next. */
  uint16_t skews[PP_EXHAUST_ARENAS_MAX];
};

/* The geometries for a profile, by default; *count of them. NULL when the
 * profile is too large to be searched. */
const struct pp_exhaust_geometry *
pp_exhaust_geometries(const struct pp_profile *profile, size_t *count);

/* Those of them with so many arenas and so many classes, 0 meaning any; where
 * none has just as many arenas, the first that has more, cut down. Answers how
 * many were chosen. */
size_t
pp_exhaust_choose(const struct pp_profile *profile, uint64_t arenas,
                  uint64_t classes,
                  struct pp_exhaust_geometry chosen[PP_EXHAUST_CHOSEN_MAX]);
unsigned pp_exhaust_classes(const struct pp_exhaust_geometry *geometry);

/* A profile as pp_profile_find has it, or one that was scaled down further,
 * for the search alone: its traces name it. */
const struct pp_profile *pp_exhaust_profile_find(const char *name);

enum pp_exhaust_end {
  PP_EXHAUST_FIXPOINT, /* every state was expanded, and none is new */
  PP_EXHAUST_DEPTH,    /* as deep as was asked for */
  PP_EXHAUST_MEMORY,   /* the bound on memory was met */
  PP_EXHAUST_INTERRUPTED,
  PP_EXHAUST_FOUND, /* a clause is broken */
  PP_EXHAUST_FAULT  /* our own: no process could be made, or one was lost, as
                       the finding's text says */
};

struct pp_exhaust_finding {
  enum pp_clause clause;
  uint64_t position; /* state << 32 | move << 16 | refusals: the least wins */
  char what[PP_EXHAUST_WHAT_MAX];
};

/* Plain data, as it is saved and resumed. */
struct pp_exhaust_progress {
  uint64_t states;
  uint64_t transitions;       /* operations performed, each with its refusals */
  uint64_t level_transitions; /* of these, before the level */
  uint64_t level_start;       /* first state of the level that is expanded */
  uint64_t level_end;
  uint64_t position; /* next state of the level to be expanded */
  uint64_t depth;    /* of the level, in operations from the start */
  uint64_t widest;   /* most states of one depth */
  uint64_t hidden;   /* the least link to a difference in nfp2lasta alone */
  double seconds;
  uint64_t evaluated[PP_CLAUSE_COUNT];
};

struct pp_exhaust_options {
  const struct pp_exhaust_geometry *geometry;
  /* The build that is searched; NULL: our own, at level object, and the whole
   * heap besides where it is new. With another, our own is asked beside it
   * after every operation. */
  const struct pp_reference *subject;
  unsigned jobs;
  uint64_t depth;  /* 0: until the fixpoint */
  uint64_t memory; /* bytes, at most */
  unsigned silence_seconds;
  const volatile int *stop; /* not 0: interrupted */
  /* Told now and then; may be NULL. */
  void (*on_progress)(void *ctx, const struct pp_exhaust_progress *progress);
  void *on_progress_ctx;
};

struct pp_exhaust_result {
  enum pp_exhaust_end end;
  struct pp_exhaust_progress progress;
  uint64_t memory; /* bytes touched, all processes together */
  struct pp_exhaust_finding finding;
  bool hidden;         /* found, and nothing in this geometry shows it */
  uint64_t operations; /* from the empty heap to the finding */
  struct pp_ops trace; /* of a finding; the caller's to free */
};

struct pp_exhaust;

/* NULL, with a sentence in `why`, when the search cannot be made. */
struct pp_exhaust *pp_exhaust_open(const struct pp_exhaust_options *options,
                                   char *why, size_t why_size);
void pp_exhaust_close(struct pp_exhaust *search);

/* Searches from where it is to the end. */
void pp_exhaust_run(struct pp_exhaust *search,
                    struct pp_exhaust_result *result);

/* Whether a file there could be written, with the reason in `why` if not: to
 * be asked before the search. */
bool pp_exhaust_can_save(const char *path, char *why, size_t why_size);

/* The search as a file, written whole or not at all. Loading says in `why`
 * what is wrong with a file that is not one of this very search. */
bool pp_exhaust_save(struct pp_exhaust *search, const char *path, char *why,
                     size_t why_size);
bool pp_exhaust_load(struct pp_exhaust *search, const char *path, char *why,
                     size_t why_size);

#endif
