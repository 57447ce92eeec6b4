/* poolproof exhaust: every state of a scaled-down heap, and every operation in
 * each of them. What is found broken is shown with a shortest trace, which is
 * replayed before it is printed, so that it is known to show what was found. */
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check/exhaust.h"
#include "check/pages.h"
#include "check/worker.h"
#include "cli/cli.h"
#include "cli/document.h"

struct searched {
  struct pp_exhaust_geometry geometry;
  struct pp_exhaust_result result;
};

static const char *const end_names[] = {
    [PP_EXHAUST_FIXPOINT] = "fixpoint",
    [PP_EXHAUST_DEPTH] = "stopped: depth",
    [PP_EXHAUST_MEMORY] = "stopped: memory",
    [PP_EXHAUST_INTERRUPTED] = "interrupted",
    [PP_EXHAUST_FOUND] = "violation",
    [PP_EXHAUST_FAULT] = "our own fault",
};

static int exit_code_of(enum pp_exhaust_end end) {
  switch (end) {
  case PP_EXHAUST_FIXPOINT: return EXIT_CONFORMS;
  case PP_EXHAUST_FOUND: return EXIT_VIOLATION;
  case PP_EXHAUST_INTERRUPTED: return EXIT_INTERRUPTED;
  case PP_EXHAUST_FAULT: return EXIT_OWN_FAULT;
  default: return EXIT_INCONCLUSIVE;
  }
}

/* ---- what is shown ---- */

static void show_progress(void *ctx,
                          const struct pp_exhaust_progress *progress) {
  const struct pp_exhaust_geometry *geometry = ctx;
  if (!isatty(STDERR_FILENO)) return;
  double rate = (double)progress->states / progress->seconds;
  fprintf(stderr, "\r%s: depth %" PRIu64 ", %s states, %s a second ",
          geometry->name, progress->depth, grouped(progress->states),
          grouped((uint64_t)rate));
}

static void show_head(void) {
  printf("%-29s %12s %14s %5s %16s %7s %8s %9s %7s  %s\n", "search", "states",
         "transitions", "depth", "checks", "clauses", "time", "states/s",
         "memory", "verdict");
}

static uint64_t checks_of(const struct pp_exhaust_progress *progress) {
  uint64_t sum = 0;
  for (int i = 1; i < PP_CLAUSE_COUNT; i++)
    sum += progress->evaluated[i];
  return sum;
}

static unsigned clauses_of(const struct pp_exhaust_progress *progress) {
  unsigned sum = 0;
  for (int i = 1; i < PP_CLAUSE_COUNT; i++)
    sum += progress->evaluated[i] > 0;
  return sum;
}

static double rate_of(const struct pp_exhaust_progress *progress) {
  return progress->seconds > 0 ? (double)progress->states / progress->seconds
                               : 0;
}

static void show_row_of(const struct searched *searched, size_t index) {
  const struct pp_exhaust_progress *progress = &searched->result.progress;
  if (index == 0) show_head();
  if (isatty(STDERR_FILENO)) fprintf(stderr, "\r%70s\r", "");
  printf("%-29s %12s %14s %5" PRIu64 " %16s %7u %7.1fs %9s %6" PRIu64 "M  %s\n",
         searched->geometry.name, grouped(progress->states),
         grouped(progress->transitions), progress->depth,
         grouped(checks_of(progress)), clauses_of(progress), progress->seconds,
         grouped((uint64_t)rate_of(progress)),
         searched->result.memory / 1000000, end_names[searched->result.end]);
  fflush(stdout);
}

/* How the search itself is repeated. */
static void show_command(const struct settings *settings) {
  printf("%s exhaust", program_name);
  if (settings->profile != NULL) {
    printf(" --profile %s", settings->profile->name);
  }
  if (settings->arenas != 0) printf(" --arenas %" PRIu64, settings->arenas);
  if (settings->classes != 0) printf(" --classes %" PRIu64, settings->classes);
  if (settings->reference != NULL) {
    printf(" --reference %s", settings->reference);
  }
  printf("\n");
}

/* The trace performed as `poolproof replay` would: by the build that was
 * searched, in lock-step with our own. */
static struct pp_judgement *replayed(const struct settings *settings,
                                     const char *subject,
                                     const struct pp_ops *trace) {
  struct pp_ops_source source = pp_ops_read(trace->at, trace->count);
  struct pp_job job = {.spec = chosen_subject(subject, settings),
                       .source = &source.source,
                       .silence_seconds = PP_SILENCE_SECONDS};
  job.options.contents = PP_CONTENTS_FULL;
  job.options.shadow = true;
  job.options.walk_interval = pp_walk_interval(settings->level);
  struct pp_judgement *judgement = judged(&job);
  free(job.spec.path);
  return judgement;
}

