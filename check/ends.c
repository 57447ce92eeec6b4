/* Calls that end a block's life, or change it (SPEC.md, API and REALLOC): the
 * free family, realloc and reallocarray, and the question for the usable
 * size. What the block held is looked at before the subject is called, so that
 * a byte that was lost earlier is not blamed on this call. */
#include <errno.h>
#include <inttypes.h>
#include <stddef.h>

#include "check/driver.h"

/* One free in this many looks at what the heap left in the dead block. */
enum { DEAD_SAMPLE = 16 };

/* An errno that no allocator sets. */
enum { ERRNO_KEPT = EDOM };

/* Null has no sizes: whatever is stated will do. */
static enum pp_op_kind null_freed_by(const struct pp_op *op) {
  bool sized =
      op->kind == PP_OP_FREE_SIZED || op->kind == PP_OP_FREE_ALIGNED_SIZED;
  return sized ? op->kind : PP_OP_FREE;
}

static enum pp_clause clause_of_null(enum pp_op_kind kind) {
  if (kind == PP_OP_FREE_SIZED) return PP_API_77;
  return kind == PP_OP_FREE_ALIGNED_SIZED ? PP_API_78 : PP_API_07;
}

static enum pp_clause clause_of_free(enum pp_op_kind kind,
                                     const struct pp_block *block) {
  if (block->address == NULL) return clause_of_null(kind);
  return kind == PP_OP_FREE ? PP_HOLDS : PP_API_32;
}

/* Whether it may go back to the system is known by the size. */
static enum pp_clause clause_of_errno(const struct pp_driver *driver,
                                      const struct pp_block *block) {
  if (driver->subject->profile != NULL) return PP_API_08;
  return block->size >= PP_SIZE_LARGE ? PP_API_79 : PP_API_08;
}

/* A sized free owes the sizes of the request; where the statement has others,
 * it is the plain free that is meant, for the fault would be the trace's. */
static enum pp_op_kind free_meant(const struct pp_op *op,
                                  const struct pp_block *block) {
  if (block->address == NULL) return null_freed_by(op);
  bool aligned = block->alignment_bits > 0;
  uint64_t alignment = UINT64_C(1) << block->alignment_bits;
  if (op->kind == PP_OP_FREE_SIZED && !aligned && op->a == block->size) {
    return op->kind;
  }
  if (op->kind == PP_OP_FREE_ALIGNED_SIZED && aligned && op->a == alignment &&
      op->b == block->size) {
    return op->kind;
  }
  return PP_OP_FREE;
}

/* The block is no longer in the model, and may be the null block. */
static void call_free(struct pp_driver *driver, const struct pp_op *op,
                      const struct pp_block *block) {
  const struct pp_subject *calls = driver->calls;
  enum pp_op_kind kind = free_meant(op, block);
  void *address = block->address;
  enum pp_clause stake = clause_of_free(kind, block);
  errno = ERRNO_KEPT;
  pp_driver_enter_for(driver, stake);
  if (kind == PP_OP_FREE_SIZED) {
    calls->free_sized(calls->ctx, address, op->a);
  } else if (kind == PP_OP_FREE_ALIGNED_SIZED) {
    calls->free_aligned_sized(calls->ctx, address, op->a, op->b);
  } else {
    calls->free(calls->ctx, address);
  }
  int error = errno;
  pp_driver_leave(driver);
  driver->report->operations++;
  if (stake != PP_HOLDS) driver->report->evaluated[stake]++;
  if (!calls->sets_errno) return;
  enum pp_clause keeping = clause_of_errno(driver, block);
  driver->report->evaluated[keeping]++;
  if (error == ERRNO_KEPT) return;
  pp_driver_broken(driver, keeping, "freeing %p changed errno from %d to %d",
                   address, ERRNO_KEPT, error);
}

