/* poolproof check: judges subjects and prints a verdict for each. */
#include <stdlib.h>

#include "check/discover.h"
#include "cli/declare.h"
#include "cli/list.h"
#include "cli/report.h"

/* Operations a subject when nothing is said: enough to evaluate every clause,
 * in seconds, or in a few minutes where everything is looked at each time. */
#define OPERATIONS_DEFAULT UINT64_C(2000000)
#define OPERATIONS_DEFAULT_HEAP UINT64_C(150000)
#define OPERATIONS_DEFAULT_OBJECTS UINT64_C(1000000)

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

/* `named`: the user did, and so wants to know more of each. */
static int report(const struct court *court, struct human *human,
                  const struct settings *settings, bool named) {
  int exit_code = exit_code_of(court);
  const struct pp_judgement **judgements =
      calloc(court->count + 1, sizeof *judgements);
  if (judgements == NULL) abort();
  for (size_t i = 0; i < court->count; i++) {
    judgements[i] = court->judges[i].judgement;
  }
  for (size_t i = 0; i < court->started && named; i++) {
    show_memory(human->out, judgements[i]);
  }
  show_deviations(human->out, judgements, court->count);
  for (size_t i = 0; i < court->started; i++) {
    show_findings(human->out, judgements[i], settings);
  }
  if (settings->profile_out != NULL) {
    int code = declare(human->out, &court->judges[0], settings);
    /* A verdict is graver than that nothing can be declared. */
    bool graver = code == EXIT_USAGE && exit_code != EXIT_CONFORMS;
    if (code != EXIT_CONFORMS && !graver) exit_code = code;
  }
  bool written = human_close(human, settings);
  if (!write_reports(settings, judgements, court->count, NULL, exit_code) ||
      !written) {
    exit_code = EXIT_OWN_FAULT;
  }
  free(judgements);
  return exit_code;
}

static void show(void *ctx, size_t index, const struct judge *judge) {
  const struct human *human = ctx;
  (void)index;
  show_row(human->out, judge->judgement);
}

static struct pp_judge_options judge_options(const struct settings *settings) {
  struct pp_judge_options options = {
      .seed = settings->seed,
      .operations = settings->operations,
      .seconds = settings->seconds,
      .contents = settings->contents,
      .hardening = settings->hardening,
      .promised = settings->strict ? settings->promised : NULL,
      .reference = chosen_reference(settings, PP_LEVEL_NONE),
      .silence_seconds = PP_SILENCE_SECONDS,
      .refusals = settings->refusals,
      .threads = {.count = (unsigned)settings->threads,
                  .forks = settings->forks},
  };
  if (settings->operations == 0 && !settings->timed) {
    options.operations = settings->level == PP_LEVEL_HEAP
                             ? OPERATIONS_DEFAULT_HEAP
                             : OPERATIONS_DEFAULT;
  }
  return options;
}

/* A listed one is called by its own name. */
static void add(struct court *court, const char *name, const char *typed,
                const struct settings *settings,
                const struct pp_judge_options *options) {
  struct pp_subject_spec spec;
  struct pp_judge_options own = *options;
  char why[PP_WHY_MAX];
  if (find_subject(typed, settings, &spec, why)) {
    spec.name = name;
    if (name != typed) spec.typed = typed;
    if (spec.kind == PP_SUBJECT_OBJECTS &&
        own.operations == OPERATIONS_DEFAULT && settings->operations == 0) {
      own.operations = OPERATIONS_DEFAULT_OBJECTS;
    }
    court_add(court, spec, &own);
  } else {
    court_refuse(court, name, why);
  }
}

/* Of all that are found, memory is refused to those that get it from the
 * system, and several threads call the same. */
static bool asks_the_system(const char *name, const struct settings *settings) {
  struct pp_subject_spec spec;
  char why[PP_WHY_MAX];
  if (!find_subject(name, settings, &spec, why)) return true;
  free(spec.path);
  return spec.kind == PP_SUBJECT_LIBC || spec.kind == PP_SUBJECT_MALLOC ||
         spec.kind == PP_SUBJECT_PLUGIN;
}

