/* Operations byte by byte (SPEC.md, OPS): what each form writes for a few of
 * them, at the edges of each field, and the values that no trace may hold.
 * Larger histories go through all forms in test_ops.c and test_ops_records.c.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "check/trace_form.h"
#include "poolproof/clause.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum { BYTES_MAX = 32 };

/* ---- which operations there are ---- */

static unsigned fault_of(enum pp_op_kind kind, uint64_t id, uint64_t a,
                         uint64_t b) {
  const char *expected = "";
  struct pp_op op = {kind, id, a, b};
  unsigned fault = pp_op_fault(&op, &expected);
  cr_assert_eq(fault == 0 || expected[0] != '\0', true);
  return fault;
}

Test(OPS_04, ranges_end_where_names_do) {
  const uint64_t most = UINT64_MAX;
  cr_assert_eq(fault_of(PP_OP_BURST, 0, UINT32_MAX, 9), 0);
  cr_assert_eq(fault_of(PP_OP_BURST, 0, (uint64_t)UINT32_MAX + 1, 9), 2);
  cr_assert_eq(fault_of(PP_OP_DRAIN, 0, (uint64_t)UINT32_MAX + 1, 0), 2);
  cr_assert_eq(fault_of(PP_OP_BURST, most, 0, 9), 0);
  cr_assert_eq(fault_of(PP_OP_BURST, most, 1, 9), 0);
  cr_assert_eq(fault_of(PP_OP_BURST, most, 2, 9), 2);
  cr_assert_eq(fault_of(PP_OP_BURST, most - 1, 2, 9), 0);
  cr_assert_eq(fault_of(PP_OP_BURST, most - 1, 3, 9), 2);
  cr_assert_eq(fault_of(PP_OP_DRAIN, most, 1, 9), 0);
  cr_assert_eq(fault_of(PP_OP_DRAIN, most, 2, 0), 0);
  cr_assert_eq(fault_of(PP_OP_DRAIN, most, 2, 1), 3);
  cr_assert_eq(fault_of(PP_OP_DRAIN, most - 9, 2, 9), 0);
  cr_assert_eq(fault_of(PP_OP_DRAIN, most - 9, 2, 10), 3);
  cr_assert_eq(fault_of(PP_OP_DRAIN, most - 9, 4, 3), 0);
  cr_assert_eq(fault_of(PP_OP_DRAIN, most - 9, 5, 3), 3);
  cr_assert_eq(fault_of(PP_OP_DRAIN, 0, 3, most / 2), 0);
  cr_assert_eq(fault_of(PP_OP_DRAIN, 0, 3, most / 2 + 1), 3);
}

Test(OPS_04, other_operands_have_their_values) {
  for (uint64_t i = 0; i < 8; i++) {
    cr_assert_eq(fault_of(PP_OP_DOMAIN, 0, i, 0), i < PP_DOMAIN_COUNT ? 0 : 1);
    cr_assert_eq(fault_of(PP_OP_ARENA_SKEW, 0, 4096 * i, 0), 0);
    cr_assert_eq(fault_of(PP_OP_ARENA_SKEW, 0, 4096 * i + 2048, 0), 1);
    cr_assert_eq(fault_of(PP_OP_ARENA_SKEW, 0, (1 << 20) + 4096 * i, 0), 1);
    cr_assert_eq(fault_of(PP_OP_EXPECT, 0, PP_CLAUSE_COUNT + i, 0), 1);
    cr_assert_eq(fault_of(PP_OP_THREAD, 0, UINT64_MAX - i, 0), 0);
    cr_assert_eq(fault_of(PP_OP_MALLOC, UINT64_MAX, UINT64_MAX - i, 0), 0);
  }
  cr_assert_eq(fault_of(PP_OP_ARENA_SKEW, 0, (1 << 20) - 4096, 0), 0);
  cr_assert_eq(fault_of(PP_OP_EXPECT, 0, PP_HOLDS, 0), 1);
  cr_assert_eq(fault_of(PP_OP_EXPECT, 0, 1, 0), 0);
  cr_assert_eq(fault_of(PP_OP_EXPECT, 0, PP_CLAUSE_COUNT - 1, 0), 0);
}