/* A dead block in a pool keeps all but its first eight bytes. */
static void check_dead(struct pp_driver *driver, const struct pp_block *block) {
  const uint64_t link = sizeof(void *);
  if (driver->options.contents != PP_CONTENTS_FULL) return;
  if (block->serial % DEAD_SAMPLE != 0 || block->size <= link) return;
  uint32_t ordinal, offset;
  if (!pp_places_find(driver->places, block->address, &ordinal, &offset)) {
    return; /* from the system, or its arena is gone */
  }
  pp_driver_enter(driver, PP_WHERE_BLOCK);
  uint64_t at =
      pp_contents_check(block->address, link, block->size, block->serial);
  pp_driver_enter(driver, PP_WHERE_ENGINE);
  PP_ORACLE(driver, BLOCK_04, at == PP_CONTENTS_SOUND,
            "freeing block %" PRIu64 " changed its byte %" PRIu64, block->id,
            at);
}

static void free_null(struct pp_driver *driver, const struct pp_op *op) {
  static const struct pp_block null = {0};
  call_free(driver, op, &null);
  if (driver->twin != NULL) {
    driver->twin_calls->free(driver->twin_calls->ctx, NULL);
    pp_lockstep_sources(driver);
  }
}

static void free_block(struct pp_driver *driver, struct pp_block *entry,
                       const struct pp_op *op) {
  struct pp_block block = *entry;
  pp_oracle_kept(driver, &block);
  pp_driver_release(driver, &block);
  pp_blocks_remove(&driver->blocks, entry);
  call_free(driver, op, &block);
  if (driver->twin == NULL) return;
  driver->twin_calls->free(driver->twin_calls->ctx, block.twin);
  pp_lockstep_sources(driver);
  check_dead(driver, &block);
}

/* A block goes back to the family that it came from, whatever the trace says:
 * anything else would be the trace's fault and not the subject's. */
void pp_drive_free(struct pp_driver *driver, uint64_t id,
                   const struct pp_op *op) {
  struct pp_block *entry = pp_blocks_find(&driver->blocks, id);
  if (entry == NULL) {
    free_null(driver, op);
    return;
  }
  enum pp_domain domain = driver->domain;
  if (entry->domain != domain) pp_driver_domain(driver, entry->domain);
  free_block(driver, entry, op);
  if (driver->domain != domain) pp_driver_domain(driver, domain);
}

/* ---- realloc ---- */

/* What the clauses say is said of each of the two calls, and of products apart
 * that do not fit. */
struct clauses {
  enum pp_clause impossible, leaves, errno_set, of_null;
};

static struct clauses clauses_of(const struct pp_op *op, bool overflows) {
  static const struct clauses plain = {PP_API_17, PP_API_13, PP_API_20,
                                       PP_API_11};
  static const struct clauses array = {PP_API_65, PP_API_68, PP_API_22,
                                       PP_API_69};
  static const struct clauses wraps = {PP_API_29, PP_API_29, PP_API_67,
                                       PP_API_69};
  static const struct clauses vanishes = {PP_API_66, PP_API_29, PP_API_67,
                                          PP_API_69};
  if (op->kind != PP_OP_REALLOCARRAY) return plain;
  if (!overflows) return array;
  return op->a * op->b == 0 ? vanishes : wraps;
}

/* A failed call leaves the block as it was. */
static void stays(struct pp_driver *driver, struct pp_block *block,
                  uint64_t size, const struct clauses *clauses, int error) {
  if (block != NULL) {
    if (driver->shared != NULL)
      pp_oracle_claim(driver, block->id, block->address, block->extent, block);
    pp_oracle_contents(driver, block, block->size, clauses->leaves);
  }
  pp_oracle_refused(driver, size, clauses->impossible, clauses->errno_set,
                    error);
}

static bool is_over_aligned(const struct pp_block *block) {
  return UINT64_C(1) << block->alignment_bits > _Alignof(max_align_t);
}

/* The block is what it was up to the smaller size, and new behind it. */
static void moves(struct pp_driver *driver, struct pp_block *block,
                  uint8_t *address, void *twin, uint64_t size) {
  uint64_t kept = size < block->size ? size : block->size;
  pp_driver_let_go(driver, block, false);
  pp_oracle_claim(driver, block->id, address, size, block);
  pp_oracle_address(driver, address, size, 1);
  enum pp_clause keeps = is_over_aligned(block) ? PP_API_71 : PP_API_12;
  block->alignment_bits = 0; /* realloc promises none */
  block->address = address;
  block->twin = twin;
  pp_oracle_contents(driver, block, kept, keeps);
  pp_contents_put(driver, address, kept, size, block->serial);
  pp_blocks_resize(&driver->blocks, block, size);
  if (driver->calls->usable_size == NULL) return;
  pp_driver_enter(driver, PP_WHERE_SUBJECT);
  uint64_t usable = driver->calls->usable_size(driver->calls->ctx, address);
  pp_driver_enter(driver, PP_WHERE_ENGINE);
  PP_ORACLE(driver, API_76, usable >= size,
            "block %" PRIu64 " was reallocated to %" PRIu64
            " bytes and has a usable size of %" PRIu64,
            block->id, size, usable);
}

