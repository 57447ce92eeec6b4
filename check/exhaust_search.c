/* The exhaustive search, level by level (SPEC.md, "What exhaust means by a
 * state"). Its processes take states of a level in turn; a crash or a hang of
 * one is a finding, and the parent, which never calls the subject, lives to
 * tell it. A level is put into order before the next begins, so that nothing
 * depends on which process was faster. */
#include "check/exhaust_search.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check/clock.h"
#include "check/pages.h"

enum { CHUNK = 64, WAIT_NANOSECONDS = 50000000, LOOKS_A_SECOND = 20 };

/* ---- a process of the search ---- */

static void work_on_level(struct pp_exhaust *search, struct pp_job_state *job) {
  struct pp_control *control = search->control;
  for (;;) {
    if (atomic_load(&control->stop) || atomic_load(&control->full)) return;
    uint64_t start = atomic_fetch_add(&control->next, CHUNK);
    if (start >= control->level_end) return;
    if (start > atomic_load(&control->least) >> 32) return;
    uint64_t end = start + CHUNK;
    if (end > control->level_end) end = control->level_end;
    for (uint64_t number = start; number < end; number++) {
      if (!pp_exhaust_expand(search, job, number)) return;
    }
  }
}

_Noreturn static void be_process(struct pp_exhaust *search,
                                 struct pp_job_state *job, pid_t parent) {
  struct rlimit no_core = {0, 0};
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(0);
  setrlimit(RLIMIT_CORE, &no_core);
  signal(SIGINT, SIG_IGN); /* the parent decides */
  signal(SIGTERM, SIG_IGN);
  for (;;) {
    while (sem_wait(&job->go) != 0) {
    }
    work_on_level(search, job);
    memcpy(job->evaluated, search->world.witness.evaluated,
           sizeof job->evaluated);
    atomic_store(&job->at, PP_LINK_NONE);
    if (job->finding.clause != PP_HOLDS) {
      uint64_t least = atomic_load(&search->control->least);
      while (job->finding.position < least &&
             !atomic_compare_exchange_weak(&search->control->least, &least,
                                           job->finding.position)) {
      }
    }
    atomic_store(&job->busy, false);
    sem_post(&search->control->done);
  }
}

/* ---- the parent ---- */

static bool start_processes(struct pp_exhaust *search) {
  pid_t parent = getpid();
  fflush(NULL);
  for (unsigned i = 0; i < search->options.jobs; i++) {
    struct pp_job_state *job = &search->control->jobs[i];
    pid_t pid = fork();
    if (pid == 0) be_process(search, job, parent);
    if (pid < 0) return false;
    job->pid = pid; /* the child shares this memory: the parent's to write */
  }
  return true;
}

static void end_processes(struct pp_exhaust *search) {
  for (unsigned i = 0; i < search->options.jobs; i++) {
    struct pp_job_state *job = &search->control->jobs[i];
    if (job->pid <= 0) continue;
    kill(job->pid, SIGKILL);
    waitpid(job->pid, NULL, 0);
    job->pid = 0;
  }
}

/* What a process found that was done with the level is not touched. */
static void blame(struct pp_exhaust *search, struct pp_job_state *job,
                  enum pp_clause clause, const char *what, int number) {
  uint64_t at = atomic_load(&job->at);
  struct pp_control *control = search->control;
  job->pid = 0;
  if (!atomic_load(&job->busy)) return;
  atomic_store(&job->busy, false);
  job->finding.clause = at == PP_LINK_NONE ? PP_HOLDS : clause;
  job->finding.position = at;
  snprintf(job->finding.what, sizeof job->finding.what, what, number);
  if (at < atomic_load(&control->least)) atomic_store(&control->least, at);
}

/* Looks without a change, and not time: that goes on while all of us are
 * stopped, as by ^Z. */
struct vigil {
  uint64_t at[PP_JOBS_MAX];
  unsigned looks[PP_JOBS_MAX];
  bool stopped[PP_JOBS_MAX];
};

/* Blames a process that has ended, which it does not do by itself. */
static void bury(struct pp_exhaust *search, struct pp_job_state *job,
                 bool *stopped) {
  int status;
  int changes = WNOHANG | WUNTRACED | WCONTINUED;
  if (job->pid <= 0 || waitpid(job->pid, &status, changes) != job->pid) return;
  *stopped = WIFSTOPPED(status);
  if (WIFSTOPPED(status) || WIFCONTINUED(status)) return;
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) {
    /* From outside: a heap does not do that to itself. */
    blame(search, job, PP_HOLDS, "it is ended by signal %d", SIGKILL);
  } else if (WIFSIGNALED(status)) {
    blame(search, job, PP_API_37, "it ends by signal %d", WTERMSIG(status));
  } else {
    blame(search, job, PP_API_38, "it ends by exit(%d)", WEXITSTATUS(status));
  }
}

/* Ends a process that made no progress for too long. One that was stopped is
 * no hang: it is told to go on. */
