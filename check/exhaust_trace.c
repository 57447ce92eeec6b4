/* From a finding of the exhaustive search to a trace (SPEC.md, OPS): the moves
 * that led there are performed once more, one after the other on one heap, and
 * said as statements on the way. Where the subject has come into another state
 * and no block lies elsewhere yet, the trace goes on, by as few statements as
 * it takes to show. */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check/exhaust_search.h"
#include "check/pages.h"

enum {
  NAMES_MAX = 512,
  CONTINUATION_MAX = 6,
  EXTRA_MOVES = 64,
  OPS_MAX = 4096,
  TELLING_SECONDS = 60
};

struct story {
  struct pp_exhaust *search;
  struct pp_ops ops;
  uint64_t named; /* IDs given out */
  uint64_t skew;
  unsigned name_count;
  struct {
    const uint8_t *block;
    uint64_t id;
  } names[NAMES_MAX];
};

/* ---- statements ---- */

static void say(struct story *story, enum pp_op_kind kind, uint64_t id,
                uint64_t a, uint64_t b) {
  pp_ops_push(&story->ops, (struct pp_op){kind, id, a, b});
}

static uint64_t take_name(struct story *story, const uint8_t *block) {
  for (unsigned i = 0; i < story->name_count; i++) {
    if (story->names[i].block != block) continue;
    story->names[i].block = story->names[--story->name_count].block;
    uint64_t id = story->names[i].id;
    story->names[i].id = story->names[story->name_count].id;
    return id;
  }
  return 0; /* names no block: null */
}

static void give_name(struct story *story, const uint8_t *block, uint64_t id) {
  if (block == NULL || story->name_count == NAMES_MAX) return;
  story->names[story->name_count].block = block;
  story->names[story->name_count++].id = id;
}

/* The sources are told how many of the next requests to refuse: the first
 * ones. A pattern that begins with one granted cannot be said so. */
static void say_refusals(struct story *story) {
  const struct pp_world *world = &story->search->world;
  uint64_t arenas = 0, systems = 0;
  for (unsigned i = 0; i < world->call_count; i++) {
    const struct pp_world_call *call = &world->calls[i];
    if (!call->refused) continue;
    if (call->kind == PP_CALL_ARENA) arenas++;
    if (call->kind != PP_CALL_ARENA) systems++;
  }
  if (arenas > 0) say(story, PP_OP_ARENA_FAIL, 0, arenas, 0);
  if (systems > 0) say(story, PP_OP_SYSTEM_FAIL, 0, systems, 0);
}

static void say_skew(struct story *story) {
  const struct pp_world *world = &story->search->world;
  uint64_t pool = pp_pool_size(world->profile);
  for (unsigned i = 0; i < world->call_count; i++) {
    const struct pp_world_call *call = &world->calls[i];
    if (call->kind != PP_CALL_ARENA || call->refused) continue;
    uint64_t skew = ((uintptr_t)call->address & (pool - 1)) * PP_SKEW_SCALE;
    if (skew == story->skew) continue;
    story->skew = skew;
    say(story, PP_OP_ARENA_SKEW, 0, skew, 0);
  }
}

static void say_move(struct story *story, const struct pp_move *move,
                     const uint8_t *answer) {
  uint64_t id = move->block == NULL ? 0 : take_name(story, move->block);
  if (move->kind != PP_OP_FREE && move->block == NULL) id = ++story->named;
  say_skew(story);
  say_refusals(story);
  say(story, move->kind, id, move->a, move->b);
  if (move->kind == PP_OP_FREE) return;
  if (answer == NULL) answer = move->block; /* refused, and kept */
  give_name(story, answer, id);
}

/* ---- the way to the finding ---- */

/* The links from the first state to the finding, in order. */
static uint64_t *way(const struct pp_exhaust *search, size_t *length) {
  uint64_t link = search->finding.position;
  size_t count = 1;
  for (uint64_t at = link; at >> 32 != 0; count++)
    at = search->table.links[at >> 32];
  uint64_t *links = calloc(count, sizeof *links);
  if (links == NULL) abort();
  *length = count;
  for (size_t i = count; i > 0; i--) {
    links[i - 1] = link;
    link = search->table.links[link >> 32];
  }
  return links;
}

