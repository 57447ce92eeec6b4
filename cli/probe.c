/* Probes run in a process of their own, and are believed one word: the clause.
 * Whatever else they do is told from what they should have done. */
#include "cli/probe.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check/clock.h"

static pid_t start(const char *path, int *output) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return -1;
  pid_t pid = fork();
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(ends[1], STDOUT_FILENO);
    int nothing = open("/dev/null", O_RDWR);
    dup2(nothing, STDIN_FILENO);
    dup2(nothing, STDERR_FILENO);
    execl(path, path, (char *)NULL);
    _exit(127);
  }
  close(ends[1]);
  *output = ends[0];
  return pid;
}

/* Reads until the end of the output; false when the time is over before. */
static bool read_word(int output, double until, char *word, size_t size) {
  size_t length = 0;
  word[0] = '\0';
  for (;;) {
    double left = until - pp_now();
    struct pollfd ready = {.fd = output, .events = POLLIN};
    if (left <= 0 || pp_interrupted) return false;
    if (poll(&ready, 1, (int)(1e3 * left) + 1) <= 0) continue;
    char bytes[256];
    ssize_t got = read(output, bytes, sizeof bytes);
    if (got <= 0) break;
    for (ssize_t i = 0; i < got && length + 1 < size; i++)
      word[length++] = bytes[i];
    word[length] = '\0';
  }
  word[strcspn(word, " \n")] = '\0';
  return true;
}

void probe(const char *path, double seconds, struct pp_judgement *judgement) {
  char word[32];
  int output;
  int status = 0;
  double begin = pp_now();
  snprintf(judgement->name, sizeof judgement->name, "%s", path);
  judgement->verdict = PP_VERDICT_OWN_FAULT;
  pid_t pid = start(path, &output);
  if (pid < 0) return;
  bool whole = read_word(output, begin + seconds, word, sizeof word);
  if (!whole) kill(pid, SIGKILL);
  close(output);
  waitpid(pid, &status, 0);
  judgement->seconds = judgement->found_seconds = pp_now() - begin;
  if (!whole || !WIFEXITED(status)) return;
  judgement->finding.clause = pp_clause_find(word);
  if (WEXITSTATUS(status) == 0 && word[0] == '\0')
    judgement->verdict = PP_VERDICT_CONFORMS;
  if (WEXITSTATUS(status) == 1 && judgement->finding.clause != PP_HOLDS)
    judgement->verdict = PP_VERDICT_VIOLATION;
}
