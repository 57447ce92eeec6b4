/* poolproof selftest: judges every fault of the catalogue, and what is sound
 * and odd besides. A fault has to be found as the clause that it breaks; an
 * odd allocator has to pass. Each judge knows no more of its subject than it
 * would of a user's; a fault of quality is judged as if that were promised. */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check/clock.h"
#include "cli/court.h"
#include "cli/document.h"
#include "cli/faults.h"
#include "cli/probe.h"

/* A fault that takes longer than this to be found is missed. */
#define SECONDS_PER_FAULT 10.0
/* Calls to each odd allocator, where no time is given, and the part of the time
 * that is theirs where it is. */
#define ODD_OPERATIONS UINT64_C(300000)
#define ODD_PART 0.05
/* Of a hundred calls for memory, where a fault shows when they are refused. */
#define REFUSED_PERCENT 10
/* Threads that call, where a fault shows when several do; and forks, where it
 * is forks that show it. */
enum { THREADS = 4, FORKS = 400 };
/* A call that does not return is waited for half as long as API-36 says, so
 * that such a fault, too, is found in time. */
#define SILENCE_SECONDS (PP_SILENCE_SECONDS / 2)

/* A tenth of what is spent on shrinking what a user is shown, and for each
 * second that there is, where the time is limited. */
#define SHRINK_WORK (PP_SHRINK_WORK_MAX / 10)
#define SHRINK_WORK_A_SECOND (SHRINK_WORK / 20000)

struct selftest {
  const struct settings *settings;
  const struct fault *const *faults; /* those that were asked for */
  size_t count;
  size_t found, explained, missed;
  size_t sound, false_alarms;
  double *seconds; /* of each that was found, to detection */
  double *lengths; /* of their shrunk traces */
  double slowest;
  const char *slowest_name;
};

/* ---- the judges ---- */

static void work(void *ctx, size_t index, struct judge *judge) {
  const struct selftest *selftest = ctx;
  const struct fault *fault = selftest->faults[index];
  if (fault->kind != FAULT_OPS) {
    court_work_judge(ctx, index, judge);
    return;
  }
  probe(fault->path, SECONDS_PER_FAULT, judge->judgement);
}

static bool parse(const struct fault *fault, const struct settings *settings,
                  struct pp_subject_spec *spec) {
  char why[PP_WHY_MAX];
  *spec = (struct pp_subject_spec){.prefix = settings->prefix,
                                   .profile = fault->profile,
                                   .level = PP_LEVEL_HEAP};
  bool heap = fault->kind == FAULT_ALLOC || fault->kind == FAULT_OBJECTS;
  if (!heap) spec->level = PP_LEVEL_OBJECT;
  if (fault->kind == FAULT_OPS) {
    spec->name = fault->path;
    if (access(fault->path, X_OK) == 0) return true;
    fprintf(stderr, "poolproof: %s: %s; `./dev selftest` builds it\n",
            fault->path, strerror(errno));
    return false;
  }
  if (pp_subject_parse(fault->path, spec, why, sizeof why)) return true;
  fprintf(stderr, "poolproof: ");
  show_why(stderr, fault->path, why);
  return false;
}

/* Forks take long, and show nothing of the others. */
static struct pp_threads_plan threads_for(const struct fault *fault) {
  bool forks = fault->broken == PP_API_87 || fault->broken == PP_API_88;
  return (struct pp_threads_plan){.count = THREADS, .forks = forks ? FORKS : 0};
}

