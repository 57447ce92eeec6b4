/* Exhaustive searches in the test's own process. */
#include "proptests/searched.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static volatile int never;

struct pp_exhaust_geometry pp_searched_geometry(const char *name,
                                                unsigned arenas) {
  for (int id = PP_PROFILE_TINY; id <= PP_PROFILE_SMALL; id++) {
    size_t count;
    const struct pp_exhaust_geometry *all =
        pp_exhaust_geometries(&pp_profiles[id], &count);
    for (size_t i = 0; i < count; i++) {
      if (strcmp(all[i].name, name) != 0) continue;
      struct pp_exhaust_geometry geometry = all[i];
      cr_assert_leq(arenas, geometry.arenas);
      if (arenas != 0) geometry.arenas = arenas;
      return geometry;
    }
  }
  cr_assert_fail("there is no search named %s", name);
  abort();
}

/* ---- a world ---- */

void pp_searched_world(struct pp_world *world,
                       const struct pp_exhaust_geometry *geometry) {
  char why[256];
  cr_assert(pp_world_open(world, geometry, why, sizeof why), "%s", why);
}

struct request {
  struct pp_move move;
  unsigned refused;
  uint8_t *answer;
};

static void perform(struct pp_world *world, void *ctx) {
  struct request *request = ctx;
  request->answer = pp_move_perform(world, &pp_reference_heap, &request->move,
                                    request->refused);
}

static uint8_t *ask(struct pp_world *world, struct request request) {
  enum pp_clause broken = pp_world_breaks(world, perform, &request);
  cr_assert_eq(broken, PP_HOLDS, "%s: %s", pp_clause_texts[broken].id,
               world->finding.what);
  return request.answer;
}

uint8_t *pp_world_refuse(struct pp_world *world, uint64_t size,
                         unsigned refused) {
  struct pp_move move = {.kind = PP_OP_MALLOC, .a = size};
  return ask(world, (struct request){move, refused, NULL});
}

uint8_t *pp_world_malloc(struct pp_world *world, uint64_t size) {
  return pp_world_refuse(world, size, 0);
}

void pp_world_free(struct pp_world *world, uint8_t *block) {
  struct pp_move move = {.kind = PP_OP_FREE, .block = block};
  ask(world, (struct request){move, 0, NULL});
}

struct pp_key pp_world_key(const struct pp_world *world) {
  struct pp_state state;
  struct pp_key key;
  cr_assert(pp_state_scan(world, &state));
  pp_state_pack(world, &state, &key);
  return key;
}

/* ---- a state as text ---- */

static void say_arena(const struct pp_world *world,
                      const struct pp_state *state, unsigned place,
                      FILE *file) {
  const struct pp_shape_list *list = &state->free[place];
  fprintf(file, " | %u: fresh %u full ", place, state->fresh[place]);
  for (uint32_t i = 0; i < world->class_count; i++)
    fprintf(file, i == 0 ? "%u" : ",%u", state->full[place][i]);
  for (unsigned i = 0; i < list->count; i++) {
    cr_expect_eq(list->at[i].place, place);
    cr_expect_eq(list->at[i].live, 0);
    fprintf(file, i == 0 ? " free %u/%u" : " %u/%u", list->at[i].class_index,
            list->at[i].carved);
  }
}

void pp_state_text(const struct pp_world *world, const struct pp_state *state,
                   char text[PP_STATE_TEXT]) {
  FILE *file = fmemopen(text, PP_STATE_TEXT, "w");
  cr_assert_not_null(file);
  fprintf(file, "%svector %u+%u system %d", state->given.vector ? "" : "no ",
          state->given.middle, state->given.bottoms,
          __builtin_popcount(state->given.system));
  for (unsigned i = 0; i < world->geometry->arenas; i++) {
    bool held = state->given.places >> i & 1;
    if (held) say_arena(world, state, i, file);
    if (!held) cr_expect_eq(state->free[i].count, 0);
  }
  for (uint32_t i = 0; i < world->class_count; i++) {
    const struct pp_shape_list *list = &state->ring[i];
    if (list->count > 0) fprintf(file, " | %u:", i);
    for (unsigned j = 0; j < list->count; j++) {
      cr_expect_eq(list->at[j].class_index, i);
      fprintf(file, " %u:%u/%u", list->at[j].place, list->at[j].carved,
              list->at[j].live);
    }
  }
  for (unsigned i = 0; i < state->usable_count; i++)
    fprintf(file, i == 0 ? " | use %u" : " %u", state->usable[i]);
  fclose(file);
}

void pp_world_in(const struct pp_world *world, const char *text) {
  char is[PP_STATE_TEXT];
  struct pp_state state;
  cr_assert(pp_state_scan(world, &state));
  pp_state_text(world, &state, is);
  cr_expect_str_eq(is, text);
}

/* ---- what is broken ---- */

enum pp_clause
pp_world_breaks(struct pp_world *world,
                void (*action)(struct pp_world *world, void *ctx), void *ctx) {
  memset(&world->finding, 0, sizeof world->finding);
  if (setjmp(world->stop) == 0) action(world, ctx);
  return world->finding.clause;
}

void pp_world_says(const struct pp_world *world, enum pp_clause clause,
                   const char *what) {
  cr_expect_eq(world->finding.clause, clause, "%s: %s, %s", what,
               pp_clause_texts[world->finding.clause].id, world->finding.what);
  cr_expect_str_eq(world->finding.what, what);
}

/* ---- a search ---- */

struct pp_exhaust_options
pp_searched_options(const struct pp_exhaust_geometry *geometry) {
  return (struct pp_exhaust_options){.geometry = geometry,
                                     .jobs = 1,
                                     .memory = PP_SEARCHED_MEMORY,
                                     .silence_seconds = 2,
                                     .stop = &never};
}

struct pp_exhaust *pp_searched_open(const struct pp_exhaust_options *options) {
  char why[256];
  struct pp_exhaust *search = pp_exhaust_open(options, why, sizeof why);
  cr_assert_not_null(search, "%s", why);
  return search;
}

struct pp_exhaust_result
pp_searched_run(const struct pp_exhaust_options *options) {
  struct pp_exhaust_result result;
  struct pp_exhaust *search = pp_searched_open(options);
  pp_exhaust_run(search, &result);
  pp_exhaust_close(search);
  return result;
}

uint64_t pp_searched_levels(struct pp_exhaust *search, unsigned levels) {
  struct pp_exhaust_progress *progress = &search->progress;
  for (unsigned i = 0; i < levels; i++) {
    uint64_t start = progress->level_start, end = progress->level_end;
    search->control->level_end = end;
    for (uint64_t number = start; number < end; number++) {
      bool sound = pp_exhaust_expand(search, &search->control->jobs[0], number);
      cr_assert(sound, "%s", search->control->jobs[0].finding.what);
    }
    pp_table_settle(&search->table, start, end);
    progress->level_start = end;
    progress->level_end = atomic_load(search->table.count);
    progress->states = progress->level_end;
    progress->depth++;
  }
  return progress->states;
}

size_t pp_pages_mapped(void) {
  char text[128];
  int file = open("/proc/self/statm", O_RDONLY);
  ssize_t size = read(file, text, sizeof text - 1);
  close(file);
  cr_assert_gt(size, 0);
  text[size] = 0;
  return strtoul(text, NULL, 10);
}
