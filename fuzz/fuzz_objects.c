/* Objects and the collector: each input is a program on an interpreter of one
 * profile, held against the graph, and in half of them in lock-step with the
 * same objects at another level.
 *
 * POOLPROOF_SUBJECT may name another build of the objects. */
/* Watches: OBJ INT STR BYTES REF INTERN LIST TUPLE DICT SET ARRAY HASH GC */
/* Watches: GRAPH */
#include <stdlib.h>
#include <string.h>

#include "check/library.h"
#include "fuzz/objects.h"

static const struct pp_objects *build_of(const char *path) {
  static struct pp_library library;
  char why[PP_WHY_MAX];
  if (!pp_library_open(path, &library, why, sizeof why)) pp_fuzz_cannot(why);
  const struct pp_objects *objects =
      pp_library_symbol(&library, "pp_objects_heap");
  if (objects == NULL) pp_fuzz_cannot("the library has no build of objects");
  return objects;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static struct pp_fuzz_objects objects;
  static bool chosen;
  const char *path = getenv("POOLPROOF_SUBJECT");
  if (!chosen && path != NULL && *path != '\0')
    objects.objects = build_of(path);
  chosen = true;
  struct pp_fuzz_program program =
      pp_fuzz_read(&pp_fuzz_of_objects, data, size);
  if (objects.objects != NULL) program.twin = true;
  pp_fuzz_perform_objects(&objects, &program);
  return 0;
}

void pp_fuzz_show(const uint8_t *data, size_t size, FILE *out) {
  struct pp_fuzz_program program =
      pp_fuzz_read(&pp_fuzz_of_objects, data, size);
  const char *subject = getenv("POOLPROOF_SUBJECT");
  if (subject == NULL || *subject == '\0') subject = "objects";
  pp_fuzz_print(&program, out, subject, true);
}

void pp_fuzz_encode(const char *name, const struct pp_op *ops, size_t count,
                    void *ctx, pp_fuzz_give *give) {
  pp_fuzz_each_profile(&pp_fuzz_of_objects, name, ops, count, ctx, give);
}

void pp_fuzz_seeds(void *ctx, pp_fuzz_give *give) {
  pp_fuzz_seeds_of_objects(&pp_fuzz_of_objects, ctx, give);
}