static struct pp_judge_options options_for(const struct selftest *selftest,
                                           const struct fault *fault) {
  const struct settings *settings = selftest->settings;
  struct pp_judge_options options = {.seed = settings->seed,
                                     .seconds = SECONDS_PER_FAULT,
                                     .contents = PP_CONTENTS_FULL,
                                     .silence_seconds = SILENCE_SECONDS,
                                     .shrink_work = SHRINK_WORK};
  const struct pp_refusals refusals = {.which = PP_REFUSE_RANDOM,
                                       .seed = settings->seed,
                                       .percent = REFUSED_PERCENT};
  static bool quality[PP_CLAUSE_COUNT];
  size_t odd = 0;
  for (int i = 1; i < PP_CLAUSE_COUNT; i++)
    quality[i] = pp_clause_texts[i].strength == PP_QUALITY;
  double in_time = (double)SHRINK_WORK_A_SECOND * settings->seconds;
  if (settings->timed && in_time < (double)SHRINK_WORK)
    options.shrink_work = (uint64_t)in_time;
  if (fault->kind == FAULT_REFUSED) options.refusals = refusals;
  if (fault->kind == FAULT_THREADS) options.threads = threads_for(fault);
  if (pp_clause_texts[fault->broken].strength == PP_QUALITY)
    options.promised = quality;
  if (fault->kind != FAULT_ODD) return options;
  options.seconds = 0;
  options.operations = ODD_OPERATIONS;
  if (!settings->timed) return options;
  for (size_t i = 0; i < selftest->count; i++)
    odd += selftest->faults[i]->kind == FAULT_ODD;
  options.operations = 0;
  options.seconds = ODD_PART * settings->seconds * settings->jobs / (double)odd;
  return options;
}

/* ---- a row ---- */

static const char *word_for(const struct fault *fault,
                            const struct pp_judgement *judgement) {
  enum pp_clause clause = judgement->finding.clause;
  if (fault->kind == FAULT_ODD) {
    if (judgement->verdict == PP_VERDICT_CONFORMS) return "sound";
    if (judgement->verdict == PP_VERDICT_VIOLATION) return "FALSE ALARM";
    return pp_verdict_names[judgement->verdict];
  }
  if (judgement->verdict == PP_VERDICT_NOT_LOADED) return "not loaded";
  if (judgement->verdict == PP_VERDICT_INTERRUPTED) return "interrupted";
  if (judgement->verdict != PP_VERDICT_VIOLATION) return "MISSED";
  if (judgement->found_seconds > SECONDS_PER_FAULT) return "LATE";
  if (clause != fault->found) return "MISSED";
  return fault->found == fault->broken ? "found" : "found, as explained";
}

static void count_in(struct selftest *selftest, const struct fault *fault,
                     const struct pp_judgement *judgement) {
  const char *word = word_for(fault, judgement);
  if (fault->kind == FAULT_ODD) {
    selftest->sound += strcmp(word, "sound") == 0;
    selftest->false_alarms += judgement->verdict == PP_VERDICT_VIOLATION;
    return;
  }
  if (strncmp(word, "found", 5) != 0) {
    selftest->missed++;
    return;
  }
  selftest->seconds[selftest->found] = judgement->found_seconds;
  selftest->lengths[selftest->found] = (double)judgement->trace_count;
  selftest->found++;
  selftest->explained += fault->found != fault->broken;
  if (judgement->found_seconds > selftest->slowest) {
    selftest->slowest = judgement->found_seconds;
    selftest->slowest_name = fault->name;
  }
}

static void show_header(void) {
  printf("%-7s %-40s %-11s %-11s %10s %9s %6s  %s\n", "kind", "fault",
         "expected", "found", "ops", "ms", "trace", "verdict");
}

static void show(void *ctx, size_t index, const struct judge *judge) {
  struct selftest *selftest = ctx;
  const struct fault *fault = selftest->faults[index];
  const struct pp_judgement *judgement = judge->judgement;
  bool broken = judgement->finding.clause != PP_HOLDS;
  char length[24] = "-";
  if (judgement->trace_count > 0)
    snprintf(length, sizeof length, "%zu%s", judgement->trace_count,
             judgement->unfinished ? "+" : "");
  printf("%-7s %-40s %-11s %-11s %10s %9.1f %6s  %s\n",
         fault_kind_names[fault->kind], fault->name,
         pp_clause_texts[fault->broken].id,
         pp_clause_texts[judgement->finding.clause].id,
         grouped(broken ? judgement->found_after : judgement->operations),
         1e3 * (broken ? judgement->found_seconds : judgement->seconds), length,
         word_for(fault, judgement));
  count_in(selftest, fault, judgement);
}