Test(OPS_07, only_what_a_kind_uses_is_compared) {
  for (int kind = 0; kind < PP_OP_KIND_COUNT; kind++) {
    const char *operands = pp_op_operands[kind];
    const struct pp_op op = {(enum pp_op_kind)kind, 1, 2, 3};
    struct pp_op other = op;
    cr_assert(pp_op_equal(&op, &other));
    other.id++;
    cr_assert_eq(pp_op_equal(&op, &other), strchr(operands, 'i') == NULL);
    other = op;
    other.a++;
    cr_assert_eq(pp_op_equal(&op, &other), strpbrk(operands, "aA") == NULL);
    other = op;
    other.b++;
    cr_assert_eq(pp_op_equal(&op, &other), strpbrk(operands, "bB") == NULL);
    other = op;
    other.kind = (enum pp_op_kind)((kind + 1) % PP_OP_KIND_COUNT);
    cr_assert_not(pp_op_equal(&op, &other));
  }
}

Test(OPS_16, arrays_grow_and_are_read_to_their_end) {
  struct pp_ops ops = {0};
  struct pp_op some[8];
  for (uint64_t i = 0; i < 1000; i++) {
    pp_ops_push(&ops, (struct pp_op){PP_OP_FREE, i, 0, 0});
    cr_assert_eq(ops.count, i + 1);
    cr_assert_geq(ops.capacity, ops.count);
    /* It doubles: pushing costs the same, however many there are. */
    cr_assert_leq(ops.capacity, ops.count < 64 ? 64 : 2 * ops.count);
  }
  for (uint64_t i = 0; i < 1000; i++)
    cr_assert_eq(ops.at[i].id, i);
  struct pp_ops_source source = pp_ops_read(ops.at + 990, 10);
  cr_assert_eq(source.source.fill(&source.source, some, 0), 0);
  cr_assert_eq(source.source.fill(&source.source, some, 8), 8);
  cr_assert_eq(some[7].id, 997);
  cr_assert_eq(source.source.fill(&source.source, some, 8), 2);
  cr_assert_eq(some[1].id, 999);
  cr_assert_eq(source.source.fill(&source.source, some, 8), 0);
  pp_ops_free(&ops);
  cr_assert_null(ops.at);
  cr_assert_eq(ops.count + ops.capacity, 0);
}

/* ---- the packed form ---- */

#define BYTES(text) text, sizeof text - 1

static const struct {
  struct pp_op op;
  uint64_t previous; /* ID before it */
  const char *bytes;
  size_t size;
} packed[] = {
    {{PP_OP_MALLOC, 0, 0, 0}, 0, BYTES("\0\0\0")},
    {{PP_OP_MALLOC, 5, 24, 0}, 0, BYTES("\0\x0a\x18")},
    {{PP_OP_MALLOC, 5, 127, 0}, 5, BYTES("\0\0\x7f")},
    {{PP_OP_MALLOC, 5, 128, 0}, 6, BYTES("\0\x01\x80\x01")},
    {{PP_OP_FREE, 3, 0, 0}, 5, BYTES("\x01\x03")},
    {{PP_OP_FREE, 68, 0, 0}, 5, BYTES("\x01\x7e")},
    {{PP_OP_FREE, 69, 0, 0}, 5, BYTES("\x01\x80\x01")},
    {{PP_OP_FREE, 6, 0, 0}, 70, BYTES("\x01\x7f")},
    {{PP_OP_FREE, 5, 0, 0}, 70, BYTES("\x01\x81\x01")},
    {{PP_OP_FREE, UINT64_MAX, 0, 0}, 0, BYTES("\x01\x01")},
    {{PP_OP_FREE, (uint64_t)1 << 63, 0, 0},
     0,
     BYTES("\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01")},
    {{PP_OP_CALLOC, 9, 16383, 16384}, 9, BYTES("\x02\0\xff\x7f\x80\x80\x01")},
    {{PP_OP_CALLOC, 9, UINT64_MAX, 1},
     9,
     BYTES("\x02\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x01")},
    {{PP_OP_DOMAIN, 0, PP_DOMAIN_RAW, 0}, 7, BYTES("\x0c\x02")},
    {{PP_OP_FORK, 0, 0, 0}, 7, BYTES("\x0e")},
    {{PP_OP_EXPECT, 0, PP_POOL_05, 0}, 7, BYTES("\x12\x07POOL-05")},
};

