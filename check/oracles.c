/* The oracles that hold for any malloc (SPEC.md, API): where a block may lie,
 * what it holds, when a request may be refused, and how much memory may be
 * held. They look at the model and at the process, never at the subject. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "check/driver.h"
#include "check/pages.h"

/* What is taken again at the end, at most: it is done for each trace, and a
 * trace may have a single block of which hardly anything was touched. */
#define AGAIN_MOST (UINT64_C(64) << 20)
#define AGAIN_SMALL (UINT64_C(4) << 20) /* of this in small blocks */
#define FOOTPRINT_FACTOR 8
#define FOOTPRINT_SLACK (UINT64_C(64) << 20)
#define BYSTANDER_BYTES ((size_t)1 << 16)
#define BYSTANDER_SERIAL UINT64_C(0x6279)
#define HEADER_BYTES UINT64_C(8)
/* Usable bytes behind a block that are written, at most. */
#define SLACK_WRITTEN UINT64_C(4096)

/* Alignments that are not found in the middle of what is mapped at once. */
#define ALIGNMENT_LARGE UINT64_C(65536)

/* The strictest alignment that any object has, and so any block needs. */
#define ALIGNMENT_MAX ((uint64_t) _Alignof(max_align_t))

static uint64_t alignment_needed(uint64_t size) {
  uint64_t alignment = ALIGNMENT_MAX;
  while (alignment > 1 && alignment > size)
    alignment /= 2;
  return alignment;
}

/* By the call that answers the block. */
static enum pp_clause clause_of_fitting(const struct pp_driver *driver) {
  if (driver->subject->profile != NULL) return PP_API_04;
  switch (driver->op->kind) {
  case PP_OP_CALLOC: return PP_API_61;
  case PP_OP_REALLOC:
  case PP_OP_REALLOCARRAY: return PP_API_62;
  default: return PP_API_04;
  }
}

/* Allocators place large alignments, and blocks that are no larger than what
 * they are aligned to, each in a way of its own. */
static enum pp_clause clause_of_alignment(const struct pp_driver *driver,
                                          uint64_t size, uint64_t alignment) {
  bool posix = driver->op->kind == PP_OP_POSIX_MEMALIGN;
  if (alignment >= ALIGNMENT_LARGE) return posix ? PP_API_55 : PP_API_52;
  if (size < alignment) return posix ? PP_API_54 : PP_API_51;
  if (size == alignment) return posix ? PP_API_53 : PP_API_50;
  return posix ? PP_API_25 : PP_API_23;
}

static void see_alignment(struct pp_driver *driver, enum pp_clause clause,
                          const void *address, uint64_t size,
                          uint64_t alignment) {
  driver->report->evaluated[clause]++;
  if (((uint64_t)(uintptr_t)address & (alignment - 1)) == 0) return;
  pp_driver_broken(driver, clause,
                   "block at %p of %" PRIu64
                   " bytes is not aligned to %" PRIu64,
                   address, size, alignment);
}

void pp_oracle_address(struct pp_driver *driver, const void *address,
                       uint64_t size, uint64_t alignment) {
  uint64_t at = (uint64_t)(uintptr_t)address;
  const struct pp_profile *profile = driver->subject->profile;
  uint64_t needed = alignment_needed(size);
  if (profile != NULL) {
    /* CPython before 3.7.4 aligned to 8 bytes, and was at fault (bpo-27987);
     * the profile says so, and BLOCK-01 holds it to that. */
    uint64_t step = UINT64_C(1) << profile->alignment_shift;
    if (needed > step) needed = step;
    PP_ORACLE(driver, BLOCK_01, (at & (step - 1)) == 0,
              "block at %p is not a multiple of %" PRIu64, address, step);
  } else {
    PP_LATITUDE_TAKEN(driver, API_05, (at & (ALIGNMENT_MAX - 1)) != 0,
                      "block at %p of %" PRIu64
                      " bytes is not aligned to %" PRIu64,
                      address, size, ALIGNMENT_MAX);
  }
  see_alignment(driver, clause_of_fitting(driver), address, size, needed);
  if (alignment <= 1) return;
  see_alignment(driver, clause_of_alignment(driver, size, alignment), address,
                size, alignment);
}

