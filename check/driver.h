/* The driver: performs the operations of a trace on a subject, with the model
 * and, for a heap of CPython's family, the twin beside it, and evaluates every
 * oracle on the way. There is one driver; tools differ in where operations
 * come from and in what they do with the report. */
#ifndef CHECK_DRIVER_H
#define CHECK_DRIVER_H

#include <setjmp.h>

#include "check/blocks.h"
#include "check/claims.h"
#include "check/contents.h"
#include "check/report.h"
#include "check/subject.h"
#include "check/threads.h"
#include "check/twin.h"

struct pp_driver;

struct pp_drive_options {
  enum pp_contents contents;
  /* Statements from one walk over all pools to the next; 0: only at the end. */
  uint64_t walk_interval;
  bool growth; /* of interpreters: containers get large, displays are made */
  bool shadow; /* claims on memory are kept; off only to time the rest */
  struct pp_refusals refusals;    /* of the memory that the subject asks for */
  struct pp_threads_plan threads; /* no statements, but what several do */
  /* Clauses that the subject is known and declared to break, or NULL. */
  const bool *declared;
  /* Clauses of latitude and of quality that decide, for they are promised; or
   * NULL. What is declared does not. */
  const bool *promised;
  /* Told of every block that was asked for; address is NULL when the request
   * failed. May be NULL. */
  void (*on_block)(void *ctx, const struct pp_driver *driver, uint64_t id,
                   const void *address);
  void *on_block_ctx;
};

struct pp_driver {
  const struct pp_loaded *subject;
  const struct pp_subject *calls;      /* of the current domain */
  const struct pp_subject *twin_calls; /* likewise, or NULL */
  enum pp_domain domain;
  struct pp_places *places;
  struct pp_twin *twin; /* NULL: not of the family, no lock-step */
  struct pp_drive_options options;
  struct pp_blocks blocks;
  struct pp_shadow shadow;
  struct pp_claims *shared; /* claims of all threads, instead; or NULL */
  struct pp_report *report;
  bool has_call[PP_OP_KIND_COUNT]; /* in the current domain */
  uint64_t until_walk;             /* statements, to the next of each */
  uint64_t until_footprint;
  uint32_t serial;         /* of the last request */
  uint64_t resident_base;  /* bytes resident before the trace */
  int statm;               /* /proc/self/statm, kept open */
  uint8_t *bystander;      /* memory that nobody but us may write */
  uint64_t refused_before; /* calls for memory, before the call under way */
  const struct pp_op *op;  /* the statement under way */
  uint64_t part;           /* which part of a burst or a drain */
  jmp_buf *stop;
};

/* The subject is loaded on these places; twin is NULL when it has no profile.
 * The driver does not own what it is given. */
void pp_driver_open(struct pp_driver *driver, const struct pp_loaded *subject,
                    struct pp_places *places, struct pp_twin *twin,
                    const struct pp_drive_options *options,
                    struct pp_report *report);
void pp_driver_close(struct pp_driver *driver);

/* As after open, for another trace: no block is live, and the subject may be
 * another heap. The blocks that were are forgotten, not freed. */
void pp_driver_again(struct pp_driver *driver);

/* Says in the report which clauses this run has oracles for; `level` is that
 * at which the reference watches, as the subject or as the twin. */
void pp_arm(struct pp_driver *driver, enum pp_level level);
/* The same for a run of several threads. */
void pp_arm_threads(const struct pp_loaded *subject,
                    const struct pp_drive_options *options,
                    struct pp_report *report);
/* Whether a clause is of the objects of an interpreter, and not of a heap. */
bool pp_armed_for_objects(enum pp_clause clause);

/* Performs all operations of the source, then the checks that belong to the
 * end of a trace. False when a clause was seen broken: report->finding. */
bool pp_drive(struct pp_driver *driver, struct pp_op_source *source);

/* The same for one statement, without the end. */
void pp_drive_op(struct pp_driver *driver, const struct pp_op *op);

/* ---- between the files of the driver ---- */

/* Whether a subject that does not keep the clause is at fault. */
static inline bool pp_driver_decides(const struct pp_drive_options *options,
                                     enum pp_clause clause) {
  if (options->declared != NULL && options->declared[clause]) return false;
  if (pp_strength_decides(pp_clause_texts[clause].strength)) return true;
  return options->promised != NULL && options->promised[clause];
}

/* Records a finding and stops the run; returns only when the clause does not
 * decide, and then it counts a deviation. */