static void end_hanging(struct pp_exhaust *search, unsigned index,
                        struct vigil *vigil) {
  struct pp_job_state *job = &search->control->jobs[index];
  uint64_t at = atomic_load(&job->at);
  if (at != vigil->at[index] || at == PP_LINK_NONE) {
    vigil->at[index] = at;
    vigil->looks[index] = 0;
    return;
  }
  unsigned most = search->options.silence_seconds * LOOKS_A_SECOND;
  if (job->pid <= 0 || ++vigil->looks[index] < most) return;
  if (vigil->stopped[index]) {
    vigil->looks[index] = 0;
    kill(job->pid, SIGCONT);
    return;
  }
  kill(job->pid, SIGKILL);
  waitpid(job->pid, NULL, 0);
  blame(search, job, PP_API_36, "it does not return within %d seconds",
        (int)search->options.silence_seconds);
}

static bool any_busy(const struct pp_exhaust *search) {
  for (unsigned i = 0; i < search->options.jobs; i++) {
    if (atomic_load(&search->control->jobs[i].busy)) return true;
  }
  return false;
}

static void show_progress(struct pp_exhaust *search, double start) {
  const struct pp_exhaust_options *options = &search->options;
  if (options->on_progress == NULL) return;
  struct pp_exhaust_progress progress = search->progress;
  progress.seconds += pp_now() - start;
  progress.states = atomic_load(search->table.count);
  progress.position = atomic_load(&search->control->next);
  options->on_progress(options->on_progress_ctx, &progress);
}

/* Until each process is done with the level, or has ended. */
static void await_processes(struct pp_exhaust *search, double start) {
  struct pp_control *control = search->control;
  static struct vigil vigil;
  memset(&vigil, 0, sizeof vigil);
  while (any_busy(search)) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += WAIT_NANOSECONDS;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    if (sem_timedwait(&control->done, &until) == 0) continue;
    if (*search->options.stop) atomic_store(&control->stop, true);
    show_progress(search, start);
    for (unsigned i = 0; i < search->options.jobs; i++) {
      bury(search, &control->jobs[i], &vigil.stopped[i]);
      end_hanging(search, i, &vigil);
    }
  }
}

/* ---- levels ---- */

static void sum_up(struct pp_exhaust *search) {
  struct pp_exhaust_progress *progress = &search->progress;
  for (unsigned i = 0; i < search->options.jobs; i++) {
    struct pp_job_state *job = &search->control->jobs[i];
    progress->transitions += job->transitions;
    job->transitions = 0;
    if (job->hidden < progress->hidden) progress->hidden = job->hidden;
    if (job->finding.clause == PP_HOLDS) continue;
    if (search->finding.clause == PP_HOLDS ||
        job->finding.position < search->finding.position) {
      search->finding = job->finding;
    }
  }
}

static void sum_evaluated(struct pp_exhaust *search) {
  for (unsigned i = 0; i < search->options.jobs; i++) {
    for (int clause = 0; clause < PP_CLAUSE_COUNT; clause++) {
      search->progress.evaluated[clause] +=
          search->control->jobs[i].evaluated[clause];
    }
  }
}

/* The level is complete: the next one is put into order. */
static void advance(struct pp_exhaust *search) {
  struct pp_exhaust_progress *progress = &search->progress;
  uint64_t start = progress->level_start, end = progress->level_end;
  pp_table_settle(&search->table, start, end);
  progress->states = atomic_load(search->table.count);
  progress->level_transitions = progress->transitions;
  progress->level_start = end;
  progress->level_end = progress->states;
  progress->position = end;
  if (progress->states - end > progress->widest) {
    progress->widest = progress->states - end;
  }
  if (progress->states > end) progress->depth++;
}

/* What is told of a level that was left is what was known before it, however
 * many processes had been at it. */
static void forget_level(struct pp_exhaust_progress *progress) {
  progress->states = progress->level_end;
  progress->transitions = progress->level_transitions;
  progress->position = progress->level_start;
}

static enum pp_exhaust_end search_level(struct pp_exhaust *search,
                                        double start) {
  struct pp_control *control = search->control;
  struct pp_exhaust_progress *progress = &search->progress;
  control->level_end = progress->level_end;
  atomic_store(&control->next, progress->position);
  for (unsigned i = 0; i < search->options.jobs; i++) {
    atomic_store(&control->jobs[i].busy, true);
    sem_post(&control->jobs[i].go);
  }
  await_processes(search, start);
  sum_up(search);
  uint64_t next = atomic_load(&control->next);
  if (search->finding.clause != PP_HOLDS) {
    forget_level(progress);
    return PP_EXHAUST_FOUND;
  }
  for (unsigned i = 0; i < search->options.jobs; i++) {
    if (control->jobs[i].pid != 0) continue;
    snprintf(search->finding.what, PP_EXHAUST_WHAT_MAX,
             "a process of it was ended from outside");
    forget_level(progress);
    return PP_EXHAUST_FAULT;
  }
  if (atomic_load(&control->full)) {
    forget_level(progress);
    return PP_EXHAUST_MEMORY;
  }
  progress->states = atomic_load(search->table.count);
  progress->position = next < progress->level_end ? next : progress->level_end;
  if (progress->position < progress->level_end) return PP_EXHAUST_INTERRUPTED;
  advance(search);
  return PP_EXHAUST_FIXPOINT;
}