/* ---- the whole ---- */

static int ascending(const void *left, const void *right) {
  double a = *(const double *)left;
  double b = *(const double *)right;
  return (a > b) - (a < b);
}

static double median(double *values, size_t count) {
  if (count == 0) return 0;
  qsort(values, count, sizeof *values, ascending);
  return count % 2 == 1 ? values[count / 2]
                        : (values[count / 2 - 1] + values[count / 2]) / 2;
}

/* A probe has no trace: it is not among the lengths. */
static double median_length(struct selftest *selftest) {
  size_t with = 0;
  for (size_t i = 0; i < selftest->found; i++) {
    if (selftest->lengths[i] > 0)
      selftest->lengths[with++] = selftest->lengths[i];
  }
  return median(selftest->lengths, with);
}

static void show_sum(struct selftest *selftest, const struct court *court,
                     double seconds) {
  printf("\n%zu faults found as expected, %zu of them by another clause for a "
         "stated reason; %zu missed\n"
         "%zu odd allocators found sound; %zu false alarms\n",
         selftest->found, selftest->explained, selftest->missed,
         selftest->sound, selftest->false_alarms);
  if (selftest->found > 0)
    printf("to detection: median %.1f ms, slowest %.1f ms (%s)\n"
           "shrunk traces: median %g statements (of those that have one)\n",
           1e3 * median(selftest->seconds, selftest->found),
           1e3 * selftest->slowest, selftest->slowest_name,
           median_length(selftest));
  if (court->done < court->count)
    printf("%zu were not judged\n", court->count - court->done);
  printf("%.1f seconds, %u at a time\n", seconds, court->jobs);
}

static int exit_code_of(const struct selftest *selftest,
                        const struct court *court) {
  size_t odd = 0;
  if (pp_interrupted) return EXIT_INTERRUPTED;
  if (selftest->missed > 0 || selftest->false_alarms > 0) return EXIT_VIOLATION;
  for (size_t i = 0; i < court->count; i++)
    odd += selftest->faults[i]->kind == FAULT_ODD;
  if (court->done < court->count || selftest->sound < odd)
    return EXIT_INCONCLUSIVE;
  return EXIT_CONFORMS;
}

static json_t *row_json(const struct fault *fault,
                        const struct pp_judgement *judgement) {
  return json_pack(
      "{ss ss ss ss ss sI sf sI sb ss}", "kind", fault_kind_names[fault->kind],
      "fault", fault->name, "expected", pp_clause_texts[fault->broken].id,
      "expected_as", pp_clause_texts[fault->found].id, "found",
      pp_clause_texts[judgement->finding.clause].id, "operations",
      (json_int_t)judgement->found_after, "seconds", judgement->found_seconds,
      "statements", (json_int_t)judgement->trace_count, "one_minimal",
      !judgement->unfinished, "verdict", word_for(fault, judgement));
}

static bool write_selftest(const char *path, struct selftest *selftest,
                           const struct court *court, int exit_code) {
  json_t *rows = json_array();
  for (size_t i = 0; i < court->started; i++)
    json_array_append_new(
        rows, row_json(selftest->faults[i], court->judges[i].judgement));
  json_t *document = json_pack(
      "{ss sI si sI sI sI sI sf sf so}", "poolproof", PP_VERSION, "seed",
      (json_int_t)selftest->settings->seed, "exit_code", exit_code, "found",
      (json_int_t)selftest->found, "missed", (json_int_t)selftest->missed,
      "sound", (json_int_t)selftest->sound, "false_alarms",
      (json_int_t)selftest->false_alarms, "median_seconds",
      median(selftest->seconds, selftest->found), "slowest_seconds",
      selftest->slowest, "faults", rows);
  bool written = write_document(path, document);
  json_decref(document);
  return written;
}

