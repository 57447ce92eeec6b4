/* Judges at work: started, waited for, and shown in the order in which they
 * were added, each as soon as it can be. */
#include "cli/court.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check/clock.h"
#include "check/pages.h"

enum { WAIT_MILLISECONDS = 10 };

/* A mapping for each would be copied with each process. */
static size_t stride(void) {
  return pp_pages_inside(sizeof(struct pp_judgement));
}

void court_open(struct court *court, size_t most) {
  court->most = most + 1;
  court->judges = calloc(court->most, sizeof *court->judges);
  if (court->judges == NULL) abort();
  court->judgements = pp_pages_shared(court->most * stride());
}

void court_close(struct court *court) {
  for (size_t i = 0; i < court->count; i++) {
    free(court->judges[i].spec.path);
  }
  free(court->judges);
  pp_pages_free(court->judgements, court->most * stride());
}

struct judge *court_add(struct court *court, struct pp_subject_spec spec,
                        const struct pp_judge_options *options) {
  struct judge *judge = &court->judges[court->count];
  judge->spec = spec;
  judge->options = *options;
  judge->judgement = (void *)(court->judgements + court->count++ * stride());
  snprintf(judge->judgement->name, sizeof judge->judgement->name, "%s",
           spec.name);
  return judge;
}

void court_refuse(struct court *court, const char *name, const char *why) {
  struct pp_subject_spec none = {.name = name};
  struct pp_judgement *judgement =
      court_add(court, none, &(struct pp_judge_options){0})->judgement;
  judgement->verdict = PP_VERDICT_NOT_LOADED;
  snprintf(judgement->why, sizeof judgement->why, "%s", why);
}

void court_work_judge(void *ctx, size_t index, struct judge *judge) {
  (void)ctx;
  (void)index;
  pp_judge(&judge->spec, &judge->options, judge->judgement);
}

/* Whatever a subject writes where it has no business, no other judge's word is
 * changed by it. */
static void close_all_but(const struct court *court,
                          const struct judge *judge) {
  uint8_t *mine = (uint8_t *)judge->judgement;
  uint8_t *end = court->judgements + court->most * stride();
  mprotect(court->judgements, (size_t)(mine - court->judgements), PROT_NONE);
  mprotect(mine + stride(), (size_t)(end - mine) - stride(), PROT_NONE);
}

static void start(struct court *court) {
  struct judge *judge = &court->judges[court->started++];
  if (judge->judgement->verdict != PP_VERDICT_PENDING) { /* refused */
    court->done++;
    return;
  }
  pid_t parent = getpid();
  fflush(NULL);
  judge->pid = fork();
  if (judge->pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(EXIT_OWN_FAULT); /* it is dead already */
    close_all_but(court, judge);
    court->work(court->ctx, (size_t)(judge - court->judges), judge);
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

static void show_finished(struct court *court) {
  for (size_t i = 0; i < court->count; i++) {
    struct judge *judge = &court->judges[i];
    if (judge->pid != 0 || i >= court->started) return;
    if (judge->shown) continue;
    end_progress();
    court->show(court->ctx, i, judge);
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

static bool starts_another(const struct court *court) {
  if (court->started == court->count || pp_interrupted) return false;
  if (court->running >= court->jobs) return false;
  return court->until <= 0 || pp_now() < court->until;
}

void court_judge_all(struct court *court) {
  fflush(stdout);
  while (court->done < court->count) {
    while (starts_another(court))
      start(court);
    if (court->running > 0) {
      progress(court);
      wait_for_one(court);
    }
    show_finished(court);
    if (court->running == 0 && !starts_another(court)) break;
  }
  end_progress();
}
