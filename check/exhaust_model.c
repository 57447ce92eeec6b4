/* The model of the exhaustive search: what a caller may rely on after one
 * operation. It knows which blocks were live, and that every word that is not
 * a header or a link still holds what it held, so it looks at what changed
 * (SPEC.md, API and HEAP). */
#include "check/exhaust_world.h"

enum { WORD = sizeof(uint64_t) };

/* One operation, as the model follows it. */
struct step {
  struct pp_world *world;
  struct pp_image before;
  const struct pp_move *move;
  uint8_t *answer;
  uint64_t size;  /* that was asked for */
  uint8_t *ended; /* the block that the operation ends, or NULL */
  /* The live blocks of one pool, as they are and as they have to be. */
  const struct pp_pool *judged;
  uint32_t live, expected;
};

static bool in_arena(const struct pp_world *world, const uint8_t *address) {
  uint8_t place = pp_world_place(world, address);
  return place != PP_NOWHERE && (world->given.places >> place & 1);
}

/* ---- the answer ---- */

static uint64_t size_of(const struct pp_move *move) {
  return move->kind == PP_OP_CALLOC ? move->a * move->b : move->a;
}

static bool is_too_much(const struct pp_move *move) {
  if (move->kind == PP_OP_CALLOC) {
    return move->a != 0 && move->b > (uint64_t)PTRDIFF_MAX / move->a;
  }
  return move->a > (uint64_t)PTRDIFF_MAX;
}

static void check_too_much(const struct step *step) {
  struct pp_world *world = step->world;
  bool calls = world->call_count > 0;
  switch (step->move->kind) {
  case PP_OP_MALLOC:
    PP_WORLD_FACT(world, HEAP_06, step->answer == NULL,
                  "a request over PTRDIFF_MAX is not null");
    PP_WORLD_FACT(world, HEAP_06, !calls, "it reaches a source");
    break;
  case PP_OP_CALLOC:
    PP_WORLD_FACT(world, HEAP_07, step->answer == NULL,
                  "a product over PTRDIFF_MAX is not null");
    PP_WORLD_FACT(world, HEAP_07, !calls, "it reaches a source");
    break;
  default:
    PP_WORLD_FACT(world, REALLOC_07, step->answer == NULL,
                  "a new size over PTRDIFF_MAX is not null");
    PP_WORLD_FACT(world, REALLOC_07, !calls, "it reaches a source");
    break;
  }
}

/* The last call of a source that could have given the block. */
static const struct pp_world_call *last_request(const struct pp_world *world) {
  const struct pp_world_call *last = NULL;
  for (unsigned i = 0; i < world->call_count; i++) {
    const struct pp_world_call *call = &world->calls[i];
    if (call->kind == PP_CALL_SYSTEM || call->kind == PP_CALL_RESIZE) {
      last = call;
    }
  }
  return last;
}

/* A request is null only when the system refused it. */
static void check_null(const struct step *step) {
  struct pp_world *world = step->world;
  const struct pp_world_call *call = last_request(world);
  bool small = step->size > 0 && step->size <= pp_small_max(world->profile);
  if (small) {
    PP_WORLD_FACT(world, HEAP_05, call != NULL,
                  "null, and the system was not asked");
  }
  PP_WORLD_FACT(world, HEAP_03, call != NULL && call->refused,
                "null, and the system did not refuse");
}

static void check_system_answer(const struct step *step) {
  struct pp_world *world = step->world;
  const struct pp_world_call *call = last_request(world);
  uint64_t size = step->size == 0 ? 1 : step->size;
  PP_WORLD_FACT(world, HEAP_03, call != NULL, "not a block of any source");
  if (step->size == 0) {
    PP_WORLD_FACT(world, HEAP_04, call->size == 1,
                  "%zu bytes are asked of the system for none", call->size);
  }
  PP_WORLD_FACT(world, HEAP_03, call->size == size,
                "the system is asked for %zu bytes", call->size);
  PP_WORLD_FACT(world, HEAP_03, call->address == step->answer,
                "not the block that the system gave");
}