static void show_found(const struct settings *settings,
                       const struct searched *searched) {
  const struct pp_exhaust_finding *finding = &searched->result.finding;
  const struct pp_clause_text *clause = &pp_clause_texts[finding->clause];
  const char *subject =
      settings->reference != NULL ? settings->reference : "reference";
  struct settings as_replayed = *settings;
  as_replayed.profile = searched->geometry.profile;
  as_replayed.level = PP_LEVEL_HEAP;
  as_replayed.reference = NULL;
  printf("\n%s breaks %s: %s\n  after %" PRIu64
         " operation%s, and after none fewer: %s\n",
         subject, clause->id, clause->sentence, searched->result.operations,
         searched->result.operations == 1 ? "" : "s", finding->what);
  struct pp_judgement *judgement =
      replayed(&as_replayed, subject, &searched->result.trace);
  if (judgement->finding.clause != PP_HOLDS) {
    printf("replayed, ");
    show_violation(stdout, judgement, &searched->result.trace, &as_replayed);
  } else {
    printf("a replay does not show it, since it has no such addresses or "
           "refusals:\n");
    pp_trace_print(stdout, searched->result.trace.at,
                   searched->result.trace.count);
    printf("reproduce with:\n");
    show_command(settings);
  }
  pp_pages_free(judgement, sizeof *judgement);
}

/* ---- what is written ---- */

static void set(json_t *object, const char *key, json_t *value) {
  json_object_set_new(object, key, value);
}

static json_t *number(uint64_t value) {
  return json_integer((json_int_t)value);
}

static json_t *violation(const struct pp_exhaust_result *result) {
  if (result->end != PP_EXHAUST_FOUND) return json_null();
  json_t *object = json_object();
  json_t *trace = json_array();
  json_array_append_new(trace, json_string(PP_TRACE_HEADER));
  for (size_t i = 0; i < result->trace.count; i++) {
    char line[160];
    pp_op_print(&result->trace.at[i], line, sizeof line);
    json_array_append_new(trace, json_string(line));
  }
  set(object, "clause",
      json_string(pp_clause_texts[result->finding.clause].id));
  set(object, "what", json_string(result->finding.what));
  set(object, "operations", number(result->operations));
  set(object, "trace", trace);
  return object;
}

static json_t *as_json(const struct searched *searched) {
  const struct pp_exhaust_progress *progress = &searched->result.progress;
  json_t *object = json_object();
  json_t *evaluated = json_object();
  for (int i = 1; i < PP_CLAUSE_COUNT; i++) {
    if (progress->evaluated[i] == 0) continue;
    set(evaluated, pp_clause_texts[i].id, number(progress->evaluated[i]));
  }
  set(object, "search", json_string(searched->geometry.name));
  set(object, "profile", json_string(searched->geometry.profile->name));
  set(object, "verdict", json_string(end_names[searched->result.end]));
  set(object, "states", number(progress->states));
  set(object, "transitions", number(progress->transitions));
  set(object, "depth", number(progress->depth));
  set(object, "widest", number(progress->widest));
  set(object, "seconds", json_real(progress->seconds));
  set(object, "states_per_second", json_real(rate_of(progress)));
  set(object, "memory", number(searched->result.memory));
  set(object, "checks", number(checks_of(progress)));
  set(object, "evaluated", evaluated);
  set(object, "violation", violation(&searched->result));
  return object;
}

static bool write_searches(const char *path, const struct searched *searches,
                           size_t count, int exit_code) {
  json_t *document = json_object();
  json_t *array = json_array();
  for (size_t i = 0; i < count; i++)
    json_array_append_new(array, as_json(&searches[i]));
  set(document, "poolproof", json_string(PP_VERSION));
  set(document, "exit_code", json_integer(exit_code));
  set(document, "searches", array);
  bool written = write_document(path, document);
  json_decref(document);
  return written;
}

/* ---- one search ---- */

static void state_file(const struct settings *settings, size_t index,
                       size_t count, char path[4096]) {
  if (count == 1) snprintf(path, 4096, "%s", settings->state);
  if (count > 1) snprintf(path, 4096, "%s.%zu", settings->state, index + 1);
}

/* Ends the program when there is a file and it is not one of this search, or
 * when there can be none. */
static void resume(struct pp_exhaust *search, const char *path) {
  char why[PP_WHY_MAX];
  bool fine = pp_exhaust_can_save(path, why, sizeof why);
  if (fine && access(path, F_OK) != 0) return;
  if (fine && pp_exhaust_load(search, path, why, sizeof why)) return;
  fprintf(stderr, "poolproof exhaust: %s\n", why);
  exit(EXIT_USAGE);
}

static bool keep(struct pp_exhaust *search, const char *path,
                 enum pp_exhaust_end end) {
  char why[PP_WHY_MAX];
  if (end == PP_EXHAUST_FOUND) return true;
  if (!pp_exhaust_save(search, path, why, sizeof why)) {
    fprintf(stderr, "poolproof exhaust: %s\n", why);
    return false;
  }
  if (end == PP_EXHAUST_INTERRUPTED || end == PP_EXHAUST_FAULT) {
    printf("kept in %s: the same command goes on from there\n", path);
  }
  return true;
}