static void begins(struct pp_driver *driver, uint64_t id, uint8_t *address,
                   void *twin, uint64_t size, enum pp_clause of_null) {
  struct pp_block fresh = {.id = id,
                           .address = address,
                           .twin = twin,
                           .size = size,
                           .extent = size,
                           .serial = ++driver->serial,
                           .domain = (uint16_t)driver->domain};
  driver->report->evaluated[of_null]++;
  pp_oracle_address(driver, address, size, 1);
  pp_oracle_claim(driver, id, address, size, NULL);
  pp_contents_put(driver, address, 0, size, fresh.serial);
  pp_blocks_add(&driver->blocks, &fresh);
}

/* realloc to no bytes may free the block and answer NULL. */
static void vanishes(struct pp_driver *driver, struct pp_block *block) {
  pp_driver_let_go(driver, block, false);
  pp_blocks_remove(&driver->blocks, block);
}

/* Null was asked to become a block, and is null still: so would malloc have
 * answered. */
static void remains_null(struct pp_driver *driver, uint64_t size,
                         enum pp_clause of_null) {
  const struct pp_subject *calls = driver->calls;
  if (driver->subject->profile != NULL || size > PP_SIZE_GRANTED) return;
  if (pp_driver_was_refused(driver)) return;
  pp_driver_enter(driver, PP_WHERE_SUBJECT);
  void *block = calls->malloc(calls->ctx, size);
  if (block != NULL) calls->free(calls->ctx, block);
  pp_driver_enter(driver, PP_WHERE_ENGINE);
  driver->report->evaluated[of_null]++;
  if (block == NULL) return;
  pp_driver_broken(driver, of_null,
                   "%s of null to %" PRIu64 " bytes is null, and malloc of as "
                   "many is not",
                   pp_op_keywords[driver->op->kind], size);
}

struct answer {
  void *address;
  void *twin;
  int error;
};

/* What the two calls have in common once the subject answered. count is 1 for
 * realloc. */
static void settle(struct pp_driver *driver, uint64_t id, uint64_t size,
                   bool overflows, const struct answer *answer) {
  struct clauses clauses = clauses_of(driver->op, overflows);
  struct pp_block *block = pp_blocks_find(&driver->blocks, id);
  driver->report->operations++;
  if (driver->twin != NULL) {
    pp_lockstep_compare(driver, answer->address, answer->twin);
  }
  if (driver->options.on_block != NULL) {
    driver->options.on_block(driver->options.on_block_ctx, driver, id,
                             answer->address);
  }
  /* In CPython's family a null is a refusal, whatever the size. */
  bool may_vanish = size == 0 && driver->subject->profile == NULL;
  if (may_vanish && block != NULL) {
    PP_LATITUDE_TAKEN(driver, API_14, answer->address == NULL,
                      "block %" PRIu64 " was resized to nothing, and is null",
                      id);
  }
  if (answer->address == NULL) {
    if (block == NULL) remains_null(driver, size, clauses.of_null);
    if (!may_vanish) {
      stays(driver, block, size, &clauses, answer->error);
    } else if (block != NULL) {
      vanishes(driver, block);
    }
    return;
  }
  if (size > PTRDIFF_MAX) {
    driver->report->evaluated[clauses.impossible]++;
    pp_driver_broken(driver, clauses.impossible,
                     "%" PRIu64 " bytes are answered by %p", size,
                     answer->address);
  }
  pp_oracle_granted(driver, answer->error);
  if (block == NULL) {
    begins(driver, id, answer->address, answer->twin, overflows ? 0 : size,
           clauses.of_null);
  } else {
    moves(driver, block, answer->address, answer->twin, overflows ? 0 : size);
  }
}