static void check_pool_answer(const struct step *step) {
  struct pp_world *world = step->world;
  const struct pp_profile *profile = world->profile;
  const struct pp_pool *pool = pp_pool_of(profile, step->answer);
  uintptr_t offset = (uintptr_t)step->answer - (uintptr_t)pool;
  PP_WORLD_FACT(world, HEAP_04, step->size != 0,
                "a request of no bytes is in a pool");
  PP_WORLD_FACT(world, POOL_15, pool->szidx < profile->class_count,
                "in a pool of no class");
  uint32_t block_size = pp_class_size(profile, pool->szidx);
  PP_WORLD_FACT(world, SC_03, step->size <= block_size,
                "a block of %u bytes is too small", block_size);
  PP_WORLD_FACT(world, BLOCK_02, offset >= PP_POOL_HEADER, "in a header");
  PP_WORLD_FACT(world, BLOCK_02, (offset - PP_POOL_HEADER) % block_size == 0,
                "between two blocks");
  PP_WORLD_FACT(world, BLOCK_03, offset + block_size <= pp_pool_size(profile),
                "beyond its pool");
  uint32_t bit = 1u << (offset - PP_POOL_HEADER) / block_size;
  PP_WORLD_FACT(world, BLOCK_08, pp_live_blocks(world, pool) & bit,
                "the block is on a free list");
}

static void check_answer(const struct step *step) {
  struct pp_world *world = step->world;
  if (is_too_much(step->move)) {
    check_too_much(step);
  } else if (step->answer == NULL) {
    check_null(step);
  } else if (in_arena(world, step->answer)) {
    check_pool_answer(step);
  } else {
    check_system_answer(step);
  }
}

/* ---- live blocks ---- */

/* Blocks of the pool that have to be live now, when those were before. */
static uint32_t expected_live(const struct step *step,
                              const struct pp_pool *pool, uint32_t before) {
  const struct pp_world *world = step->world;
  const uint8_t *start = (const uint8_t *)pool;
  uint32_t class_index = pool->szidx;
  if (step->ended != NULL && pp_pool_of(world->profile, step->ended) == pool) {
    size_t offset = (size_t)(step->ended - start);
    before &= ~(1u << pp_world_block(world, class_index, offset));
  }
  if (step->answer != NULL &&
      pp_pool_of(world->profile, step->answer) == pool) {
    size_t offset = (size_t)(step->answer - start);
    before |= 1u << pp_world_block(world, class_index, offset);
  }
  return before;
}

/* The pool as it was: its free list leads through memory as it was, too. */
static uint32_t live_before(const struct step *step,
                            const struct pp_pool *pool) {
  const struct pp_world *world = step->world;
  struct pp_pool was;
  memcpy(&was, pp_image_at(world, step->before, pool), sizeof was);
  if (was.count == 0 || was.szidx >= world->class_count) return 0;
  uint32_t blocks = pp_world_block(world, was.szidx, was.nextoffset);
  uint32_t live = (UINT32_C(1) << blocks) - 1;
  for (const uint8_t *block = was.freeblock; block != NULL;) {
    size_t offset = (size_t)(block - (const uint8_t *)pool);
    live &= ~(UINT32_C(1) << pp_world_block(world, was.szidx, offset));
    block = pp_link_read(pp_image_at(world, step->before, block));
  }
  return live;
}

/* Once for both words of a header that change. */
static void judge(struct step *step, const struct pp_pool *pool) {
  const struct pp_world *world = step->world;
  struct pp_pool was;
  memcpy(&was, pp_image_at(world, step->before, pool), sizeof was);
  bool same = was.szidx == pool->szidx;
  step->judged = pool;
  step->live = pp_live_blocks(world, pool);
  step->expected =
      expected_live(step, pool, same ? live_before(step, pool) : 0);
}

static void check_live(struct step *step, const struct pp_pool *pool) {
  struct pp_world *world = step->world;
  PP_WORLD_FACT(world, POOL_16, pool->arenaindex < PP_ARENA_SLOTS_FIRST,
                "a pool of slot %u", pool->arenaindex);
  const struct pp_arena *arena = &world->vector[pool->arenaindex];
  if ((uintptr_t)pool >= arena->pool_address) return;
  if (pool->szidx >= world->class_count) return;
  if (step->judged != pool) judge(step, pool);
  PP_WORLD_FACT(world, BLOCK_08, step->live == step->expected,
                "the free list of a pool has not what it should have");
  PP_WORLD_FACT(world, HEAP_01,
                pool->count == (uint32_t)__builtin_popcount(step->expected),
                "a pool counts %u live blocks", pool->count);
}

/* ---- contents ---- */

/* What the block of the answer holds: what was asked for, or what was there. */
static bool is_right_word(const struct step *step, const uint8_t *at,
                          size_t offset) {
  const struct pp_move *move = step->move;
  bool moved = move->kind == PP_OP_REALLOC && move->block != NULL;
  uint64_t end = step->size; /* of what was asked for, or is kept */
  uint8_t expected[WORD];
  memcpy(expected, pp_image_at(step->world, step->before, at), WORD);
  if (moved && end > move->block_size) end = move->block_size;
  size_t own = offset + WORD <= end ? WORD : offset < end ? end - offset : 0;
  if (move->kind == PP_OP_CALLOC) {
    memset(expected, 0, own);
  } else if (moved) {
    memcpy(expected,
           pp_image_at(step->world, step->before, move->block + offset), own);
  }
  return memcmp(at, expected, WORD) == 0;
}

