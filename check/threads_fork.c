/* Forks (SPEC.md, Threads): one thread forks while the others are inside of
 * calls. In the child it is alone, beside locks that were held by threads
 * which are not there. It looks at its blocks, takes and frees, and sends its
 * verdict through a pipe; the parent waits for that, but not for ever. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check/clock.h"
#include "check/team.h"

enum { STEPS_IN_CHILD = 32, PART = 0x666f726b };

/* What a child says; nothing of it is said when it dies. */
struct verdict {
  enum pp_clause clause;
  char what[256];
};

static void look_at_blocks(struct pp_member *self, enum pp_clause clause) {
  const struct pp_blocks *blocks = &self->driver.blocks;
  for (size_t i = 0; i <= blocks->mask; i++) {
    if (blocks->table[i].address == NULL) continue;
    pp_oracle_contents(&self->driver, &blocks->table[i], blocks->table[i].size,
                       clause);
  }
}

/* ---- in the child ---- */

/* Among its steps are frees of what it had before, and none of what it writes
 * is to be seen in the parent. */
static void use_heap(struct pp_member *self, uint64_t seed,
                     struct pp_block *shown) {
  struct pp_random random = pp_random_split(seed, PART);
  if (shown != NULL) pp_oracle_renew(&self->driver, shown);
  for (int i = 0; i < STEPS_IN_CHILD; i++)
    pp_member_step(self, &random, 0, PP_TEAM_OWN);
}

_Noreturn static void be_child(struct pp_member *self, int output,
                               uint64_t seed, struct pp_block *shown) {
  struct verdict verdict = {.clause = PP_HOLDS};
  jmp_buf stop;
  self->in_child = true;
  self->driver.stop = &stop;
  if (setjmp(stop) == 0) {
    look_at_blocks(self, PP_API_88);
    use_heap(self, seed, shown);
  } else {
    verdict.clause = self->report.finding.clause;
    snprintf(verdict.what, sizeof verdict.what, "%.255s",
             self->report.finding.what);
  }
  ssize_t written = write(output, &verdict, sizeof verdict);
  _exit(written == (ssize_t)sizeof verdict ? 0 : 1);
}

/* ---- in the parent ---- */

/* False at the end of the pipe, or of the time. */
static bool read_verdict(int input, double seconds, struct verdict *verdict) {
  struct pollfd ready = {.fd = input, .events = POLLIN};
  double until = pp_now() + seconds;
  for (;;) {
    double left = until - pp_now();
    int found = poll(&ready, 1, left <= 0 ? 0 : (int)(left * 1e3) + 1);
    if (found > 0) break;
    if (found == 0 || errno != EINTR) return false;
  }
  return read(input, verdict, sizeof *verdict) == (ssize_t)sizeof *verdict;
}

/* What became of a child that said nothing. */
static void describe_end(pid_t pid, double seconds, struct verdict *verdict) {
  siginfo_t info = {0};
  int status = 0;
  *verdict = (struct verdict){.clause = PP_API_87};
  waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT);
  bool running = info.si_pid != pid;
  if (running) kill(pid, SIGKILL);
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (running) {
    snprintf(verdict->what, sizeof verdict->what,
             "the child of a fork hangs, for %g seconds so far", seconds);
  } else if (WIFSIGNALED(status)) {
    snprintf(verdict->what, sizeof verdict->what,
             "the child of a fork ended by signal %d", WTERMSIG(status));
  } else {
    snprintf(verdict->what, sizeof verdict->what,
             "the child of a fork exited with status %d", WEXITSTATUS(status));
  }
}

static void wait_for(struct pp_member *self, pid_t pid, int input,
                     struct verdict *verdict) {
  double seconds = self->team->options.threads.silence_seconds;
  atomic_store(&self->waits, true);
  if (!read_verdict(input, seconds, verdict)) {
    describe_end(pid, seconds, verdict);
  } else {
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {
    }
  }
  atomic_store(&self->waits, false);
}

static void judge_child(struct pp_member *self, const struct verdict *verdict) {
  struct pp_driver *driver = &self->driver;
  PP_ORACLE(driver, API_88, verdict->clause != PP_API_88,
            "in the child of a fork, %.255s", verdict->what);
  if (verdict->clause == PP_API_88) return;
  PP_ORACLE(
      driver, API_87, verdict->clause == PP_HOLDS, "%.255s%s%s", verdict->what,
      verdict->clause == PP_API_87 ? "" : ", in the child of a fork: ",
      verdict->clause == PP_API_87 ? "" : pp_clause_texts[verdict->clause].id);
}

/* A block that the child writes over, if there is one. */
static struct pp_block *any_block(struct pp_member *self) {
  for (uint64_t id = 0; id < PP_TEAM_OWN; id++) {
    struct pp_block *block = pp_blocks_find(&self->driver.blocks, id);
    if (block != NULL) return block;
  }
  return NULL;
}

/* A child that failed where that does not decide is enough: each that hangs
 * takes as long as is waited for it. */
void pp_member_fork(struct pp_member *self) {
  struct verdict verdict;
  int ends[2];
  if (atomic_load(&self->team->forks_fail)) return;
  struct pp_block *shown = any_block(self);
  self->driver.op = NULL;
  self->report.forks++;
  look_at_blocks(self, PP_API_03); /* what is lost before is no fork's fault */
  if (pipe2(ends, O_CLOEXEC) != 0) return;
  atomic_store(&self->theme, PP_THEME_FORK);
  pp_driver_enter_for(&self->driver, PP_API_87);
  pid_t pid = fork();
  pp_driver_leave(&self->driver);
  if (pid == 0) be_child(self, ends[1], self->report.step, shown);
  close(ends[1]);
  if (pid > 0) {
    wait_for(self, pid, ends[0], &verdict);
    judge_child(self, &verdict);
    if (verdict.clause != PP_HOLDS) atomic_store(&self->team->forks_fail, true);
    if (shown != NULL)
      pp_oracle_contents(&self->driver, shown, shown->size, PP_API_88);
  }
  close(ends[0]);
  atomic_fetch_add_explicit(&self->steps, 1, memory_order_relaxed);
}
