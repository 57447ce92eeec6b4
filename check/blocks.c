/* The table of live blocks (SPEC.md, OPS-03, OPS-16): open addressing with
 * linear probing, and deletion by shifting back, so that there are never any
 * tombstones and the table's size follows the number of live blocks. */
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

static struct pp_block *vacant(const struct pp_blocks *blocks, uint64_t id) {
  size_t at = pp_blocks_home(blocks, id);
  while (blocks->table[at].address != NULL) at = (at + 1) & blocks->mask;
  return &blocks->table[at];
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
    if (former[i].address == NULL) continue;
    *vacant(blocks, former[i].id) = former[i];
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
  struct pp_block *entry = vacant(blocks, block->id);
  *entry = *block;
  blocks->count++;
  account(blocks, block->size);
  return entry;
}

void pp_blocks_remove(struct pp_blocks *blocks, struct pp_block *block) {
  size_t hole = (size_t)(block - blocks->table);
  size_t at = hole;
  discount(blocks, block->size);
  blocks->count--;
  for (;;) {
    at = (at + 1) & blocks->mask;
    struct pp_block *next = &blocks->table[at];
    if (next->address == NULL) break;
    /* It may move into the hole unless its home lies behind the hole. */
    size_t from_home = (at - pp_blocks_home(blocks, next->id)) & blocks->mask;
    if (from_home < ((at - hole) & blocks->mask)) continue;
    blocks->table[hole] = *next;
    hole = at;
  }
  blocks->table[hole].address = NULL;
}

void pp_blocks_resize(struct pp_blocks *blocks, struct pp_block *block,
                      uint64_t size) {
  discount(blocks, block->size);
  block->size = size;
  account(blocks, size);
}

const struct pp_block *pp_blocks_overlap(const struct pp_blocks *blocks,
                                         const void *address, uint64_t size,
                                         const struct pp_block *other) {
  const uint8_t *start = address;
  for (size_t i = 0; i <= blocks->mask; i++) {
    const struct pp_block *block = &blocks->table[i];
    if (block->address == NULL || block == other) continue;
    uint64_t length = block->size == 0 ? 1 : block->size;
    uint64_t wanted = size == 0 ? 1 : size;
    if (block->address < start + wanted && start < block->address + length) {
      return block;
    }
  }
  return NULL;
}