void pp_oracle_claim(struct pp_driver *driver, uint64_t id, const void *address,
                     uint64_t size, const struct pp_block *self) {
  bool nothing = size == 0 && driver->subject->profile == NULL;
  enum pp_clause clause = nothing ? PP_API_58 : PP_API_01;
  if (!driver->options.shadow) return;
  driver->report->evaluated[clause]++;
  if (driver->shared != NULL) driver->report->evaluated[PP_API_80]++;
  if (pp_driver_claim(driver, address, pp_watched(size))) return;
  const struct pp_block *other =
      pp_blocks_overlap(&driver->blocks, address, size, self);
  if (other == NULL && driver->shared != NULL) {
    pp_driver_broken(driver, PP_API_80,
                     "block %" PRIu64 " at %p of %" PRIu64
                     " bytes overlaps a block of another thread",
                     id, address, size);
    return;
  }
  if (other == NULL) {
    pp_driver_broken(driver, clause,
                     "block %" PRIu64 " at %p of %" PRIu64
                     " bytes reaches beyond the address space",
                     id, address, size);
    return;
  }
  pp_driver_broken(
      driver, clause,
      "block %" PRIu64 " at %p of %" PRIu64 " bytes overlaps block %" PRIu64
      " at %p of %" PRIu64 " bytes",
      id, address, size, other->id, (void *)other->address, other->extent);
}

void pp_oracle_unserved(struct pp_driver *driver, int error) {
  driver->report->refused.nulls++;
  driver->report->refused.silent += error != ENOMEM;
}

void pp_oracle_granted(struct pp_driver *driver, int error) {
  if (!driver->calls->sets_errno) return;
  PP_LATITUDE_TAKEN(driver, API_59, error != 0,
                    "a request that was granted left errno at %d", error);
}

void pp_oracle_refused(struct pp_driver *driver, uint64_t size,
                       enum pp_clause impossible, enum pp_clause errno_clause,
                       int error) {
  if (size > PTRDIFF_MAX) {
    driver->report->evaluated[impossible]++;
  } else if (pp_driver_was_refused(driver)) {
    pp_oracle_unserved(driver, error);
  } else if (driver->subject->profile == NULL && size <= PP_SIZE_GRANTED) {
    PP_ORACLE(driver, API_33, driver->blocks.bytes >= PP_LIVE_GRANTED,
              "a request of %" PRIu64 " bytes is refused while %" PRIu64
              " bytes are live",
              size, driver->blocks.bytes);
  }
  if (!driver->calls->sets_errno) return;
  driver->report->evaluated[errno_clause]++;
  if (error == ENOMEM) return;
  pp_driver_broken(driver, errno_clause,
                   "a request of %" PRIu64 " bytes failed with errno %d", size,
                   error);
}

/* ---- contents ---- */

void pp_contents_put(struct pp_driver *driver, uint8_t *address, uint64_t from,
                     uint64_t size, uint64_t serial) {
  size = pp_watched(size);
  if (driver->options.contents == PP_CONTENTS_NONE) return;
  pp_driver_enter(driver, PP_WHERE_BLOCK);
  if (driver->options.contents == PP_CONTENTS_FULL) {
    pp_contents_write(address, from, size, serial);
  } else if (size <= 2 * HEADER_BYTES) {
    /* All of it: of a larger block that it was, the middle is not written. */
    pp_contents_write(address, 0, size, serial);
  } else {
    pp_contents_write(address, 0, HEADER_BYTES, serial);
    pp_contents_write(address, size - HEADER_BYTES, size, serial);
  }
  driver->report->evaluated[PP_API_02]++;
  pp_driver_enter(driver, PP_WHERE_ENGINE);
}

static uint64_t unsound(struct pp_driver *driver, const struct pp_block *block,
                        uint64_t upto) {
  uint64_t size = pp_watched(block->size);
  if (upto > size) upto = size;
  if (driver->options.contents == PP_CONTENTS_FULL ||
      size <= 2 * HEADER_BYTES) {
    return pp_contents_check(block->address, 0, upto, block->serial);
  }
  uint64_t first = upto < HEADER_BYTES ? upto : HEADER_BYTES;
  uint64_t at = pp_contents_check(block->address, 0, first, block->serial);
  if (at != PP_CONTENTS_SOUND || upto < size) return at;
  return pp_contents_check(block->address, size - HEADER_BYTES, size,
                           block->serial);
}

