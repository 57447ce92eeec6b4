/* What is said of blocks that change their size, and of those that cannot
 * (SPEC.md, API), with a scripted subject. */
#include <criterion/criterion.h>
#include <errno.h>
#include <inttypes.h>

#include "proptests/scripted.h"

#define MIB (UINT64_C(1) << 20)
#define BEYOND ((uint64_t)PTRDIFF_MAX + 1)
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

TestSuite(API_11, .init = pp_script_open, .fini = pp_script_close);
TestSuite(API_12, .init = pp_script_open, .fini = pp_script_close);
TestSuite(API_13, .init = pp_script_open, .fini = pp_script_close);
TestSuite(API_14, .init = pp_script_open, .fini = pp_script_close);
TestSuite(API_17, .init = pp_script_open, .fini = pp_script_close);
TestSuite(API_29, .init = pp_script_open, .fini = pp_script_close);
TestSuite(API_69, .init = pp_script_open, .fini = pp_script_close);
TestSuite(API_70, .init = pp_script_open, .fini = pp_script_close);
TestSuite(API_71, .init = pp_script_open, .fini = pp_script_close);

static void see_block(uint64_t id, uint8_t *address, uint64_t size,
                      uint32_t serial) {
  const struct pp_block *block = pp_script_block(id);
  cr_assert_eq(block->address, address);
  cr_assert_eq(block->size, size);
  cr_assert_eq(block->extent, size);
  cr_assert_eq(block->alignment_bits, 0);
  cr_assert_eq(block->serial, serial);
  cr_assert_eq(pp_contents_check(address, 0, size, serial), PP_CONTENTS_SOUND);
  for (uint64_t i = 0; i < size; i++)
    cr_assert(pp_script_claimed(address + i));
  cr_assert_not(pp_script_claimed(address + size));
}

Test(API_12, block_is_what_it_was_and_new_behind_it) {
  static const uint64_t sizes[] = {20, 100, 30, 31, 31, 1, 64};
  cr_assert(pp_script_step(PP_OP_ALIGNED_ALLOC, 1, 64, 40));
  uint8_t *former = pp_script_block(1)->address;
  pp_script_evaluated(PP_API_23);
  for (size_t i = 0; i < COUNT(sizes); i++) {
    bool array = i % 2 == 1;
    cr_assert(pp_script_step(array ? PP_OP_REALLOCARRAY : PP_OP_REALLOC, 1,
                             sizes[i], 1));
    uint8_t *address = pp_script_block(1)->address;
    cr_assert_neq(address, former);
    see_block(1, address, sizes[i], 1);
    cr_assert_not(pp_script_claimed(former));
    cr_assert_eq(pp_script_evaluated(PP_API_71), i == 0); /* was aligned */
    cr_assert_eq(pp_script_evaluated(PP_API_12), i != 0);
    cr_assert_eq(pp_script_evaluated(PP_API_76), 1);
    cr_assert_eq(pp_script_evaluated(PP_API_23), 0);
    cr_assert_eq(pp_script_evaluated(PP_API_01), i == 0 ? 2 : 1);
    cr_assert_eq(pp_script.report.where, PP_WHERE_ENGINE);
    cr_assert_eq(pp_script.report.operations, i + 2);
    former = address;
  }
}

Test(API_12, byte_that_was_not_kept_is_told) {
  for (uint64_t size = 1; size < 40; size += 7) {
    uint64_t kept = size < 20 ? size : 20;
    for (uint64_t byte = 0; byte < size; byte++) {
      pp_script_step(PP_OP_MALLOC, 1, 20, 0);
      uint32_t serial = pp_script_block(1)->serial;
      pp_contents_write(pp_script_at(0), 0, size, serial);
      *pp_script_at(byte) ^= 1;
      pp_script_answer(pp_script_at(0), 0);
      pp_script.usable_told = true;
      pp_script.usable[0] = size;
      cr_assert_eq(pp_script_step(PP_OP_REALLOC, 1, size, 0), byte >= kept);
      if (byte < kept) {
        pp_script_broke(PP_API_12,
                        "byte %" PRIu64 " of block 1 at %p (20 bytes) is %02x "
                        "and was written %02x",
                        byte, (void *)pp_script_at(0), *pp_script_at(byte),
                        *pp_script_at(byte) ^ 1u);
      }
      pp_script_again();
    }
  }
}

