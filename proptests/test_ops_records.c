/* The fuzz form, one clause a test: any bytes are a trace, a record means the
 * same wherever it stands, and what fits a record survives it (SPEC.md, OPS).
 */
#include <criterion/criterion.h>
#include <stdint.h>
#include <string.h>

#include "check/trace.h"

#define RECORDS 64

static uint64_t draw(uint64_t *state) {
  uint64_t mixed = *state += 0x9e3779b97f4a7c15;
  mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
  return mixed ^ mixed >> 31;
}

static void draw_bytes(uint64_t *state, uint8_t *bytes, size_t size) {
  for (size_t i = 0; i < size; i++)
    bytes[i] = (uint8_t)draw(state);
}

static struct pp_op decode_one(const uint8_t *record) {
  struct pp_op op;
  cr_assert_eq(pp_records_decode(record, PP_RECORD_SIZE, &op, 1), 1);
  return op;
}

/* 1 when the operation has a record, which then means the operation. */
static int survives(struct pp_op op) {
  uint8_t record[PP_RECORD_SIZE];
  size_t size = pp_records_encode(&op, 1, record, sizeof record);
  if (size == (size_t)-1) return 0;
  cr_assert_eq(size, PP_RECORD_SIZE);
  struct pp_op again = decode_one(record);
  char text[128];
  pp_op_print(&op, text, sizeof text);
  cr_assert(pp_op_equal(&op, &again), "%s", text);
  return 1;
}

Test(OPS_05, any_bytes_are_a_sound_trace) {
  uint64_t state = 5;
  unsigned met[PP_OP_KIND_COUNT] = {0};
  for (unsigned round = 0; round < 256 * 512; round++) {
    uint8_t record[PP_RECORD_SIZE];
    draw_bytes(&state, record, sizeof record);
    record[0] = (uint8_t)round;
    /* Every byte in every place, and the rest at random. */
    if (round >= 256 * 256)
      record[1 + round / 256 % 7] = (uint8_t)draw(&state) & 0x83;
    struct pp_op op = decode_one(record);
    const char *expected = "";
    cr_assert_lt(op.kind, PP_OP_KIND_COUNT);
    cr_assert_eq(pp_op_fault(&op, &expected), 0, "expected %s", expected);
    met[op.kind]++;
  }
  for (int kind = 0; kind < PP_OP_KIND_COUNT; kind++)
    cr_assert_eq(met[kind] > 0, kind != PP_OP_EXPECT, "%s",
                 pp_op_keywords[kind]);
}

Test(OPS_06, zero_bytes_are_the_smallest_story) {
  uint8_t zeros[RECORDS * PP_RECORD_SIZE] = {0};
  struct pp_op ops[RECORDS];
  struct pp_op smallest = {PP_OP_MALLOC, 0, 0, 0};
  cr_assert_eq(pp_records_decode(NULL, 0, ops, RECORDS), 0);
  for (size_t size = 0; size <= sizeof zeros; size++) {
    /* A short tail is dropped: it is no record. */
    size_t count = pp_records_decode(zeros, size, ops, RECORDS);
    cr_assert_eq(count, size / PP_RECORD_SIZE);
    for (size_t i = 0; i < count; i++)
      cr_assert(pp_op_equal(&ops[i], &smallest));
  }
  /* No more than there is room for is written, and all are counted. */
  memset(ops, 0xff, sizeof ops);
  cr_assert_eq(pp_records_decode(zeros, sizeof zeros, ops, 3), RECORDS);
  cr_assert(pp_op_equal(&ops[2], &smallest));
  cr_assert(!pp_op_equal(&ops[3], &smallest));
  cr_assert_eq(pp_records_decode(zeros, sizeof zeros, NULL, 0), RECORDS);
}

Test(OPS_07, records_survive_being_decoded_and_encoded) {
  uint64_t state = 7;
  for (unsigned round = 0; round < 2000; round++) {
    uint8_t bytes[RECORDS * PP_RECORD_SIZE];
    uint8_t again[sizeof bytes];
    struct pp_op ops[RECORDS], decoded[RECORDS];
    draw_bytes(&state, bytes, sizeof bytes);
    pp_records_decode(bytes, sizeof bytes, ops, RECORDS);
    cr_assert_eq(pp_records_encode(ops, RECORDS, NULL, 0), sizeof bytes);
    cr_assert_eq(pp_records_encode(ops, RECORDS, again, sizeof again - 1),
                 (size_t)-1);
    cr_assert_eq(pp_records_encode(ops, RECORDS, again, sizeof again),
                 sizeof again);
    pp_records_decode(again, sizeof again, decoded, RECORDS);
    for (size_t i = 0; i < RECORDS; i++)
      cr_assert(pp_op_equal(&ops[i], &decoded[i]), "round %u, record %zu",
                round, i);
  }
}

