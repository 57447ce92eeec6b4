/* The operations of the exhaustive search: requests of each class at its
 * edges, of nothing, of much, of the most and of too much; for a block of every
 * pool the free and the reallocs that stay, move, grow and fail; and the same
 * for a block of the system (SPEC.md, "What exhaust means by a state"). */
#include "check/exhaust_world.h"
#include "check/pages.h"

#define MOST ((uint64_t)PTRDIFF_MAX)
#define TOO_MUCH (MOST + 1)

static void add(struct pp_move_list *list, enum pp_op_kind kind, uint64_t a,
                uint64_t b) {
  for (unsigned i = 0; i < list->count; i++) {
    const struct pp_move *known = &list->at[i];
    if (known->kind == kind && known->a == a && known->b == b) return;
  }
  list->at[list->count++] = (struct pp_move){.kind = kind, .a = a, .b = b};
}

static bool asks_for(const struct pp_world *world, uint32_t class_index) {
  return world->geometry->classes >> class_index & 1;
}

static void open_requests(struct pp_world *world) {
  struct pp_move_list *list = &world->requests;
  uint64_t large = pp_small_max(world->profile) + 1;
  for (uint32_t i = 0; i < world->class_count; i++) {
    uint64_t size = pp_class_size(world->profile, i);
    if (!asks_for(world, i)) continue;
    add(list, PP_OP_MALLOC, size, 0);
    add(list, PP_OP_MALLOC, size - pp_alignment(world->profile) + 1, 0);
    add(list, PP_OP_CALLOC, 1, size - 1);
    add(list, PP_OP_REALLOC, size, 0);
  }
  add(list, PP_OP_MALLOC, 0, 0);
  add(list, PP_OP_MALLOC, large, 0);
  add(list, PP_OP_MALLOC, MOST, 0);
  add(list, PP_OP_MALLOC, TOO_MUCH, 0);
  add(list, PP_OP_CALLOC, 1, 0);
  add(list, PP_OP_CALLOC, 1, large);
  add(list, PP_OP_CALLOC, 1, MOST);
  add(list, PP_OP_CALLOC, 1, TOO_MUCH);
  add(list, PP_OP_CALLOC, TOO_MUCH + 1, 2); /* 2, when it wraps */
  add(list, PP_OP_REALLOC, 0, 0);
  add(list, PP_OP_REALLOC, large, 0);
  add(list, PP_OP_REALLOC, MOST, 0);
  add(list, PP_OP_REALLOC, TOO_MUCH, 0);
  add(list, PP_OP_FREE, 0, 0);
}

/* A block that is resized within its own class stays or moves by three
 * quarters; to the size of any other class it moves. */
static void open_pool(struct pp_world *world, uint32_t class_index) {
  struct pp_move_list *list = &world->of_pool[class_index];
  uint64_t own = pp_class_size(world->profile, class_index);
  add(list, PP_OP_FREE, 0, 0);
  add(list, PP_OP_REALLOC, own * 3 / 4 + 1, 0);
  if (asks_for(world, pp_class_of(world->profile, own * 3 / 4))) {
    add(list, PP_OP_REALLOC, own * 3 / 4, 0);
  }
  for (uint32_t i = 0; i < world->class_count; i++) {
    if (i == class_index || !asks_for(world, i)) continue;
    add(list, PP_OP_REALLOC, pp_class_size(world->profile, i), 0);
  }
  add(list, PP_OP_REALLOC, 0, 0);
  add(list, PP_OP_REALLOC, pp_small_max(world->profile) + 1, 0);
  add(list, PP_OP_REALLOC, TOO_MUCH, 0);
}

void pp_moves_open(struct pp_world *world) {
  open_requests(world);
  for (uint32_t i = 0; i < world->class_count; i++)
    open_pool(world, i);
  struct pp_move_list *list = &world->of_system;
  add(list, PP_OP_FREE, 0, 0);
  add(list, PP_OP_REALLOC, 1, 0);
  add(list, PP_OP_REALLOC, 0, 0);
  add(list, PP_OP_REALLOC, pp_small_max(world->profile) + 2, 0);
  add(list, PP_OP_REALLOC, TOO_MUCH, 0);
}

/* ---- targets ---- */

uint32_t pp_live_blocks(const struct pp_world *world,
                        const struct pp_pool *pool) {
  uint32_t blocks = pp_world_block(world, pool->szidx, pool->nextoffset);
  if (blocks > 31) return 0;
  uint32_t live = (UINT32_C(1) << blocks) - 1;
  const uint8_t *block = pool->freeblock;
  for (uint32_t i = 0; block != NULL; i++) {
    if (i > blocks || pp_pool_of(world->profile, block) != pool) return 0;
    size_t offset = (size_t)(block - (const uint8_t *)pool);
    live &= ~(1u << (pp_world_block(world, pool->szidx, offset) & 31));
    block = pp_link_read(block);
  }
  return live;
}

