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

enum { NAMES_MAX = 512, OPS_MAX = 4096, TELLING_SECONDS = 60 };

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

/* ---- the end ---- */

static void tell_on(struct story *story, const struct pp_showing *showing,
                    unsigned count) {
  struct pp_world *world = &story->search->world;
  for (unsigned i = 0; i < count; i++) {
    const struct pp_shown *shown = &showing->shown[i];
    world->call_count = shown->call_count;
    memcpy(world->calls, shown->calls, sizeof world->calls);
    say_move(story, &shown->move, shown->answer);
  }
}

/* A map is silent until it is asked about a block. */
static bool is_silent(const struct pp_exhaust *search) {
  enum pp_clause clause = search->finding.clause;
  return search->lockstep && (clause == PP_HEAP_12 || clause == PP_MAP_01);
}

/* The last move, and what it takes to see it. */
static void finish(struct story *story, uint64_t link) {
  struct pp_exhaust *search = story->search;
  struct pp_world *world = &search->world;
  struct pp_showing showing = pp_showing_open(world);
  struct pp_move move;
  unsigned count;
  pp_world_save(world, search->before);
  if (find_move(search, link, &move)) {
    pp_move_perform(world, search->subject, &move, (unsigned)link & 0xffff);
  }
  pp_world_save(world, showing.subject[0]);
  pp_world_load(world, search->before);
  retell(story, link);
  pp_world_save(world, showing.reference[0]);
  if (!pp_twin_walk_differs(world, showing.subject[0], showing.reference[0]) &&
      pp_showing_find(search, &showing, PP_SHOWING_MAX, &count)) {
    tell_on(story, &showing, count);
  }
  pp_showing_close(world, &showing);
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
