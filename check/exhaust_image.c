/* Images of the world of the exhaustive search: all that an operation may
 * change, in chunks of two cache lines, and how the world differs from an image
 * (SPEC.md, "What exhaust means by a state"). After each operation all of it
 * is compared, once; what follows looks at the changes alone. */
#include "check/exhaust_world.h"

#ifdef __x86_64__
#include <immintrin.h>
#endif

#include "check/pages.h"

enum { WORD = sizeof(uint64_t), WORDS = PP_CHUNK / WORD };
enum { LEAVES_WATCHED = 16 };

static_assert(WORDS == 16, "16 bits tell the words of a chunk apart");

/* ---- what an image is made of ---- */

/* Whole chunks: what lies beside in them does not change. */
static void lay(struct pp_world *world, const void *at, size_t size) {
  uintptr_t address = (uintptr_t)at & ~(uintptr_t)(PP_CHUNK - 1);
  for (; address < (uintptr_t)at + size; address += PP_CHUNK) {
    world->chunk_at[world->chunk_count++] = (uint8_t *)address;
  }
}

static bool is_in(const uint8_t *word, const void *at, size_t size) {
  return (uintptr_t)word - (uintptr_t)at < size;
}

/* Of the arenas, the headers of pools; and neither the blocks of the system nor
 * the running totals. */
static bool decides(const struct pp_world *world, const uint8_t *word) {
  const struct pp_heap *heap = world->heap;
  const uint8_t *totals = (const uint8_t *)&heap->narenas_currently_allocated;
  const struct pp_pool *pool = pp_pool_of(world->profile, word);
  if (is_in(word, world->system, (size_t)(world->high - world->system))) {
    return false;
  }
  if (is_in(word, world->low, (size_t)(world->system - world->low))) {
    return is_in(word, pool, sizeof *pool);
  }
  return !is_in(word, totals, (size_t)((const uint8_t *)(heap + 1) - totals));
}

static bool accounts(const struct pp_world *world, const uint8_t *word) {
  const struct pp_heap *heap = world->heap;
  if (is_in(word, world->low, (size_t)(world->high - world->low))) return false;
  if (is_in(word, heap->usedpools, sizeof heap->usedpools)) return false;
  if (is_in(word, &world->given, PP_CHUNK)) return false;
  return decides(world, word);
}

static struct pp_chunk kind_of(const struct pp_world *world,
                               const uint8_t *chunk) {
  struct pp_chunk kind = {0, 0};
  for (unsigned i = 0; i < WORDS; i++) {
    const uint8_t *word = chunk + (size_t)i * WORD;
    if (decides(world, word)) kind.decide |= (uint16_t)(1u << i);
    if (accounts(world, word)) kind.account |= (uint16_t)(1u << i);
  }
  return kind;
}

void pp_image_lay(struct pp_world *world) {
  struct pp_heap *heap = world->heap;
  const struct pp_profile *profile = world->profile;
  lay(world, world->low, (size_t)(world->high - world->low));
  world->content_count = (unsigned)(world->system - world->low) / PP_CHUNK;
  world->system_end = world->chunk_count;
  /* Slots behind these are never used, and their links never change. */
  lay(world, world->vector,
      (world->geometry->arenas + 2) * sizeof *world->vector);
  lay(world, heap->usedpools, profile->class_count * sizeof heap->usedpools[0]);
  lay(world, &heap->arenas, sizeof *heap - offsetof(struct pp_heap, arenas));
  lay(world, &world->given, sizeof world->given);
  if (profile->map == PP_MAP_RADIX) {
    uintptr_t leaf = (uintptr_t)world->low >> profile->arena_bits;
    leaf &= ((uintptr_t)1 << profile->map_bottom_bits) - 1;
    lay(world, world->root_entry, sizeof(void *));
    lay(world, world->middle_entries, 2 * sizeof(void *));
    lay(world, &world->bottoms[leaf], LEAVES_WATCHED * sizeof(struct pp_leaf));
  }
  for (unsigned i = 0; i < world->chunk_count; i++) {
    world->kinds[i] = kind_of(world, world->chunk_at[i]);
  }
}

/* ---- images ---- */

static size_t image_size(const struct pp_world *world) {
  return (size_t)world->chunk_count * PP_CHUNK;
}

struct pp_image pp_image_open(const struct pp_world *world) {
  return (struct pp_image){pp_pages(image_size(world))};
}

void pp_image_close(const struct pp_world *world, struct pp_image image) {
  pp_pages_free(image.bytes, image_size(world));
}

void pp_image_copy(const struct pp_world *world, struct pp_image to,
                   struct pp_image from) {
  memcpy(to.bytes, from.bytes, image_size(world));
}

static uint8_t *chunk_of(struct pp_image image, unsigned index) {
  return image.bytes + (size_t)index * PP_CHUNK;
}

void pp_world_save(const struct pp_world *world, struct pp_image image) {
  for (unsigned i = 0; i < world->chunk_count; i++) {
    memcpy(chunk_of(image, i), world->chunk_at[i], PP_CHUNK);
  }
}

void pp_world_load(struct pp_world *world, struct pp_image image) {
  for (unsigned i = 0; i < world->chunk_count; i++) {
    memcpy(world->chunk_at[i], chunk_of(image, i), PP_CHUNK);
  }
}

bool pp_world_is(const struct pp_world *world, struct pp_image image) {
  for (unsigned i = 0; i < world->chunk_count; i++) {
    if (memcmp(world->chunk_at[i], chunk_of(image, i), PP_CHUNK) != 0) {
      return false;
    }
  }
  return true;
}

