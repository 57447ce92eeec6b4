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
    PP_LATITUDE_TAKEN(driver, API_06, address == NULL);
  }
  if (address != NULL) {
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
  pp_driver_enter(driver, PP_WHERE_BLOCK);
  uint64_t at = pp_contents_check_zero(address, pp_watched(size));
  unsigned found = at == PP_CONTENTS_SOUND ? 0 : address[at];
  pp_driver_enter(driver, PP_WHERE_ENGINE);
  PP_ORACLE(driver, API_09, at == PP_CONTENTS_SOUND,
            "byte %" PRIu64 " of block %" PRIu64 " from calloc is %02x", at, id,
            found);
}

void pp_drive_calloc(struct pp_driver *driver, uint64_t id, uint64_t count,
                     uint64_t size) {
  const struct pp_subject *calls = driver->calls;
  errno = 0;
  pp_driver_enter(driver, PP_WHERE_SUBJECT);
  void *address = calls->calloc(calls->ctx, count, size);
  int error = errno;
  pp_driver_enter(driver, PP_WHERE_ENGINE);
  void *twin = NULL;
  if (driver->twin != NULL) {
    twin = driver->twin_calls->calloc(driver->twin_calls->ctx, count, size);
  }
  answered(driver, id, address, twin);
  bool overflows = product_overflows(count, size);
  uint64_t bytes = overflows ? UINT64_MAX : count * size;
  enum pp_clause impossible = overflows ? PP_API_10 : PP_API_16;
  if (address == NULL) {
    if (bytes > 0) {
      pp_oracle_refused(driver, bytes, impossible, PP_API_19, error);
    }
    return;
  }
  if (bytes > PTRDIFF_MAX) {
    must_be_null(driver, impossible, count, size, address);
  }
  check_zeroed(driver, id, address, overflows ? 0 : bytes);
  admit(driver, id, address, twin, overflows ? 0 : bytes, 1);
}

static bool power_of_two(uint64_t number) {
  return number != 0 && (number & (number - 1)) == 0;
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
  }
  if (address != NULL) {
    admit(driver, id, address, NULL, size, valid ? alignment : 1);
  } else if (valid && size > 0 && alignment <= PP_SIZE_GRANTED) {
    pp_oracle_refused(driver, size, PP_API_23, PP_API_21, error);
  }
}

void pp_drive_memalign(struct pp_driver *driver, uint64_t id,
                       uint64_t alignment, uint64_t size) {
  const struct pp_subject *calls = driver->calls;
  void *const untouched = driver;
  void *words[3] = {untouched, untouched, untouched}; /* the middle one's */
  bool valid = power_of_two(alignment) && alignment % sizeof(void *) == 0;
  pp_driver_enter(driver, PP_WHERE_SUBJECT);
  int error = calls->posix_memalign(calls->ctx, &words[1], alignment, size);
  pp_driver_enter(driver, PP_WHERE_ENGINE);
  void *address = words[1];
  answered(driver, id, error == 0 ? address : NULL, NULL);
  PP_ORACLE(driver, API_40, words[0] == untouched,
            "the word before the out-parameter is now %p", words[0]);
  PP_ORACLE(driver, API_40, words[2] == untouched,
            "the word behind the out-parameter is now %p", words[2]);
  if (!valid) {
    PP_ORACLE(driver, API_26, error == EINVAL,
              "an alignment of %" PRIu64 " is answered by %d", alignment,
              error);
  } else if (size > PTRDIFF_MAX) {
    PP_ORACLE(driver, API_27, error == ENOMEM,
              "a size of %" PRIu64 " is answered by %d", size, error);
  } else if (error != 0 && pp_driver_was_refused(driver)) {
    pp_oracle_unserved(driver, error);
    PP_ORACLE(driver, API_27, error == ENOMEM,
              "a request that was refused memory is answered by %d", error);
  } else if (error != 0 && size <= PP_SIZE_GRANTED) {
    PP_ORACLE(driver, API_33, alignment > PP_SIZE_GRANTED,
              "a request of %" PRIu64 " bytes aligned to %" PRIu64
              " is answered by %d",
              size, alignment, error);
  }
  if (error != 0) {
    PP_ORACLE(driver, API_28, address == untouched,
              "a failed call wrote %p to the out-parameter", address);
  } else if (address != NULL) {
    admit(driver, id, address, NULL, size, valid ? alignment : 1);
  }
}
