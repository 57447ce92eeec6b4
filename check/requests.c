/* Requests for a new block (SPEC.md, API): each calls the subject, and its
 * twin where it has one, holds the answer against what C and POSIX say, and
 * enters the block into the model. */
#include <errno.h>
#include <inttypes.h>

#include "check/driver.h"

static uint16_t bits_of(uint64_t alignment) {
  uint16_t bits = 0;
  while (alignment > 1) {
    alignment >>= 1;
    bits++;
  }
  return bits;
}

/* The block's first life: aligned, its own, and written all over. */
static void admit(struct pp_driver *driver, uint64_t id, void *address,
                  void *twin, uint64_t size, uint64_t alignment) {
  pp_oracle_address(driver, address, size, alignment);
  pp_oracle_claim(driver, id, address, size, NULL);
  struct pp_block block = {.id = id,
                           .address = address,
                           .twin = twin,
                           .size = size,
                           .extent = size,
                           .serial = ++driver->serial,
                           .domain = (uint16_t)driver->domain,
                           .alignment_bits = bits_of(alignment)};
  pp_contents_put(driver, block.address, 0, size, block.serial);
  pp_blocks_add(&driver->blocks, &block);
}

/* What every request ends with, granted or not. */
static void answered(struct pp_driver *driver, uint64_t id, void *address,
                     void *twin) {
  driver->report->operations++;
  if (driver->twin != NULL) {
    pp_lockstep_compare(driver, address, twin);
  }
  if (driver->options.on_block != NULL) {
    driver->options.on_block(driver->options.on_block_ctx, driver, id, address);
  }
}

static void must_be_null(struct pp_driver *driver, enum pp_clause clause,
                         uint64_t count, uint64_t size, void *address) {
  driver->report->evaluated[clause]++;
  pp_driver_broken(driver, clause,
                   "a request of %" PRIu64 " times %" PRIu64
                   " bytes answered %p",
                   count, size, address);
}

void pp_drive_malloc(struct pp_driver *driver, uint64_t id, uint64_t size) {
  const struct pp_subject *calls = driver->calls;
  errno = 0;
  pp_driver_enter(driver, PP_WHERE_SUBJECT);
  void *address = calls->malloc(calls->ctx, size);
  int error = errno;
  pp_driver_enter(driver, PP_WHERE_ENGINE);
  void *twin = NULL;
  if (driver->twin != NULL) {
    twin = driver->twin_calls->malloc(driver->twin_calls->ctx, size);
  }
  answered(driver, id, address, twin);
  if (size == 0 && driver->subject->profile == NULL) {
    PP_LATITUDE_TAKEN(driver, API_06, address == NULL,
                      "a request of zero bytes is null");
  }
  if (address != NULL) {
    pp_oracle_granted(driver, error);
    if (size > PTRDIFF_MAX) {
      must_be_null(driver, PP_API_15, 1, size, address);
    }
    admit(driver, id, address, twin, size, 1);
  } else if (size > 0) {
    pp_oracle_refused(driver, size, PP_API_15, PP_API_18, error);
  }
}

static bool product_overflows(uint64_t count, uint64_t size) {
  return size != 0 && count > UINT64_MAX / size;
}

static void check_zeroed(struct pp_driver *driver, uint64_t id,
                         const uint8_t *address, uint64_t size) {
  if (driver->options.contents == PP_CONTENTS_NONE) return;
  bool large = size >= PP_SIZE_LARGE && driver->subject->profile == NULL;
  enum pp_clause clause = large ? PP_API_63 : PP_API_09;
  driver->report->evaluated[clause]++;
  pp_driver_enter(driver, PP_WHERE_BLOCK);
  uint64_t at = pp_contents_check_zero(address, pp_watched(size));
  unsigned found = at == PP_CONTENTS_SOUND ? 0 : address[at];
  pp_driver_enter(driver, PP_WHERE_ENGINE);
  if (at == PP_CONTENTS_SOUND) return;
  pp_driver_broken(driver, clause,
                   "byte %" PRIu64 " of block %" PRIu64 " from calloc is %02x",
                   at, id, found);
}

