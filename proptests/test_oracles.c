/* What is looked at in blocks and in the process, when, and how closely
 * (SPEC.md, API and OPS), with a scripted subject. */
#include <criterion/criterion.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "proptests/scripted.h"

#define MIB (UINT64_C(1) << 20)
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

TestSuite(API_02, .init = pp_script_open, .fini = pp_script_close);
TestSuite(API_03, .init = pp_script_open, .fini = pp_script_close);
TestSuite(API_34, .init = pp_script_open, .fini = pp_script_close);
TestSuite(API_35, .init = pp_script_open, .fini = pp_script_close);
TestSuite(API_40, .init = pp_script_open, .fini = pp_script_close);

/* ---- the bytes of a block ---- */

static bool watches(enum pp_contents contents, uint64_t size, uint64_t byte) {
  if (contents == PP_CONTENTS_NONE) return false;
  if (contents == PP_CONTENTS_FULL) return true;
  return size <= 16 || byte < 8 || byte >= size - 8;
}

/* Which bytes are written, and found when they change. */
static void see_bytes(enum pp_contents contents, uint64_t size) {
  pp_script_again();
  pp_script.driver.options.contents = contents;
  pp_script_answer(pp_script_at(0), 0);
  cr_assert(pp_script_step(PP_OP_MALLOC, 1, size, 0));
  cr_assert_eq(pp_script_evaluated(PP_API_02), contents != PP_CONTENTS_NONE);
  for (uint64_t i = 0; i < size; i++) {
    bool watched = watches(contents, size, i);
    uint8_t written = watched ? pp_contents_byte(i, 1) : 0;
    cr_assert_eq(*pp_script_at(i), written, "byte %" PRIu64 " of %" PRIu64, i,
                 size);
    *pp_script_at(i) ^= 1;
    cr_assert_eq(pp_script_end(), !watched, "byte %" PRIu64 " of %" PRIu64, i,
                 size);
    if (watched) {
      pp_script_broke(PP_API_03,
                      "byte %" PRIu64 " of block 1 at %p (%" PRIu64
                      " bytes) is %02x and was written %02x",
                      i, (void *)pp_script_at(0), size, written ^ 1u, written);
    }
    *pp_script_at(i) ^= 1;
  }
  cr_assert_eq(*pp_script_at(size), 0);
  pp_script_evaluated(PP_API_03);
  cr_assert(pp_script_step(PP_OP_FREE, 1, 0, 0));
  cr_assert_eq(pp_script_evaluated(PP_API_03), contents != PP_CONTENTS_NONE);
}

Test(API_02, bytes_that_are_watched_are_written_and_no_others) {
  static const uint64_t sizes[] = {0, 1, 7, 8, 9, 15, 16, 17, 18, 24, 100};
  for (size_t i = 0; i < COUNT(sizes); i++) {
    see_bytes(PP_CONTENTS_NONE, sizes[i]);
    see_bytes(PP_CONTENTS_HEADER, sizes[i]);
    see_bytes(PP_CONTENTS_FULL, sizes[i]);
  }
}

Test(API_02, bytes_behind_four_mebibytes_are_left_alone) {
  static const enum pp_contents all[] = {PP_CONTENTS_HEADER, PP_CONTENTS_FULL};
  for (size_t i = 0; i < 2; i++) {
    pp_script.driver.options.contents = all[i];
    pp_script_answer(pp_script_at(i * 8 * MIB), 0);
    const uint8_t *block = pp_script_at(i * 8 * MIB);
    cr_assert(pp_script_step(PP_OP_MALLOC, 1, 5 * MIB, 0));
    cr_assert_eq(block[4 * MIB - 1], pp_contents_byte(4 * MIB - 1, 1 + i));
    for (uint64_t byte = 4 * MIB; byte < 5 * MIB; byte++)
      cr_assert_eq(block[byte], 0);
    *pp_script_at(i * 8 * MIB + 4 * MIB) = 1;
    cr_assert(pp_script_step(PP_OP_FREE, 1, 0, 0));
  }
}