Test(API_12, where_it_moves_to_is_judged_as_any_block) {
  pp_script_step(PP_OP_MALLOC, 1, 20, 0);
  pp_script_step(PP_OP_MALLOC, 2, 20, 0);
  uint8_t *other = pp_script_block(2)->address;
  pp_script_answer(other, 0);
  cr_assert_not(pp_script_step(PP_OP_REALLOC, 1, 10, 0));
  pp_script_broke(PP_API_01,
                  "block 1 at %p of 10 bytes overlaps block 2 at %p of 20 "
                  "bytes",
                  (void *)other, (void *)other);
  pp_script_step(PP_OP_MALLOC, 3, 20, 0);
  pp_script_answer(pp_script_at(8), 0);
  cr_assert_not(pp_script_step(PP_OP_REALLOC, 3, 16, 0));
  pp_script_broke(PP_API_62, "block at %p of 16 bytes is not aligned to 16",
                  (void *)pp_script_at(8));
}

Test(API_12, block_that_stays_may_overlap_itself) {
  pp_script_step(PP_OP_MALLOC, 1, 20, 0);
  uint8_t *address = pp_script_block(1)->address;
  pp_script_answer(address, 0);
  cr_assert(pp_script_step(PP_OP_REALLOC, 1, 20, 0));
  see_block(1, address, 20, 1);
  cr_assert_eq(pp_script.driver.blocks.bytes, 20);
}

Test(API_13, block_that_could_not_change_is_as_before) {
  static const enum pp_op_kind kinds[] = {PP_OP_REALLOC, PP_OP_REALLOCARRAY};
  for (size_t i = 0; i < 2; i++) {
    pp_script_step(PP_OP_MALLOC, 1, 20, 0);
    uint8_t *address = pp_script_block(1)->address;
    uint32_t serial = pp_script_block(1)->serial;
    enum pp_clause clause = i == 0 ? PP_API_13 : PP_API_68;
    cr_assert(pp_script_step(kinds[i], 1, UINT64_MAX, 1));
    cr_assert_eq(pp_script_evaluated(clause), 1);
    see_block(1, address, 20, serial);
    pp_script.spoils = address + 19;
    cr_assert_not(pp_script_step(kinds[i], 1, UINT64_MAX, 1));
    pp_script_broke(clause,
                    "byte 19 of block 1 at %p (20 bytes) is %02x and was "
                    "written %02x",
                    (void *)address, address[19], address[19] ^ 1u);
    cr_assert_eq(pp_script.block, address);
    cr_assert_eq(pp_script.stake, PP_HOLDS);
    address[19] ^= 1;
    pp_script_evaluated(clause);
  }
  cr_assert(pp_script_step(PP_OP_REALLOC, 7, UINT64_MAX, 0));
  cr_assert_eq(pp_script_evaluated(PP_API_13), 0);
}

Test(API_14, block_that_is_resized_to_nothing_may_be_gone) {
  static const struct pp_op ops[] = {{PP_OP_REALLOC, 1, 0, 0},
                                     {PP_OP_REALLOCARRAY, 1, 0, 9},
                                     {PP_OP_REALLOCARRAY, 1, 9, 0}};
  for (size_t i = 0; i < COUNT(ops); i++) {
    pp_script_step(PP_OP_MALLOC, 1, 20, 0);
    uint8_t *address = pp_script_block(1)->address;
    pp_script_answer(NULL, 0);
    cr_assert(pp_script_step(ops[i].kind, ops[i].id, ops[i].a, ops[i].b));
    cr_assert_eq(pp_script.report.deviated[PP_API_14], i + 1);
    cr_assert_eq(pp_script.driver.blocks.count, 0);
    cr_assert_not(pp_script_claimed(address));
    cr_assert_not(pp_script_claimed(address + 19));
    cr_assert_eq(pp_script_evaluated(PP_API_14), 1);
    cr_assert_eq(pp_script_evaluated(PP_API_13), 0);
    cr_assert_eq(pp_script_evaluated(PP_API_33), 0);
  }
  pp_script_step(PP_OP_MALLOC, 1, 20, 0);
  cr_assert(pp_script_step(PP_OP_REALLOC, 1, 0, 0));
  cr_assert_eq(pp_script_block(1)->size, 0);
  cr_assert_eq(pp_script.report.deviated[PP_API_14], COUNT(ops));
  cr_assert_eq(pp_script_evaluated(PP_API_14), 1);
  cr_assert(pp_script_step(PP_OP_REALLOC, 1, 9, 0));
  cr_assert_eq(pp_script_evaluated(PP_API_14), 0);
}

static const struct {
  enum pp_op_kind kind;
  uint64_t a, b, size;
  enum pp_clause clause;
} impossible[] = {
    {PP_OP_REALLOC, BEYOND, 0, BEYOND, PP_API_17},
    {PP_OP_REALLOC, UINT64_MAX, 0, UINT64_MAX, PP_API_17},
    {PP_OP_REALLOCARRAY, BEYOND, 1, BEYOND, PP_API_65},
    {PP_OP_REALLOCARRAY, 1, BEYOND, BEYOND, PP_API_65},
    {PP_OP_REALLOCARRAY, UINT64_MAX / 3, 3, UINT64_MAX, PP_API_65},
    {PP_OP_REALLOCARRAY, BEYOND, 2, UINT64_MAX, PP_API_66},
    {PP_OP_REALLOCARRAY, UINT64_MAX, 3, UINT64_MAX, PP_API_29},
};

