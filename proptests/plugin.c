/* A plug-in around malloc that lacks what POOLPROOF_PLUGIN says, or says of
 * itself what it should not; without it, one that conforms. */
#include <stdlib.h>
#include <string.h>

#include "poolproof/subject.h"

static struct pp_subject subject;

static int is(const char *odd) {
  const char *value = getenv("POOLPROOF_PLUGIN");
  return value != NULL && strcmp(value, odd) == 0;
}

static void *take(void *ctx, size_t size) {
  (void)ctx;
  return malloc(size);
}

/* One block for all. */
static void *take_the_same(void *ctx, size_t size) {
  static _Alignas(16) char block[64];
  return size <= sizeof block ? block : take(ctx, size);
}

static void *take_zero(void *ctx, size_t count, size_t size) {
  (void)ctx;
  return calloc(count, size);
}

static void *resize(void *ctx, void *block, size_t size) {
  (void)ctx;
  return realloc(block, size);
}

static void give(void *ctx, void *block) {
  (void)ctx;
  free(block);
}

/* Only ours, on our context, is answered by 0. */
static int use_sources(void *ctx, const struct pp_arena_source *arenas,
                       const struct pp_system_source *system) {
  if (is("refuses")) return 3;
  subject.reallocarray = NULL;
  return ctx != &subject || arenas->alloc == NULL || system->malloc == NULL;
}

const struct pp_subject *poolproof_subject(void);

const struct pp_subject *poolproof_subject(void) {
  const char *name = getenv("POOLPROOF_PLUGIN_NAME");
  if (is("null")) return NULL;
  subject = (struct pp_subject){.version = PP_SUBJECT_VERSION,
                                .name = name != NULL ? name : "odd 1.2",
                                .ctx = &subject,
                                .malloc = take,
                                .calloc = take_zero,
                                .realloc = resize,
                                .free = give,
                                .sets_errno = 7};
  if (is("older")) subject.version = PP_SUBJECT_VERSION - 1;
  if (is("newer")) subject.version = PP_SUBJECT_VERSION + 1;
  if (is("same block")) subject.malloc = take_the_same;
  if (is("without malloc")) subject.malloc = NULL;
  if (is("without calloc")) subject.calloc = NULL;
  if (is("without realloc")) subject.realloc = NULL;
  if (is("without free")) subject.free = NULL;
  if (is("without name")) subject.name = NULL;
  if (is("of a family") || is("refuses") || is("without sources"))
    subject.profile = "3.9";
  if (is("of none")) subject.profile = "9.9";
  if (!is("without sources") && !is("plain")) subject.use_sources = use_sources;
  return &subject;
}