/* A block that shrinks is looked at up to where it was kept. */
Test(API_03, header_alone_follows_a_block_that_changes) {
  static const uint64_t sizes[] = {100, 12, 40, 5, 16, 17, 100, 8, 9, 200};
  pp_script.driver.options.contents = PP_CONTENTS_HEADER;
  cr_assert(pp_script_step(PP_OP_MALLOC, 1, 50, 0));
  for (size_t i = 0; i < COUNT(sizes); i++) {
    cr_assert(pp_script_step(PP_OP_REALLOC, 1, sizes[i], 0), "to %" PRIu64,
              sizes[i]);
    const uint8_t *block = pp_script_block(1)->address;
    for (uint64_t byte = 0; byte < sizes[i]; byte++) {
      if (watches(PP_CONTENTS_HEADER, sizes[i], byte))
        cr_assert_eq(block[byte], pp_contents_byte(byte, 1));
    }
  }
  /* Of what was kept the beginning is compared, and the end where all was. */
  for (uint64_t byte = 0; byte < 9; byte++) {
    memset(pp_script_at(0), 0, 300);
    pp_contents_write(pp_script_at(0), 0, 200, 1);
    *pp_script_at(byte) ^= 1;
    pp_script_answer(pp_script_at(0), 0);
    cr_assert_eq(pp_script_step(PP_OP_REALLOC, 1, 250, 0), byte == 8);
    pp_script.report.finding.clause = PP_HOLDS;
    pp_script_again();
    pp_script.driver.options.contents = PP_CONTENTS_HEADER;
    pp_script_step(PP_OP_MALLOC, 1, 200, 0);
    pp_script.usable_told = true;
    pp_script.usable[0] = 250;
  }
}

Test(API_03, every_block_is_looked_at_in_the_end) {
  for (uint64_t id = 0; id < 1024; id += 341) { /* 0 and 1023 are the ends */
    cr_assert(pp_script_step(PP_OP_MALLOC, id, 20, 0));
    pp_script_block(id)->address[7] ^= 1;
    cr_assert_not(pp_script_end(), "%" PRIu64, id);
    pp_script_block(id)->address[7] ^= 1;
    cr_assert_eq(pp_script.report.finding.clause, PP_API_03);
    pp_script.report.finding.clause = PP_HOLDS;
  }
}

/* ---- memory held ---- */

static void touch(uint64_t bytes) {
  uint8_t *pages = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  cr_assert_neq(pages, MAP_FAILED);
  for (uint64_t i = 0; i < bytes; i += 4096)
    pages[i] = 1;
}

Test(API_34, footprint_is_bounded_by_what_was_live) {
  uint64_t before = pp_resident(&pp_script.driver);
  cr_assert_gt(before, 0);
  touch(60 * MIB);
  uint64_t after = pp_resident(&pp_script.driver);
  cr_assert_geq(after, before + 59 * MIB);
  cr_assert_leq(after, before + 62 * MIB);
  pp_oracle_footprint(&pp_script.driver);
  cr_assert_eq(pp_script_evaluated(PP_API_34), 1);
  touch(6 * MIB);
  cr_assert_not(pp_script_end());
  cr_assert_eq(pp_script.report.finding.clause, PP_API_34);
  uint64_t held = 0, live = 1;
  cr_assert_eq(sscanf(pp_script.report.finding.what,
                      "%" SCNu64 " bytes are resident, and the most that was "
                      "live is %" SCNu64 " bytes",
                      &held, &live),
               2);
  cr_assert_gt(held, 65 * MIB);
  cr_assert_lt(held, 68 * MIB);
  cr_assert_eq(live, 0);
  /* Eight times what was live at the most, small blocks counted as 64. */
  pp_script.report.finding.clause = PP_HOLDS;
  for (uint64_t id = 0; id < 16384; id++)
    pp_blocks_add(
        &pp_script.driver.blocks,
        &(struct pp_block){.id = id, .address = pp_script_at(64 * id)});
  for (uint64_t id = 0; id < 16384; id++)
    pp_blocks_remove(&pp_script.driver.blocks,
                     pp_blocks_find(&pp_script.driver.blocks, id));
  cr_assert(pp_script_end());
  touch(7 * MIB);
  cr_assert_not(pp_script_end());
}