Test(API_17, size_that_cannot_be_is_refused) {
  for (uint64_t id = 1; id <= 2; id++) {
    for (size_t i = 0; i < COUNT(impossible); i++) {
      enum pp_clause clause = impossible[i].clause;
      uint64_t a = impossible[i].a, b = impossible[i].b;
      pp_script_step(PP_OP_MALLOC, 1, 20, 0); /* 2 is null */
      cr_assert(pp_script_step(impossible[i].kind, id, a, b));
      bool twice = clause == PP_API_29 && id == 1; /* of the contents, too */
      cr_assert_eq(pp_script_evaluated(clause), twice ? 2 : 1, "row %zu", i);
      if (clause == PP_API_66)
        cr_assert_eq(pp_script_evaluated(PP_API_29), id == 1, "row %zu", i);
      cr_assert_eq(pp_script.a, a);
      cr_assert_eq(pp_script.b, b);
      pp_script_answer(pp_script_at(0), 0);
      cr_assert_not(pp_script_step(impossible[i].kind, id, a, b));
      cr_assert_eq(pp_script_evaluated(clause), 1, "row %zu", i);
      pp_script_broke(clause, "%" PRIu64 " bytes are answered by %p",
                      impossible[i].size, (void *)pp_script_at(0));
    }
  }
}

Test(API_17, product_that_wraps_is_of_nothing) {
  static bool declared[PP_CLAUSE_COUNT] = {[PP_API_66] = true};
  pp_script.driver.options.declared = declared;
  for (uint64_t id = 1; id <= 2; id++) {
    pp_script_step(PP_OP_MALLOC, 1, 20, 0); /* 2 is null */
    pp_script_answer(pp_script_at(64 * id), 0);
    cr_assert(pp_script_step(PP_OP_REALLOCARRAY, id, BEYOND, 2));
    cr_assert_eq(pp_script_block(id)->size, 0);
    cr_assert_eq(pp_script.report.deviated[PP_API_66], id);
  }
}

/* ---- null that is resized ---- */

Test(API_11, null_becomes_a_block) {
  static const enum pp_op_kind kinds[] = {PP_OP_REALLOC, PP_OP_REALLOCARRAY};
  for (uint32_t i = 0; i < 2; i++) {
    cr_assert(pp_script_step(kinds[i], i, 20, 1));
    cr_assert_null(pp_script.block);
    enum pp_clause clause = i == 0 ? PP_API_11 : PP_API_69;
    cr_assert_eq(pp_script.stake, clause);
    cr_assert_eq(pp_script.where, PP_WHERE_SUBJECT);
    cr_assert_eq(pp_script.report.stake, PP_HOLDS);
    cr_assert_eq(pp_script_evaluated(clause), 1);
    cr_assert_eq(pp_script_evaluated(PP_API_12), 0);
    cr_assert_eq(pp_script_evaluated(PP_API_23), 0);
    see_block(i, pp_script_block(i)->address, 20, i + 1);
    cr_assert_eq(pp_script_block(i)->domain, PP_DOMAIN_OBJ);
  }
  pp_script_answer(pp_script_at(8), 0);
  cr_assert_not(pp_script_step(PP_OP_REALLOC, 3, 16, 0));
  pp_script_broke(PP_API_62, "block at %p of 16 bytes is not aligned to 16",
                  (void *)pp_script_at(8));
  uint8_t *other = pp_script_block(1)->address;
  pp_script_answer(other, 0);
  cr_assert_not(pp_script_step(PP_OP_REALLOC, 3, 16, 0));
  pp_script_broke(PP_API_01,
                  "block 3 at %p of 16 bytes overlaps block 1 at %p of 20 "
                  "bytes",
                  (void *)other, (void *)other);
}

