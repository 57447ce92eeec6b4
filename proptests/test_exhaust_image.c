/* Images in the exhaustive search: of what they are made, that a change of any
 * word of it is noticed as what it is, undone, kept and made again; and what is
 * left out on purpose. */
#include <string.h>

#include "proptests/searched.h"

enum { WORDS = PP_CHUNK / sizeof(uint64_t) };

/* A block of each class and one of the system. */
static struct pp_exhaust_geometry geometry;
static struct pp_world world;
static struct pp_image before;
static struct pp_pool *pool;

static void open_world(void) {
  geometry = pp_searched_geometry("tiny, 2 arenas, 2 classes", 0);
  pp_searched_world(&world, &geometry);
  pool = pp_pool_of(world.profile, pp_world_malloc(&world, 16));
  pp_world_malloc(&world, 32);
  pp_world_malloc(&world, 33);
  before = pp_image_open(&world);
  pp_world_save(&world, before);
  world.call_count = 1; /* the system's blocks count, too */
}

static void close_world(void) {
  pp_image_close(&world, before);
  pp_world_close(&world);
}

TestSuite(exhaust_image, .init = open_world, .fini = close_world);

static uint64_t *word_at(unsigned chunk, unsigned word) {
  return (uint64_t *)(void *)world.chunk_at[chunk] + word;
}

/* The only chunk with this address; fails where there is none. */
static unsigned chunk_with(const void *address) {
  unsigned found = world.chunk_count, times = 0;
  for (unsigned i = 0; i < world.chunk_count; i++) {
    if ((uintptr_t)address - (uintptr_t)world.chunk_at[i] >= PP_CHUNK) continue;
    found = i;
    times++;
  }
  cr_assert_eq(times, 1, "%p is in %u chunks", address, times);
  return found;
}

static unsigned word_with(const void *address) {
  uintptr_t offset = (uintptr_t)address % PP_CHUNK;
  return (unsigned)(offset / sizeof(uint64_t));
}

static bool decides(const void *address) {
  const struct pp_chunk *kind = &world.kinds[chunk_with(address)];
  return kind->decide >> word_with(address) & 1;
}

static bool accounts(const void *address) {
  const struct pp_chunk *kind = &world.kinds[chunk_with(address)];
  return kind->account >> word_with(address) & 1;
}

/* ---- of what an image is made ---- */

Test(exhaust_image, arenas_and_blocks_of_the_system_come_first) {
  unsigned arenas = (unsigned)(world.system - world.low) / PP_CHUNK;
  unsigned blocks = geometry.system_blocks * PP_SYSTEM_SLOT / PP_CHUNK;
  cr_assert_gt(arenas, 0);
  cr_assert_gt(blocks, 0);
  cr_assert_eq(world.content_count, arenas);
  cr_assert_eq(world.system_end, arenas + blocks);
  for (unsigned i = 0; i < world.system_end; i++)
    cr_assert_eq(world.chunk_at[i], world.low + (size_t)i * PP_CHUNK);
  cr_assert_eq(world.chunk_at[arenas], world.system);
  cr_assert_leq(world.chunk_count, PP_WORLD_CHUNKS);
}

Test(exhaust_image, chunks_are_whole_and_lie_once) {
  for (unsigned i = 0; i < world.chunk_count; i++) {
    cr_assert_eq((uintptr_t)world.chunk_at[i] % PP_CHUNK, 0);
    chunk_with(world.chunk_at[i]);
  }
}

/* The first and the last word of all that an operation may change. */
Test(exhaust_image, all_that_may_change_is_in_it) {
  const struct pp_heap *heap = world.heap;
  const struct pp_profile *profile = world.profile;
  const struct pp_arena *slots = world.vector;
  uintptr_t leaf = (uintptr_t)world.low >> profile->arena_bits &
                   (((uintptr_t)1 << profile->map_bottom_bits) - 1);
  const void *watched[] = {
      world.low,
      world.high - 1,
      &slots[0],
      (const uint8_t *)&slots[geometry.arenas + 2] - 1,
      &heap->usedpools[0],
      (const uint8_t *)&heap->usedpools[profile->class_count] - 1,
      &heap->arenas,
      (const uint8_t *)(heap + 1) - 1,
      &world.given,
      world.root_entry,
      &world.middle_entries[0],
      &world.middle_entries[1],
      &world.bottoms[leaf],
      &world.bottoms[leaf + geometry.arenas],
  };
  for (size_t i = 0; i < sizeof watched / sizeof watched[0]; i++)
    chunk_with(watched[i]);
}

