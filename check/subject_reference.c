/* The reference as a subject, judged by the same driver as any other: a build
 * of this program, or one out of a shared object, with rows of profiles of its
 * own. OBJ and MEM are the two names of one heap, as in CPython; RAW goes past
 * it. */
#include <stdio.h>

#include "check/builds.h"
#include "check/pages.h"
#include "check/subject.h"

struct holder {
  const struct pp_reference *reference;
  struct pp_heap *heap; /* NULL: it was ended */
  void *memory;         /* which serves the next heap, when it is enough */
  size_t size;
};

/* The one subject of this process: the context of its calls. */
static struct holder holder;

static void *heap_malloc(void *ctx, size_t size) {
  const struct holder *h = ctx;
  return h->reference->malloc(h->heap, size);
}

static void *heap_calloc(void *ctx, size_t count, size_t size) {
  const struct holder *h = ctx;
  return h->reference->calloc(h->heap, count, size);
}

static void *heap_realloc(void *ctx, void *block, size_t size) {
  const struct holder *h = ctx;
  return h->reference->realloc(h->heap, block, size);
}

static void heap_free(void *ctx, void *block) {
  const struct holder *h = ctx;
  h->reference->free(h->heap, block);
}

static void heap_end(void *ctx) {
  struct holder *h = ctx;
  h->reference->destroy(h->heap);
  h->heap = NULL;
}

typedef const struct pp_profile *profile_find(const char *name);

/* Fills the holder. A build brings its own profile of this name, unless it is
 * one that only the exhaustive search knows; NULL with a sentence in `why` when
 * it does not. */
static const struct pp_profile *choose_build(const struct pp_subject_spec *spec,
                                             struct pp_loaded *loaded,
                                             char *why, size_t why_size) {
  static struct pp_library library;
  profile_find *find;
  holder.reference = pp_reference_at(spec->level);
  if (spec->path == NULL) return loaded->profile;
  if (!pp_library_open(spec->path, &library, why, why_size)) return NULL;
  holder.reference = pp_reference_in(&library, &loaded->level);
  const struct pp_profile *profile = NULL;
  if (holder.reference != NULL &&
      pp_library_function(&library, "pp_profile_find", &find))
    profile = pp_profile_find(loaded->profile->name) == NULL
                  ? loaded->profile
                  : find(loaded->profile->name);
  if (profile == NULL)
    snprintf(why, why_size, "%s has no build of the reference for %s",
             spec->path, loaded->profile->name);
  return profile;
}

static struct pp_heap *create(const struct pp_subject_spec *spec,
                              const struct pp_profile *profile,
                              const struct pp_places *places) {
  size_t size = holder.reference->heap_size(profile);
  if (holder.heap != NULL || holder.size < size) {
    holder.memory = pp_pages(size);
    holder.size = size;
  }
  return holder.reference->create(holder.memory, profile, &places->arenas,
                                  &places->system, spec->witness);
}

static struct pp_subject heap_calls(const char *title) {
  return (struct pp_subject){
      .version = PP_SUBJECT_VERSION,
      .name = title,
      .ctx = &holder,
      .malloc = heap_malloc,
      .calloc = heap_calloc,
      .realloc = heap_realloc,
      .free = heap_free,
  };
}

static struct pp_subject raw_calls(const char *title,
                                   struct pp_places *places) {
  struct pp_system_source raw = pp_raw_source(places);
  return (struct pp_subject){
      .version = PP_SUBJECT_VERSION,
      .name = title,
      .ctx = raw.ctx,
      .malloc = raw.malloc,
      .calloc = raw.calloc,
      .realloc = raw.realloc,
      .free = raw.free,
  };
}

enum pp_load_result pp_load_reference(const struct pp_subject_spec *spec,
                                      struct pp_places *places,
                                      struct pp_loaded *loaded, char *why,
                                      size_t why_size) {
  loaded->profile = spec->profile;
  if (loaded->profile == NULL) loaded->profile = &pp_profiles[PP_PROFILE_3_13];
  const struct pp_profile *profile = choose_build(spec, loaded, why, why_size);
  if (profile == NULL) return PP_LOAD_FAILED;
  holder.heap = create(spec, profile, places);
  snprintf(loaded->title, sizeof loaded->title,
           spec->path == NULL ? "reference" : "reference, %s",
           holder.reference->level);
  loaded->end = heap_end;
  loaded->end_ctx = &holder;
  loaded->domain_count = PP_DOMAIN_COUNT;
  loaded->calls[PP_DOMAIN_OBJ] = heap_calls(loaded->title);
  loaded->calls[PP_DOMAIN_MEM] = heap_calls(loaded->title);
  loaded->calls[PP_DOMAIN_RAW] = raw_calls(loaded->title, places);
  return PP_LOAD_OK;
}