static int judge_all(struct selftest *selftest) {
  const struct settings *settings = selftest->settings;
  double start = pp_now();
  struct court court = {
      .jobs = settings->jobs, .work = work, .show = show, .ctx = selftest};
  if (settings->timed) court.until = start + settings->seconds;
  court_open(&court, selftest->count);
  for (size_t i = 0; i < selftest->count; i++) {
    const struct fault *fault = selftest->faults[i];
    struct pp_judge_options options = options_for(selftest, fault);
    struct pp_subject_spec spec;
    if (!parse(fault, settings, &spec)) {
      court_close(&court);
      return EXIT_NOT_LOADED;
    }
    court_add(&court, spec, &options);
  }
  show_header();
  court_judge_all(&court);
  show_sum(selftest, &court, pp_now() - start);
  int exit_code = exit_code_of(selftest, &court);
  if (settings->json != NULL &&
      !write_selftest(settings->json, selftest, &court, exit_code))
    exit_code = EXIT_OWN_FAULT;
  court_close(&court);
  return exit_code;
}

/* ---- what was asked for ---- */

/* Beside the program that runs: BUILD/cli/poolproof and BUILD/mutants. */
static const char *default_folder(void) {
  static char folder[512];
  ssize_t length = readlink("/proc/self/exe", folder, sizeof folder - 32);
  if (length < 0) return "mutants";
  folder[length] = '\0';
  for (int up = 0; up < 2; up++) {
    char *slash = strrchr(folder, '/');
    if (slash != NULL) *slash = '\0';
  }
  return strcat(folder, "/mutants");
}

/* An argument is a name or the beginning of some. */
static bool wanted(const struct fault *fault, int count, char **arguments) {
  for (int i = 0; i < count; i++) {
    if (strncmp(fault->name, arguments[i], strlen(arguments[i])) == 0)
      return true;
  }
  return count == 0;
}

static bool each_matches(const struct faults *faults, int count,
                         char **arguments) {
  for (int i = 0; i < count; i++) {
    size_t matches = 0;
    for (size_t j = 0; j < faults->count && *arguments[i] != '\0'; j++)
      matches += wanted(&faults->at[j], 1, arguments + i);
    if (matches > 0) continue;
    fprintf(stderr, "poolproof selftest: no fault begins with \"%s\"\n",
            arguments[i]);
    return false;
  }
  return true;
}

static int run(const struct settings *settings, int count, char **arguments) {
  const char *folder = settings->mutants;
  struct faults faults;
  if (folder == NULL) folder = default_folder();
  if (!faults_read(folder, &faults)) return EXIT_NOT_LOADED;
  if (!each_matches(&faults, count, arguments)) {
    faults_free(&faults);
    return EXIT_USAGE;
  }
  struct selftest selftest = {.settings = settings};
  const struct fault **chosen = calloc(faults.count, sizeof(void *));
  selftest.seconds = calloc(faults.count, sizeof(double));
  selftest.lengths = calloc(faults.count, sizeof(double));
  if (chosen == NULL || selftest.seconds == NULL || selftest.lengths == NULL)
    abort();
  for (size_t i = 0; i < faults.count; i++) {
    if (wanted(&faults.at[i], count, arguments))
      chosen[selftest.count++] = &faults.at[i];
  }
  selftest.faults = chosen;
  int exit_code = judge_all(&selftest);
  free(chosen);
  free(selftest.seconds);
  free(selftest.lengths);
  faults_free(&faults);
  return exit_code;
}

const struct command command_selftest = {
    .name = "selftest",
    .arguments = "[FAULT...] [options]",
    .summary = "judge what is known to be faulty, and what is odd and sound",
    .options = "tsjJM",
    .details = "Judges every fault of mutants/, or those whose names begin "
               "with FAULT:\n"
               "variations of the reference, faulty mallocs, changed readers "
               "of traces.\n"
               "Each has to be found as the clause that it breaks, within ten "
               "seconds,\n"
               "and sound allocators that are odd have to pass. Exit code 1: a "
               "fault was\n"
               "missed, or there was a false alarm; 4: not all were judged in "
               "the time.",
    .run = run,
};