static void check_word(struct step *step, const uint8_t *at) {
  struct pp_world *world = step->world;
  uint8_t place = pp_world_place(world, at);
  bool held = place != PP_NOWHERE && (world->given.places >> place & 1);
  const struct pp_pool *pool = pp_pool_of(world->profile, at);
  size_t offset = (size_t)(at - (const uint8_t *)pool);
  if (place != PP_NOWHERE && !held) return; /* its arena was just released */
  PP_WORLD_FACT(world, API_40, held,
                "memory outside of all arenas was written");
  if (offset < PP_POOL_HEADER) {
    if (offset < 2 * WORD) check_live(step, pool); /* count or list */
    return;
  }
  uint32_t size = pp_class_size(world->profile, pool->szidx);
  uint32_t index = (uint32_t)(offset - PP_POOL_HEADER) / size;
  size_t inside = (offset - PP_POOL_HEADER) % size;
  const uint8_t *block = at - inside;
  if (block == step->answer) return; /* all of it is looked at */
  bool live = index < 32 && (pp_live_blocks(world, pool) >> index & 1);
  PP_WORLD_FACT(world, API_03, !live,
                "a live block's contents changed at byte %zu", inside);
  PP_WORLD_FACT(world, BLOCK_04, inside == 0,
                "byte %zu of a block that is not live was written", inside);
}

/* A block of a pool that went to the system. */
static void check_moved_out(const struct step *step) {
  const struct pp_move *move = step->move;
  struct pp_world *world = step->world;
  uint64_t size = step->size;
  if (move->kind != PP_OP_REALLOC || step->ended == NULL) return;
  if (size > move->block_size) size = move->block_size;
  PP_WORLD_FACT(world, API_12,
                memcmp(step->answer,
                       pp_image_at(world, step->before, move->block),
                       size) == 0,
                "realloc to the system lost contents");
}

/* Every byte requested by calloc is zero, every byte that realloc keeps is
 * there, and no other byte of the block changed but the link. */
static void check_block(const struct step *step) {
  struct pp_world *world = step->world;
  const uint8_t *block = step->answer;
  if (!in_arena(world, block)) {
    check_moved_out(step);
    return;
  }
  const struct pp_pool *pool = pp_pool_of(world->profile, block);
  uint32_t size = pp_class_size(world->profile, pool->szidx);
  for (size_t offset = 0; offset < size; offset += WORD) {
    /* A link may have been written where nothing was asked for. */
    if (offset == 0 && step->size < WORD) continue;
    if (step->move->kind == PP_OP_CALLOC) {
      PP_WORLD_FACT(world, HEAP_08, is_right_word(step, block + offset, offset),
                    "calloc left the word at byte %zu wrong", offset);
    } else if (step->move->kind == PP_OP_REALLOC) {
      if (offset == 0 && step->move->block == NULL) continue;
      PP_WORLD_FACT(world, API_12, is_right_word(step, block + offset, offset),
                    "realloc left the word at byte %zu wrong", offset);
    } else if (offset > 0) {
      PP_WORLD_FACT(world, BLOCK_04,
                    is_right_word(step, block + offset, offset),
                    "malloc wrote the word at byte %zu", offset);
    }
  }
}

static void check_contents(struct step *step) {
  const struct pp_world *world = step->world;
  const struct pp_changes *changes = &world->changes;
  for (unsigned i = 0; i < changes->count; i++) {
    if (changes->chunk[i] >= world->content_count) return;
    const uint8_t *chunk = world->chunk_at[changes->chunk[i]];
    for (unsigned words = changes->words[i]; words != 0; words &= words - 1) {
      check_word(step, chunk + (size_t)__builtin_ctz(words) * WORD);
    }
  }
}

bool pp_model_check(struct pp_world *world, struct pp_image before,
                    const struct pp_move *move, uint8_t *answer) {
  struct step step = {.world = world,
                      .before = before,
                      .move = move,
                      .answer = answer,
                      .size = size_of(move)};
  bool granted = move->kind == PP_OP_FREE || answer != NULL;
  if (granted && answer != move->block) step.ended = move->block;
  if (move->kind != PP_OP_FREE) {
    check_answer(&step);
  } else if (move->block == NULL) {
    PP_WORLD_FACT(world, HEAP_09, world->call_count == 0,
                  "freeing null reaches a source");
  }
  if (answer != NULL && answer != move->block) check_block(&step);
  if (pp_world_kept(world, before)) return false;
  check_contents(&step);
  return true;
}