/* A product that cannot be, by what is left of it in a size_t. */
static enum pp_clause clause_of_product(const struct pp_driver *driver,
                                        uint64_t count, uint64_t size) {
  if (!product_overflows(count, size)) return PP_API_16;
  if (driver->subject->profile != NULL) return PP_API_10;
  return count * size == 0 ? PP_API_42 : PP_API_10;
}

/* Nothing is asked for, and whoever divides by it crashes. */
static enum pp_clause stake_of_product(struct pp_driver *driver, uint64_t count,
                                       uint64_t size) {
  if (driver->subject->profile != NULL) return PP_HOLDS;
  if (count != 0 && size != 0) return PP_HOLDS;
  driver->report->evaluated[PP_API_64]++;
  return PP_API_64;
}

void pp_drive_calloc(struct pp_driver *driver, uint64_t id, uint64_t count,
                     uint64_t size) {
  const struct pp_subject *calls = driver->calls;
  pp_driver_enter_for(driver, stake_of_product(driver, count, size));
  errno = 0;
  void *address = calls->calloc(calls->ctx, count, size);
  int error = errno;
  pp_driver_leave(driver);
  void *twin = NULL;
  if (driver->twin != NULL) {
    twin = driver->twin_calls->calloc(driver->twin_calls->ctx, count, size);
  }
  answered(driver, id, address, twin);
  bool overflows = product_overflows(count, size);
  uint64_t bytes = overflows ? UINT64_MAX : count * size;
  enum pp_clause impossible = clause_of_product(driver, count, size);
  if (address == NULL) {
    if (bytes > 0) {
      pp_oracle_refused(driver, bytes, impossible,
                        overflows ? PP_API_43 : PP_API_19, error);
    }
    return;
  }
  pp_oracle_granted(driver, error);
  if (bytes > PTRDIFF_MAX) {
    must_be_null(driver, impossible, count, size, address);
  }
  check_zeroed(driver, id, address, overflows ? 0 : bytes);
  admit(driver, id, address, twin, overflows ? 0 : bytes, 1);
}

static bool power_of_two(uint64_t number) {
  return number != 0 && (number & (number - 1)) == 0;
}

/* What C11 asked of the size, and nobody asks any more. */
static void see_uneven(struct pp_driver *driver, enum pp_clause clause,
                       uint64_t alignment, uint64_t size, bool served) {
  if (size > PP_SIZE_GRANTED || alignment > PP_SIZE_GRANTED) return;
  if (size % alignment == 0) return;
  driver->report->evaluated[clause]++;
  if (served || driver->blocks.bytes >= PP_LIVE_GRANTED) return;
  if (pp_driver_was_refused(driver)) return;
  pp_driver_broken(driver, clause,
                   "a request of %" PRIu64 " bytes aligned to %" PRIu64
                   " is refused",
                   size, alignment);
}

void pp_drive_aligned(struct pp_driver *driver, uint64_t id, uint64_t alignment,
                      uint64_t size) {
  const struct pp_subject *calls = driver->calls;
  errno = 0;
  pp_driver_enter(driver, PP_WHERE_SUBJECT);
  void *address = calls->aligned_alloc(calls->ctx, alignment, size);
  int error = errno;
  pp_driver_enter(driver, PP_WHERE_ENGINE);
  answered(driver, id, address, NULL);
  bool valid = power_of_two(alignment);
  if (!valid) {
    PP_ORACLE(driver, API_24, address == NULL,
              "an alignment of %" PRIu64 " was served, at %p", alignment,
              address);
  } else if (alignment >= PP_ALIGNMENT_BEYOND) {
    PP_ORACLE(driver, API_56, address == NULL,
              "an alignment of %" PRIu64 " was served, at %p", alignment,
              address);
  } else {
    see_uneven(driver, PP_API_44, alignment, size, address != NULL);
  }
  if (address != NULL) {
    pp_oracle_granted(driver, error);
    if (size > PTRDIFF_MAX) {
      must_be_null(driver, PP_API_41, 1, size, address);
    }
    admit(driver, id, address, NULL, size, valid ? alignment : 1);
  } else if (valid && size > 0 && alignment <= PP_SIZE_GRANTED) {
    pp_oracle_refused(driver, size, PP_API_41, PP_API_21, error);
  }
}