Test(OPS_15, statements_are_these_bytes) {
  for (size_t i = 0; i < COUNT(packed); i++) {
    uint8_t bytes[PP_OP_BYTES_MAX];
    uint64_t previous = packed[i].previous;
    struct pp_op op = {.kind = PP_OP_KIND_COUNT};
    const bool names = strchr(pp_op_operands[packed[i].op.kind], 'i') != NULL;
    const uint64_t after = names ? packed[i].op.id : packed[i].previous;
    cr_assert_eq(pp_op_pack(&packed[i].op, &previous, bytes), packed[i].size,
                 "%zu", i);
    cr_assert_eq(memcmp(bytes, packed[i].bytes, packed[i].size), 0, "%zu", i);
    cr_assert_eq(previous, after);
    /* What is cut short is no statement yet, and changes nothing. */
    for (size_t size = 0; size < packed[i].size; size++) {
      previous = packed[i].previous;
      cr_assert_eq(pp_op_unpack(bytes, size, &previous, &op), 0);
      cr_assert_eq(previous, packed[i].previous);
    }
    for (size_t size = packed[i].size; size < packed[i].size + 3; size++) {
      previous = packed[i].previous;
      cr_assert_eq(pp_op_unpack(bytes, size, &previous, &op),
                   (int)packed[i].size);
      cr_assert(pp_op_equal(&op, &packed[i].op));
      cr_assert_eq(previous, after);
    }
    cr_assert_eq(names ? 0 : op.id, 0);
  }
}

Test(OPS_15, other_bytes_are_no_statements) {
  static const struct {
    const char *bytes;
    size_t size;
  } forged[] = {
      {BYTES("\x39")},
      {BYTES("\xff")},
      {BYTES("\x01\x80\x80\x80\x80\x80\x80\x80\x80\x80\x02")},
      {BYTES("\x01\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80")},
      {BYTES("\x12\x20POOL-05 POOL-05 POOL-05 POOL-05 ")},
      {BYTES("\x12\x07POOL-00")},
      {BYTES("\x12\x01P")},
      {BYTES("\x12\0")},
  };
  for (size_t i = 0; i < COUNT(forged); i++) {
    uint64_t previous = 5;
    struct pp_op op;
    cr_assert_eq(pp_op_unpack((const uint8_t *)forged[i].bytes, forged[i].size,
                              &previous, &op),
                 -1, "%zu", i);
  }
  /* An id of 31 letters would be read, if there were one. */
  uint8_t longest[34] = {PP_OP_EXPECT, 31};
  struct pp_op op;
  uint64_t previous = 0;
  memset(longest + 2, 'X', 31);
  cr_assert_eq(pp_op_unpack(longest, 32, &previous, &op), 0);
  cr_assert_eq(pp_op_unpack(longest, 33, &previous, &op), -1);
  longest[1] = 32;
  cr_assert_eq(pp_op_unpack(longest, 2, &previous, &op), -1);
}

/* ---- the fuzz form ---- */

