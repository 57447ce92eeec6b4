/* The reference, judged as any heap is, and by itself at level object: each
 * input is a history on a fresh heap of one profile.
 *
 * POOLPROOF_SUBJECT may name another build of the reference. */
/* Watches: GEO SC BLOCK POOL ARENA MAP HEAP REALLOC */
#include "fuzz/heaps.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static struct pp_fuzz_heaps heaps = {.level = PP_LEVEL_OBJECT, .anew = true};
  if (heaps.subject == NULL) heaps.subject = pp_fuzz_subject("reference");
  struct pp_fuzz_program program = pp_fuzz_read(&pp_fuzz_of_heaps, data, size);
  pp_fuzz_perform(&heaps, &program);
  return 0;
}

void pp_fuzz_show(const uint8_t *data, size_t size, FILE *out) {
  struct pp_fuzz_program program = pp_fuzz_read(&pp_fuzz_of_heaps, data, size);
  pp_fuzz_print(&program, out, pp_fuzz_subject("reference"), true);
}

void pp_fuzz_encode(const char *name, const struct pp_op *ops, size_t count,
                    void *ctx, pp_fuzz_give *give) {
  pp_fuzz_each_profile(&pp_fuzz_of_heaps, name, ops, count, ctx, give);
}

void pp_fuzz_seeds(void *ctx, pp_fuzz_give *give) {
  pp_fuzz_seeds_of_heaps(&pp_fuzz_of_heaps, ctx, give);
}
