/* Generated histories (SPEC.md, OPS-14): what they open with, and that each
 * keeps its books, by which it stays within its bounds and ends with nothing
 * left. That the same seed makes the same history is in test_trace_search.c. */
#include <criterion/criterion.h>
#include <string.h>

#include "check/generate.h"

enum { DRAWS = 400000, MIB = 1 << 20 };

static struct pp_generator generator;

static void open_for(const struct pp_profile *profile, uint64_t round) {
  struct pp_generate_options options = {
      .seed = 5, .round = round, .operations = DRAWS, .profile = profile};
  pp_generator_open(&generator, &options);
}

/* ---- openings ---- */

/* Statements of an opening, up to a limit; the rest is counted. */
static struct pp_op opening[2][1024];

static size_t open_with(const struct pp_profile *profile, uint64_t round,
                        struct pp_op *into) {
  struct pp_op op;
  const char *expected = "";
  size_t count = 0;
  open_for(profile, round);
  while (pp_generate_opening(&generator, &op)) {
    cr_assert_eq(pp_op_fault(&op, &expected), 0, "expected %s", expected);
    if (count < 1024) into[count] = op;
    count++;
  }
  cr_assert_not(pp_generate_opening(&generator, &op), "it is over once");
  pp_generator_close(&generator);
  return count;
}

/* Every other round has large blocks and a vector; every fourth has churn, vast
 * blocks or walls of sizes; and every eighth a crowd. */
Test(OPS_14, openings_have_kinds_of_rounds) {
  size_t plain = open_with(NULL, 0, opening[0]), counts[8];
  cr_assert_lt(plain, 1024);
  for (uint64_t round = 0; round < 8; round++) {
    counts[round] = open_with(NULL, round, opening[1]);
    for (size_t i = 0; i < plain; i++)
      cr_assert(pp_op_equal(&opening[1][i], &opening[0][i]), "%zu", i);
    cr_assert_eq(open_with(NULL, round + 8, opening[1]), counts[round]);
  }
  cr_assert_eq(counts[0], plain);
  cr_assert_eq(counts[4], plain);
  cr_assert_eq(counts[5], counts[1]);
  cr_assert_eq(counts[6], counts[2]);
  cr_assert_eq(counts[7], counts[3] + 2, "a crowd comes and goes");
  cr_assert_gt(counts[1], plain);
  cr_assert_gt(counts[2], plain);
  cr_assert_neq(counts[3], counts[1]);
}

/* Whether an opening has such a call; of a burst the size is a count. */
static bool asks_for(uint64_t round, enum pp_op_kind kind, uint64_t size) {
  struct pp_op op;
  bool asked = false;
  open_for(NULL, round);
  while (pp_generate_opening(&generator, &op)) {
    if (op.kind == kind && op.a == size) asked = true;
  }
  pp_generator_close(&generator);
  return asked;
}

Test(OPS_14, openings_ask_for_what_is_seldom_drawn) {
  cr_assert(asks_for(1, PP_OP_MALLOC, (UINT64_C(1) << 32) + 16));
  cr_assert(asks_for(1, PP_OP_REALLOC, (UINT64_C(1) << 40) + 16));
  cr_assert(asks_for(1, PP_OP_REALLOC, 1024));
  cr_assert(asks_for(3, PP_OP_MALLOC, UINT64_C(1) << 18));
  cr_assert(asks_for(3, PP_OP_MALLOC, (UINT64_C(1) << 16) - 32));
  cr_assert(asks_for(7, PP_OP_BURST, PP_GENERATE_CROWD));
  cr_assert_not(asks_for(0, PP_OP_BURST, PP_GENERATE_CROWD));
}

static bool is_of_the_family(const struct pp_op *op) {
  return op->kind <= PP_OP_REALLOC || op->kind == PP_OP_BURST ||
         op->kind == PP_OP_DRAIN;
}

/* What the family is refused, and then the same as of any malloc, as far as it
 * has the calls. */
Test(OPS_14, openings_of_the_family_end_like_those) {
  size_t all = open_with(NULL, 0, opening[0]);
  size_t count = open_with(&pp_profiles[PP_PROFILE_3_9], 2, opening[1]);
  size_t kept = 0, first = 0;
  for (size_t i = 0; i < all; i++)
    if (is_of_the_family(&opening[0][i])) opening[0][kept++] = opening[0][i];
  cr_assert_lt(count, 1024);
  for (; first < count; first++) {
    size_t same = 0;
    while (first + same < count &&
           pp_op_equal(&opening[1][first + same], &opening[0][same]))
      same++;
    if (first + same == count && same > 40) break;
  }
  cr_assert_lt(first, count, "its end is none of theirs");
  cr_assert_gt(first, 0, "nothing is refused");
}

/* ---- histories ---- */

/* The books of one history, kept from its statements alone. */
struct books {
  bool live[PP_GENERATE_IDS];
  uint64_t sizes[PP_GENERATE_IDS];
  uint64_t bytes, bytes_most;
  uint64_t count, count_most;
  uint64_t calls;
  uint64_t largest;    /* that was granted */
  uint64_t of_nothing; /* frees of a name that has no block */
};

static struct books books;

/* FNV-1a over the statements. */
static uint64_t hash;

static void mix(uint64_t number) {
  for (unsigned i = 0; i < 64; i += 8) {
    hash ^= number >> i & 0xff;
    hash *= UINT64_C(0x100000001b3);
  }
}