/* Fields: kind; slot (2); narrow (2); wide (3), as in trace_records.c. */
static const struct {
  struct pp_op op;
  uint8_t record[PP_RECORD_SIZE]; /* that is written for it */
} records[] = {
    {{PP_OP_MALLOC, 0, 0, 0}, {0}},
    {{PP_OP_MALLOC, 255, 1023, 0}, {0, 255, 0, 0, 0, 0xff, 0x03, 0}},
    {{PP_OP_MALLOC, 256, 1024, 0}, {0, 0, 0x80, 0, 0, 0, 0x04, 0xc0}},
    {{PP_OP_MALLOC, 511, 65535, 0}, {0, 255, 0x80, 0, 0, 0xff, 0xff, 0xc0}},
    {{PP_OP_MALLOC, 512, 65536, 0}, {0, 0, 0x81, 0, 0, 0, 0, 0xe1}},
    {{PP_OP_MALLOC, 0x80ff, 0xfffff, 0},
     {0, 255, 0xff, 0, 0, 0xff, 0xff, 0xef}},
    {{PP_OP_MALLOC, 1, 0x100000, 0}, {0, 1, 0, 0, 0, 0, 20, 0xf0}},
    {{PP_OP_MALLOC, 1, 0x10007f, 0}, {0, 1, 0, 0, 0, 0x7f, 20, 0xf0}},
    {{PP_OP_MALLOC, 1, 0x1fff80, 0}, {0, 1, 0, 0, 0, 0x80, 21, 0xf0}},
    {{PP_OP_MALLOC, 1, UINT64_MAX, 0}, {0, 1, 0, 0, 0, 0xfe, 0, 0xf0}},
    {{PP_OP_MALLOC, 1, INT64_MAX, 0}, {0, 1, 0, 0, 0, 0xff, 63, 0xf0}},
    {{PP_OP_FREE, 2, 0, 0}, {40, 2}},
    {{PP_OP_REALLOC, 2, 9, 0}, {80, 2, 0, 0, 0, 9}},
    {{PP_OP_CALLOC, 2, 255, 9}, {104, 2, 0, 255, 0, 9}},
    {{PP_OP_CALLOC, 2, 256, 9}, {104, 2, 0, 0, 0x81, 9}},
    {{PP_OP_CALLOC, 2, 0x3fff, 9}, {104, 2, 0, 0xff, 0xbf, 9}},
    {{PP_OP_CALLOC, 2, 0x4000, 9}, {104, 2, 0, 0, 0xcd, 9}},
    {{PP_OP_CALLOC, 2, 0x407f, 9}, {104, 2, 0, 0x7f, 0xcd, 9}},
    {{PP_OP_CALLOC, 2, UINT64_MAX, 9}, {104, 2, 0, 0xfd, 0xc0, 9}},
    {{PP_OP_BURST, 2, 4095, 9}, {116, 2, 0, 0xff, 0x0f, 9}},
    {{PP_OP_DRAIN, 2, 3, 15}, {128, 2, 0, 3, 0, 15, 0, 0}},
    {{PP_OP_DRAIN, 2, 3, 16}, {128, 2, 0, 3, 0, 16, 0, 0xe0}},
    {{PP_OP_DRAIN, 2, 3, 65535}, {128, 2, 0, 3, 0, 0xff, 0xff, 0xe0}},
    {{PP_OP_USABLE, 2, 0, 0}, {140, 2}},
    {{PP_OP_REALLOCARRAY, 2, 3, 4}, {144, 2, 0, 3, 0, 4}},
    {{PP_OP_ALIGNED_ALLOC, 2, 1, 4}, {148, 2, 0, 0, 0, 4}},
    {{PP_OP_ALIGNED_ALLOC, 2, 65536, 4}, {148, 2, 0, 16, 0, 4}},
    {{PP_OP_ALIGNED_ALLOC, 2, 3, 4}, {148, 2, 0, 3, 0x80, 4}},
    {{PP_OP_ALIGNED_ALLOC, 2, 131072, 4}, {148, 2, 0, 0, 0xd0, 4}},
    {{PP_OP_POSIX_MEMALIGN, 2, 16, 4}, {152, 2, 0, 4, 0, 4}},
    {{PP_OP_FREE_SIZED, 2, 4, 0}, {156, 2, 0, 0, 0, 4}},
    {{PP_OP_FREE_ALIGNED_SIZED, 2, 16, 4}, {160, 2, 0, 4, 0, 4}},
    {{PP_OP_DOMAIN, 0, 2, 0}, {164, 0, 0, 2}},
    {{PP_OP_THREAD, 0, 3, 0}, {166, 0, 0, 3}},
    {{PP_OP_ARENA_SKEW, 0, 255 * 4096, 0}, {168, 0, 0, 255}},
    {{PP_OP_ARENA_FAIL, 0, 7, 0}, {169, 0, 0, 7}},
    {{PP_OP_SYSTEM_FAIL, 0, 7, 0}, {170, 0, 0, 7}},
    {{PP_OP_FORK, 0, 0, 0}, {171}},
    {{PP_OP_SINGLETON, 2, 1, 0}, {172, 2, 0, 1}},
    {{PP_OP_APPEND, 2, 300, 0}, {214, 2, 0, 44, 0x80}},
};

Test(OPS_05, records_are_these_bytes) {
  for (size_t i = 0; i < COUNT(records); i++) {
    uint8_t record[PP_RECORD_SIZE];
    struct pp_op op;
    cr_assert_eq(pp_records_encode(&records[i].op, 1, record, sizeof record),
                 PP_RECORD_SIZE, "%zu", i);
    cr_assert_eq(memcmp(record, records[i].record, sizeof record), 0, "%zu", i);
    cr_assert_eq(pp_records_decode(record, sizeof record, &op, 1), 1);
    cr_assert(pp_op_equal(&op, &records[i].op), "%zu", i);
  }
}

