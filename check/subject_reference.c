/* The reference as a subject, judged by the same driver as any other. OBJ and
 * MEM are the two names of one heap, as in CPython; RAW goes past it. */
#include <stdio.h>
#include <sys/mman.h>

#include "check/subject.h"

struct holder {
  const struct pp_reference *reference;
  struct pp_heap *heap;
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

static struct pp_heap *create(const struct pp_subject_spec *spec,
                              const struct pp_profile *profile,
                              const struct pp_places *places) {
  static const struct pp_reference *const builds[PP_LEVEL_COUNT] = {
      [PP_LEVEL_NONE] = &pp_reference_none,
      [PP_LEVEL_CHEAP] = &pp_reference_cheap,
      [PP_LEVEL_OBJECT] = &pp_reference_object,
      [PP_LEVEL_HEAP] = &pp_reference_heap,
  };
  holder.reference = builds[spec->level];
  void *memory =
      mmap(NULL, holder.reference->heap_size(profile), PROT_READ | PROT_WRITE,
           MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return NULL;
  return holder.reference->create(memory, profile, &places->arenas,
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
  holder.heap = create(spec, loaded->profile, places);
  if (holder.heap == NULL) {
    snprintf(why, why_size, "there is no memory for its heap");
    return PP_LOAD_FAILED;
  }
  snprintf(loaded->title, sizeof loaded->title, "reference");
  loaded->domain_count = PP_DOMAIN_COUNT;
  loaded->calls[PP_DOMAIN_OBJ] = heap_calls(loaded->title);
  loaded->calls[PP_DOMAIN_MEM] = heap_calls(loaded->title);
  loaded->calls[PP_DOMAIN_RAW] = raw_calls(loaded->title, places);
  return PP_LOAD_OK;
}
