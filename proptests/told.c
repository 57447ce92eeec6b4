/* One move of a world, and what the model says of it. */
#include "proptests/told.h"

struct pp_told_world pp_told_here;

#define world pp_told_here.world

void pp_told_open(void) {
  struct pp_told_world *here = &pp_told_here;
  here->geometry = pp_searched_geometry("tiny, 2 arenas, 2 classes", 0);
  pp_searched_world(&world, &here->geometry);
  for (unsigned i = 0; i < 2; i++)
    here->small[i] = pp_world_malloc(&world, PP_TOLD_SMALL);
  for (unsigned i = 0; i < 3; i++)
    here->large[i] = pp_world_malloc(&world, PP_TOLD_LARGE);
  here->foreign = pp_world_malloc(&world, PP_TOLD_LARGE + 1);
  here->before = pp_image_open(&world);
  pp_world_save(&world, here->before);
}

void pp_told_close(void) {
  pp_image_close(&world, pp_told_here.before);
  pp_world_close(&world);
}

static void perform(struct pp_world *of, void *ctx) {
  struct pp_told *told = ctx;
  told->answer = pp_move_perform(of, &pp_reference_none, &told->move, 0);
}

static void look(struct pp_world *of, void *ctx) {
  struct pp_told *told = ctx;
  told->changed =
      pp_model_check(of, pp_told_here.before, &told->move, told->answer);
}

struct pp_told pp_told_move(enum pp_op_kind kind, uint64_t a, uint64_t b,
                            uint8_t *block) {
  struct pp_told told = {{kind, a, b, block, 0}, NULL, false};
  pp_world_load(&world, pp_told_here.before);
  if (block == pp_told_here.foreign) {
    told.move.block_size = 1;
  } else if (block != NULL) {
    const struct pp_pool *pool = pp_pool_of(world.profile, block);
    told.move.block_size = pp_class_size(world.profile, pool->szidx);
  }
  pp_world_breaks(&world, perform, &told);
  pp_world_says(&world, PP_HOLDS, "");
  return told;
}

struct pp_told pp_told_malloc(uint64_t size) {
  return pp_told_move(PP_OP_MALLOC, size, 0, NULL);
}

struct pp_told pp_told_realloc(uint8_t *block, uint64_t size) {
  return pp_told_move(PP_OP_REALLOC, size, 0, block);
}

void pp_told_says(struct pp_told *told, enum pp_clause clause,
                  const char *what) {
  pp_world_breaks(&world, look, told);
  pp_world_says(&world, clause, what);
}

void pp_told_true(struct pp_told *told) {
  pp_told_says(told, PP_HOLDS, "");
  cr_expect_eq(told->changed, !pp_world_is(&world, pp_told_here.before));
}

void pp_told_call(enum pp_world_call_kind kind, size_t size, void *address,
                  bool refused) {
  world.calls[world.call_count++] =
      (struct pp_world_call){kind, refused, size, address};
}
