/* Findings of threads (SPEC.md, Threads): what one of them sees broken, or
 * breaks by crashing, is told as that of the whole run, under the clause that
 * speaks of threads where there is one. The others may be anywhere by then, so
 * the process ends at once. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "check/team.h"

static _Thread_local struct pp_member *current;

/* What else would be told of a call that all make at once. */
static enum pp_clause at_first(enum pp_clause clause) {
  switch (clause) {
  case PP_API_02:
  case PP_API_03:
  case PP_API_04:
  case PP_API_33:
  case PP_API_37:
  case PP_API_80:
  case PP_API_86: return PP_API_85;
  default: return clause;
  }
}

/* Of a block that another thread took, or left. */
static enum pp_clause of_others(enum pp_clause clause, bool left) {
  switch (clause) {
  case PP_API_03:
  case PP_API_72:
  case PP_API_75: return left ? PP_API_84 : PP_API_81;
  case PP_API_02:
  case PP_API_12:
  case PP_API_37:
  case PP_API_71: return left ? PP_API_84 : PP_API_82;
  default: return clause;
  }
}

static enum pp_clause among_threads(enum pp_theme theme,
                                    enum pp_clause clause) {
  if (clause == PP_API_01) clause = PP_API_80;
  switch (theme) {
  case PP_THEME_FIRST: return at_first(clause);
  case PP_THEME_REMOTE: return of_others(clause, false);
  case PP_THEME_ESTATE: return of_others(clause, true);
  case PP_THEME_FORK: return clause == PP_API_86 ? PP_API_87 : clause;
  default: break;
  }
  bool changed =
      clause == PP_API_03 || clause == PP_API_72 || clause == PP_API_75;
  return changed ? PP_API_81 : clause;
}

static const char *about(enum pp_theme theme) {
  switch (theme) {
  case PP_THEME_FIRST: return "in its first call, ";
  case PP_THEME_REMOTE: return "at a block of another thread, ";
  case PP_THEME_ESTATE: return "at a block of a thread that ended, ";
  case PP_THEME_FORK: return "at a fork, ";
  default: return "";
  }
}

/* One alone tells; whoever comes later waits for the end. */
_Noreturn static void tell(struct pp_member *self, enum pp_clause clause,
                           bool ours, const char *what) {
  struct pp_team *team = self->team;
  struct pp_report *report = team->report;
  enum pp_theme theme = (enum pp_theme)atomic_load(&self->theme);
  unsigned times = 0;
  while (atomic_exchange(&team->told, 1) != 0)
    pp_team_pause(&times);
  struct pp_finding *finding = &report->finding;
  finding->ours = ours;
  finding->thread = self->index + 1;
  finding->turn = self->turn;
  finding->step = atomic_load(&self->steps) + 1;
  finding->op =
      (struct pp_op){.kind = (enum pp_op_kind)atomic_load(&self->kind),
                     .id = atomic_load(&self->id),
                     .a = atomic_load(&self->a),
                     .b = atomic_load(&self->b)};
  snprintf(finding->what, sizeof finding->what,
           "thread %u of %u, turn %" PRIu64 ": %s%.480s", self->index + 1,
           team->options.threads.count, self->turn + 1, about(theme), what);
  bool alone = team->options.threads.count == 1;
  finding->clause = alone ? clause : among_threads(theme, clause);
  for (unsigned i = 0; i < team->options.threads.count; i++)
    report->operations += atomic_load(&team->members[i].steps);
  report->where = PP_WHERE_DONE;
  _exit(0);
}

_Noreturn void pp_member_tell(struct pp_member *self) {
  tell(self, self->report.finding.clause, self->report.finding.ours,
       self->report.finding.what);
}

_Noreturn void pp_member_hangs(struct pp_member *self) {
  char what[PP_WHAT_MAX];
  snprintf(what, sizeof what, "it makes no progress for %g seconds",
           self->team->options.threads.silence_seconds);
  tell(self, PP_API_86, false, what);
}

/* ---- crashes ---- */

static void crashed(int number) {
  static const int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
  struct pp_member *self = current;
  char what[160];
  if (self == NULL || self->in_child) {
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
      signal(signals[i], SIG_DFL);
    raise(number); /* when the handler is left */
    return;
  }
  const struct pp_report *report = &self->report;
  bool in_block = report->where == PP_WHERE_BLOCK;
  enum pp_clause clause = PP_API_37;
  if (report->stake != PP_HOLDS) clause = (enum pp_clause)report->stake;
  if (in_block) clause = PP_API_02;
  snprintf(what, sizeof what, "it ended by signal %d (%s)%s", number,
           strsignal(number), in_block ? " in a block that it was given" : "");
  tell(self, clause, report->where == PP_WHERE_ENGINE, what);
}

/* A subject that handles them itself keeps its handlers. */
void pp_team_catch_signals(void) {
  static const int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
    struct sigaction action, former;
    memset(&action, 0, sizeof action);
    action.sa_handler = crashed;
    action.sa_flags = SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    sigaction(signals[i], NULL, &former);
    if (former.sa_handler == SIG_DFL) sigaction(signals[i], &action, NULL);
  }
}

void pp_member_enter(struct pp_member *self) {
  stack_t stack = {.ss_sp = self->signal_stack,
                   .ss_size = sizeof self->signal_stack};
  sigaltstack(&stack, NULL);
  current = self;
}