static unsigned append(const struct pp_move_list *list, uint8_t *block,
                       uint32_t size, struct pp_move *moves) {
  for (unsigned i = 0; i < list->count; i++) {
    moves[i] = list->at[i];
    moves[i].block = block;
    moves[i].block_size = size;
  }
  return list->count;
}

/* One block stands for all live blocks of its pool. */
static unsigned append_pool(const struct pp_world *world, struct pp_pool *pool,
                            struct pp_move *moves) {
  uint32_t size = pp_class_size(world->profile, pool->szidx);
  uint32_t live = pp_live_blocks(world, pool);
  if (live == 0) return 0;
  uint32_t first = (uint32_t)__builtin_ctz(live);
  uint8_t *block = (uint8_t *)pool + PP_POOL_HEADER + first * size;
  return append(&world->of_pool[pool->szidx], block, size, moves);
}

unsigned pp_moves_list(const struct pp_world *world,
                       const struct pp_state *state,
                       struct pp_move moves[PP_MOVES_MAX]) {
  unsigned count = append(&world->requests, NULL, 0, moves);
  for (uint32_t i = 0; i < world->class_count; i++) {
    for (unsigned j = 0; j < state->ring[i].count; j++) {
      count += append_pool(world, state->ring[i].at[j].pool, moves + count);
    }
  }
  /* The full pools of an arena differ by nothing but their class. */
  for (unsigned i = 0; i < world->geometry->arenas; i++) {
    for (uint32_t j = 0; j < world->class_count; j++) {
      if (state->full[i][j] == 0) continue;
      count += append_pool(world, state->full_pool[i][j], moves + count);
    }
  }
  if (state->given.system == 0) return count;
  unsigned slot = (unsigned)__builtin_ctz(state->given.system);
  uint8_t *block = world->system + (size_t)slot * PP_SYSTEM_SLOT;
  return count +
         append(&world->of_system, block + PP_SYSTEM_OFFSET, 1, moves + count);
}

/* ---- one move ---- */

uint8_t *pp_move_perform(struct pp_world *world,
                         const struct pp_reference *reference,
                         const struct pp_move *move, unsigned wanted) {
  world->wanted = wanted;
  world->asked = 0;
  world->forced = 0;
  world->refused = 0;
  world->call_count = 0;
  switch (move->kind) {
  case PP_OP_MALLOC: return reference->malloc(world->heap, move->a);
  case PP_OP_CALLOC: return reference->calloc(world->heap, move->a, move->b);
  case PP_OP_REALLOC:
    return reference->realloc(world->heap, move->block, move->a);
  default: reference->free(world->heap, move->block); return NULL;
  }
}

/* ---- the first and the last ---- */

void pp_move_begin(struct pp_world *world,
                   const struct pp_reference *reference) {
  size_t size = reference->heap_size(world->profile);
  void *memory = pp_pages(size);
  reference->create(memory, world->profile, &world->arena_source,
                    &world->system_source, &world->witness);
  PP_WORLD_FACT(world, HEAP_14, world->call_count == 0,
                "a heap that begins reaches a source");
  pp_pages_free(memory, size);
}

/* What belongs to callers stays: the blocks of the system. */
static void check_end(struct pp_world *world, uint8_t system) {
  const struct pp_given *given = &world->given;
  PP_WORLD_FACT(world, HEAP_15, given->places == 0,
                "the heap has ended, and an arena was not given back");
  if (world->profile->map == PP_MAP_RADIX) {
    PP_WORLD_FACT(world, MAP_06, !given->middle,
                  "the heap has ended, and a middle node was not given back");
    PP_WORLD_FACT(world, MAP_06, given->bottoms == 0,
                  "the heap has ended, and a bottom node was not given back");
  }
  PP_WORLD_FACT(world, HEAP_14, !given->vector,
                "the heap has ended, and the vector was not given back");
  PP_WORLD_FACT(world, HEAP_14, given->system == system,
                "the heap that ended freed a block of its caller");
}

void pp_move_end(struct pp_world *world, const struct pp_reference *reference,
                 struct pp_image before) {
  /* All of it: an end leaves nothing, an image has what operations change. */
  struct pp_heap heap = *world->heap;
  uint8_t system = world->given.system;
  world->call_count = 0;
  world->ending = true;
  reference->destroy(world->heap);
  world->ending = false;
  check_end(world, system);
  *world->heap = heap;
  pp_world_load(world, before);
}
