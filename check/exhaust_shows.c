/* What shows that two heaps are not the same (SPEC.md, HEAP-12): the fewest
 * further operations after which a block lies elsewhere, a source is called
 * otherwise, or a walk over the pools meets another header. The heap of the
 * subject and that of our own reference go on side by side. */
#include "check/exhaust_search.h"

enum { FEW_MOVES = 64 };

struct pp_showing pp_showing_open(const struct pp_world *world) {
  struct pp_showing showing;
  for (unsigned i = 0; i <= PP_SHOWING_MAX; i++) {
    showing.subject[i] = pp_image_open(world);
    showing.reference[i] = pp_image_open(world);
  }
  return showing;
}

void pp_showing_close(const struct pp_world *world,
                      struct pp_showing *showing) {
  for (unsigned i = 0; i <= PP_SHOWING_MAX; i++) {
    pp_image_close(world, showing->subject[i]);
    pp_image_close(world, showing->reference[i]);
  }
}

/* The subject's move; false when it broke something on the way. */
static bool performs(struct pp_exhaust *search, const struct pp_move *move,
                     uint8_t *volatile *answer) {
  struct pp_world *world = &search->world;
  jmp_buf outer;
  memcpy(&outer, &world->stop, sizeof outer);
  bool sound = setjmp(world->stop) == 0;
  if (sound) *answer = pp_move_perform(world, search->subject, move, 0);
  memcpy(&world->stop, &outer, sizeof outer);
  return sound;
}

/* Performs the move on both heaps, into the next images; true when a caller or
 * a walk sees a difference. */
static bool tells_apart(struct pp_exhaust *search, struct pp_showing *showing,
                        unsigned depth, const struct pp_move *move) {
  struct pp_world *world = &search->world;
  struct pp_shown *shown = &showing->shown[depth];
  struct pp_world_call calls[PP_WORLD_CALLS_MAX];
  uint8_t *volatile theirs = NULL;
  pp_world_load(world, showing->subject[depth]);
  bool sound = performs(search, move, &theirs);
  unsigned call_count = world->call_count;
  memcpy(calls, world->calls, sizeof calls);
  pp_world_save(world, showing->subject[depth + 1]);
  pp_world_load(world, showing->reference[depth]);
  shown->move = *move;
  shown->answer = pp_move_perform(world, &pp_reference_none, move, 0);
  shown->call_count = world->call_count;
  memcpy(shown->calls, world->calls, sizeof shown->calls);
  pp_world_save(world, showing->reference[depth + 1]);
  if (!sound || shown->answer != theirs) return true;
  if (shown->call_count != call_count) return true;
  for (unsigned i = 0; i < call_count; i++) {
    if (world->calls[i].kind != calls[i].kind) return true;
    if (world->calls[i].address != calls[i].address) return true;
  }
  return pp_twin_walk_differs(world, showing->subject[depth + 1],
                              showing->reference[depth + 1]);
}

/* Requests of each class, and a free of a block of each pool. */
static unsigned few_moves(struct pp_world *world, struct pp_image image,
                          struct pp_move *moves) {
  static struct pp_move all[PP_MOVES_MAX];
  struct pp_state state;
  unsigned count = 0;
  pp_world_load(world, image);
  if (!pp_state_scan(world, &state)) return 0;
  unsigned most = pp_moves_list(world, &state, all);
  for (unsigned i = 0; i < most && count < FEW_MOVES; i++) {
    bool small = all[i].a > 0 && all[i].a <= pp_small_max(world->profile);
    bool request = all[i].kind == PP_OP_MALLOC && small &&
                   all[i].a % pp_alignment(world->profile) == 0;
    bool end = all[i].kind == PP_OP_FREE && all[i].block != NULL;
    if (request || end) moves[count++] = all[i];
  }
  return count;
}

static bool shows_at(struct pp_exhaust *search, struct pp_showing *showing,
                     unsigned depth, unsigned limit) {
  struct pp_move moves[FEW_MOVES];
  unsigned count = few_moves(&search->world, showing->reference[depth], moves);
  for (unsigned i = 0; i < count; i++) {
    bool apart = tells_apart(search, showing, depth, &moves[i]);
    if (depth + 1 == limit && apart) return true;
    if (apart) continue; /* would have been met with a lower limit */
    if (depth + 1 < limit && shows_at(search, showing, depth + 1, limit)) {
      return true;
    }
  }
  return false;
}

bool pp_showing_find(struct pp_exhaust *search, struct pp_showing *showing,
                     unsigned most, unsigned *count) {
  for (*count = 1; *count <= most; ++*count) {
    if (shows_at(search, showing, 0, *count)) return true;
  }
  return false;
}