/* ---- what a word tells ---- */

Test(exhaust_image, headers_of_pools_tell_the_state) {
  const uint8_t *header = (const uint8_t *)pool;
  for (size_t i = 0; i < sizeof *pool; i += sizeof(uint64_t)) {
    cr_expect(decides(header + i), "%zu", i);
    cr_expect_not(accounts(header + i), "%zu", i);
  }
  for (size_t i = sizeof *pool; i < pp_pool_size(world.profile); i += 8)
    cr_expect_not(decides(header + i) || accounts(header + i), "%zu", i);
}

Test(exhaust_image, blocks_of_the_system_tell_nothing) {
  for (const uint8_t *at = world.system; at < world.high; at += 8)
    cr_expect_not(decides(at) || accounts(at));
}

Test(exhaust_image, totals_tell_nothing) {
  const struct pp_heap *heap = world.heap;
  const size_t *total = &heap->narenas_currently_allocated;
  for (; total <= &heap->live_blocks; total++)
    cr_expect_not(decides(total) || accounts(total));
  cr_expect(decides(&heap->arenas_out));
}

Test(exhaust_image, rings_tell_the_state_alone) {
  const struct pp_heap *heap = world.heap;
  for (unsigned i = 0; i < world.class_count; i++) {
    cr_expect(decides(&heap->usedpools[i].nextpool));
    cr_expect_not(accounts(&heap->usedpools[i].nextpool));
  }
  cr_expect(decides(&world.given));
  cr_expect_not(accounts(&world.given));
}

Test(exhaust_image, account_of_arenas_is_told_apart) {
  const struct pp_heap *heap = world.heap;
  const struct pp_arena *last = &world.vector[geometry.arenas - 1];
  const void *words[] = {&world.vector[0],
                         &last->freepools,
                         &heap->arenas,
                         &heap->unused_arena_objects,
                         &heap->usable_arenas,
                         &heap->nfp2lasta[1],
                         &heap->arenas_out,
                         world.root_entry,
                         &world.middle_entries[0],
                         &world.middle_entries[1]};
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
    cr_expect(decides(words[i]) && accounts(words[i]), "word %zu", i);
}

/* ---- changes ---- */

/* Each word for itself: where it lies, what it tells, and that it comes back.
 */
Test(exhaust_image, change_of_any_word_is_noticed_and_undone) {
  for (unsigned i = 0; i < world.chunk_count; i++) {
    for (unsigned j = 0; j < WORDS; j++) {
      const struct pp_changes *changes = &world.changes;
      uint64_t *word = word_at(i, j), was = *word;
      unsigned bit = 1u << j;
      *word ^= UINT64_C(1) << (8 * i + j) % 64;
      cr_assert_not(pp_world_is(&world, before));
      cr_assert_not(pp_world_kept(&world, before));
      cr_assert_eq(changes->count, 1);
      cr_assert_eq(changes->chunk[0], i);
      cr_assert_eq(changes->words[0], bit);
      cr_assert_eq(changes->decide, (world.kinds[i].decide & bit) != 0);
      cr_assert_eq(changes->account, (world.kinds[i].account & bit) != 0);
      pp_world_undo(&world, before);
      cr_assert_eq(*word, was);
      cr_assert(pp_world_is(&world, before));
      cr_assert(pp_world_kept(&world, before));
      cr_assert_eq(changes->count, 0);
      cr_assert_not(changes->decide || changes->account);
    }
  }
}

Test(exhaust_image, changes_are_told_in_ascending_order) {
  const struct pp_changes *changes = &world.changes;
  for (unsigned i = 0; i < world.chunk_count; i++) {
    ++*word_at(i, 0);
    --*word_at(i, WORDS - 1);
  }
  cr_assert_not(pp_world_kept(&world, before));
  cr_assert_eq(changes->count, world.chunk_count);
  for (unsigned i = 0; i < changes->count; i++) {
    cr_assert_eq(changes->chunk[i], i);
    cr_assert_eq(changes->words[i], 1u << (WORDS - 1) | 1);
  }
  cr_assert(changes->decide && changes->account);
  pp_world_undo(&world, before);
  cr_assert(pp_world_is(&world, before));
}