static bool find_move(struct pp_exhaust *search, uint64_t link,
                      struct pp_move *move) {
  static struct pp_move moves[PP_MOVES_MAX];
  struct pp_state state;
  unsigned index = (unsigned)(link >> 16 & 0xffff);
  if (!pp_state_scan(&search->world, &state)) return false;
  if (index >= pp_moves_list(&search->world, &state, moves)) return false;
  *move = moves[index];
  return true;
}

/* By our own reference, which is in the same state up to here. */
static void retell(struct story *story, uint64_t link) {
  struct pp_world *world = &story->search->world;
  struct pp_move move;
  if (!find_move(story->search, link, &move)) return;
  uint8_t *answer = pp_move_perform(world, &pp_reference_none, &move,
                                    (unsigned)(link & 0xffff));
  say_move(story, &move, answer);
}

/* ---- what shows a difference ---- */

struct pair {
  struct pp_image subject, reference;
};

struct tale {
  struct story *story;
  const struct pp_reference *subject;
  struct pair at[CONTINUATION_MAX + 1];
  struct {
    struct pp_move move;
    uint8_t *answer;
    unsigned call_count;
    struct pp_world_call calls[PP_WORLD_CALLS_MAX];
  } said[CONTINUATION_MAX];
};

/* Performs the move on both heaps of a pair, into the next; true when what a
 * caller or a walk sees is not the same. Leaves the reference's calls. */
static bool tells_apart(struct tale *tale, unsigned depth,
                        const struct pp_move *move) {
  struct pp_world *world = &tale->story->search->world;
  uint8_t *volatile theirs = NULL;
  volatile unsigned call_count = 0;
  struct pp_world_call calls[PP_WORLD_CALLS_MAX];
  volatile bool broken = true;
  if (setjmp(world->stop) == 0) {
    pp_world_load(world, tale->at[depth].subject);
    theirs = pp_move_perform(world, tale->subject, move, 0);
    broken = false;
  }
  call_count = world->call_count;
  memcpy(calls, world->calls, sizeof calls);
  pp_world_save(world, tale->at[depth + 1].subject);
  pp_world_load(world, tale->at[depth].reference);
  uint8_t *ours = pp_move_perform(world, &pp_reference_none, move, 0);
  pp_world_save(world, tale->at[depth + 1].reference);
  tale->said[depth].move = *move;
  tale->said[depth].answer = ours;
  tale->said[depth].call_count = world->call_count;
  memcpy(tale->said[depth].calls, world->calls, sizeof world->calls);
  if (broken || ours != theirs || world->call_count != call_count) return true;
  for (unsigned i = 0; i < call_count; i++) {
    if (world->calls[i].kind != calls[i].kind) return true;
    if (world->calls[i].address != calls[i].address) return true;
  }
  return pp_twin_walk_differs(world, tale->at[depth + 1].subject,
                              tale->at[depth + 1].reference);
}

/* Requests of each class, and a free of a block of each pool. */
static unsigned plain_moves(struct pp_world *world, struct pp_image image,
                            struct pp_move *moves) {
  static struct pp_move all[PP_MOVES_MAX];
  struct pp_state state;
  unsigned count = 0;
  pp_world_load(world, image);
  if (!pp_state_scan(world, &state)) return 0;
  unsigned most = pp_moves_list(world, &state, all);
  for (unsigned i = 0; i < most && count < EXTRA_MOVES; i++) {
    bool small = all[i].a > 0 && all[i].a <= pp_small_max(world->profile);
    bool request = all[i].kind == PP_OP_MALLOC && small &&
                   all[i].a % pp_alignment(world->profile) == 0;
    bool end = all[i].kind == PP_OP_FREE && all[i].block != NULL;
    if (request || end) moves[count++] = all[i];
  }
  return count;
}

