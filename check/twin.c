/* The twin (SPEC.md, HEAP-12): a reference heap that is called like any
 * subject. Its OBJ and MEM families are one heap, its RAW family the system
 * source, as in CPython since 3.6. */
#include "check/twin.h"

#include <string.h>

#include "check/pages.h"

static void *twin_malloc(void *ctx, size_t size) {
  struct pp_twin *twin = ctx;
  return twin->reference->malloc(twin->heap, size);
}

static void *twin_calloc(void *ctx, size_t count, size_t size) {
  struct pp_twin *twin = ctx;
  return twin->reference->calloc(twin->heap, count, size);
}

static void *twin_realloc(void *ctx, void *block, size_t size) {
  struct pp_twin *twin = ctx;
  return twin->reference->realloc(twin->heap, block, size);
}

static void twin_free(void *ctx, void *block) {
  struct pp_twin *twin = ctx;
  twin->reference->free(twin->heap, block);
}

/* Fills arenas with blocks of the largest class, as many as the subject had
 * when it was primed, and then is refused one more, as the subject was: from
 * here on both have the same slots, all of their arenas full. */
static void prime(struct pp_twin *twin, unsigned arenas) {
  size_t size = (size_t)twin->profile->class_count
                << twin->profile->alignment_shift;
  if (arenas == 0) return;
  for (;;) {
    bool last = twin->places.arena_requests == arenas;
    if (last) twin->places.arena_fail = UINT64_MAX;
    uint64_t refusals = twin->places.arena_refusals;
    void *block = twin_malloc(twin, size);
    if (twin->places.arena_refusals == refusals) continue;
    twin_free(twin, block);
    break;
  }
  twin->places.arena_fail = 0;
}

/* The heap and its calls, on places that are open. */
static void begin(struct pp_twin *twin, void *memory) {
  twin->heap =
      twin->reference->create(memory, twin->profile, &twin->places.arenas,
                              &twin->places.system, &twin->witness);
  struct pp_subject heap_calls = {
      .version = PP_SUBJECT_VERSION,
      .name = "twin",
      .ctx = twin,
      .malloc = twin_malloc,
      .calloc = twin_calloc,
      .realloc = twin_realloc,
      .free = twin_free,
      .profile = twin->profile->name,
  };
  twin->calls[PP_DOMAIN_OBJ] = heap_calls;
  twin->calls[PP_DOMAIN_MEM] = heap_calls;
  struct pp_system_source raw = pp_raw_source(&twin->places);
  twin->calls[PP_DOMAIN_RAW] = (struct pp_subject){
      .version = PP_SUBJECT_VERSION,
      .name = "twin",
      .ctx = raw.ctx,
      .malloc = raw.malloc,
      .calloc = raw.calloc,
      .realloc = raw.realloc,
      .free = raw.free,
  };
}

bool pp_twin_open(struct pp_twin *twin, const struct pp_reference *reference,
                  const struct pp_profile *profile, unsigned arenas_before,
                  void (*broken)(struct pp_witness *witness,
                                 enum pp_clause clause, const char *where)) {
  memset(twin, 0, sizeof *twin);
  if (!pp_places_open(&twin->places)) return false;
  twin->witness.broken = broken;
  twin->reference = reference;
  twin->profile = profile;
  begin(twin, pp_pages(reference->heap_size(profile)));
  prime(twin, arenas_before);
  pp_places_begin(&twin->places);
  return true;
}

bool pp_twin_again(struct pp_twin *twin, const struct pp_profile *profile) {
  size_t former = twin->reference->heap_size(twin->profile);
  size_t size = twin->reference->heap_size(profile);
  void *memory = twin->heap;
  twin->reference->destroy(twin->heap);
  bool all = pp_places_empty(&twin->places);
  pp_places_again(&twin->places);
  if (size != former) {
    pp_pages_free(memory, former);
    memory = pp_pages(size);
  }
  twin->profile = profile;
  begin(twin, memory);
  return all;
}

bool pp_twin_close(struct pp_twin *twin) {
  size_t size = twin->reference->heap_size(twin->profile);
  struct pp_heap *heap = twin->heap;
  twin->reference->destroy(heap);
  bool all = pp_places_empty(&twin->places);
  pp_pages_free(heap, size);
  pp_places_close(&twin->places);
  return all;
}
