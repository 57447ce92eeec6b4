/* poolproof check: judges subjects and prints a verdict for each. Every
 * subject has a judge of its own, a process, and as many of them run at the
 * same time as there are jobs; what a judge finds does not depend on that. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check/discover.h"
#include "check/pages.h"
#include "cli/cli.h"

/* Operations a subject when nothing is said: enough to evaluate every clause,
 * in seconds, or in a few minutes where everything is looked at each time. */
#define OPERATIONS_DEFAULT UINT64_C(2000000)
#define OPERATIONS_DEFAULT_HEAP UINT64_C(150000)

enum { WAIT_MILLISECONDS = 10 };

struct judge {
  struct pp_subject_spec spec;
  struct pp_judgement *judgement; /* shared with its process */
  pid_t pid;
  bool shown;
};

struct court {
  const struct settings *settings;
  struct pp_judge_options options;
  struct judge *judges;
  size_t count;
  size_t started;
  size_t running;
  size_t done;
};

static void start(struct court *court) {
  struct judge *judge = &court->judges[court->started++];
  pid_t parent = getpid();
  fflush(NULL);
  judge->pid = fork();
  if (judge->pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(EXIT_OWN_FAULT); /* it is dead already */
    pp_judge(&judge->spec, &court->options, judge->judgement);
    _exit(0);
  }
  if (judge->pid < 0) {
    perror("poolproof: fork");
    exit(EXIT_OWN_FAULT);
  }
  court->running++;
}

static void finish(struct judge *judge) {
  struct pp_judgement *judgement = judge->judgement;
  judge->pid = 0;
  if (judgement->verdict != PP_VERDICT_PENDING) return;
  snprintf(judgement->name, sizeof judgement->name, "%s", judge->spec.name);
  judgement->verdict =
      pp_interrupted ? PP_VERDICT_INTERRUPTED : PP_VERDICT_OWN_FAULT;
}

static void progress(const struct court *court) {
  if (!isatty(STDERR_FILENO)) return;
  fprintf(stderr, "\r%zu of %zu judged ", court->done, court->count);
}

static void end_progress(void) {
  if (isatty(STDERR_FILENO)) fprintf(stderr, "\r%40s\r", "");
}

/* Rows are printed in the order of the subjects, each as soon as it can be. */
static void show_finished(struct court *court) {
  for (size_t i = 0; i < court->count; i++) {
    struct judge *judge = &court->judges[i];
    if (judge->pid != 0 || i >= court->started) return;
    if (judge->shown) continue;
    end_progress();
    show_row(stdout, judge->judgement);
    fflush(stdout);
    judge->shown = true;
  }
}

/* ^C reaches the judges by itself, a signal to us alone does not. They end
 * their workers and stop. */
static void pass_on_interrupt(const struct court *court) {
  for (size_t i = 0; i < court->started; i++) {
    if (court->judges[i].pid > 0) kill(court->judges[i].pid, SIGINT);
  }
}

/* Looks again and again, since a signal may come just before a wait. */
static pid_t ended_judge(const struct court *court) {
  pid_t pid;
  while ((pid = waitpid(-1, NULL, WNOHANG)) == 0) {
    if (pp_interrupted) pass_on_interrupt(court);
    poll(NULL, 0, WAIT_MILLISECONDS);
  }
  return pid;
}

static void wait_for_one(struct court *court) {
  pid_t pid = ended_judge(court);
  if (pid < 0) {
    perror("poolproof: wait");
    exit(EXIT_OWN_FAULT);
  }
  for (size_t i = 0; i < court->started; i++) {
    if (court->judges[i].pid != pid) continue;
    finish(&court->judges[i]);
    court->running--;
    court->done++;
  }
}

static void judge_all(struct court *court) {
  show_table_head(stdout);
  fflush(stdout);
  while (court->done < court->count) {
    while (court->started < court->count && !pp_interrupted &&
           court->running < court->settings->jobs) {
      start(court);
    }
    if (court->running == 0) break;
    progress(court);
    wait_for_one(court);
    show_finished(court);
  }
  end_progress();
}

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

static int report(struct court *court) {
  const struct settings *settings = court->settings;
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

static void add(struct court *court, const char *name) {
  struct judge *judge = &court->judges[court->count++];
  judge->spec = chosen_subject(name, court->settings);
  judge->judgement = pp_pages_shared(sizeof *judge->judgement);
}

static void dismiss(struct judge *judge) {
  pp_pages_free(judge->judgement, sizeof *judge->judgement);
  free(judge->spec.path);
}

static int run(const struct settings *settings, int count, char **arguments) {
  struct court court = {.settings = settings};
  struct pp_found_list found = {0};
  court.options = (struct pp_judge_options){
      .seed = settings->seed,
      .operations = settings->operations,
      .seconds = settings->seconds,
      .contents = settings->contents,
      .reference = chosen_reference(settings),
      .silence_seconds = PP_SILENCE_SECONDS,
  };
  if (settings->operations == 0 && !settings->timed) {
    court.options.operations = settings->level == PP_LEVEL_HEAP
                                   ? OPERATIONS_DEFAULT_HEAP
                                   : OPERATIONS_DEFAULT;
  }
  if (count == 0) found = pp_discover();
  size_t most = count > 0 ? (size_t)count : found.count;
  court.judges = calloc(most + 1, sizeof *court.judges);
  if (court.judges == NULL) abort();
  for (int i = 0; i < count; i++)
    add(&court, arguments[i]);
  for (size_t i = 0; i < found.count; i++) {
    if (found.at[i].install == NULL) add(&court, found.at[i].name);
  }
  judge_all(&court);
  int exit_code = report(&court);
  for (size_t i = 0; i < court.count; i++)
    dismiss(&court.judges[i]);
  free(court.judges);
  pp_found_list_free(&found);
  return exit_code;
}

const struct command command_check = {
    .name = "check",
    .arguments = "[SUBJECT...] [options]",
    .summary = "judge allocators; without SUBJECT all that are found",
    .options = "pntsjlcJxR",
    .details =
        "Judges each SUBJECT: reference[:PROFILE], libc, a shared object with\n"
        "the malloc family, a libpython3.*.so, a plug-in, or a build of the\n"
        "reference. CPythons and builds of the reference are held in lock-step\n"
        "with the reference.",
    .run = run,
};
