/* Mutation of statements as records (check/trace.h, the fuzz form), by what a
 * person would try: a statement more or less, in another place, or again; two
 * names exchanged; a size from one side of an edge to the other; a stretch of
 * another history. The record before the first is left to the engine. */
#include "fuzz/mutate.h"

#include <stdbool.h>
#include <string.h>

#include "check/random.h"
#include "check/trace.h"

enum {
  RECORD = PP_RECORD_SIZE,
  AT_SLOT = 1, /* of a record; check/trace_records.c has the drawing */
  AT_WIDE = 5,
  EDITS_MOST = 4,
  RUN_MOST = 16
};

struct history {
  struct pp_random random;
  uint8_t *at; /* the first record of a statement */
  size_t count;
  size_t most;
};

static size_t below(struct history *history, size_t limit) {
  return (size_t)pp_random_below(&history->random, limit);
}

static uint8_t *record(const struct history *history, size_t index) {
  return history->at + index * RECORD;
}

/* ---- stretches ---- */

/* Room for records before this one; fewer where there is no more. */
static size_t open_gap(struct history *history, size_t index, size_t count) {
  size_t room = history->most - history->count;
  if (count > room) count = room;
  memmove(record(history, index + count), record(history, index),
          (history->count - index) * RECORD);
  history->count += count;
  return count;
}

static void cut(struct history *history, size_t index, size_t count) {
  if (count > history->count - index) count = history->count - index;
  memmove(record(history, index), record(history, index + count),
          (history->count - index - count) * RECORD);
  history->count -= count;
}

/* A stretch of a history, copied to another place in this one. */
static void paste(struct history *history, const uint8_t *from, size_t count) {
  uint8_t run[RUN_MOST * RECORD];
  if (count > RUN_MOST) count = RUN_MOST;
  memcpy(run, from, count * RECORD);
  size_t index = below(history, history->count + 1);
  count = open_gap(history, index, count);
  memcpy(record(history, index), run, count * RECORD);
}

static size_t run_within(struct history *history, size_t count) {
  size_t length = 1 + below(history, RUN_MOST);
  return length < count ? length : count;
}

/* ---- edits ---- */

/* Of a random kind, for a name that is in use. */
static void insert(struct history *history) {
  size_t index = below(history, history->count + 1);
  size_t like = history->count == 0 ? 0 : below(history, history->count);
  uint8_t fresh[RECORD];
  uint64_t bits = pp_random_next(&history->random);
  memcpy(fresh, &bits, sizeof fresh);
  if (history->count > 0 && below(history, 4) > 0)
    memcpy(fresh + AT_SLOT, record(history, like) + AT_SLOT, 2);
  else
    fresh[AT_SLOT + 1] = 0;
  if (open_gap(history, index, 1) == 1)
    memcpy(record(history, index), fresh, sizeof fresh);
}

static void delete_run(struct history *history) {
  if (history->count == 0) return;
  size_t index = below(history, history->count);
  cut(history, index, 1 + below(history, 4));
}

static void duplicate_run(struct history *history) {
  if (history->count == 0) return;
  size_t index = below(history, history->count);
  paste(history, record(history, index),
        run_within(history, history->count - index));
}

static void move(struct history *history) {
  uint8_t moved[RECORD];
  if (history->count < 2) return;
  size_t index = below(history, history->count);
  memcpy(moved, record(history, index), RECORD);
  cut(history, index, 1);
  index = below(history, history->count + 1);
  if (open_gap(history, index, 1) == 1)
    memcpy(record(history, index), moved, RECORD);
}

static void swap_slots(struct history *history) {
  uint8_t slot[2];
  if (history->count < 2) return;
  uint8_t *one = record(history, below(history, history->count)) + AT_SLOT;
  uint8_t *other = record(history, below(history, history->count)) + AT_SLOT;
  memcpy(slot, one, sizeof slot);
  memmove(one, other, sizeof slot);
  memcpy(other, slot, sizeof slot);
}

/* To or past the nearest multiple of a step of the classes, or by one. */
static void nudge(struct history *history) {
  static const unsigned steps[] = {1, 8, 16, 512, 4096};
  if (history->count == 0) return;
  uint8_t *wide = record(history, below(history, history->count)) + AT_WIDE;
  unsigned number = wide[0] | (unsigned)wide[1] << 8;
  unsigned step = steps[below(history, sizeof steps / sizeof steps[0])];
  number = number / step * step + (unsigned)below(history, 3) * step;
  number += (unsigned)below(history, 3) - 1;
  wide[0] = (uint8_t)number;
  wide[1] = (uint8_t)(number >> 8);
}

/* Another kind, and the same name and numbers. */
static void retell(struct history *history) {
  if (history->count == 0) return;
  *record(history, below(history, history->count)) =
      (uint8_t)pp_random_next(&history->random);
}

static void splice(struct history *history, const uint8_t *other,
                   size_t other_size) {
  size_t count = other_size / RECORD;
  if (other == NULL || count < 2) return;
  size_t index = 1 + below(history, count - 1);
  paste(history, other + index * RECORD, run_within(history, count - index));
}

static void edit(struct history *history, const uint8_t *other,
                 size_t other_size) {
  switch (below(history, 8)) {
  case 0: insert(history); break;
  case 1: delete_run(history); break;
  case 2: duplicate_run(history); break;
  case 3: move(history); break;
  case 4: swap_slots(history); break;
  case 5: nudge(history); break;
  case 6: retell(history); break;
  default:
    if (other == NULL) insert(history);
    splice(history, other, other_size);
    break;
  }
}

size_t pp_mutate(uint8_t *data, size_t size, size_t most, const uint8_t *other,
                 size_t other_size, uint64_t seed) {
  if (most < 2 * RECORD) return size;
  if (size < RECORD) {
    memset(data + size, 0, RECORD - size);
    size = RECORD;
  }
  struct history history = {.random = {seed},
                            .at = data + RECORD,
                            .count = size / RECORD - 1,
                            .most = most / RECORD - 1};
  for (size_t i = 1 + below(&history, EDITS_MOST); i > 0; i--)
    edit(&history, other, other_size);
  return (history.count + 1) * RECORD;
}