Test(API_11, null_stays_null_where_malloc_would_be) {
  static const uint64_t sizes[] = {0, 1, 20, MIB};
  for (size_t i = 0; i < COUNT(sizes); i++) {
    uint64_t frees_before = pp_script.frees;
    pp_script_answer(NULL, ENOMEM);
    cr_assert_not(pp_script_step(PP_OP_REALLOC, 1, sizes[i], 0));
    pp_script_broke(PP_API_11,
                    "realloc of null to %" PRIu64
                    " bytes is null, and malloc of as many is not",
                    sizes[i]);
    cr_assert_eq(pp_script_evaluated(PP_API_11), 1);
    cr_assert_eq(pp_script.frees, frees_before + 1); /* of the malloc */
    cr_assert_eq(pp_script.where, PP_WHERE_SUBJECT);
  }
  pp_script_answer(NULL, ENOMEM);
  cr_assert(pp_script_step(PP_OP_REALLOC, 1, MIB + 1, 0));
  cr_assert_eq(pp_script_evaluated(PP_API_11), 0);
  cr_assert_eq(pp_script_evaluated(PP_API_20), 1);
  pp_script_answer(NULL, ENOMEM);
  cr_assert(pp_script_step(PP_OP_REALLOCARRAY, 1, MIB + 1, 1));
  cr_assert_eq(pp_script_evaluated(PP_API_22), 1);
  pp_script.refused_from = 1; /* malloc says the same */
  uint64_t freed = pp_script.frees;
  cr_assert(pp_script_step(PP_OP_REALLOC, 1, 0, 0));
  cr_assert_eq(pp_script_evaluated(PP_API_11), 1);
  cr_assert_eq(pp_script.frees, freed);
  cr_assert_eq(pp_script.driver.blocks.count, 0);
}

/* ---- reallocarray ---- */

Test(API_29, block_survives_a_product_that_wraps) {
  static const uint64_t sizes[] = {2, 3}; /* to nothing, and to something */
  for (size_t i = 0; i < COUNT(sizes); i++) {
    pp_script_step(PP_OP_MALLOC, 1, 20, 0);
    uint8_t *address = pp_script_block(1)->address;
    pp_script.spoils = address;
    cr_assert_not(pp_script_step(PP_OP_REALLOCARRAY, 1, BEYOND, sizes[i]));
    pp_script_broke(PP_API_29,
                    "byte 0 of block 1 at %p (20 bytes) is %02x and was "
                    "written %02x",
                    (void *)address, address[0], address[0] ^ 1u);
    address[0] ^= 1;
  }
}

Test(API_69, null_array_stays_null_where_malloc_would_be) {
  pp_script_answer(NULL, ENOMEM);
  cr_assert_not(pp_script_step(PP_OP_REALLOCARRAY, 1, 4, 5));
  pp_script_broke(PP_API_69, "reallocarray of null to 20 bytes is null, and "
                             "malloc of as many is not");
  pp_script.refused_from = 1; /* malloc says the same, and API-33 has a word */
  cr_assert_not(pp_script_step(PP_OP_REALLOCARRAY, 1, 4, 5));
  cr_assert_eq(pp_script.report.finding.clause, PP_API_33);
}

Test(API_70, factor_of_zero_is_at_stake) {
  static const uint64_t factors[][2] = {{0, 7}, {7, 0}, {0, 0}};
  pp_script.subject.calls[0].usable_size = NULL; /* the last call is ours */
  for (size_t i = 0; i < COUNT(factors); i++) {
    pp_script_step(PP_OP_MALLOC, 1, 20, 0);
    cr_assert(
        pp_script_step(PP_OP_REALLOCARRAY, 1, factors[i][0], factors[i][1]));
    cr_assert_eq(pp_script.stake, PP_API_70);
    cr_assert_eq(pp_script.report.stake, PP_HOLDS);
    cr_assert_eq(pp_script_evaluated(PP_API_70), 1);
    cr_assert(pp_script_step(PP_OP_CALLOC, 2, factors[i][0], factors[i][1]));
    cr_assert_eq(pp_script.stake, PP_API_64);
    cr_assert_eq(pp_script.report.stake, PP_HOLDS);
    cr_assert_eq(pp_script_evaluated(PP_API_64), 1);
  }
  cr_assert(pp_script_step(PP_OP_REALLOCARRAY, 1, 7, 7));
  cr_assert_eq(pp_script.stake, PP_HOLDS);
  cr_assert_eq(pp_script_evaluated(PP_API_70), 0);
}

/* An alignment that any block has is none. */
Test(API_71, over_aligned_is_more_than_any_block_is) {
  static const struct {
    uint64_t alignment;
    enum pp_clause clause;
  } kinds[] = {{8, PP_API_12}, {16, PP_API_12}, {32, PP_API_71}};
  for (size_t i = 0; i < COUNT(kinds); i++) {
    pp_script_step(PP_OP_ALIGNED_ALLOC, 1, kinds[i].alignment, 20);
    pp_script.spoils = pp_script_block(1)->address;
    cr_assert_not(pp_script_step(PP_OP_REALLOC, 1, 30, 0), "row %zu", i);
    cr_assert_eq(pp_script.report.finding.clause, kinds[i].clause);
    pp_script_again();
  }
}
