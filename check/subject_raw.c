/* The RAW family: the system source with the rules that CPython puts in front
 * of the C library's malloc, so that all three families answer alike to sizes
 * of zero and to sizes beyond PTRDIFF_MAX. */
#include <stdint.h>

#include "check/subject.h"

static void *raw_malloc(void *ctx, size_t size) {
  struct pp_places *places = ctx;
  if (size > PTRDIFF_MAX) return NULL;
  return places->system.malloc(places, size == 0 ? 1 : size);
}

static void *raw_calloc(void *ctx, size_t count, size_t size) {
  struct pp_places *places = ctx;
  if (size != 0 && count > PTRDIFF_MAX / size) return NULL;
  if (count == 0 || size == 0) count = size = 1;
  return places->system.calloc(places, count, size);
}

static void *raw_realloc(void *ctx, void *block, size_t size) {
  struct pp_places *places = ctx;
  if (size > PTRDIFF_MAX) return NULL;
  return places->system.realloc(places, block, size == 0 ? 1 : size);
}

static void raw_free(void *ctx, void *block) {
  struct pp_places *places = ctx;
  places->system.free(places, block);
}

struct pp_system_source pp_raw_source(struct pp_places *places) {
  return (struct pp_system_source){.ctx = places,
                                   .malloc = raw_malloc,
                                   .calloc = raw_calloc,
                                   .realloc = raw_realloc,
                                   .free = raw_free};
}
