/* A CPython, in lock-step with the reference: what POOLPROOF_SUBJECT names, or
 * -Dsubject=, or the first libpython that is found. Both heaps live on from
 * input to input, and are empty when one begins. */
/* Watches: HEAP-12 HEAP-13 HEAP-14 BLOCK-01 BLOCK-04 BLOCK-08 */
/* Watches: ARENA-01 POOL-16 */
#include <string.h>

#include "check/discover.h"
#include "fuzz/heaps.h"

/* Both heaps are there until the process ends, in memory of which a detector of
 * leaks knows nothing. */
int __lsan_is_turned_off(void);
int __lsan_is_turned_off(void) {
  return 1;
}

static const char *first_python(void) {
  static struct pp_found_list found; /* names are lent to who asks */
  found = pp_discover();
  for (size_t i = 0; i < found.count; i++) {
    if (found.at[i].install == NULL && strstr(found.at[i].name, "libpython"))
      return found.at[i].name;
  }
  pp_fuzz_cannot("there is no libpython");
}

static const char *subject_of(void) {
  const char *subject = pp_fuzz_subject("");
  return *subject != '\0' ? subject : first_python();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static struct pp_fuzz_heaps heaps = {.level = PP_LEVEL_OBJECT};
  if (heaps.subject == NULL) heaps.subject = subject_of();
  struct pp_fuzz_program program = pp_fuzz_read(&pp_fuzz_of_heaps, data, size);
  pp_fuzz_perform(&heaps, &program);
  return 0;
}

void pp_fuzz_show(const uint8_t *data, size_t size, FILE *out) {
  struct pp_fuzz_program program = pp_fuzz_read(&pp_fuzz_of_heaps, data, size);
  pp_fuzz_print(&program, out, subject_of(), false);
}

void pp_fuzz_encode(const char *name, const struct pp_op *ops, size_t count,
                    void *ctx, pp_fuzz_give *give) {
  static const struct pp_fuzz_profiles one = {PP_PROFILE_3_11, 1};
  pp_fuzz_each_profile(&one, name, ops, count, ctx, give);
}

void pp_fuzz_seeds(void *ctx, pp_fuzz_give *give) {
  static const struct pp_fuzz_profiles one = {PP_PROFILE_3_11, 1};
  pp_fuzz_seeds_of_heaps(&one, ctx, give);
}
