/* Workers (SPEC.md, API-36 to API-39): the process that a subject lives in,
 * and the parent that watches it. The parent reads what the subject prints
 * only to bound it and to quote it; the verdict is in shared memory. */
#include "check/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check/builds.h"
#include "check/clock.h"
#include "check/objects/work.h"
#include "check/preload.h"

enum { KIBIBYTE = 1024 };

volatile int pp_interrupted;

/* ---- inside the worker ---- */

static struct pp_driver worker_driver;
static struct pp_report *worker_report;

_Noreturn static void end_worker(void) {
  worker_report->where = PP_WHERE_DONE;
  _exit(0);
}

/* A clause that the reference itself saw broken: a finding about the subject
 * if it is the subject, and our own fault if it is the twin. */
static void reference_broken(bool ours, enum pp_clause clause,
                             const char *where) {
  const char *file = strrchr(where, '/');
  worker_report->finding.ours = ours;
  if (worker_driver.stop != NULL) {
    pp_driver_broken(&worker_driver, clause, "%s",
                     file == NULL ? where : file + 1);
  }
  worker_report->finding.clause = clause;
  worker_report->finding.step = worker_report->step;
  snprintf(worker_report->finding.what, PP_WHAT_MAX, "%s",
           file == NULL ? where : file + 1);
  end_worker();
}

static void subject_broken(struct pp_witness *witness, enum pp_clause clause,
                           const char *where) {
  (void)witness;
  reference_broken(false, clause, where);
}

static void twin_broken(struct pp_witness *witness, enum pp_clause clause,
                        const char *where) {
  (void)witness;
  reference_broken(true, clause, where);
}

static void add_witness(const struct pp_witness *witness) {
  for (int i = 0; i < PP_CLAUSE_COUNT; i++) {
    worker_report->evaluated[i] += witness->evaluated[i];
  }
}

/* A heap that can be ended gives back every arena that it was given (HEAP-15),
 * and as it was given them. */
static void end_heap(const struct pp_loaded *loaded, struct pp_places *places) {
  if (loaded->end == NULL) return;
  pp_driver_enter(&worker_driver, PP_WHERE_SUBJECT);
  loaded->end(loaded->end_ctx);
  pp_driver_enter(&worker_driver, PP_WHERE_ENGINE);
  worker_report->evaluated[PP_ARENA_22]++;
  worker_report->evaluated[PP_HEAP_15]++;
  if (places->misuse != NULL)
    reference_broken(false, PP_ARENA_22, places->misuse);
  if (!pp_places_empty(places))
    reference_broken(false, PP_HEAP_15, "an arena was not given back");
}

/* A malloc is called by several threads, the heap of an interpreter is not. */
static bool may_have_threads(const struct pp_job *job, bool is_interpreter) {
  if (job->options.threads.count == 0 || !is_interpreter) return true;
  worker_report->load_result = PP_LOAD_FAILED;
  snprintf(worker_report->why, sizeof worker_report->why,
           "it is called by one thread at a time, as interpreters do");
  return false;
}

/* Memory is refused to what takes it from the system itself. */
static bool open_refusals(const struct pp_job *job, bool is_interpreter) {
  struct pp_report *report = worker_report;
  const struct pp_refusals_view view = {.where = &report->where,
                                        .subject = PP_WHERE_SUBJECT,
                                        .refused = &report->refused};
  if (job->options.refusals.which == PP_REFUSE_NOTHING) return true;
  if (is_interpreter) {
    report->load_result = PP_LOAD_FAILED;
    snprintf(report->why, sizeof report->why,
             "it takes memory from the sources that it is given, which refuse "
             "by arena-fail and system-fail in the trace");
    return false;
  }
  if (pp_refusals_open(&job->options.refusals, &view, report->why,
                       sizeof report->why))
    return true;
  report->load_result = PP_LOAD_FAILED;
  return false;
}

static void open_twin(struct pp_twin *twin, const struct pp_job *job,
                      const struct pp_loaded *loaded) {
  const struct pp_reference *reference = job->reference;
  bool plain = job->spec.kind == PP_SUBJECT_REFERENCE;
  if (reference == NULL) {
    reference = pp_reference_at(plain ? PP_LEVEL_NONE : job->spec.level);
  }
  snprintf(worker_report->profile, sizeof worker_report->profile, "%s",
           loaded->profile->name);
  if (!pp_twin_open(twin, reference, loaded->profile, loaded->arenas_before,
                    twin_broken)) {
    worker_report->exhausted = true;
    end_worker();
  }
  twin->ours = job->reference == NULL;
}

/* What the worker forks, should its subject do so, cannot write into the
 * report: it would tell of the wrong process. */