/* More than anybody has: refused. */
static bool is_huge(uint64_t size) {
  return size > UINT64_C(1) << 40;
}

static void takes(uint64_t id, uint64_t size) {
  cr_assert_not(books.live[id], "%lu is live", id);
  books.live[id] = true;
  books.sizes[id] = size;
  books.bytes += size;
  books.count++;
  if (books.bytes > books.bytes_most) books.bytes_most = books.bytes;
  if (books.count > books.count_most) books.count_most = books.count;
  if (size > books.largest) books.largest = size;
}

static void frees(uint64_t id) {
  books.of_nothing += !books.live[id];
  if (!books.live[id]) return;
  books.live[id] = false;
  books.bytes -= books.sizes[id];
  books.count--;
}

static void resizes(uint64_t id, uint64_t size) {
  if (is_huge(size)) return;
  frees(id);
  takes(id, size);
}

static void enter(const struct pp_op *op) {
  bool many = op->kind == PP_OP_BURST || op->kind == PP_OP_DRAIN;
  books.calls += many ? op->a : 1;
  cr_assert(strchr(pp_op_operands[op->kind], 'i') == NULL ||
            op->id < PP_GENERATE_IDS);
  switch (op->kind) {
  case PP_OP_MALLOC:
    if (!is_huge(op->a)) takes(op->id, op->a);
    break;
  case PP_OP_CALLOC:
    if (!is_huge(op->a) && !is_huge(op->b)) takes(op->id, op->a * op->b);
    break;
  case PP_OP_ALIGNED_ALLOC:
  case PP_OP_POSIX_MEMALIGN:
    if (!is_huge(op->b)) takes(op->id, op->b);
    break;
  case PP_OP_BURST:
    for (uint64_t i = 0; i < op->a; i++)
      takes(op->id + i, op->b);
    break;
  case PP_OP_REALLOC: resizes(op->id, op->a); break;
  case PP_OP_REALLOCARRAY:
    if (!is_huge(op->a) && !is_huge(op->b)) resizes(op->id, op->a * op->b);
    break;
  case PP_OP_FREE:
  case PP_OP_FREE_SIZED:
  case PP_OP_FREE_ALIGNED_SIZED: frees(op->id); break;
  default: break;
  }
}

/* The whole history, but for its opening, which has blocks that only some
 * subjects give. */
static void keep_books(const struct pp_profile *profile, uint64_t round) {
  struct pp_op op;
  const char *expected = "";
  memset(&books, 0, sizeof books);
  hash = UINT64_C(0xcbf29ce484222325);
  open_for(profile, round);
  while (pp_generate_opening(&generator, &op))
    continue;
  while (generator.source.fill(&generator.source, &op, 1) == 1) {
    cr_assert_eq(pp_op_fault(&op, &expected), 0, "expected %s", expected);
    enter(&op);
    mix(op.kind ^ op.id << 8);
    mix(op.a);
    mix(op.b);
    cr_assert_eq(books.count, generator.live_count, "%lu", books.calls);
    cr_assert_eq(books.bytes, generator.live_bytes, "%lu", books.calls);
  }
  pp_generator_close(&generator);
  cr_assert_eq(books.count, 0);
  cr_assert_eq(books.bytes, 0);
  cr_assert_geq(books.calls, DRAWS);
  cr_assert_lt(books.calls, DRAWS + 2 * PP_GENERATE_IDS);
}

/* What they were when this was written, for long enough that all that is rare
 * has happened: of any malloc in rounds 0 to 3, of 3.13, and of tiny. */
static const uint64_t long_ones[] = {
    0x0fa225a886959d7d, 0xd12e2770f48f4331, 0x2e27cc1ffecb83f8,
    0x7cb0e31e8099a38b, 0x3246c802a362871b, 0x597d728773484c50,
};

Test(OPS_14, histories_of_any_malloc_keep_their_books) {
  uint64_t largest = 0, bytes = 0;
  for (uint64_t round = 0; round < 4; round++) {
    keep_books(NULL, round);
    cr_expect_eq(hash, long_ones[round], "0x%016lx", hash);
    /* Beyond it are small blocks, and a burst of up to a page each. */
    cr_assert_leq(books.bytes_most,
                  PP_GENERATE_BYTES + 1024 * (books.count_most + 4 * 4096));
    cr_assert_leq(books.largest, round % 2 == 0 ? MIB : 32 * MIB);
    cr_assert_leq(books.count_most, PP_GENERATE_IDS - PP_GENERATE_BURST);
    if (books.largest > largest) largest = books.largest;
    if (books.bytes_most > bytes) bytes = books.bytes_most;
  }
  cr_assert_gt(largest, MIB);
  cr_assert_gt(bytes, PP_GENERATE_BYTES / 4);
}

Test(OPS_14, histories_of_the_family_keep_their_books) {
  static const enum pp_profile_id profiles[] = {PP_PROFILE_3_13,
                                                PP_PROFILE_TINY};
  for (int i = 0; i < 2; i++) {
    keep_books(&pp_profiles[profiles[i]], 1);
    cr_expect_eq(hash, long_ones[4 + i], "0x%016lx", hash);
    cr_assert_leq(books.count_most, i == 0 ? 61440 : 640 + 4096);
    cr_assert_leq(books.largest, MIB + 1);
  }
}