/* What the claims and the table of blocks take up. */
static uint64_t our_own(void) {
  const struct pp_driver *driver = &pp_script.driver;
  return pp_shadow_resident(&driver->shadow) +
         (driver->blocks.mask + 1) * sizeof *driver->blocks.table;
}

/* To the page; nothing is touched between the measures. */
Test(API_34, footprint_is_bounded_exactly) {
  static const uint64_t peaks[] = {0, 4096, MIB};
  touch(80 * MIB);
  for (size_t i = 0; i < COUNT(peaks); i++) {
    uint64_t bound = 8 * peaks[i] + 64 * MIB;
    pp_script.driver.blocks.peak_charged = peaks[i];
    pp_script.driver.resident_base = UINT64_MAX;
    pp_script_end(); /* touches all that it does */
    uint64_t now = pp_resident(&pp_script.driver);
    pp_script.driver.resident_base = now - bound;
    jmp_buf stop;
    pp_script.driver.stop = &stop;
    if (setjmp(stop) == 0) pp_oracle_footprint(&pp_script.driver);
    cr_assert_eq(pp_script.report.finding.clause, PP_HOLDS);
    uint64_t own = our_own();
    cr_assert_geq(own, 4096);
    now = pp_resident(&pp_script.driver); /* with the code that ran first */
    pp_script.driver.resident_base = now - bound - own;
    if (setjmp(stop) == 0) pp_oracle_footprint(&pp_script.driver);
    cr_assert_eq(pp_script.report.finding.clause, PP_HOLDS);
    pp_script.driver.resident_base = now - bound - own - 4096;
    if (setjmp(stop) == 0) pp_oracle_footprint(&pp_script.driver);
    pp_script_broke(PP_API_34,
                    "%" PRIu64 " bytes are resident, and the most that was "
                    "live is %" PRIu64 " bytes",
                    bound + 4096, peaks[i]);
  }
}

/* A byte of claims for eight bytes of blocks, by pages. */
Test(API_34, memory_of_the_engine_is_not_the_subjects) {
  uint64_t before = our_own();
  pp_script_answer(pp_script_at(0), 0);
  cr_assert(pp_script_step(PP_OP_MALLOC, 1, 4 * MIB, 0));
  uint64_t claims = our_own() - before;
  cr_assert_geq(claims, MIB / 2 - 4096);
  cr_assert_leq(claims, MIB / 2 + 4096);
}

Test(API_34, shrinking_process_holds_nothing) {
  pp_script.driver.resident_base = UINT64_MAX;
  pp_oracle_footprint(&pp_script.driver);
  cr_assert_eq(pp_script.report.finding.clause, PP_HOLDS);
  cr_assert_eq(pp_script_evaluated(PP_API_34), 1);
  cr_assert_not(pp_script.report.unwatched);
}

Test(API_34, what_cannot_be_read_is_not_a_pass) {
  close(pp_script.driver.statm);
  cr_assert_eq(pp_resident(&pp_script.driver), 0);
  pp_oracle_footprint(&pp_script.driver);
  cr_assert_eq(pp_script_evaluated(PP_API_34), 0);
  cr_assert(pp_script.report.unwatched);
}

/* Every 512 calls, and at the end. */
Test(API_34, footprint_is_looked_at_now_and_then) {
  for (unsigned i = 1; i <= 1100; i++) {
    cr_assert(pp_script_step(PP_OP_FREE, 0, 0, 0));
    cr_assert_eq(pp_script_evaluated(PP_API_34), i % 512 == 0, "%u", i);
  }
  /* 76 of 512 are over: a burst counts its blocks, and one. */
  cr_assert(pp_script_step(PP_OP_BURST, 0, 434, 8));
  cr_assert_eq(pp_script_evaluated(PP_API_34), 0);
  cr_assert(pp_script_step(PP_OP_FREE, 0, 0, 0));
  cr_assert_eq(pp_script_evaluated(PP_API_34), 1);
  cr_assert(pp_script_step(PP_OP_BURST, 0, 511, 8));
  cr_assert_eq(pp_script_evaluated(PP_API_34), 1);
  cr_assert(pp_script_step(PP_OP_BURST, 0, 510, 8));
  cr_assert_eq(pp_script_evaluated(PP_API_34), 0);
  cr_assert(pp_script_step(PP_OP_FREE, 0, 0, 0));
  cr_assert_eq(pp_script_evaluated(PP_API_34), 1);
  cr_assert(pp_script_end());
  cr_assert_eq(pp_script_evaluated(PP_API_34), 1);
}