void pp_driver_broken(struct pp_driver *driver, enum pp_clause clause,
                      const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Evaluates an oracle: counted always, a finding when the fact is false. */
#define PP_ORACLE(driver, clause, fact, ...)                         \
  do {                                                               \
    (driver)->report->evaluated[PP_##clause]++;                      \
    if (!(fact)) pp_driver_broken(driver, PP_##clause, __VA_ARGS__); \
  } while (0)

/* Where latitude is: evaluated, and a deviation when taken. */
#define PP_LATITUDE_TAKEN(driver, clause, taken, ...) \
  PP_ORACLE(driver, clause, !(taken), __VA_ARGS__)

static inline void pp_driver_enter(struct pp_driver *driver,
                                   enum pp_where where) {
  if (where == PP_WHERE_SUBJECT) {
    driver->refused_before = driver->report->refused.refused;
  }
  driver->report->where = where;
}

/* Whether the last call of the subject was refused memory: then it may fail,
 * whatever was asked for. */
static inline bool pp_driver_was_refused(const struct pp_driver *driver) {
  return driver->report->refused.refused != driver->refused_before;
}

/* Enters the subject for a call that may break this clause by crashing. */
static inline void pp_driver_enter_for(struct pp_driver *driver,
                                       enum pp_clause stake) {
  driver->report->stake = stake;
  pp_driver_enter(driver, PP_WHERE_SUBJECT);
}

static inline void pp_driver_leave(struct pp_driver *driver) {
  driver->report->where = PP_WHERE_ENGINE;
  driver->report->stake = PP_HOLDS;
}

/* The statements that follow call this family. */
void pp_driver_domain(struct pp_driver *driver, enum pp_domain domain);

/* requests.c: one call each. */
void pp_drive_malloc(struct pp_driver *driver, uint64_t id, uint64_t size);
void pp_drive_calloc(struct pp_driver *driver, uint64_t id, uint64_t count,
                     uint64_t size);
void pp_drive_aligned(struct pp_driver *driver, uint64_t id, uint64_t alignment,
                      uint64_t size);
void pp_drive_memalign(struct pp_driver *driver, uint64_t id,
                       uint64_t alignment, uint64_t size);
/* ends.c */
void pp_drive_realloc(struct pp_driver *driver, uint64_t id, uint64_t size);
void pp_drive_reallocarray(struct pp_driver *driver, uint64_t id,
                           uint64_t count, uint64_t size);
/* op->kind is one of the frees. */
void pp_drive_free(struct pp_driver *driver, uint64_t id,
                   const struct pp_op *op);
void pp_drive_usable(struct pp_driver *driver, uint64_t id);

/* oracles.c: what requests and ends have in common. */
void pp_oracle_address(struct pp_driver *driver, const void *address,
                       uint64_t size, uint64_t alignment);
void pp_oracle_claim(struct pp_driver *driver, uint64_t id, const void *address,
                     uint64_t size, const struct pp_block *self);
/* A call that succeeded left this errno behind, which was 0 before. */
void pp_oracle_granted(struct pp_driver *driver, int error);
void pp_oracle_refused(struct pp_driver *driver, uint64_t size,
                       enum pp_clause impossible, enum pp_clause errno_clause,
                       int error);
/* A request failed in whose call memory was refused, which is legal. */
void pp_oracle_unserved(struct pp_driver *driver, int error);
void pp_oracle_contents(struct pp_driver *driver, const struct pp_block *block,
                        uint64_t upto, enum pp_clause clause);
void pp_contents_put(struct pp_driver *driver, uint8_t *address, uint64_t from,
                     uint64_t size, uint64_t serial);
/* The whole block, with what was written behind it, before it is given up. */
void pp_oracle_kept(struct pp_driver *driver, const struct pp_block *block);
/* The block is usable so far, says the subject: it is claimed so far. */
void pp_oracle_usable(struct pp_driver *driver, struct pp_block *block,
                      uint64_t usable);
/* Writes the block anew, and all that is claimed behind it. */
void pp_oracle_renew(struct pp_driver *driver, struct pp_block *block);
/* At the end of a trace, and now and then. */
void pp_oracle_footprint(struct pp_driver *driver);
void pp_oracle_end(struct pp_driver *driver);
void pp_oracle_begin(struct pp_driver *driver);
void pp_oracle_close(struct pp_driver *driver);
uint64_t pp_resident(const struct pp_driver *driver);

/* Requests of up to this size must succeed (API-33). */
#define PP_SIZE_GRANTED (UINT64_C(1) << 20)
/* And while less is live. */
#define PP_LIVE_GRANTED (UINT64_C(512) << 20)

/* From here on allocators turn to the system (API-63, API-79). */
#define PP_SIZE_LARGE (UINT64_C(128) << 10)

/* Multiples of this and of more are beyond all addresses (API-56). */
#define PP_ALIGNMENT_BEYOND (UINT64_C(1) << PP_SHADOW_ADDRESS_BITS)

/* The bytes of a block that are claimed, written and read: all, but for blocks
 * so large that touching them would be the test of the machine. */
static inline uint64_t pp_watched(uint64_t size) {
  const uint64_t most = UINT64_C(1) << 22;
  return size < most ? size : most;
}

/* What the claims are kept in, where they are kept. */
static inline bool pp_driver_claim(struct pp_driver *driver,
                                   const void *address, uint64_t size) {
  if (driver->shared != NULL)
    return pp_claims_claim(driver->shared, address, size);
  return pp_shadow_claim(&driver->shadow, address, size);
}

static inline void pp_driver_release(struct pp_driver *driver,
                                     const struct pp_block *block) {
  uint64_t size = pp_watched(block->extent);
  if (!driver->options.shadow) return;
  if (driver->shared != NULL) {
    pp_claims_release(driver->shared, block->address, size);
  } else {
    pp_shadow_release(&driver->shadow, block->address, size);
  }
}

/* While a call may move a block, the block is nobody's: where there are other
 * threads, one of them may have its memory before the call comes back. So it is
 * released before the call there, and else behind it. */
static inline void pp_driver_let_go(struct pp_driver *driver,
                                    const struct pp_block *block, bool before) {
  if ((driver->shared != NULL) == before) pp_driver_release(driver, block);
}

/* lockstep.c: after each call, and over the whole heap. */
void pp_lockstep_compare(struct pp_driver *driver, const void *address,
                         const void *twin_address);
void pp_lockstep_sources(struct pp_driver *driver);
/* walk.c */
void pp_walk(struct pp_driver *driver);

#endif
