/* When a block stays, moves and is refused, on every profile: SPEC.md,
 * REALLOC. */
#include "proptests/heaps.h"

static void *resize(struct pp_stand *stand, void *block, size_t size) {
  return stand->reference->realloc(stand->heap, block, size);
}

HeapTest(REALLOC_01, of_null_is_a_request) {
  size_t largest = pp_small_max(stand->profile);
  uint8_t *block = resize(stand, NULL, largest);
  SEE_EQ(pp_where(stand, block).pool_offset, 48);
  SEE_EQ(pp_where(stand, block).block_size, largest);
  SEE_EQ(pp_counted(stand).pool_blocks, 1);
  SEE(!pp_owns(stand, resize(stand, NULL, 0)));
  SEE_EQ(pp_last(stand)->what, PP_ASK_MALLOC);
  SEE_EQ(pp_last(stand)->size, 1);
  SEE(!pp_owns(stand, resize(stand, NULL, largest + 1)));
  SEE_EQ(pp_last(stand)->what, PP_ASK_MALLOC);
  SEE_EQ(pp_last(stand)->size, largest + 1);
  SEE_EQ(pp_counted(stand).system_blocks, 2);
}

HeapTest(REALLOC_02, system_block_stays_with_the_system) {
  static const size_t sizes[] = {100, 16, 1, 0, 513, 100000, 8};
  uint8_t *block = pp_take(stand, 600);
  memset(block, 0x42, 600);
  for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
    block = resize(stand, block, sizes[i]);
    SEE(block != NULL);
    SEE(!pp_owns(stand, block));
    SEE_EQ(pp_last(stand)->what, PP_ASK_REALLOC);
    SEE_EQ(pp_last(stand)->size, sizes[i] == 0 ? 1 : sizes[i]);
    SEE_EQ(block[0], 0x42);
    SEE_EQ(pp_counted(stand).system_blocks, 1);
    SEE_EQ(pp_counted(stand).pool_blocks, 0);
  }
  SEE_EQ(stand->asked[PP_ASK_ARENA], 0);
}

/* The smallest size at which a block of this size stays, as measured. */
static size_t least_that_stays(size_t block_size) {
  switch (block_size) {
  case 8: return 7;
  case 16: return 13;
  case 32: return 25;
  case 48: return 37;
  case 64: return 49;
  case 504: return 379;
  case 512: return 385;
  default: return block_size / 4 * 3 + 1;
  }
}

/* One block of each class at each size that fits it. */
static void see_borders(struct pp_stand *stand, bool stays) {
  pp_take(stand, 1); /* the arena stays */
  for (size_t k = 0; k < stand->profile->class_count; k++) {
    size_t block_size = (k + 1) * pp_step(stand);
    size_t least = least_that_stays(block_size);
    size_t end = stays ? block_size + 1 : least;
    for (size_t size = stays ? least : 1; size < end; size++) {
      if (size + 2 < least && size % 13 != 0 && block_size < 512) continue;
      uint8_t *block = pp_take(stand, block_size);
      memset(block, (int)size, block_size);
      uint8_t *moved = resize(stand, block, size);
      SEE_EQ(moved == block, stays);
      SEE_EQ(pp_where(stand, moved).class_index,
             stays ? k : (size - 1) / pp_step(stand));
      for (size_t i = 0; i < size; i += 8)
        SEE_EQ(moved[i], size % 256);
      SEE_EQ(moved[size - 1], size % 256);
      pp_give(stand, moved);
    }
  }
}

HeapTest(REALLOC_03, stays_above_three_quarters) {
  see_borders(stand, true);
  SEE_EQ(stand->asked[PP_ASK_MALLOC], 0);
}

HeapTest(REALLOC_04, moves_at_three_quarters_or_less) {
  /* Within its class, too: the old one is free only afterwards. */
  size_t step = pp_step(stand);
  uint8_t *block = pp_take(stand, step);
  SEE(resize(stand, block, step / 4 * 3) == block + step);
  SEE(pp_take(stand, step) == block);
  see_borders(stand, false);
}

HeapTest(REALLOC_05, growth_moves_all_bytes_of_the_old_block) {
  size_t largest = pp_small_max(stand->profile);
  for (size_t k = 0; k < stand->profile->class_count; k++) {
    size_t block_size = (k + 1) * pp_step(stand);
    uint8_t *block = pp_take(stand, block_size - pp_step(stand) + 1);
    for (size_t i = 0; i < block_size; i++)
      block[i] = (uint8_t)(i + k);
    size_t size =
        block_size < largest && k % 2 == 0 ? block_size + 1 : largest + 100;
    uint8_t *moved = resize(stand, block, size);
    SEE(moved != block);
    SEE_EQ(pp_owns(stand, moved), size <= largest);
    if (size > largest) SEE_EQ(pp_last(stand)->size, size);
    for (size_t i = 0; i < block_size; i++)
      SEE_EQ(moved[i], (uint8_t)(i + k));
    SEE_EQ(pp_counted(stand).pool_blocks + pp_counted(stand).system_blocks,
           k + 1);
  }
}