/* The exit code, which tells too when the state could not be kept. */
static int search_one(const struct settings *settings,
                      struct searched *searched, size_t index, size_t count) {
  char why[PP_WHY_MAX], path[4096];
  struct pp_exhaust_options options = {
      .geometry = &searched->geometry,
      /* With the most checks: those of a faulty one may say more. */
      .subject = chosen_reference(settings, PP_LEVEL_HEAP),
      .jobs = settings->jobs,
      .depth = settings->depth,
      .memory = settings->memory,
      .silence_seconds = PP_SILENCE_SECONDS,
      .stop = &pp_interrupted,
      .on_progress = show_progress,
      .on_progress_ctx = &searched->geometry,
  };
  struct pp_exhaust *search = pp_exhaust_open(&options, why, sizeof why);
  if (search == NULL) {
    fprintf(stderr, "poolproof exhaust: %s\n", why);
    exit(EXIT_USAGE);
  }
  if (settings->state != NULL) {
    state_file(settings, index, count, path);
    resume(search, path);
  }
  pp_exhaust_run(search, &searched->result);
  show_row_of(searched, index);
  if (searched->result.end == PP_EXHAUST_FAULT) {
    fprintf(stderr, "poolproof exhaust: the search is given up: %s\n",
            searched->result.finding.what);
  }
  int code = exit_code_of(searched->result.end);
  if (settings->state != NULL && !keep(search, path, searched->result.end)) {
    code = EXIT_OWN_FAULT;
  }
  pp_exhaust_close(search);
  return code;
}

static size_t choose(const struct settings *settings,
                     const struct pp_profile *profile,
                     struct searched *searches) {
  struct pp_exhaust_geometry chosen[PP_EXHAUST_CHOSEN_MAX];
  size_t count = 0;
  const struct pp_exhaust_geometry *all =
      pp_exhaust_geometries(profile, &count);
  size_t found =
      pp_exhaust_choose(profile, settings->arenas, settings->classes, chosen);
  for (size_t i = 0; i < found; i++)
    searches[i].geometry = chosen[i];
  if (found > 0) return found;
  if (count == 0) {
    fprintf(stderr,
            "poolproof exhaust: %s has too many states; tiny and small are "
            "searched\n",
            profile->name);
  } else {
    fprintf(stderr,
            "poolproof exhaust: no search of %s has so many arenas or classes; "
            "there are:\n",
            profile->name);
  }
  for (size_t i = 0; i < count; i++) {
    fprintf(stderr, "  --arenas %u --classes %u\n", all[i].arenas,
            pp_exhaust_classes(&all[i]));
  }
  exit(EXIT_USAGE);
}

/* What is shown: the last finding, but one that can be seen before all. */
static const struct searched *gravest(const struct searched *searches,
                                      size_t count) {
  const struct searched *found = NULL;
  for (size_t i = 0; i < count; i++) {
    if (searches[i].result.end != PP_EXHAUST_FOUND) continue;
    if (found == NULL || !searches[i].result.hidden) found = &searches[i];
  }
  return found;
}

static int run(const struct settings *settings, int count, char **arguments) {
  const struct pp_profile *profile = settings->profile;
  static struct searched searches[PP_EXHAUST_CHOSEN_MAX];
  int code = EXIT_CONFORMS;
  size_t done = 0;
  if (count != 0) {
    fprintf(stderr, "poolproof exhaust: %s: no argument is wanted\n",
            arguments[0]);
    return EXIT_USAGE;
  }
  if (profile == NULL) profile = &pp_profiles[PP_PROFILE_TINY];
  size_t wanted = choose(settings, profile, searches);
  if (settings->json != NULL && !can_write_document(settings->json)) {
    return EXIT_OWN_FAULT;
  }
  while (done < wanted) {
    int one = search_one(settings, &searches[done], done, wanted);
    if (one != EXIT_CONFORMS) code = one;
    done++;
    /* Where nothing shows what was found, the next geometry may. */
    if (searches[done - 1].result.hidden) continue;
    if (one != EXIT_CONFORMS && one != EXIT_INCONCLUSIVE) break;
  }
  const struct searched *found = gravest(searches, done);
  if (found != NULL) show_found(settings, found);
  if (settings->json != NULL &&
      !write_searches(settings->json, searches, done, code)) {
    code = EXIT_OWN_FAULT;
  }
  for (size_t i = 0; i < done; i++)
    pp_ops_free(&searches[i].result.trace);
  return code;
}

const struct command command_exhaust = {
    .name = "exhaust",
    .arguments = "[options]",
    .summary = "every state of a scaled-down heap, and every operation there",
    .options = "EACdjYTRJ",
    .details =
        "Searches all states of the reference in the geometries of --profile\n"
        "(tiny by default, or small), breadth first, until none is new; or in\n"
        "those with so many arenas, or so many classes that are asked for.\n"
        "With --reference, another build of it is searched, beside our own.\n"
        "The states of several searches are kept in FILE.1, FILE.2, ...",
    .run = run,
};
