/* Which generator a subject is judged with (SPEC.md, OPS-14). */
#include "check/history.h"

struct round {
  uint64_t calls;
  enum pp_object_history history;
};

/* Where everything is looked at after each statement, what a round costs grows
 * with the square of its length. */
enum { SHORTER_AT_HEAP = 20 };

static const struct round rounds_compared[] = {
    {2000, PP_HISTORY_MIXED},    {20000, PP_HISTORY_MIXED},
    {20000, PP_HISTORY_GRAPHS},  {20000, PP_HISTORY_VALUES},
    {100000, PP_HISTORY_MIXED},  {1050000, PP_HISTORY_GRAPHS},
    {200000, PP_HISTORY_VALUES}, {1200000, PP_HISTORY_GROWTH},
    {400000, PP_HISTORY_MIXED},
};

static struct round round_of(const struct pp_subject_spec *spec,
                             uint64_t number) {
  static const uint64_t lengths[] = {2000, 20000, 100000, 400000};
  static const uint64_t lengths_at_heap[] = {1000, 4000, 10000, 20000};
  bool heap = spec->level == PP_LEVEL_HEAP;
  if (spec->kind == PP_SUBJECT_OBJECTS && spec->against != NULL) {
    size_t count = sizeof rounds_compared / sizeof rounds_compared[0];
    struct round round = rounds_compared[number % count];
    if (heap) round.calls /= SHORTER_AT_HEAP;
    return round;
  }
  uint64_t at = number % (sizeof lengths / sizeof lengths[0]);
  return (struct round){heap ? lengths_at_heap[at] : lengths[at],
                        PP_HISTORY_MIXED};
}

uint64_t pp_history_length(const struct pp_subject_spec *spec, uint64_t round) {
  return round_of(spec, round).calls;
}

bool pp_history_grows(const struct pp_subject_spec *spec, uint64_t round) {
  return round_of(spec, round).history == PP_HISTORY_GROWTH;
}

void pp_history_open(struct pp_history *history,
                     const struct pp_subject_spec *spec,
                     const struct pp_generate_options *options) {
  history->of_objects = spec->kind == PP_SUBJECT_OBJECTS;
  if (!history->of_objects) {
    pp_generator_open(&history->blocks, options);
    history->source = &history->blocks.source;
    return;
  }
  struct pp_object_generate_options of_objects = {
      .seed = options->seed,
      .round = options->round,
      .operations = options->operations,
      .history = round_of(spec, options->round).history,
      .compared = spec->against != NULL};
  pp_object_generator_open(&history->objects, &of_objects);
  history->source = &history->objects.source;
}

void pp_history_close(struct pp_history *history) {
  if (!history->of_objects) pp_generator_close(&history->blocks);
}
