/* Assertions speak in clauses. Three verbs say whose duty a fact is, and a
 * fourth is how predicates answer. One fact each; every evaluation is counted
 * under its clause, at whatever mark on the dial (levels.h) it is armed. */
#ifndef REFERENCE_ASSERTIONS_H
#define REFERENCE_ASSERTIONS_H

#include "poolproof/reference.h"
#include "reference/levels.h"

#define PP_TEXT_(x) #x
#define PP_TEXT(x) PP_TEXT_(x)
#define PP_HERE(fact) __FILE__ ":" PP_TEXT(__LINE__) ": " #fact

#define PP_ASSERT_(mark, witness, clause, fact)                            \
  do {                                                                     \
    if (PP_LEVEL_NUMBER >= (mark)) {                                       \
      (witness)->evaluated[PP_##clause]++;                                 \
      if (!(fact)) (witness)->broken(witness, PP_##clause, PP_HERE(fact)); \
    }                                                                      \
  } while (0)

/* What the caller owes us. */
#define PP_REQUIRE(witness, clause, fact) \
  PP_ASSERT_(PP_MARK_CHEAP, witness, clause, fact)

/* What we owe. */
#define PP_ENSURE(witness, clause, fact) \
  PP_ASSERT_(PP_MARK_CHEAP, witness, clause, fact)

/* What we owe, where finding out costs more than the operation itself. */
#define PP_ENSURE_SLOWLY(witness, clause, fact) \
  PP_ASSERT_(PP_MARK_OBJECT, witness, clause, fact)

/* A whole object, by its predicate, from this mark on. */
#define PP_CHECK(mark, witness, predicate)                          \
  do {                                                              \
    if (PP_LEVEL_NUMBER >= (mark)) {                                \
      enum pp_clause pp_answer_ = (predicate);                      \
      if (pp_answer_ != PP_HOLDS)                                   \
        (witness)->broken(witness, pp_answer_, PP_HERE(predicate)); \
    }                                                               \
  } while (0)

/* In a predicate: a fact, or the predicate's answer is this clause. */
#define PP_FACT(witness, clause, fact)   \
  do {                                   \
    (witness)->evaluated[PP_##clause]++; \
    if (!(fact)) return PP_##clause;     \
  } while (0)

/* In a predicate: another predicate, whose answer is ours if it has one. */
#define PP_PART(predicate)                         \
  do {                                             \
    enum pp_clause pp_answer_ = (predicate);       \
    if (pp_answer_ != PP_HOLDS) return pp_answer_; \
  } while (0)

#endif