void pp_oracle_contents(struct pp_driver *driver, const struct pp_block *block,
                        uint64_t upto, enum pp_clause clause) {
  if (driver->options.contents == PP_CONTENTS_NONE) return;
  driver->report->evaluated[clause]++;
  pp_driver_enter(driver, PP_WHERE_BLOCK);
  uint64_t at = unsound(driver, block, upto);
  if (at != PP_CONTENTS_SOUND) {
    unsigned found = block->address[at];
    pp_driver_enter(driver, PP_WHERE_ENGINE);
    pp_driver_broken(driver, clause,
                     "byte %" PRIu64 " of block %" PRIu64 " at %p (%" PRIu64
                     " bytes) is %02x and was written %02x",
                     at, block->id, (void *)block->address, block->size, found,
                     pp_contents_byte(at, block->serial));
  }
  pp_driver_enter(driver, PP_WHERE_ENGINE);
}

/* ---- usable bytes behind the request ---- */

/* Where the bytes begin that were written behind a block: at its end, or so
 * near to the end of its extent that a slack of any size costs the same. */
static uint64_t slack_begin(const struct pp_block *block) {
  uint64_t size = block->size;
  uint64_t extent = block->extent;
  return extent - size > SLACK_WRITTEN ? extent - SLACK_WRITTEN : size;
}

static bool has_slack(const struct pp_driver *driver,
                      const struct pp_block *block) {
  return driver->options.contents == PP_CONTENTS_FULL &&
         block->extent > block->size;
}

void pp_oracle_kept(struct pp_driver *driver, const struct pp_block *block) {
  pp_oracle_contents(driver, block, block->size, PP_API_03);
  if (!has_slack(driver, block)) return;
  driver->report->evaluated[PP_API_72]++;
  pp_driver_enter(driver, PP_WHERE_BLOCK);
  uint64_t at = pp_contents_check(block->address, slack_begin(block),
                                  block->extent, block->serial);
  pp_driver_enter(driver, PP_WHERE_ENGINE);
  if (at == PP_CONTENTS_SOUND) return;
  pp_driver_broken(driver, PP_API_72,
                   "byte %" PRIu64 " of block %" PRIu64 " at %p (%" PRIu64
                   " bytes, %" PRIu64 " usable) was written and has changed",
                   at, block->id, (void *)block->address, block->size,
                   block->extent);
}

void pp_oracle_usable(struct pp_driver *driver, struct pp_block *block,
                      uint64_t usable) {
  uint64_t from = block->extent == 0 ? 1 : block->extent;
  if (!driver->options.shadow) return;
  driver->report->evaluated[PP_API_73]++; /* also where there is no more */
  if (usable <= from || from != pp_watched(from)) return;
  usable = pp_watched(usable);
  if (!pp_driver_claim(driver, block->address + from, usable - from)) {
    const struct pp_block *other =
        pp_blocks_overlap(&driver->blocks, block->address, usable, block);
    pp_driver_broken(driver, PP_API_73,
                     "block %" PRIu64 " at %p is usable over %" PRIu64
                     " bytes and reaches into block %" PRIu64 " at %p",
                     block->id, (void *)block->address, usable,
                     other == NULL ? block->id : other->id,
                     other == NULL ? NULL : (void *)other->address);
    return;
  }
  block->extent = usable;
  if (!has_slack(driver, block)) return;
  pp_driver_enter(driver, PP_WHERE_BLOCK);
  pp_contents_write(block->address, slack_begin(block), usable, block->serial);
  pp_driver_enter(driver, PP_WHERE_ENGINE);
}

void pp_oracle_renew(struct pp_driver *driver, struct pp_block *block) {
  block->serial = ++driver->serial;
  pp_contents_put(driver, block->address, 0, block->size, block->serial);
  if (!has_slack(driver, block)) return;
  pp_driver_enter(driver, PP_WHERE_BLOCK);
  pp_contents_write(block->address, slack_begin(block), block->extent,
                    block->serial);
  pp_driver_enter(driver, PP_WHERE_ENGINE);
}

/* ---- memory held ---- */

