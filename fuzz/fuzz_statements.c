/* What statements mean: each input is performed on subjects that note what they
 * are asked, and held against what SPEC.md says that they should be. Also
 * generated from, and shrunk. */
/* Watches: OPS-03 OPS-09 OPS-10 OPS-11 OPS-12 OPS-13 OPS-14 OPS-17 OPS-18 */
/* Watches: OPS-19 OPS-20 OPS-21 */
#include "fuzz/meanings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct pp_fuzz_program program = pp_fuzz_read(&pp_fuzz_of_heaps, data, size);
  pp_meaning_of_calls(&program);
  pp_meaning_of_settings(&program);
  if (size > 3 && data[3] == 1) pp_meaning_of_a_seed(&program);
  if (size > 3 && data[3] >= 0xf0) pp_meaning_of_shrinking(&program);
  program = pp_fuzz_read(&pp_fuzz_of_objects, data, size);
  pp_meaning_of_operands(&program);
  return 0;
}

void pp_fuzz_show(const uint8_t *data, size_t size, FILE *out) {
  struct pp_fuzz_program program = pp_fuzz_read(&pp_fuzz_of_heaps, data, size);
  pp_fuzz_print(&program, out, "", false);
}

void pp_fuzz_encode(const char *name, const struct pp_op *ops, size_t count,
                    void *ctx, pp_fuzz_give *give) {
  pp_fuzz_each_profile(&pp_fuzz_of_heaps, name, ops, count, ctx, give);
}

/* One that generates, and one that is shrunk. */
static void give_others(void *ctx, pp_fuzz_give *give) {
  static const uint8_t generates[PP_RECORD_SIZE] = {9, 0, 0, 1};
  static const uint8_t shrinks[6 * PP_RECORD_SIZE] = {9, 0, 0, 0xf0, 0, 2};
  give(ctx, "generates", generates, sizeof generates);
  give(ctx, "shrinks", shrinks, sizeof shrinks);
}

void pp_fuzz_seeds(void *ctx, pp_fuzz_give *give) {
  give_others(ctx, give);
  pp_fuzz_seeds_of_heaps(&pp_fuzz_of_heaps, ctx, give);
  pp_fuzz_seeds_of_objects(&pp_fuzz_of_objects, ctx, give);
}
