/* The table of live blocks (SPEC.md, OPS-03, OPS-16): open addressing with
 * linear probing in the order of homes (Robin Hood hashing), and deletion by
 * shifting back. There are no tombstones, and dense IDs, the usual ones, are
 * each at home however many there are. */
#include "check/blocks.h"

#include "check/pages.h"

enum { FIRST_ENTRIES = 1024 };

static size_t table_bytes(size_t entries) {
  return entries * sizeof(struct pp_block);
}

void pp_blocks_open(struct pp_blocks *blocks) {
  *blocks = (struct pp_blocks){.mask = FIRST_ENTRIES - 1};
  blocks->table = pp_pages(table_bytes(FIRST_ENTRIES));
}

void pp_blocks_close(struct pp_blocks *blocks) {
  pp_pages_free(blocks->table, table_bytes(blocks->mask + 1));
  blocks->table = NULL;
}

/* How far an entry lies behind where its ID would have it. */
static size_t distance(const struct pp_blocks *blocks, size_t at) {
  return (at - pp_blocks_home(blocks, blocks->table[at].id)) & blocks->mask;
}

/* Whoever is closer to home makes way, so that entries stay in the order of
 * their homes, and a removal has to look no further than the first entry that
 * is at home. Answers where the block came to lie. */
static struct pp_block *place(struct pp_blocks *blocks, struct pp_block block) {
  size_t at = pp_blocks_home(blocks, block.id);
  size_t away = 0;
  struct pp_block *placed = NULL;
  while (blocks->table[at].address != NULL) {
    size_t other = distance(blocks, at);
    if (other < away) {
      struct pp_block evicted = blocks->table[at];
      blocks->table[at] = block;
      if (placed == NULL) placed = &blocks->table[at];
      block = evicted;
      away = other;
    }
    at = (at + 1) & blocks->mask;
    away++;
  }
  blocks->table[at] = block;
  return placed == NULL ? &blocks->table[at] : placed;
}

static void grow(struct pp_blocks *blocks) {
  struct pp_block *former = blocks->table;
  size_t entries = blocks->mask + 1;
  blocks->table = pp_pages(table_bytes(entries * 2));
  blocks->mask = entries * 2 - 1;
#ifdef MADV_HUGEPAGE
  madvise(blocks->table, table_bytes(entries * 2), MADV_HUGEPAGE);
#endif
  for (size_t i = 0; i < entries; i++) {
    if (former[i].address != NULL) place(blocks, former[i]);
  }
  pp_pages_free(former, table_bytes(entries));
}

static uint64_t charge(uint64_t size) {
  return size < PP_BLOCK_CHARGE ? PP_BLOCK_CHARGE : size;
}

static void account(struct pp_blocks *blocks, uint64_t size) {
  blocks->bytes += size;
  blocks->charged += charge(size);
  if (blocks->bytes > blocks->peak_bytes) blocks->peak_bytes = blocks->bytes;
  if (blocks->charged > blocks->peak_charged) {
    blocks->peak_charged = blocks->charged;
  }
}

static void discount(struct pp_blocks *blocks, uint64_t size) {
  blocks->bytes -= size;
  blocks->charged -= charge(size);
}

struct pp_block *pp_blocks_add(struct pp_blocks *blocks,
                               const struct pp_block *block) {
  if (blocks->count * 2 > blocks->mask) grow(blocks);
  blocks->count++;
  account(blocks, block->size);
  return place(blocks, *block);
}

void pp_blocks_remove(struct pp_blocks *blocks, struct pp_block *block) {
  size_t hole = (size_t)(block - blocks->table);
  discount(blocks, block->size);
  blocks->count--;
  for (;;) {
    size_t next = (hole + 1) & blocks->mask;
    if (blocks->table[next].address == NULL) break;
    if (distance(blocks, next) == 0) break;
    blocks->table[hole] = blocks->table[next];
    hole = next;
  }
  blocks->table[hole].address = NULL;
}

void pp_blocks_resize(struct pp_blocks *blocks, struct pp_block *block,
                      uint64_t size) {
  discount(blocks, block->size);
  block->size = size;
  block->extent = size;
  account(blocks, size);
}

const struct pp_block *pp_blocks_overlap(const struct pp_blocks *blocks,
                                         const void *address, uint64_t size,
                                         const struct pp_block *other) {
  const uint8_t *start = address;
  for (size_t i = 0; i <= blocks->mask; i++) {
    const struct pp_block *block = &blocks->table[i];
    if (block->address == NULL || block == other) continue;
    uint64_t length = block->extent == 0 ? 1 : block->extent;
    uint64_t wanted = size == 0 ? 1 : size;
    if (block->address < start + wanted && start < block->address + length) {
      return block;
    }
  }
  return NULL;
}