/* What is no alignment, by what it is instead. */
static enum pp_clause clause_of_misfit(uint64_t alignment) {
  if (alignment == 0) return PP_API_48;
  return power_of_two(alignment) ? PP_API_49 : PP_API_26;
}

static void see_answer(struct pp_driver *driver, uint64_t alignment,
                       uint64_t size, int error) {
  if (!power_of_two(alignment) || alignment % sizeof(void *) != 0) {
    enum pp_clause clause = clause_of_misfit(alignment);
    driver->report->evaluated[clause]++;
    if (error == EINVAL) return;
    pp_driver_broken(driver, clause,
                     "an alignment of %" PRIu64 " is answered by %d", alignment,
                     error);
  } else if (alignment >= PP_ALIGNMENT_BEYOND) {
    PP_ORACLE(driver, API_57, error == ENOMEM || error == EINVAL,
              "an alignment of %" PRIu64 " is answered by %d", alignment,
              error);
  } else if (size > PTRDIFF_MAX) {
    PP_ORACLE(driver, API_27, error == ENOMEM,
              "a size of %" PRIu64 " is answered by %d", size, error);
  } else if (error != 0 && pp_driver_was_refused(driver)) {
    pp_oracle_unserved(driver, error);
    PP_ORACLE(driver, API_27, error == ENOMEM,
              "a request that was refused memory is answered by %d", error);
  } else {
    see_uneven(driver, PP_API_45, alignment, size, error == 0);
    if (error == 0 || size > PP_SIZE_GRANTED) return;
    PP_ORACLE(driver, API_33, alignment > PP_SIZE_GRANTED,
              "a request of %" PRIu64 " bytes aligned to %" PRIu64
              " is answered by %d",
              size, alignment, error);
  }
}

void pp_drive_memalign(struct pp_driver *driver, uint64_t id,
                       uint64_t alignment, uint64_t size) {
  const struct pp_subject *calls = driver->calls;
  void *const untouched = driver;
  void *words[3] = {untouched, untouched, untouched}; /* the middle one's */
  bool valid = power_of_two(alignment) && alignment % sizeof(void *) == 0;
  errno = 0;
  pp_driver_enter(driver, PP_WHERE_SUBJECT);
  int error = calls->posix_memalign(calls->ctx, &words[1], alignment, size);
  int left = errno;
  pp_driver_enter(driver, PP_WHERE_ENGINE);
  void *address = words[1];
  answered(driver, id, error == 0 ? address : NULL, NULL);
  PP_ORACLE(driver, API_40, words[0] == untouched,
            "the word before the out-parameter is now %p", words[0]);
  PP_ORACLE(driver, API_40, words[2] == untouched,
            "the word behind the out-parameter is now %p", words[2]);
  see_answer(driver, alignment, size, error);
  if (error != 0) {
    PP_LATITUDE_TAKEN(driver, API_60, left != 0,
                      "a call that answered %d left errno at %d", error, left);
    PP_ORACLE(driver, API_28, address == untouched,
              "a failed call wrote %p to the out-parameter", address);
    return;
  }
  pp_oracle_granted(driver, left);
  PP_ORACLE(driver, API_46, address != untouched,
            "a call that succeeded left the out-parameter alone");
  if (address == untouched) return;
  if (size > 0) {
    PP_ORACLE(driver, API_47, address != NULL,
              "a request of %" PRIu64 " bytes succeeded, and is null", size);
  }
  if (address == NULL) return;
  admit(driver, id, address, NULL, size, valid ? alignment : 1);
}
