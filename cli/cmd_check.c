/* poolproof check: judges subjects and prints a verdict for each. */
#include <stdlib.h>

#include "check/discover.h"
#include "cli/court.h"

/* Operations a subject when nothing is said: enough to evaluate every clause,
 * in seconds, or in a few minutes where everything is looked at each time. */
#define OPERATIONS_DEFAULT UINT64_C(2000000)
#define OPERATIONS_DEFAULT_HEAP UINT64_C(150000)

/* The verdict of the whole: the gravest of all. */
static int exit_code_of(const struct court *court) {
  static const int gravest_first[] = {EXIT_INTERRUPTED, EXIT_OWN_FAULT,
                                      EXIT_VIOLATION, EXIT_NOT_LOADED,
                                      EXIT_INCONCLUSIVE};
  if (court->count == 0) return EXIT_INCONCLUSIVE;
  if (pp_interrupted) return EXIT_INTERRUPTED;
  for (size_t i = 0; i < sizeof gravest_first / sizeof(int); i++) {
    for (size_t j = 0; j < court->count; j++) {
      enum pp_verdict verdict = court->judges[j].judgement->verdict;
      if (pp_verdict_exit_code(verdict) == gravest_first[i]) {
        return gravest_first[i];
      }
    }
  }
  return EXIT_CONFORMS;
}

static int report(const struct court *court, const struct settings *settings) {
  int exit_code = exit_code_of(court);
  const struct pp_judgement **judgements =
      calloc(court->count + 1, sizeof *judgements);
  if (judgements == NULL) abort();
  for (size_t i = 0; i < court->count; i++) {
    judgements[i] = court->judges[i].judgement;
  }
  show_deviations(stdout, judgements, court->count);
  for (size_t i = 0; i < court->started; i++) {
    show_findings(stdout, judgements[i], settings);
  }
  if (settings->json == NULL) {
    free(judgements);
    return exit_code;
  }
  if (!write_json(settings->json, settings, judgements, court->count,
                  exit_code)) {
    exit_code = EXIT_OWN_FAULT;
  }
  free(judgements);
  return exit_code;
}

static void show(void *ctx, size_t index, const struct judge *judge) {
  (void)ctx;
  (void)index;
  show_row(stdout, judge->judgement);
}

static struct pp_judge_options judge_options(const struct settings *settings) {
  struct pp_judge_options options = {
      .seed = settings->seed,
      .operations = settings->operations,
      .seconds = settings->seconds,
      .contents = settings->contents,
      .reference = chosen_reference(settings, PP_LEVEL_NONE),
      .silence_seconds = PP_SILENCE_SECONDS,
  };
  if (settings->operations == 0 && !settings->timed) {
    options.operations = settings->level == PP_LEVEL_HEAP
                             ? OPERATIONS_DEFAULT_HEAP
                             : OPERATIONS_DEFAULT;
  }
  return options;
}

static int run(const struct settings *settings, int count, char **arguments) {
  struct court court = {
      .jobs = settings->jobs, .work = court_work_judge, .show = show};
  struct pp_judge_options options = judge_options(settings);
  struct pp_found_list found = {0};
  if (count == 0) found = pp_discover();
  court_open(&court, count > 0 ? (size_t)count : found.count);
  for (int i = 0; i < count; i++)
    court_add(&court, chosen_subject(arguments[i], settings), &options);
  for (size_t i = 0; i < found.count; i++) {
    if (found.at[i].install != NULL) continue;
    court_add(&court, chosen_subject(found.at[i].name, settings), &options);
  }
  show_table_head(stdout);
  court_judge_all(&court);
  int exit_code = report(&court, settings);
  court_close(&court);
  pp_found_list_free(&found);
  return exit_code;
}

const struct command command_check = {
    .name = "check",
    .arguments = "[SUBJECT...] [options]",
    .summary = "judge allocators; without SUBJECT all that are found",
    .options = "pntsjlcJxR",
    .details =
        "Judges each SUBJECT: reference[:PROFILE], libc, a shared object\n"
        "with the malloc family, a libpython3.*.so, a plug-in, or a build of\n"
        "the reference. CPythons and builds of the reference are held in\n"
        "lock-step with the reference.",
    .run = run,
};