/* The exit code for what was not asked for well, or EXIT_CONFORMS. */
static int refusal(const struct settings *settings, size_t named) {
  if (settings->profile_out != NULL && named != 1) {
    fprintf(stderr, "poolproof check: --profile-out wants one SUBJECT, as a "
                    "declaration is of one release\n");
    return EXIT_USAGE;
  }
  if (settings->threads > 0 && settings->refusals_given > 0) {
    fprintf(stderr, "poolproof check: memory is refused to one thread, not to "
                    "those of --threads\n");
    return EXIT_USAGE;
  }
  if (settings->forks > 0 && settings->threads == 0) {
    fprintf(stderr, "poolproof check: --forks are made by --threads\n");
    return EXIT_USAGE;
  }
  if (!reports_can_be_written(settings) ||
      !declaration_can_be_written(settings))
    return EXIT_OWN_FAULT;
  return EXIT_CONFORMS;
}

static int judge(const struct settings *settings, int count, char **arguments,
                 const struct list *list) {
  struct human human;
  struct court court = {.jobs = settings->jobs,
                        .work = court_work_judge,
                        .show = show,
                        .ctx = &human};
  struct pp_judge_options options = judge_options(settings);
  struct pp_found_list found = {0};
  size_t named = (size_t)count + list->count;
  if (named == 0) found = pp_discover();
  court_open(&court, named > 0 ? named : found.count);
  for (int i = 0; i < count; i++)
    add(&court, arguments[i], arguments[i], settings, &options);
  for (size_t i = 0; i < list->count; i++) {
    add(&court, list->at[i].name, list->at[i].typed, settings, &options);
  }
  for (size_t i = 0; i < found.count; i++) {
    if (found.at[i].install != NULL) continue;
    if ((settings->refusals_given > 0 || settings->threads > 0) &&
        !asks_the_system(found.at[i].name, settings))
      continue;
    add(&court, found.at[i].name, found.at[i].name, settings, &options);
  }
  human_open(&human, settings);
  show_table_head(human.out);
  court_judge_all(&court);
  int exit_code = report(&court, &human, settings, named > 0);
  court_close(&court);
  pp_found_list_free(&found);
  return exit_code;
}

static int run(const struct settings *settings, int count, char **arguments) {
  struct list list = {0};
  if (settings->list != NULL && !list_read(settings->list, &list))
    return EXIT_USAGE;
  int exit_code = refusal(settings, (size_t)count + list.count);
  if (exit_code == EXIT_CONFORMS)
    exit_code = judge(settings, count, arguments, &list);
  list_free(&list);
  return exit_code;
}

const struct command command_check = {
    .name = "check",
    .arguments = "[SUBJECT...] [options]",
    .summary = "judge allocators; without SUBJECT all that are found",
    .options = "pntsjlcJODxLRGWKqyufiXQ",
    .details =
        "Judges each SUBJECT: reference[:PROFILE], objects[:PROFILE], libc,\n"
        "a shared object with the malloc family, a libpython3.*.so, a\n"
        "plug-in, or a build of the reference. CPythons and builds of the\n"
        "reference are held in lock-step with the reference.\n"
        "objects[:PROFILE] is the reference of objects, and with --against it\n"
        "is held in lock-step with the objects of that libpython: requests,\n"
        "bytes, sizes, and what is collected in which order. In how much they\n"
        "agreed is printed; with --ops 2700k that is all there is.\n"
        "With --threads, mallocs are called by so many at the same time, who\n"
        "hand their blocks to each other and end while some are live.\n"
        "Where calls for memory are refused, the numbers begin anew with each\n"
        "round, and without SUBJECT only mallocs are judged.\n"
        "--list names subjects by lines NAME PATH, with '#' for comments;\n"
        "paths are as on the command line. --profile-out declares the clauses\n"
        "that the SUBJECT breaks and that can be excused, as the files of\n"
        "allocators/ do, with a program for each beside the FILE. It is read\n"
        "under its name, NAME-VERSION.declared, beside a plug-in, or of any\n"
        "other malloc in $POOLPROOF_DATA/allocators.",
    .run = run,
};