/* ---- the end of a trace ---- */

/* What is taken again for a peak, in blocks of 256 and of 65536 bytes. */
static const struct {
  uint64_t peak, small, large;
} agains[] = {
    {0, 0, 0},
    {255, 0, 0},
    {256, 1, 0},
    {257, 1, 0},
    {1000, 3, 0},
    {4 * MIB, 16384, 0},
    {4 * MIB + 65535, 16384 + 255, 0},
    {4 * MIB + 65536, 16384, 1},
    {5 * MIB + 300, 16385, 16},
    {64 * MIB, 16384, 960},
    {64 * MIB + 256, 16384, 960},
};

Test(API_35, as_much_can_be_had_again) {
  for (size_t i = 0; i < COUNT(agains); i++) {
    pp_script_again();
    pp_script.driver.blocks.peak_bytes = agains[i].peak;
    pp_script.driver.resident_base = UINT64_MAX; /* of API-34, nothing here */
    pp_script.used = 0;
    uint64_t blocks = agains[i].small + agains[i].large;
    pp_script.cramped = true; /* only their first words are written */
    cr_assert(pp_script_end(), "row %zu", i);
    cr_assert_eq(pp_script_evaluated(PP_API_35), 1);
    cr_assert_eq(pp_script.requests, blocks, "row %zu", i);
    cr_assert_eq(pp_script.frees, blocks, "row %zu", i);
    cr_assert_eq(pp_script.asked,
                 agains[i].small * 256 + agains[i].large * 65536, "row %zu", i);
    if (blocks > 0) cr_assert_eq(pp_script.where, PP_WHERE_SUBJECT);
    cr_assert_eq(pp_script.report.where, PP_WHERE_ENGINE);
  }
}

Test(API_35, less_than_was_live_is_told) {
  pp_script.driver.blocks.peak_bytes = 100000;
  pp_script.refused_from = 20;
  cr_assert_not(pp_script_end());
  pp_script_broke(PP_API_35,
                  "4864 bytes could be had again, and 100000 were live before");
  cr_assert_eq(pp_script.requests, 20);
  cr_assert_eq(pp_script.frees, 19);
}

Test(API_35, nothing_is_taken_while_a_block_is_live) {
  pp_script_step(PP_OP_MALLOC, 1, 1000, 0);
  pp_script_step(PP_OP_MALLOC, 2, 1000, 0);
  pp_script_step(PP_OP_FREE, 1, 0, 0);
  cr_assert(pp_script_end());
  cr_assert_eq(pp_script_evaluated(PP_API_35), 0);
  cr_assert_eq(pp_script.requests, 2);
  pp_script_step(PP_OP_FREE, 2, 0, 0);
  cr_assert(pp_script_end());
  cr_assert_eq(pp_script_evaluated(PP_API_35), 1);
  cr_assert_eq(pp_script.requests, 2 + 7);
}

Test(API_40, memory_of_others_is_left_alone) {
  cr_assert(pp_script_end());
  cr_assert_eq(pp_script_evaluated(PP_API_40), 1);
  static const size_t bytes[] = {0, 1, 4711, 65535};
  for (size_t i = 0; i < COUNT(bytes); i++) {
    pp_script.driver.bystander[bytes[i]] ^= 1;
    cr_assert_not(pp_script_end());
    pp_script_broke(PP_API_40,
                    "byte %zu of memory that is not the allocator's changed",
                    bytes[i]);
    pp_script.driver.bystander[bytes[i]] ^= 1;
  }
}
