/* The pattern in blocks, against single bytes (SPEC.md, API-02, API-03, API-09
 * and API-12): where it is written, and what of it is found to differ. */
#include <criterion/criterion.h>
#include <string.h>

#include "check/contents.h"
#include "check/pages.h"

enum { ROOM = 96, GUARD = 16 };

Test(API_12, pattern_is_written_where_it_is_said_and_nowhere_else) {
  uint8_t bytes[GUARD + ROOM + GUARD];
  uint8_t *block = bytes + GUARD;
  for (uint64_t from = 0; from <= 40; from++) {
    for (uint64_t size = from; size <= ROOM; size++) {
      memset(bytes, 0x5a, sizeof bytes);
      pp_contents_write(block, from, size, 7);
      for (size_t i = 0; i < sizeof bytes; i++) {
        uint64_t at = i - GUARD;
        bool written = i >= GUARD + from && i < GUARD + size;
        uint8_t expected = written ? pp_contents_byte(at, 7) : 0x5a;
        cr_assert_eq(bytes[i], expected, "[%zu, %zu): byte %zu", (size_t)from,
                     (size_t)size, (size_t)at);
      }
    }
  }
}

Test(API_12, first_byte_that_differs_is_told) {
  uint8_t block[ROOM];
  for (uint64_t from = 0; from <= 40; from += 3) {
    for (uint64_t size = from; size <= ROOM; size += 5) {
      pp_contents_write(block, 0, ROOM, 11);
      cr_assert_eq(pp_contents_check(block, from, size, 11), PP_CONTENTS_SOUND);
      for (uint64_t at = 0; at < ROOM; at++) {
        block[at] ^= 0x10;
        uint64_t told = at >= from && at < size ? at : PP_CONTENTS_SOUND;
        cr_assert_eq(pp_contents_check(block, from, size, 11), told);
        block[at] ^= 0x10;
      }
      if (size < from + 2) continue;
      block[size - 1] ^= 1;
      block[from] ^= 1;
      cr_assert_eq(pp_contents_check(block, from, size, 11), from);
    }
  }
}

Test(API_12, bytes_of_other_blocks_and_places_differ) {
  uint8_t block[ROOM];
  pp_contents_write(block, 0, ROOM, 1);
  cr_assert_neq(pp_contents_check(block, 0, ROOM, 2), PP_CONTENTS_SOUND);
  cr_assert_neq(pp_contents_check(block + 8, 0, ROOM - 8, 1),
                PP_CONTENTS_SOUND);
  for (uint64_t at = 0; at < ROOM; at++)
    cr_assert_eq(block[at], pp_contents_byte(at, 1));
  /* Some byte of each word is not zero, and few words are alike. */
  for (uint64_t word = 0; word + 1 < ROOM / 8; word++)
    cr_assert(memcmp(block + word * 8, block + word * 8 + 8, 8) != 0);
}

Test(API_09, first_byte_that_is_not_zero_is_told) {
  uint8_t block[ROOM] = {0};
  for (uint64_t size = 0; size <= ROOM; size++) {
    cr_assert_eq(pp_contents_check_zero(block, size), PP_CONTENTS_SOUND);
    for (uint64_t at = 0; at < ROOM; at++) {
      block[at] = 1;
      cr_assert_eq(pp_contents_check_zero(block, size),
                   at < size ? at : PP_CONTENTS_SOUND);
      block[at] = 0;
    }
    if (size < 2) continue;
    block[size - 1] = block[0] = 1;
    cr_assert_eq(pp_contents_check_zero(block, size), 0);
    block[size - 1] = block[0] = 0;
  }
}