_Noreturn void pp_worker_work(const struct pp_job *job,
                              struct pp_report *report) {
  static struct pp_places places;
  static struct pp_loaded loaded;
  static struct pp_twin twin;
  static struct pp_witness witness;
  struct pp_subject_spec spec = job->spec;
  worker_report = report;
  madvise(report, sizeof *report, MADV_DONTFORK);
  witness.broken = subject_broken;
  spec.witness = &witness;
  if (spec.kind == PP_SUBJECT_OBJECTS) {
    if (may_have_threads(job, true) && open_refusals(job, true))
      pp_objects_work(job, report);
    end_worker();
  }
  report->where = PP_WHERE_LOADING;
  if (!pp_places_open(&places)) {
    report->exhausted = true;
    end_worker();
  }
  report->load_result = (int)pp_subject_load(&spec, &places, &loaded,
                                             report->why, sizeof report->why);
  report->where = PP_WHERE_ENGINE;
  memcpy(report->title, loaded.title, sizeof report->title);
  memcpy(report->version, loaded.version, sizeof report->version);
  if (report->load_result != PP_LOAD_OK) end_worker();
  if (!may_have_threads(job, loaded.profile != NULL)) end_worker();
  if (!open_refusals(job, loaded.profile != NULL)) end_worker();
  if (job->options.threads.count > 0) {
    pp_arm_threads(&loaded, &job->options, report);
    pp_threads_run(&loaded, &job->options, report);
    end_worker();
  }
  struct pp_twin *beside = loaded.profile == NULL ? NULL : &twin;
  if (beside != NULL) open_twin(beside, job, &loaded);
  pp_driver_open(&worker_driver, &loaded, &places, beside, &job->options,
                 report);
  pp_arm(&worker_driver, job->reference == NULL ? loaded.level : PP_LEVEL_NONE);
  if (pp_drive(&worker_driver, job->source) && beside != NULL) {
    worker_driver.stop = NULL;
    end_heap(&loaded, &places);
    report->evaluated[PP_HEAP_15]++;
    if (!pp_twin_close(beside)) {
      reference_broken(true, PP_HEAP_15, "an arena was not given back");
    }
  }
  add_witness(&witness);
  if (beside != NULL) add_witness(&beside->witness);
  end_worker();
}

/* What the worker forks, should its subject do so, is in its process group. */
static void become_worker(int output) {
  struct rlimit no_core = {0, 0};
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  setpgid(0, 0);
  setrlimit(RLIMIT_CORE, &no_core);
  signal(SIGINT, SIG_IGN); /* the parent decides */
  signal(SIGTERM, SIG_DFL);
  int nothing = open("/dev/null", O_RDONLY);
  dup2(nothing, STDIN_FILENO);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  if (output > STDERR_FILENO) close(output);
}

/* ---- in the parent ---- */

struct watch {
  pid_t pid;
  int output;
  size_t written; /* by the subject, in all */
  uint64_t ticks;
  double moved; /* when the ticks last changed */
  bool hung;
  bool closed; /* the output, before the end of the worker */
};

static void keep_tail(struct pp_outcome *outcome, const char *text,
                      size_t size) {
  const size_t most = sizeof outcome->output - 1;
  if (size > most) {
    text += size - most;
    size = most;
  }
  if (outcome->output_size + size > most) {
    size_t lost = outcome->output_size + size - most;
    outcome->output_size -= lost;
    memmove(outcome->output, outcome->output + lost, outcome->output_size);
  }
  memcpy(outcome->output + outcome->output_size, text, size);
  outcome->output_size += size;
  outcome->output[outcome->output_size] = '\0';
}

/* False at the end of the output. */
static bool read_output(struct watch *watch, struct pp_outcome *outcome) {
  char text[4096];
  ssize_t size = read(watch->output, text, sizeof text);
  if (size < 0) return errno == EINTR;
  if (size == 0) return false;
  watch->written += (size_t)size;
  keep_tail(outcome, text, (size_t)size);
  return true;
}

/* True when the worker ended by itself. Its output may stay open behind it,
 * in a process that it made. It is not taken note of yet, so that its number
 * and that of its group stay its own. */
static bool ended(const struct watch *watch) {
  siginfo_t info = {0};
  waitid(P_PID, (id_t)watch->pid, &info, WEXITED | WNOHANG | WNOWAIT);
  /* A worker that asked to be traced is also told of when it only stops. */
  if (info.si_pid != watch->pid) return false;
  return info.si_code == CLD_EXITED || info.si_code == CLD_KILLED ||
         info.si_code == CLD_DUMPED;
}

/* Until the worker ends, or is to be ended. */
static void watch_worker(struct watch *watch, const struct pp_job *job,
                         struct pp_report *report, struct pp_outcome *outcome) {
  struct pollfd output = {.fd = watch->output, .events = POLLIN};
  bool open = true;
  while (!pp_interrupted) {
    int ready = poll(&output, open ? 1 : 0, open ? 100 : 1);
    if (ready > 0 && !read_output(watch, outcome)) {
      open = false;
      watch->closed = report->where != PP_WHERE_DONE;
    }
    if (watch->written > PP_OUTPUT_LIMIT) return;
    if ((ready <= 0 || !open) && ended(watch)) return;
    if (report->ticks != watch->ticks) {
      watch->ticks = report->ticks;
      watch->moved = pp_now();
    } else if (pp_now() - watch->moved > job->silence_seconds) {
      watch->hung = !ended(watch); /* what it left behind may still write */
      return;
    }
  }
}