/* The old block's contents are looked at, and the addresses handed on. */
static void *address_of(struct pp_driver *driver, uint64_t id, void **twin) {
  const struct pp_block *block = pp_blocks_find(&driver->blocks, id);
  *twin = NULL;
  if (block == NULL) return NULL;
  pp_oracle_kept(driver, block);
  pp_driver_let_go(driver, block, true);
  *twin = block->twin;
  return block->address;
}

static void reallocate(struct pp_driver *driver, uint64_t id, uint64_t size) {
  const struct pp_subject *calls = driver->calls;
  void *twin;
  void *address = address_of(driver, id, &twin);
  struct answer answer = {0};
  errno = 0;
  pp_driver_enter_for(driver, address == NULL ? PP_API_11 : PP_HOLDS);
  answer.address = calls->realloc(calls->ctx, address, size);
  answer.error = errno;
  pp_driver_leave(driver);
  if (driver->twin != NULL) {
    answer.twin =
        driver->twin_calls->realloc(driver->twin_calls->ctx, twin, size);
  }
  settle(driver, id, size, false, &answer);
}

void pp_drive_realloc(struct pp_driver *driver, uint64_t id, uint64_t size) {
  const struct pp_block *entry = pp_blocks_find(&driver->blocks, id);
  enum pp_domain domain = driver->domain;
  if (entry != NULL && entry->domain != domain) {
    pp_driver_domain(driver, entry->domain);
  }
  reallocate(driver, id, size);
  if (driver->domain != domain) pp_driver_domain(driver, domain);
}

/* Nothing is asked for, and whoever divides by it crashes; or there is nothing
 * yet. */
static enum pp_clause stake_of_array(struct pp_driver *driver,
                                     const void *address, uint64_t count,
                                     uint64_t size) {
  if (count == 0 || size == 0) {
    driver->report->evaluated[PP_API_70]++;
    return PP_API_70;
  }
  return address == NULL ? PP_API_69 : PP_HOLDS;
}

void pp_drive_reallocarray(struct pp_driver *driver, uint64_t id,
                           uint64_t count, uint64_t size) {
  const struct pp_subject *calls = driver->calls;
  void *twin;
  void *address = address_of(driver, id, &twin);
  bool overflows = size != 0 && count > UINT64_MAX / size;
  struct answer answer = {0};
  pp_driver_enter_for(driver, stake_of_array(driver, address, count, size));
  errno = 0;
  answer.address = calls->reallocarray(calls->ctx, address, count, size);
  answer.error = errno;
  pp_driver_leave(driver);
  settle(driver, id, overflows ? UINT64_MAX : count * size, overflows, &answer);
}

/* No statement asks for it: an ID without a block asks nothing. */
static void ask_of_null(struct pp_driver *driver) {
  const struct pp_subject *calls = driver->calls;
  if (driver->subject->profile != NULL) return;
  pp_driver_enter_for(driver, PP_API_74);
  uint64_t usable = calls->usable_size(calls->ctx, NULL);
  pp_driver_leave(driver);
  PP_ORACLE(driver, API_74, usable == 0, "null has a usable size of %" PRIu64,
            usable);
}

void pp_drive_usable(struct pp_driver *driver, uint64_t id) {
  const struct pp_subject *calls = driver->calls;
  struct pp_block *block = pp_blocks_find(&driver->blocks, id);
  if (block == NULL) return;
  ask_of_null(driver);
  pp_driver_enter(driver, PP_WHERE_SUBJECT);
  uint64_t usable = calls->usable_size(calls->ctx, block->address);
  uint64_t again = calls->usable_size(calls->ctx, block->address);
  pp_driver_enter(driver, PP_WHERE_ENGINE);
  driver->report->operations++;
  PP_ORACLE(driver, API_30, usable >= block->size,
            "block %" PRIu64 " of %" PRIu64
            " bytes has a usable size of %" PRIu64,
            block->id, block->size, usable);
  PP_ORACLE(driver, API_31, usable == again,
            "block %" PRIu64 " has a usable size of %" PRIu64
            ", then of %" PRIu64,
            block->id, usable, again);
  pp_oracle_contents(driver, block, block->size, PP_API_75);
  if (driver->subject->profile == NULL) {
    pp_oracle_usable(driver, block, usable);
  }
}