/* Differences of whole words, in which no bit is as it was, or none is set. */
Test(API_12, words_that_are_inverted_or_zeroed_are_told) {
  uint8_t block[ROOM];
  for (uint64_t word = 0; word < ROOM; word += 8) {
    for (uint64_t size = word + 8; size <= ROOM; size++) {
      pp_contents_write(block, 0, ROOM, 3);
      for (uint64_t at = word; at < word + 8; at++)
        block[at] ^= 0xff;
      cr_assert_eq(pp_contents_check(block, 0, size, 3), word);
      memset(block + word, 0, 8);
      uint64_t told = pp_contents_check(block, 0, size, 3);
      cr_assert_geq(told, word);
      cr_assert_lt(told, word + 8);
    }
  }
  memset(block, 0, ROOM);
  cr_assert_eq(pp_contents_check(block, 0, 8, 3), 0);
  memset(block, 0xff, ROOM);
  for (uint64_t size = 1; size <= ROOM; size++)
    cr_assert_eq(pp_contents_check_zero(block, size), 0);
}

/* Blocks that begin and end where memory does. */
Test(API_12, nothing_beside_a_block_is_touched) {
  size_t page = pp_pages_guard();
  uint8_t *first = pp_pages(page);
  for (uint64_t from = 0; from <= 24; from++) {
    for (uint64_t size = from; size <= ROOM; size++) {
      uint8_t *const both[] = {first, first + page - size};
      for (int i = 0; i < 2; i++) {
        pp_contents_write(both[i], 0, from, 5);
        pp_contents_write(both[i], from, size, 5);
        cr_assert_eq(pp_contents_check(both[i], from, size, 5),
                     PP_CONTENTS_SOUND);
        cr_assert_eq(pp_contents_check(both[i], 0, size, 5), PP_CONTENTS_SOUND);
        memset(both[i], 0, size);
        cr_assert_eq(pp_contents_check_zero(both[i], size), PP_CONTENTS_SOUND);
      }
    }
  }
  pp_pages_free(first, page);
}

/* A word of the pattern. */
static uint64_t word_of(uint64_t index, uint64_t serial) {
  uint64_t word = 0;
  for (uint64_t i = 8; i > 0; i--)
    word = word << 8 | pp_contents_byte(8 * index + i - 1, serial);
  return word;
}

/* Words that go on otherwise than the pattern: as the first, back, or by steps
 * that are a little longer or shorter. */
Test(API_12, words_that_go_on_otherwise_are_told) {
  uint64_t words[8];
  uint64_t first = word_of(0, 9);
  uint64_t step = word_of(1, 9) - first;
  const uint64_t steps[] = {0, -step, step + 1, step - 1};
  for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
    for (uint64_t at = 0; at < 8; at++)
      words[at] = first + at * steps[i];
    for (uint64_t size = 16; size <= sizeof words; size++) {
      uint64_t told = pp_contents_check((uint8_t *)words, 0, size, 9);
      cr_assert_geq(told, 8);
      cr_assert_lt(told, 16);
    }
  }
}

/* What belongs elsewhere in the same block: a few bytes on, or many words. */
Test(API_12, bytes_that_moved_are_told) {
  static uint8_t whole[4096], block[512];
  pp_contents_write(whole, 0, sizeof whole, 9);
  for (uint64_t from = 0; from < 40; from++) {
    for (uint64_t origin = 0; origin < 2500; origin += 4) {
      if (origin == from) continue;
      memcpy(block + from, whole + origin, 64);
      uint64_t told = pp_contents_check(block, from, from + 64, 9);
      cr_assert_geq(told, from, "from %lu", (unsigned long)origin);
      cr_assert_lt(told, from + 8, "from %lu", (unsigned long)origin);
    }
  }
}

Test(API_12, each_bit_of_a_short_block_is_told) {
  uint8_t block[24];
  for (uint64_t size = 1; size <= sizeof block; size++) {
    pp_contents_write(block, 0, size, 9);
    for (uint64_t bit = 0; bit < 8 * size; bit++) {
      block[bit / 8] ^= (uint8_t)(1 << bit % 8);
      cr_assert_eq(pp_contents_check(block, 0, size, 9), bit / 8);
      block[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    for (uint64_t at = 0; at < size; at++) {
      uint8_t byte = block[at];
      block[at] = 0;
      cr_assert_eq(pp_contents_check(block, 0, size, 9),
                   byte == 0 ? PP_CONTENTS_SOUND : at);
      block[at] = byte;
    }
  }
}