HeapTest(REALLOC_06, refused_is_null_and_leaves_the_block) {
  size_t largest = pp_small_max(stand->profile);
  uint8_t before[512];
  pp_fill(stand, 0, pp_pools(stand)); /* no pool for another class */
  stand->left[PP_ASK_ARENA] = 0;
  stand->left[PP_ASK_MALLOC] = 0;
  uint8_t *block = stand->blocks[1][1];
  memset(block, 0x42, largest);
  memcpy(before, block, largest);
  struct pp_counts counts = pp_counted(stand);
  const size_t sizes[] = {0, 1, largest / 4 * 3, largest + 1, 100000};
  for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
    SEE(resize(stand, block, sizes[i]) == NULL);
    SEE(memcmp(block, before, largest) == 0);
    struct pp_counts after = pp_counted(stand);
    SEE(memcmp(&counts, &after, sizeof counts) == 0);
  }
  SEE(resize(stand, block, largest / 4 * 3 + 1) == block);
  stand->left[PP_ASK_MALLOC] = SIZE_MAX;
  SEE(!pp_owns(stand, resize(stand, block, 1)));
  /* A block of the system's, too. */
  block = pp_take(stand, 1);
  block[0] = 0x17;
  stand->left[PP_ASK_REALLOC] = 0;
  SEE(resize(stand, block, 1000) == NULL);
  SEE_EQ(block[0], 0x17);
  pp_give(stand, block);
}

HeapTest(REALLOC_07, over_ptrdiff_max_is_null) {
  static const size_t sizes[] = {(size_t)PTRDIFF_MAX + 1, SIZE_MAX / 4 * 3,
                                 SIZE_MAX};
  uint8_t *blocks[3] = {NULL, pp_take(stand, 1), pp_take(stand, 1000)};
  blocks[1][0] = 0x17;
  blocks[2][999] = 0x18;
  size_t requests = stand->log_count;
  struct pp_counts counts = pp_counted(stand);
  for (size_t i = 0; i < 3; i++) {
    for (size_t j = 0; j < 3; j++)
      SEE(resize(stand, blocks[j], sizes[i]) == NULL);
  }
  SEE_EQ(stand->log_count, requests);
  struct pp_counts after = pp_counted(stand);
  SEE(memcmp(&counts, &after, sizeof counts) == 0);
  SEE_EQ(blocks[1][0], 0x17);
  SEE_EQ(blocks[2][999], 0x18);
  /* The largest that is asked for at all is refused by the source. */
  SEE(resize(stand, blocks[2], PTRDIFF_MAX) == NULL);
  SEE_EQ(pp_last(stand)->what, PP_ASK_REALLOC);
  SEE_EQ(pp_last(stand)->size, PTRDIFF_MAX);
}

HeapTest(REALLOC_08, new_block_is_taken_before_the_old_is_freed) {
  size_t largest = pp_small_max(stand->profile);
  struct pp_place old = pp_where(stand, pp_take(stand, 1));
  uint8_t *moved = resize(stand, (void *)(old.pool + 48), largest);
  struct pp_place place = pp_where(stand, moved);
  /* The pool behind the old one, in an arena that was not released. */
  SEE_EQ(place.pool, old.pool + pp_pool_size(stand->profile));
  SEE_EQ(stand->asked[PP_ASK_ARENA], 1);
  SEE_EQ(stand->asked[PP_GIVE_ARENA], 0);
  SEE_EQ(pp_counted(stand).pool_blocks, 1);
  /* The system is asked first. */
  resize(stand, moved, largest + 1);
  SEE_EQ(stand->asked[PP_GIVE_ARENA], stand->profile->keeps_rightmost ? 0 : 1);
  const struct pp_asked *last = pp_last(stand);
  if (!stand->profile->keeps_rightmost) {
    SEE_EQ(last->what, PP_GIVE_ARENA);
    last--;
  }
  SEE_EQ(last->what, PP_ASK_MALLOC);
}

HeapTest(REALLOC_09, to_zero_bytes_moves_to_one_byte_of_the_system) {
  pp_take(stand, 1);
  uint8_t *block = pp_take(stand, 1);
  uint8_t *moved = resize(stand, block, 0);
  SEE(moved != NULL);
  SEE(!pp_owns(stand, moved));
  SEE_EQ(pp_last(stand)->what, PP_ASK_MALLOC);
  SEE_EQ(pp_last(stand)->size, 1);
  SEE_EQ(pp_counted(stand).pool_blocks, 1);
  SEE_EQ(pp_counted(stand).system_blocks, 1);
  SEE(pp_take(stand, 1) == block);
}

/* A block of the system's and none of the system's memory left. */
static void *to_zero_refused(struct pp_stand *stand, void *block) {
  stand->left[PP_ASK_REALLOC] = 0;
  void *answer = resize(stand, block, 0);
  SEE_EQ(pp_last(stand)->what, PP_ASK_REALLOC);
  SEE_EQ(pp_last(stand)->size, 1);
  SEE_EQ(pp_counted(stand).system_blocks, 1);
  stand->left[PP_ASK_REALLOC] = SIZE_MAX;
  return answer;
}

HeapTest(REALLOC_10, refused_shrinking_to_nothing_is_null) {
  uint8_t *block = pp_take(stand, 1000);
  memset(block, 0x42, 1000);
  SEE(to_zero_refused(stand, block) == NULL);
  SEE_EQ(block[999], 0x42);
  pp_give(stand, block);
  SEE_EQ(pp_counted(stand).system_blocks, 0);
}

HeapTest(REALLOC_11, refused_shrinking_to_nothing_keeps_the_block) {
  uint8_t *block = pp_take(stand, 1000);
  memset(block, 0x42, 1000);
  SEE(to_zero_refused(stand, block) == block);
  SEE_EQ(block[999], 0x42);
  /* Other sizes are refused as everywhere. */
  stand->left[PP_ASK_REALLOC] = 0;
  SEE(resize(stand, block, 1) == NULL);
  pp_give(stand, block);
  SEE_EQ(pp_counted(stand).system_blocks, 0);
}