/* ---- changes ---- */

static uint16_t changed_words(const uint8_t *chunk, const uint8_t *was) {
  unsigned words = 0;
  for (unsigned i = 0; i < WORDS; i++) {
    uint64_t one, other;
    memcpy(&one, chunk + (size_t)i * WORD, WORD);
    memcpy(&other, was + (size_t)i * WORD, WORD);
    words |= (unsigned)(one != other) << i;
  }
  return (uint16_t)words;
}

/* The chunks from `first` to `end` that differ, behind those that are known;
 * how many there are then. */
static unsigned find(const struct pp_world *world, struct pp_image image,
                     unsigned first, unsigned end, uint8_t *found,
                     unsigned count) {
  for (unsigned i = first; i < end; i++) {
    const void *chunk = world->chunk_at[i], *was = chunk_of(image, i);
    if (memcmp(chunk, was, PP_CHUNK) != 0) found[count++] = (uint8_t)i;
  }
  return count;
}

#ifdef __x86_64__
/* The same without a branch, by as many words at a time as the machine can: a
 * search spends more of its time here than in any other place. */
__attribute__((target("avx2"))) static unsigned
find_avx2(const struct pp_world *world, struct pp_image image, unsigned first,
          unsigned end, uint8_t *found, unsigned count) {
  for (unsigned i = first; i < end; i++) {
    const __m256i *chunk = (const __m256i *)world->chunk_at[i];
    const __m256i *was = (const __m256i *)chunk_of(image, i);
    __m256i difference = _mm256_setzero_si256();
    for (size_t j = 0; j < PP_CHUNK / sizeof *chunk; j++) {
      __m256i one = _mm256_xor_si256(chunk[j], was[j]);
      difference = _mm256_or_si256(difference, one);
    }
    found[count] = (uint8_t)i;
    count += !_mm256_testz_si256(difference, difference);
  }
  return count;
}

__attribute__((target("avx2"))) static uint16_t
changed_words_avx2(const uint8_t *chunk, const uint8_t *was) {
  enum { FOUR = sizeof(__m256i) / WORD };
  unsigned equal = 0;
  for (unsigned i = 0; i < WORDS / FOUR; i++) {
    __m256i same = _mm256_cmpeq_epi64(((const __m256i *)chunk)[i],
                                      ((const __m256i *)was)[i]);
    equal |= (unsigned)_mm256_movemask_pd(_mm256_castsi256_pd(same))
             << i * FOUR;
  }
  return (uint16_t)~equal;
}
#endif

/* Blocks of the system are no one's to judge: where no source was called there
 * is nothing to be undone in them either. */
static void find_all(struct pp_world *world, struct pp_image image) {
  struct pp_changes *changes = &world->changes;
  unsigned end = world->chunk_count, system = world->content_count;
  unsigned behind = world->call_count > 0 ? system : world->system_end;
  unsigned count;
#ifdef __x86_64__
  if (__builtin_cpu_supports("avx2")) {
    count = find_avx2(world, image, 0, system, changes->chunk, 0);
    count = find_avx2(world, image, behind, end, changes->chunk, count);
    for (unsigned i = 0; i < count; i++) {
      unsigned at = changes->chunk[i];
      changes->words[i] =
          changed_words_avx2(world->chunk_at[at], chunk_of(image, at));
    }
    changes->count = count;
    return;
  }
#endif
  count = find(world, image, 0, system, changes->chunk, 0);
  count = find(world, image, behind, end, changes->chunk, count);
  for (unsigned i = 0; i < count; i++) {
    unsigned at = changes->chunk[i];
    changes->words[i] = changed_words(world->chunk_at[at], chunk_of(image, at));
  }
  changes->count = count;
}

bool pp_world_kept(struct pp_world *world, struct pp_image image) {
  struct pp_changes *changes = &world->changes;
  unsigned decide = 0, account = 0;
  find_all(world, image);
  for (unsigned i = 0; i < changes->count; i++) {
    const struct pp_chunk *kind = &world->kinds[changes->chunk[i]];
    decide |= changes->words[i] & kind->decide;
    account |= changes->words[i] & kind->account;
  }
  changes->decide = decide != 0;
  changes->account = account != 0;
  return changes->count == 0;
}

void pp_world_undo(struct pp_world *world, struct pp_image image) {
  const struct pp_changes *changes = &world->changes;
  for (unsigned i = 0; i < changes->count; i++) {
    unsigned at = changes->chunk[i];
    memcpy(world->chunk_at[at], chunk_of(image, at), PP_CHUNK);
  }
}

bool pp_world_keep(const struct pp_world *world, struct pp_kept *kept) {
  const struct pp_changes *changes = &world->changes;
  if (changes->count > PP_KEPT_CHUNKS) return false;
  kept->count = changes->count;
  for (unsigned i = 0; i < kept->count; i++) {
    kept->chunk[i] = changes->chunk[i];
    memcpy(kept->bytes[i], world->chunk_at[kept->chunk[i]], PP_CHUNK);
  }
  return true;
}

void pp_world_redo(struct pp_world *world, const struct pp_kept *kept) {
  struct pp_changes *changes = &world->changes;
  changes->count = kept->count;
  for (unsigned i = 0; i < kept->count; i++) {
    changes->chunk[i] = kept->chunk[i];
    memcpy(world->chunk_at[kept->chunk[i]], kept->bytes[i], PP_CHUNK);
  }
}
