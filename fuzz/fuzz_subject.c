/* Any allocator: what POOLPROOF_SUBJECT names, or -Dsubject=, or the C library.
 * It lives on from input to input, and is empty when one begins.
 *
 * What its release is declared not to keep is no find. */
/* Watches: API */
#include "fuzz/heaps.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static struct pp_fuzz_heaps heaps = {.level = PP_LEVEL_OBJECT};
  if (heaps.subject == NULL) heaps.subject = pp_fuzz_subject("libc");
  struct pp_fuzz_program program = pp_fuzz_read(&pp_fuzz_of_heaps, data, size);
  pp_fuzz_perform(&heaps, &program);
  return 0;
}

void pp_fuzz_show(const uint8_t *data, size_t size, FILE *out) {
  struct pp_fuzz_program program = pp_fuzz_read(&pp_fuzz_of_heaps, data, size);
  pp_fuzz_print(&program, out, pp_fuzz_subject("libc"), false);
}

void pp_fuzz_encode(const char *name, const struct pp_op *ops, size_t count,
                    void *ctx, pp_fuzz_give *give) {
  static const struct pp_fuzz_profiles one = {PP_PROFILE_3_6, 1};
  pp_fuzz_each_profile(&one, name, ops, count, ctx, give);
}

void pp_fuzz_seeds(void *ctx, pp_fuzz_give *give) {
  pp_fuzz_seeds_of_any(ctx, give);
}