/* They are no one's to judge, but what a source gives is to be undone. */
Test(exhaust_image, blocks_of_the_system_count_where_a_source_was_called) {
  const struct pp_changes *changes = &world.changes;
  const unsigned last = world.content_count - 1, end = world.system_end;
  const unsigned chunks[] = {last, last + 1, end - 1, end};
  for (unsigned i = 0; i < 4; i++)
    ++*word_at(chunks[i], 3);
  world.call_count = 0;
  cr_assert_not(pp_world_kept(&world, before));
  cr_assert_eq(changes->count, 2);
  cr_assert_eq(changes->chunk[0], last);
  cr_assert_eq(changes->chunk[1], end);
  world.call_count = 1;
  cr_assert_not(pp_world_kept(&world, before));
  cr_assert_eq(changes->count, 4);
  for (unsigned i = 0; i < 4; i++) {
    cr_assert_eq(changes->chunk[i], chunks[i]);
    cr_assert_eq(changes->words[i], 1u << 3);
  }
}

/* ---- images ---- */

Test(exhaust_image, image_is_of_its_moment) {
  struct pp_image later = pp_image_open(&world);
  uint8_t *block = pp_world_malloc(&world, 16);
  const void *header = pp_pool_of(world.profile, block);
  cr_assert_not(pp_world_is(&world, before));
  pp_world_save(&world, later);
  cr_assert(pp_world_is(&world, later));
  cr_assert_eq(memcmp(pp_image_at(&world, later, header), header, 48), 0);
  cr_assert_neq(memcmp(pp_image_at(&world, before, header), header, 48), 0);
  pp_world_load(&world, before);
  cr_assert(pp_world_is(&world, before));
  cr_assert_not(pp_world_is(&world, later));
  cr_assert_eq(pp_world_malloc(&world, 16), block);
  cr_assert(pp_world_is(&world, later));
  pp_image_copy(&world, before, later);
  cr_assert(pp_world_is(&world, before));
  pp_image_close(&world, later);
}

Test(exhaust_image, closed_image_leaves_no_page) {
  size_t mapped = pp_pages_mapped();
  struct pp_image image = pp_image_open(&world);
  size_t size = (size_t)world.chunk_count * PP_CHUNK;
  cr_assert_gt(pp_pages_mapped(), mapped);
  memset(image.bytes, 1, size);
  pp_image_close(&world, image);
  cr_assert_eq(pp_pages_mapped(), mapped);
}

/* ---- kept for later ---- */

Test(exhaust_image, kept_changes_are_made_again) {
  const struct pp_changes *changes = &world.changes;
  struct pp_kept kept;
  for (unsigned i = 0; i < PP_KEPT_CHUNKS; i++)
    *word_at(2 * i, i) += 7;
  cr_assert_not(pp_world_kept(&world, before));
  cr_assert(pp_world_keep(&world, &kept));
  cr_assert_eq(kept.count, PP_KEPT_CHUNKS);
  pp_world_undo(&world, before);
  cr_assert(pp_world_kept(&world, before));
  pp_world_redo(&world, &kept);
  cr_assert_eq(changes->count, PP_KEPT_CHUNKS);
  for (unsigned i = 0; i < PP_KEPT_CHUNKS; i++) {
    uint64_t was;
    memcpy(&was, before.bytes + (size_t)2 * i * PP_CHUNK + i * 8, 8);
    cr_assert_eq(changes->chunk[i], 2 * i);
    cr_assert_eq(*word_at(2 * i, i), was + 7);
  }
  pp_world_undo(&world, before);
  cr_assert(pp_world_is(&world, before));
}

Test(exhaust_image, too_many_changes_are_not_kept) {
  struct pp_kept kept = {.count = 5};
  for (unsigned i = 0; i <= PP_KEPT_CHUNKS; i++)
    ++*word_at(i, 0);
  cr_assert_not(pp_world_kept(&world, before));
  cr_assert_not(pp_world_keep(&world, &kept));
  cr_assert_eq(kept.count, 5);
}