static void blame(struct pp_report *report, enum pp_clause clause,
                  const char *what) {
  struct pp_finding *finding = &report->finding;
  const char *place = "";
  if (report->where == PP_WHERE_LOADING) place = " while it was loaded";
  if (report->where == PP_WHERE_BLOCK) place = " in a block that it gave";
  finding->clause = clause;
  finding->step = report->step;
  finding->ours = report->where == PP_WHERE_ENGINE;
  snprintf(finding->what, sizeof finding->what, "%s%s", what, place);
}

/* Only in a call is there a stake. */
static enum pp_clause clause_of_crash(const struct pp_report *report) {
  if (report->where == PP_WHERE_BLOCK) return PP_API_02;
  return report->stake == PP_HOLDS ? PP_API_37 : (enum pp_clause)report->stake;
}

/* What the end of a worker says when its report is not complete. */
static void judge_end(const struct pp_job *job, const struct watch *watch,
                      struct pp_report *report, struct pp_outcome *outcome,
                      int status) {
  char what[160];
  bool refusing = job->options.refusals.which != PP_REFUSE_NOTHING;
  bool python =
      job->spec.kind == PP_SUBJECT_PYTHON || job->spec.against != NULL;
  bool runner = job->spec.kind == PP_SUBJECT_RUNNER;
  if (watch->written > PP_OUTPUT_LIMIT) {
    report->where = PP_WHERE_SUBJECT;
    blame(report, PP_API_39, "it wrote without end");
  } else if (watch->hung) {
    snprintf(what, sizeof what, "no progress for %g seconds",
             job->silence_seconds);
    blame(report, PP_API_36, what);
  } else if (report->where == PP_WHERE_LOADING && (python || runner)) {
    outcome->ending = PP_ENDING_NOT_LOADED;
    snprintf(report->why, sizeof report->why, "%s could not be started: %.400s",
             python ? "the interpreter" : "the runner",
             outcome->output_size > 0 ? outcome->output : "no message");
  } else if (refusing && WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS) {
    report->refused.deaf = true; /* it blocks the signal, or took it over */
  } else if (WIFSIGNALED(status)) {
    int number = WTERMSIG(status);
    outcome->signal = number;
    snprintf(what, sizeof what, "ended by signal %d (%s)", number,
             strsignal(number));
    blame(report, clause_of_crash(report), what);
  } else {
    snprintf(what, sizeof what, "exited with status %d", WEXITSTATUS(status));
    blame(report, PP_API_38, what);
  }
}

/* The clauses that a worker's life is the evidence for. */
static void count_endings(struct pp_report *report) {
  if (report->load_result != PP_LOAD_OK) return;
  static const enum pp_clause clauses[] = {PP_API_36, PP_API_37, PP_API_38,
                                           PP_API_39};
  for (size_t i = 0; i < sizeof clauses / sizeof clauses[0]; i++) {
    report->evaluated[clauses[i]] += report->operations + 1;
  }
}

static void finish(const struct pp_job *job, struct watch *watch,
                   struct pp_report *report, struct pp_outcome *outcome) {
  int status = 0;
  struct rusage usage = {0};
  kill(-watch->pid, SIGKILL); /* what it may have made, and itself */
  wait4(watch->pid, &status, 0, &usage);
  report->resident_peak = (uint64_t)usage.ru_maxrss * KIBIBYTE;
  close(watch->output);
  outcome->ending = PP_ENDING_COMPLETE;
  bool flooded = watch->written > PP_OUTPUT_LIMIT;
  outcome->status = watch->hung || flooded || pp_interrupted ? -1 : status;
  if (report->where == PP_WHERE_DONE && !flooded) {
    if (watch->closed) report->unwatched = true;
    if (report->load_result != PP_LOAD_OK) {
      outcome->ending = PP_ENDING_NOT_LOADED;
    }
  } else if (pp_interrupted) {
    outcome->ending = PP_ENDING_INTERRUPTED;
  } else {
    judge_end(job, watch, report, outcome, status);
  }
  count_endings(report);
}

void pp_worker_run(const struct pp_job *job, struct pp_report *report,
                   struct pp_outcome *outcome) {
  int ends[2];
  struct pp_preload preload;
  struct pp_report *told = report;
  memset(report, 0, sizeof *report);
  memset(outcome, 0, sizeof *outcome);
  fflush(NULL);
  if (job->spec.apart) told = pp_preload_open(&preload, job);
  if (pipe2(ends, O_CLOEXEC) != 0) {
    perror("poolproof: pipe");
    _exit(5);
  }
  pid_t pid = fork();
  if (pid < 0) {
    perror("poolproof: fork");
    _exit(5);
  }
  if (pid == 0) {
    become_worker(ends[1]);
    if (job->spec.apart) pp_preload_become(&preload, job);
    pp_worker_work(job, report);
  }
  setpgid(pid, pid); /* both of them, for either may be first */
  close(ends[1]);
  struct watch watch = {.pid = pid, .output = ends[0], .moved = pp_now()};
  watch_worker(&watch, job, told, outcome);
  finish(job, &watch, told, outcome);
  if (!job->spec.apart) return;
  *report = *told;
  pp_preload_close(&preload);
}
