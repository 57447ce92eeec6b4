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

static void *take_nothing(void *ctx, size_t size) {
  return size == 0 ? NULL : take(ctx, size);
}

/* Slots of one size, in a list that nothing guards; what is larger, or none of
 * them, is not freed. */
enum { SLOTS = 4096, SLOT = 64 };
static union slot {
  union slot *next;
  _Alignas(16) unsigned char bytes[SLOT];
} slots[SLOTS], *first_free;
static size_t slots_used;

static int is_slot(const void *block) {
  const unsigned char *at = block, *start = slots[0].bytes;
  return at >= start && at < start + sizeof slots;
}

/* It follows what was written into a free slot, and must crash of that. */
__attribute__((no_sanitize("address"), no_sanitize("undefined"))) static void *
take_slot(void *ctx, size_t size) {
  if (size > SLOT || (first_free == NULL && slots_used == SLOTS))
    return take(ctx, size);
  union slot *slot = first_free;
  if (slot == NULL) return &slots[slots_used++];
  first_free = slot->next;
  return slot;
}

static void *take_zero_slot(void *ctx, size_t count, size_t size) {
  if (size != 0 && count > SLOT / size) return calloc(count, size);
  void *block = take_slot(ctx, count * size);
  return block == NULL ? NULL : memset(block, 0, count * size);
}

static void *resize_slot(void *ctx, void *block, size_t size) {
  if (block == NULL) return take_slot(ctx, size);
  if (!is_slot(block)) return realloc(block, size);
  if (size <= SLOT) return block;
  void *larger = malloc(size);
  return larger == NULL ? NULL : memcpy(larger, block, SLOT);
}

static void give_slot(void *ctx, void *block) {
  union slot *slot = block;
  (void)ctx;
  if (!is_slot(block)) return;
  slot->next = first_free;
  first_free = slot;
}

/* Only what is known to be out is freed, and anything else is told. */
static void give_sternly(void *ctx, void *block) {
  for (union slot *slot = first_free; slot != NULL; slot = slot->next) {
    if (slot == block) abort();
  }
  give_slot(ctx, block);
}

static void give_nothing(void *ctx, void *block) {
  (void)ctx;
  (void)block;
}

static void offer_slots(void (*free_slot)(void *ctx, void *block)) {
  subject.malloc = take_slot;
  subject.calloc = take_zero_slot;
  subject.realloc = resize_slot;
  subject.free = free_slot;
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
  if (is("unguarded")) offer_slots(give_slot);
  if (is("stern")) offer_slots(give_sternly);
  if (is("deaf")) offer_slots(give_nothing);
  if (is("zero is null")) subject.malloc = take_nothing;
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
