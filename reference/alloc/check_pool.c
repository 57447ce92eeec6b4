/* The predicate of a pool: which clause of BLOCK and POOL its memory breaks,
 * if any. It reads nothing outside of the pool, and nothing at a pointer
 * before it has seen that the pointer leads to a block, so it can judge the
 * pools of any heap of this family. Facts come in that order: what is safe to
 * read, what is in bounds, what is meaningful. */
#include "reference/alloc/heap.h"

/* Blocks that were ever handed out or made the spare. */
static uint32_t carved(const struct pp_profile *profile,
                       const struct pp_pool *pool) {
  return (pool->nextoffset - PP_POOL_HEADER) /
         pp_class_size(profile, pool->szidx);
}

enum pp_clause pp_pool_check_header(const struct pp_profile *profile,
                                    const struct pp_pool *pool,
                                    struct pp_witness *witness) {
  PP_FACT(witness, POOL_15, pool->szidx < profile->class_count);
  uint32_t block_size = pp_class_size(profile, pool->szidx);
  uint32_t capacity = pp_class_capacity(profile, pool->szidx);
  PP_FACT(witness, POOL_03,
          pool->maxnextoffset + block_size == pp_pool_size(profile));
  PP_FACT(witness, POOL_02, pool->nextoffset >= PP_POOL_HEADER + block_size);
  PP_FACT(witness, POOL_02,
          (pool->nextoffset - PP_POOL_HEADER) % block_size == 0);
  PP_FACT(witness, POOL_02,
          pool->nextoffset <= pool->maxnextoffset + block_size);
  PP_FACT(witness, SC_04,
          PP_POOL_HEADER + capacity * block_size <= pp_pool_size(profile));
  PP_FACT(witness, SC_04,
          PP_POOL_HEADER + (capacity + 1) * block_size > pp_pool_size(profile));
  PP_FACT(witness, POOL_17, pool->count <= capacity);
  PP_FACT(witness, POOL_17, pool->count <= carved(profile, pool));
  PP_FACT(witness, POOL_06,
          (pool->freeblock == NULL) == (pool->count == capacity));
  return PP_HOLDS;
}

/* One member of the free list: a carved block of this pool. */
static enum pp_clause check_member(const struct pp_profile *profile,
                                   const struct pp_pool *pool,
                                   const uint8_t *block,
                                   struct pp_witness *witness) {
  uint32_t block_size = pp_class_size(profile, pool->szidx);
  uintptr_t offset = (uintptr_t)block - (uintptr_t)pool;
  PP_FACT(witness, BLOCK_06, offset >= PP_POOL_HEADER);
  PP_FACT(witness, BLOCK_06, offset < pool->nextoffset);
  uint32_t into = (uint32_t)offset - PP_POOL_HEADER;
  PP_FACT(witness, BLOCK_06, into % block_size == 0);
  return PP_HOLDS;
}

enum pp_clause pp_pool_check(const struct pp_profile *profile,
                             const void *memory, struct pp_witness *witness) {
  const struct pp_pool *pool = memory;
  PP_PART(pp_pool_check_header(profile, pool, witness));
  uint32_t length = 0;
  const uint8_t *block = pool->freeblock;
  while (block != NULL) {
    PP_PART(check_member(profile, pool, block, witness));
    length++;
    PP_FACT(witness, BLOCK_07, length <= carved(profile, pool));
    block = pp_link_read(block);
  }
  uint32_t capacity = pp_class_capacity(profile, pool->szidx);
  uint32_t untouched = capacity - carved(profile, pool);
  PP_FACT(witness, POOL_01, pool->count + length + untouched == capacity);
  return PP_HOLDS;
}