uint64_t pp_resident(const struct pp_driver *driver) {
  char text[128];
  ssize_t length = pread(driver->statm, text, sizeof text - 1, 0);
  if (length <= 0) return 0;
  text[length] = '\0';
  char *end;
  strtoull(text, &end, 10); /* the first number is the address space */
  return strtoull(end, NULL, 10) * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* What of the memory is our own: claims, and the table of blocks. */
static uint64_t engine_resident(const struct pp_driver *driver) {
  return pp_shadow_resident(&driver->shadow) +
         (driver->blocks.mask + 1) * sizeof *driver->blocks.table;
}

void pp_oracle_footprint(struct pp_driver *driver) {
  if (driver->subject->profile != NULL) return;
  /* What may not be given back is not held for want of trying. */
  if (driver->options.refusals.which > PP_REFUSE_NONE) return;
  uint64_t now = pp_resident(driver);
  if (now == 0) {
    driver->report->unwatched = true; /* our descriptor is gone */
    return;
  }
  uint64_t held = now > driver->resident_base ? now - driver->resident_base : 0;
  uint64_t bound =
      FOOTPRINT_FACTOR * driver->blocks.peak_charged + FOOTPRINT_SLACK;
  if (held > bound) {
    uint64_t own = engine_resident(driver);
    held = held > own ? held - own : 0;
  }
  PP_ORACLE(driver, API_34, held <= bound,
            "%" PRIu64
            " bytes are resident, and the most that was live is %" PRIu64
            " bytes",
            held, driver->blocks.peak_charged);
}

/* Takes as much again as was ever live, first in small blocks and then in large
 * ones, and gives it back. The blocks hang together by their first words. */
static void allocate_again(struct pp_driver *driver) {
  enum { SMALL = 256, LARGE = 65536 };
  uint64_t wanted = driver->blocks.peak_bytes;
  if (wanted > AGAIN_MOST) wanted = AGAIN_MOST;
  void **chain = NULL;
  uint64_t got = 0;
  while (got + SMALL <= wanted) {
    bool large = got >= AGAIN_SMALL && got + LARGE <= wanted;
    pp_driver_enter(driver, PP_WHERE_SUBJECT);
    void **block =
        driver->calls->malloc(driver->calls->ctx, large ? LARGE : SMALL);
    pp_driver_enter(driver, PP_WHERE_BLOCK);
    if (block == NULL) break;
    *block = chain;
    chain = block;
    got += large ? LARGE : SMALL;
  }
  while (chain != NULL) {
    void **next = *chain;
    pp_driver_enter(driver, PP_WHERE_SUBJECT);
    driver->calls->free(driver->calls->ctx, chain);
    pp_driver_enter(driver, PP_WHERE_BLOCK);
    chain = next;
  }
  pp_driver_enter(driver, PP_WHERE_ENGINE);
  PP_ORACLE(driver, API_35, got + SMALL > wanted,
            "%" PRIu64 " bytes could be had again, and %" PRIu64
            " were live before",
            got, driver->blocks.peak_bytes);
}

void pp_oracle_end(struct pp_driver *driver) {
  const struct pp_blocks *blocks = &driver->blocks;
  for (size_t i = 0; i <= blocks->mask; i++) {
    const struct pp_block *block = &blocks->table[i];
    if (block->address == NULL) continue;
    pp_oracle_kept(driver, block);
  }
  if (driver->twin != NULL) pp_walk(driver);
  if (driver->subject->profile == NULL && blocks->count == 0) {
    allocate_again(driver);
  }
  pp_oracle_footprint(driver);
  uint64_t at = pp_contents_check(driver->bystander, 0, BYSTANDER_BYTES,
                                  BYSTANDER_SERIAL);
  PP_ORACLE(driver, API_40, at == PP_CONTENTS_SOUND,
            "byte %" PRIu64 " of memory that is not the allocator's changed",
            at);
}

void pp_oracle_close(struct pp_driver *driver) {
  pp_pages_free(driver->bystander, BYSTANDER_BYTES);
}

void pp_oracle_begin(struct pp_driver *driver) {
  driver->bystander = pp_pages(BYSTANDER_BYTES);
  pp_contents_write(driver->bystander, 0, BYSTANDER_BYTES, BYSTANDER_SERIAL);
}
