/* The pattern in live blocks (SPEC.md, API-02, API-03, API-09, API-12). The
 * word at offset 8i is serial * A + i * B + C, which a compiler turns into
 * vector code; bytes outside of whole words are cut from the same words. No
 * word of the pattern is zero in practice, so memory that was zeroed shows. */
#include "check/contents.h"

#include <string.h>

#define WORD sizeof(uint64_t)
#define SERIAL_STEP UINT64_C(0x9e3779b97f4a7c15)
#define OFFSET_STEP UINT64_C(0x0123456789abcdef)
#define ORIGIN UINT64_C(0xa5c3e17b5d2f9681)

static uint64_t word_at(uint64_t index, uint64_t serial) {
  return serial * SERIAL_STEP + index * OFFSET_STEP + ORIGIN;
}

uint8_t pp_contents_byte(uint64_t offset, uint64_t serial) {
  uint64_t word = word_at(offset / WORD, serial);
  return (uint8_t)(word >> offset % WORD * 8);
}

/* The pattern's eight bytes from any offset on. */
static uint64_t bytes_at(uint64_t offset, uint64_t serial) {
  unsigned cut = (unsigned)(offset % WORD * 8);
  uint64_t low = word_at(offset / WORD, serial);
  if (cut == 0) return low;
  return low >> cut | word_at(offset / WORD + 1, serial) << (64 - cut);
}

/* The loops over whole words are most of what a run does, and checks at each
 * word half of the time under sanitizers: they see the words as a whole. */
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>

#define SEEN_AS_A_WHOLE __attribute__((no_sanitize("address,undefined")))

static void see(const uint8_t *block, uint64_t size) {
  const volatile char *wrong =
      __asan_region_is_poisoned((void *)(uintptr_t)block, size);
  if (wrong != NULL) (void)*wrong; /* which is reported */
}
#else
#define SEEN_AS_A_WHOLE
#endif

SEEN_AS_A_WHOLE
static void write_words(uint8_t *block, uint64_t first, uint64_t count,
                        uint64_t serial) {
#ifdef __SANITIZE_ADDRESS__
  see(block, count * WORD);
#endif
  uint64_t word = word_at(first, serial);
  for (uint64_t i = 0; i < count; i++) {
    memcpy(block + i * WORD, &word, WORD);
    word += OFFSET_STEP;
  }
}

SEEN_AS_A_WHOLE
static uint64_t differing_words(const uint8_t *block, uint64_t first,
                                uint64_t count, uint64_t serial) {
#ifdef __SANITIZE_ADDRESS__
  see(block, count * WORD);
#endif
  uint64_t expected = word_at(first, serial);
  uint64_t difference = 0;
  for (uint64_t i = 0; i < count; i++) {
    uint64_t word;
    memcpy(&word, block + i * WORD, WORD);
    difference |= word ^ expected;
    expected += OFFSET_STEP;
  }
  return difference;
}

/* Fewer than eight bytes are left; where a word was written before them, the
 * last whole word may be written over its end. */
static void write_tail(uint8_t *block, uint64_t from, uint64_t at,
                       uint64_t size, uint64_t serial) {
  if (at >= from + WORD) {
    uint64_t word = bytes_at(size - WORD, serial);
    memcpy(block + size - WORD, &word, WORD);
    return;
  }
  for (; at < size; at++)
    block[at] = pp_contents_byte(at, serial);
}

void pp_contents_write(uint8_t *block, uint64_t from, uint64_t size,
                       uint64_t serial) {
  uint64_t at = from;
  while (at < size && at % WORD != 0) {
    block[at] = pp_contents_byte(at, serial);
    at++;
  }
  if (at >= size) return;
  uint64_t words = (size - at) / WORD;
  write_words(block + at, at / WORD, words, serial);
  at += words * WORD;
  if (at < size) write_tail(block, from, at, size, serial);
}

static uint64_t first_difference(const uint8_t *block, uint64_t from,
                                 uint64_t size, uint64_t serial) {
  for (uint64_t at = from; at < size; at++) {
    if (block[at] != pp_contents_byte(at, serial)) return at;
  }
  return PP_CONTENTS_SOUND;
}

uint64_t pp_contents_check(const uint8_t *block, uint64_t from, uint64_t size,
                           uint64_t serial) {
  uint64_t at = from;
  while (at < size && at % WORD != 0) {
    if (block[at] != pp_contents_byte(at, serial)) return at;
    at++;
  }
  if (at >= size) return PP_CONTENTS_SOUND;
  uint64_t words = (size - at) / WORD;
  uint64_t difference = differing_words(block + at, at / WORD, words, serial);
  uint64_t tail = at + words * WORD;
  if (tail < size && tail >= from + WORD) {
    uint64_t word;
    memcpy(&word, block + size - WORD, WORD);
    difference |= word ^ bytes_at(size - WORD, serial);
  } else {
    for (; tail < size; tail++) {
      difference |= (uint64_t)(block[tail] ^ pp_contents_byte(tail, serial));
    }
  }
  if (difference == 0) return PP_CONTENTS_SOUND;
  return first_difference(block, from, size, serial);
}

uint64_t pp_contents_check_zero(const uint8_t *block, uint64_t size) {
  uint64_t words = size / WORD;
  uint64_t seen = 0;
  for (uint64_t i = 0; i < words; i++) {
    uint64_t word;
    memcpy(&word, block + i * WORD, WORD);
    seen |= word;
  }
  for (uint64_t at = words * WORD; at < size; at++)
    seen |= block[at];
  if (seen == 0) return PP_CONTENTS_SOUND;
  uint64_t at = 0;
  while (at < size && block[at] == 0)
    at++;
  return at < size ? at : PP_CONTENTS_SOUND;
}