Test(OPS_07, what_fits_a_record_survives_it) {
  for (uint64_t size = 0; size < (uint64_t)1 << 20; size++) {
    cr_assert(survives((struct pp_op){PP_OP_MALLOC, 9, size, 0}));
    cr_assert(survives((struct pp_op){PP_OP_CALLOC, 9, 3, size}));
  }
  /* Within 128 of each power of two, 2^64 included. */
  for (unsigned exponent = 0; exponent <= 64; exponent++) {
    uint64_t power = exponent < 64 ? (uint64_t)1 << exponent : 0;
    for (uint64_t size = power - 128; size != power + 128; size++) {
      cr_assert(survives((struct pp_op){PP_OP_REALLOC, 1, size, 0}));
      cr_assert(survives((struct pp_op){PP_OP_REALLOCARRAY, 1, size, size}));
      cr_assert(survives((struct pp_op){PP_OP_POSIX_MEMALIGN, 1, size, 8}));
    }
  }
  cr_assert(survives((struct pp_op){PP_OP_MALLOC, 0, SIZE_MAX, 0}));
  cr_assert(survives((struct pp_op){PP_OP_MALLOC, 0, PTRDIFF_MAX, 0}));
  cr_assert(!survives((struct pp_op){PP_OP_MALLOC, 0, SIZE_MAX - 200, 0}));
  for (uint64_t id = 0; id < 0x8100; id++)
    cr_assert(survives((struct pp_op){PP_OP_FREE, id, 0, 0}));
  cr_assert(!survives((struct pp_op){PP_OP_FREE, 0x8100, 0, 0}));
  for (uint64_t n = 0; n < 4096; n++) {
    cr_assert(survives((struct pp_op){PP_OP_BURST, n, n, SIZE_MAX - 3}));
    cr_assert(survives((struct pp_op){PP_OP_DRAIN, n, n, 16 * n}));
    cr_assert(survives((struct pp_op){PP_OP_ARENA_FAIL, 0, n, 0}));
    cr_assert(survives((struct pp_op){PP_OP_SYSTEM_FAIL, 0, n, 0}));
    cr_assert(survives((struct pp_op){PP_OP_ALIGNED_ALLOC, n, n, n}));
  }
  cr_assert(!survives((struct pp_op){PP_OP_BURST, 0, 4096, 1}));
  for (uint64_t skew = 0; skew < PP_SKEW_BASE; skew += PP_SKEW_STEP)
    cr_assert(survives((struct pp_op){PP_OP_ARENA_SKEW, 0, skew, 0}));
  for (uint64_t domain = 0; domain < PP_DOMAIN_COUNT; domain++)
    cr_assert(survives((struct pp_op){PP_OP_DOMAIN, 0, domain, 0}));
  for (uint64_t thread = 0; thread < 4; thread++)
    cr_assert(survives((struct pp_op){PP_OP_THREAD, 0, thread, 0}));
  cr_assert(survives((struct pp_op){PP_OP_FORK, 0, 0, 0}));
  cr_assert(!survives((struct pp_op){PP_OP_EXPECT, 0, 1, 0}));
}

Test(OPS_08, deleting_a_record_leaves_the_others) {
  uint64_t state = 8;
  for (unsigned round = 0; round < 500; round++) {
    uint8_t bytes[RECORDS * PP_RECORD_SIZE];
    struct pp_op ops[RECORDS], left[RECORDS];
    draw_bytes(&state, bytes, sizeof bytes);
    pp_records_decode(bytes, sizeof bytes, ops, RECORDS);
    size_t gone = draw(&state) % RECORDS;
    uint8_t *hole = bytes + gone * PP_RECORD_SIZE;
    memmove(hole, hole + PP_RECORD_SIZE,
            sizeof bytes - (gone + 1) * PP_RECORD_SIZE);
    cr_assert_eq(
        pp_records_decode(bytes, sizeof bytes - PP_RECORD_SIZE, left, RECORDS),
        RECORDS - 1);
    for (size_t i = 0; i < RECORDS - 1; i++)
      cr_assert(pp_op_equal(&left[i], &ops[i + (i >= gone)]),
                "round %u: record %zu of %d, without %zu", round, i, RECORDS,
                gone);
  }
}