/* Bytes that are never written mean something as well. */
Test(OPS_05, other_records_are_read_like_these) {
  static const struct {
    uint8_t record[PP_RECORD_SIZE];
    struct pp_op op;
  } read[] = {
      {{39, 9, 0x7f, 9, 9, 0xff, 0xff, 0xbf}, {PP_OP_MALLOC, 9, 1023, 0}},
      {{39, 9, 0, 0, 0, 0xff, 0xff, 0xdf}, {PP_OP_MALLOC, 9, 65535, 0}},
      {{39, 9, 0, 0, 0, 0xff, 0xff, 0xe0}, {PP_OP_MALLOC, 9, 65535, 0}},
      {{39, 9, 0, 0, 0, 5, 65, 0xff}, {PP_OP_MALLOC, 9, 6, 0}},
      {{39, 9, 0, 0, 0, 127, 0, 0xf1}, {PP_OP_MALLOC, 9, 128, 0}},
      {{39, 9, 0, 0, 0, 128, 8, 0xf1}, {PP_OP_MALLOC, 9, 128, 0}},
      {{39, 9, 0, 0, 0, 0, 64, 0xf1}, {PP_OP_MALLOC, 9, 0, 0}},
      {{79, 1, 0xff}, {PP_OP_FREE, 1 + 256 + 0x7f00, 0, 0}},
      {{139, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xdf}, {PP_OP_DRAIN, 0, 4095, 15}},
      {{115, 0, 0, 7, 0x7f, 1}, {PP_OP_CALLOC, 0, 7, 1}},
      {{115, 0, 0, 7, 0xc0, 1}, {PP_OP_CALLOC, 0, 9, 1}},
      {{151, 0, 0, 17, 0x7f, 1}, {PP_OP_ALIGNED_ALLOC, 0, 1, 1}},
      {{151, 0, 0, 33, 0, 1}, {PP_OP_ALIGNED_ALLOC, 0, 65536, 1}},
      {{165, 7, 7, 5, 9}, {PP_OP_DOMAIN, 0, 2, 0}},
      {{167, 7, 7, 7, 9}, {PP_OP_THREAD, 0, 3, 0}},
      {{168, 7, 7, 1, 9}, {PP_OP_ARENA_SKEW, 0, 4096, 0}},
      {{169, 7, 7, 1, 0}, {PP_OP_ARENA_FAIL, 0, 1, 0}},
  };
  for (size_t i = 0; i < COUNT(read); i++) {
    struct pp_op op;
    cr_assert_eq(pp_records_decode(read[i].record, PP_RECORD_SIZE, &op, 1), 1);
    cr_assert(pp_op_equal(&op, &read[i].op), "%zu", i);
    cr_assert_eq(op.id, read[i].op.id, "%zu", i);
  }
}

Test(OPS_07, what_fits_no_record_is_told) {
  static const struct pp_op none[] = {
      {PP_OP_MALLOC, 0x8100, 1, 0},
      {PP_OP_MALLOC, 0, 0x100080, 0},
      {PP_OP_CALLOC, 0, 0x4080, 1},
      {PP_OP_CALLOC, 0, 1, 0x100080},
      {PP_OP_BURST, 0, 4096, 1},
      {PP_OP_DRAIN, 0, 1, 65536},
      {PP_OP_DOMAIN, 0, 3, 0},
      {PP_OP_THREAD, 0, 4, 0},
      {PP_OP_ARENA_SKEW, 0, 1, 0},
      {PP_OP_ARENA_SKEW, 0, 1 << 20, 0},
      {PP_OP_ALIGNED_ALLOC, 0, 0x4080, 1},
      {PP_OP_EXPECT, 0, 1, 0},
  };
  uint8_t bytes[2 * PP_RECORD_SIZE];
  const struct pp_op two[] = {{PP_OP_FREE, 1, 0, 0}, {PP_OP_FREE, 2, 0, 0}};
  for (size_t i = 0; i < COUNT(none); i++)
    cr_assert_eq(pp_records_encode(&none[i], 1, NULL, 0), (size_t)-1, "%zu", i);
  cr_assert_eq(pp_records_encode(two, 2, bytes, 15), (size_t)-1);
  cr_assert_eq(pp_records_encode(two, 2, bytes, 16), 16);
  cr_assert_eq(pp_records_encode(two, 2, NULL, 0), 16);
}
