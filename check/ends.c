/* Calls that end a block's life, or change it (SPEC.md, API and REALLOC): the
 * free family, realloc and reallocarray, and the question for the usable
 * size. What the block held is looked at before the subject is called, so that
 * a byte that was lost earlier is not blamed on this call. */
#include <errno.h>
#include <inttypes.h>

#include "check/driver.h"

/* One free in this many looks at what the heap left in the dead block. */
enum { DEAD_SAMPLE = 16 };

/* An errno that no allocator sets. */
enum { ERRNO_KEPT = EDOM };

/* A sized free owes the sizes of the request; where the statement has others,
 * it is the plain free that is meant, for the fault would be the trace's. */
static enum pp_op_kind free_meant(const struct pp_op *op,
                                  const struct pp_block *block) {
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
  enum pp_clause stake = kind == PP_OP_FREE ? PP_HOLDS : PP_API_32;
  errno = ERRNO_KEPT;
  pp_driver_enter_for(driver, address == NULL ? PP_API_07 : stake);
  if (kind == PP_OP_FREE_SIZED) {
    calls->free_sized(calls->ctx, address, block->size);
  } else if (kind == PP_OP_FREE_ALIGNED_SIZED) {
    calls->free_aligned_sized(calls->ctx, address, op->a, block->size);
  } else {
    calls->free(calls->ctx, address);
  }
  int error = errno;
  pp_driver_leave(driver);
  driver->report->operations++;
  if (kind != PP_OP_FREE) driver->report->evaluated[PP_API_32]++;
  if (!calls->sets_errno) return;
  PP_ORACLE(driver, API_08, error == ERRNO_KEPT,
            "freeing %p changed errno from %d to %d", address, ERRNO_KEPT,
            error);
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
  driver->report->evaluated[PP_API_07]++;
}

static void free_block(struct pp_driver *driver, struct pp_block *entry,
                       const struct pp_op *op) {
  struct pp_block block = *entry;
  pp_oracle_kept(driver, &block);
  if (driver->options.shadow) {
    pp_shadow_release(&driver->shadow, block.address, pp_watched(block.extent));
  }
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

/* A failed call leaves the block as it was. */
static void stays(struct pp_driver *driver, struct pp_block *block,
                  uint64_t size, enum pp_clause impossible,
                  enum pp_clause errno_clause, int error) {
  if (block != NULL) {
    pp_oracle_contents(driver, block, block->size, PP_API_13);
  }
  pp_oracle_refused(driver, size, impossible, errno_clause, error);
}

/* The block is what it was up to the smaller size, and new behind it. */
static void moves(struct pp_driver *driver, struct pp_block *block,
                  uint8_t *address, void *twin, uint64_t size) {
  uint64_t kept = size < block->size ? size : block->size;
  if (driver->options.shadow) {
    pp_shadow_release(&driver->shadow, block->address,
                      pp_watched(block->extent));
  }
  pp_oracle_claim(driver, block->id, address, size, block);
  pp_oracle_address(driver, address, size, 1);
  block->alignment_bits = 0; /* realloc promises none */
  block->address = address;
  block->twin = twin;
  pp_oracle_contents(driver, block, kept, PP_API_12);
  pp_contents_put(driver, address, kept, size, block->serial);
  pp_blocks_resize(&driver->blocks, block, size);
  if (driver->calls->usable_size == NULL) return;
  pp_driver_enter(driver, PP_WHERE_SUBJECT);
  uint64_t usable = driver->calls->usable_size(driver->calls->ctx, address);
  pp_driver_enter(driver, PP_WHERE_ENGINE);
  PP_ORACLE(driver, API_30, usable >= size,
            "block %" PRIu64 " was reallocated to %" PRIu64
            " bytes and has a usable size of %" PRIu64,
            block->id, size, usable);
}

static void begins(struct pp_driver *driver, uint64_t id, uint8_t *address,
                   void *twin, uint64_t size) {
  struct pp_block fresh = {.id = id,
                           .address = address,
                           .twin = twin,
                           .size = size,
                           .extent = size,
                           .serial = ++driver->serial,
                           .domain = (uint16_t)driver->domain};
  driver->report->evaluated[PP_API_11]++;
  pp_oracle_address(driver, address, size, 1);
  pp_oracle_claim(driver, id, address, size, NULL);
  pp_contents_put(driver, address, 0, size, fresh.serial);
  pp_blocks_add(&driver->blocks, &fresh);
}

/* realloc to no bytes may free the block and answer NULL. */
static void vanishes(struct pp_driver *driver, struct pp_block *block) {
  if (driver->options.shadow) {
    pp_shadow_release(&driver->shadow, block->address,
                      pp_watched(block->extent));
  }
  pp_blocks_remove(&driver->blocks, block);
}

/* Null was asked to become a block, and is null still: so would malloc have
 * answered. */
static void remains_null(struct pp_driver *driver, uint64_t size) {
  const struct pp_subject *calls = driver->calls;
  if (driver->subject->profile != NULL || size > PP_SIZE_GRANTED) return;
  if (pp_driver_was_refused(driver)) return;
  pp_driver_enter(driver, PP_WHERE_SUBJECT);
  void *block = calls->malloc(calls->ctx, size);
  if (block != NULL) calls->free(calls->ctx, block);
  pp_driver_enter(driver, PP_WHERE_ENGINE);
  PP_ORACLE(driver, API_11, block == NULL,
            "realloc of null to %" PRIu64 " bytes is null, and malloc of as "
            "many is not",
            size);
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
  bool array = driver->op->kind == PP_OP_REALLOCARRAY;
  enum pp_clause impossible = overflows ? PP_API_29 : PP_API_17;
  enum pp_clause errno_clause = array ? PP_API_22 : PP_API_20;
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
    PP_LATITUDE_TAKEN(driver, API_14, answer->address == NULL);
  }
  if (answer->address == NULL) {
    if (block == NULL && !array) remains_null(driver, size);
    if (!may_vanish) {
      stays(driver, block, size, impossible, errno_clause, answer->error);
    } else if (block != NULL) {
      vanishes(driver, block);
    }
    return;
  }
  if (size > PTRDIFF_MAX) {
    driver->report->evaluated[impossible]++;
    pp_driver_broken(driver, impossible, "%" PRIu64 " bytes are answered by %p",
                     size, answer->address);
  }
  if (block == NULL) {
    begins(driver, id, answer->address, answer->twin, overflows ? 0 : size);
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

void pp_drive_reallocarray(struct pp_driver *driver, uint64_t id,
                           uint64_t count, uint64_t size) {
  const struct pp_subject *calls = driver->calls;
  void *twin;
  void *address = address_of(driver, id, &twin);
  bool overflows = size != 0 && count > UINT64_MAX / size;
  struct answer answer = {0};
  errno = 0;
  pp_driver_enter(driver, PP_WHERE_SUBJECT);
  answer.address = calls->reallocarray(calls->ctx, address, count, size);
  answer.error = errno;
  pp_driver_enter(driver, PP_WHERE_ENGINE);
  settle(driver, id, overflows ? UINT64_MAX : count * size, overflows, &answer);
}

void pp_drive_usable(struct pp_driver *driver, uint64_t id) {
  const struct pp_subject *calls = driver->calls;
  struct pp_block *block = pp_blocks_find(&driver->blocks, id);
  if (block == NULL) return;
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
  if (driver->subject->profile == NULL) {
    pp_oracle_usable(driver, block, usable);
  }
}
