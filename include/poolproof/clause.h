/* The clauses of SPEC.md as a program sees them: one id, one sentence, the
 * profiles it holds for and where the fact comes from. The list itself is
 * clauses.def; nothing else in the tree spells a clause out. */
#ifndef POOLPROOF_CLAUSE_H
#define POOLPROOF_CLAUSE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* PP_GEO_01 and so on; PP_HOLDS says that no clause is broken. */
enum pp_clause {
  PP_HOLDS = 0,
#define PP_CLAUSE(area, number, strength, profiles, source, sentence) \
  PP_##area##_##number,
#include "poolproof/clauses.def"
#undef PP_CLAUSE
  PP_CLAUSE_COUNT
};

/* MUST and BOUND decide the exit status; LATITUDE says that either behaviour
 * is legal, and QUALITY what one would like; what was met of the two is
 * reported as a deviation, and decides only where it is promised. */
enum pp_strength { PP_MUST, PP_BOUND, PP_LATITUDE, PP_QUALITY };

/* "must" and so on, indexed by enum pp_strength. */
extern const char *const pp_strength_names[];

/* Whether it decides where nothing is promised. */
static inline int pp_strength_decides(enum pp_strength strength) {
  return strength == PP_MUST || strength == PP_BOUND;
}

struct pp_clause_text {
  const char *id;   /* "POOL-05" */
  const char *area; /* "POOL" */
  enum pp_strength strength;
  uint32_t profiles;    /* bit i: holds for profile i; 0: for any subject */
  const char *source;   /* where the fact was measured, or comes from */
  const char *sentence; /* as in SPEC.md, word for word */
};

/* Indexed by enum pp_clause; entry 0 has the id "none". */
extern const struct pp_clause_text pp_clause_texts[PP_CLAUSE_COUNT];

/* The clause with this id ("POOL-05", any case), or PP_HOLDS. */
enum pp_clause pp_clause_find(const char *id);

#ifdef __cplusplus
}
#endif

#endif