static enum pp_exhaust_end search_levels(struct pp_exhaust *search,
                                         double start) {
  const struct pp_exhaust_options *options = &search->options;
  struct pp_exhaust_progress *progress = &search->progress;
  while (progress->level_start < progress->level_end) {
    if (*options->stop) return PP_EXHAUST_INTERRUPTED;
    if (options->depth != 0 && progress->depth >= options->depth) {
      return PP_EXHAUST_DEPTH;
    }
    enum pp_exhaust_end end = search_level(search, start);
    if (end != PP_EXHAUST_FIXPOINT) return end;
  }
  if (progress->hidden == PP_LINK_NONE) return PP_EXHAUST_FIXPOINT;
  search->finding.clause = PP_ARENA_10;
  search->finding.position = progress->hidden;
  snprintf(search->finding.what, sizeof search->finding.what,
           "nfp2lasta is another than the reference's, and no block of this "
           "geometry will ever lie elsewhere for it");
  return PP_EXHAUST_FOUND;
}

void pp_exhaust_run(struct pp_exhaust *search,
                    struct pp_exhaust_result *result) {
  double start = pp_now();
  memset(result, 0, sizeof *result);
  result->end = PP_EXHAUST_FAULT;
  snprintf(search->finding.what, PP_EXHAUST_WHAT_MAX,
           "no process can be made for it");
  if (start_processes(search)) result->end = search_levels(search, start);
  end_processes(search);
  sum_evaluated(search);
  search->progress.seconds += pp_now() - start;
  result->progress = search->progress;
  result->memory = pp_table_memory(&search->table, search->progress.widest);
  result->finding = search->finding;
  result->hidden = result->end == PP_EXHAUST_FOUND &&
                   search->progress.level_start == search->progress.level_end;
  if (result->end == PP_EXHAUST_FOUND) {
    result->trace = pp_exhaust_trace(search);
    uint64_t link = search->finding.position;
    bool operation = (link >> 16 & 0xffff) < PP_MOVES_MAX;
    result->operations = operation ? 1 : 0;
    for (; link >> 32 != 0; result->operations++)
      link = search->table.links[link >> 32];
  }
}

/* ---- a search ---- */

static void add_first(struct pp_exhaust *search) {
  struct pp_world *world = &search->world;
  struct pp_arrival first = {.link = PP_LINK_NONE};
  struct pp_state state;
  pp_state_scan(world, &state);
  pp_state_pack(world, &state, &first.key);
  first.hash = pp_key_hash(&first.key);
  pp_table_add(&search->table, &first, 1, 0);
  search->progress.states = 1;
  search->progress.level_end = 1;
  search->progress.widest = 1;
  search->progress.hidden = PP_LINK_NONE;
}

struct pp_exhaust *pp_exhaust_open(const struct pp_exhaust_options *options,
                                   char *why, size_t why_size) {
  struct pp_exhaust *search = pp_pages(sizeof *search);
  search->options = *options;
  search->lockstep = options->subject != NULL;
  search->subject =
      options->subject != NULL ? options->subject : &pp_reference_object;
  if (options->jobs > PP_JOBS_MAX) search->options.jobs = PP_JOBS_MAX;
  if (!pp_world_open(&search->world, options->geometry, why, why_size)) {
    pp_exhaust_close(search);
    return NULL;
  }
  if (!pp_table_open(&search->table, options->memory)) {
    snprintf(why, why_size, "that is too little memory for a search");
    pp_exhaust_close(search);
    return NULL;
  }
  search->before = pp_image_open(&search->world);
  search->twin.after = pp_image_open(&search->world);
  search->showing = pp_showing_open(&search->world);
  search->control = pp_pages_shared(sizeof *search->control);
  sem_init(&search->control->done, 1, 0);
  for (unsigned i = 0; i < search->options.jobs; i++) {
    sem_init(&search->control->jobs[i].go, 1, 0);
    atomic_store(&search->control->jobs[i].at, PP_LINK_NONE);
    search->control->jobs[i].hidden = PP_LINK_NONE;
  }
  atomic_store(&search->control->least, UINT64_MAX);
  add_first(search);
  return search;
}

void pp_exhaust_close(struct pp_exhaust *search) {
  if (search->before.bytes != NULL) {
    pp_image_close(&search->world, search->before);
    pp_image_close(&search->world, search->twin.after);
    pp_showing_close(&search->world, &search->showing);
  }
  pp_pages_free(search->control, sizeof *search->control);
  pp_table_close(&search->table);
  pp_world_close(&search->world);
  pp_pages_free(search, sizeof *search);
}