static bool shows_within(struct tale *tale, unsigned depth, unsigned limit) {
  struct pp_world *world = &tale->story->search->world;
  struct pp_move moves[EXTRA_MOVES];
  unsigned count = plain_moves(world, tale->at[depth].reference, moves);
  for (unsigned i = 0; i < count; i++) {
    bool apart = tells_apart(tale, depth, &moves[i]);
    if (depth + 1 == limit && apart) return true;
    if (apart) continue; /* would have been met with a lower limit */
    if (depth + 1 < limit && shows_within(tale, depth + 1, limit)) return true;
  }
  return false;
}

static void tell_on(struct tale *tale, unsigned count) {
  struct pp_world *world = &tale->story->search->world;
  for (unsigned i = 0; i < count; i++) {
    world->call_count = tale->said[i].call_count;
    memcpy(world->calls, tale->said[i].calls, sizeof world->calls);
    say_move(tale->story, &tale->said[i].move, tale->said[i].answer);
  }
}

static bool is_silent(const struct pp_exhaust *search) {
  return search->lockstep && search->finding.clause == PP_HEAP_12;
}

/* The last move, and what it takes to see it. */
static void finish(struct story *story, uint64_t link) {
  struct pp_exhaust *search = story->search;
  struct pp_world *world = &search->world;
  struct tale *tale = calloc(1, sizeof *tale);
  struct pp_move move;
  if (tale == NULL) abort();
  tale->story = story;
  tale->subject = search->subject;
  for (unsigned i = 0; i <= CONTINUATION_MAX; i++) {
    tale->at[i].subject = pp_image_open(world);
    tale->at[i].reference = pp_image_open(world);
  }
  pp_world_save(world, search->before);
  pp_world_save(world, tale->at[0].reference);
  retell(story, link);
  if (is_silent(search)) {
    pp_world_save(world, tale->at[1].reference);
    pp_world_load(world, search->before);
    if (find_move(search, link, &move)) {
      pp_move_perform(world, search->subject, &move, (unsigned)link & 0xffff);
    }
    pp_world_save(world, tale->at[1].subject);
    bool shown = pp_twin_walk_differs(world, tale->at[1].subject,
                                      tale->at[1].reference);
    struct pair first = tale->at[0];
    tale->at[0] = tale->at[1];
    tale->at[1] = first;
    for (unsigned limit = 1; limit <= CONTINUATION_MAX && !shown; limit++) {
      shown = shows_within(tale, 0, limit);
      if (shown) tell_on(tale, limit);
    }
  }
  for (unsigned i = 0; i <= CONTINUATION_MAX; i++) {
    pp_image_close(world, tale->at[i].subject);
    pp_image_close(world, tale->at[i].reference);
  }
  free(tale);
}

static struct pp_ops tell(struct pp_exhaust *search, bool on) {
  struct story story = {.search = search};
  size_t length;
  uint64_t *links = way(search, &length);
  pp_world_load(&search->world, search->world.blank);
  for (size_t i = 0; i + 1 < length; i++)
    retell(&story, links[i]);
  if (on) {
    finish(&story, links[length - 1]);
  } else {
    retell(&story, links[length - 1]);
  }
  free(links);
  return story.ops;
}

/* To go on, the subject is called, which may end the process: another one. */
struct pp_ops pp_exhaust_trace(struct pp_exhaust *search) {
  struct pp_ops ops = {0};
  size_t size = sizeof(struct pp_op) * OPS_MAX + sizeof(size_t);
  if (!is_silent(search)) return tell(search, false);
  struct telling {
    size_t count;
    struct pp_op at[];
  } *told = pp_pages_shared(size);
  fflush(NULL);
  pid_t pid = fork();
  if (pid == 0) {
    alarm(TELLING_SECONDS);
    ops = tell(search, true);
    if (ops.count > OPS_MAX) _exit(1);
    memcpy(told->at, ops.at, ops.count * sizeof *ops.at);
    told->count = ops.count;
    _exit(0);
  }
  if (pid > 0) waitpid(pid, NULL, 0);
  for (size_t i = 0; i < told->count; i++)
    pp_ops_push(&ops, told->at[i]);
  pp_pages_free(told, size);
  return ops.count > 0 ? ops : tell(search, false);
}
