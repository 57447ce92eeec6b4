/* The engine's own threads under ThreadSanitizer (SPEC.md, Threads), outside of
 * Criterion, which does not start there: a run over a malloc that is sound and
 * locked has to come to its end with nothing found and no race reported. With
 * the argument "racy" the same malloc goes without its lock now and then, so
 * that a sanitizer which sees nothing is seen to see nothing.
 *
 * Exit status: that of the sanitizer where it reports; 0 nothing found; 1 a
 * finding. */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check/driver.h"
#include "check/pages.h"
#include "mutants/mallocs/locked.h"

enum { THREADS = 8, TURNS = 6, FORKS = 12 };

LOCKED_SUBJECT("sound and locked", (void)0)

/* What is racy is a count alone: the heap stays sound. */
static unsigned long racy_count;

static void *racy_malloc(void *ctx, size_t size) {
  racy_count++;
  return locked_malloc(ctx, size);
}

static int run(bool racy) {
  static struct pp_loaded loaded;
  /* What is resident is the sanitizer's, and a multiple of the heap. */
  static const bool declared[PP_CLAUSE_COUNT] = {[PP_API_83] = true};
  struct pp_report *report = pp_pages_shared(sizeof *report);
  const struct pp_drive_options options = {
      .contents = PP_CONTENTS_FULL,
      .shadow = true,
      .declared = declared,
      .threads = {.count = THREADS,
                  .seed = 1,
                  .turns = TURNS,
                  .forks = racy ? 0 : FORKS,
                  .silence_seconds = 60}};
  loaded.calls[0] = *poolproof_subject();
  if (racy) loaded.calls[0].malloc = racy_malloc;
  loaded.domain_count = 1;
  fflush(NULL);
  pid_t pid = fork(); /* a finding ends the process that it is found in */
  if (pid == 0) {
    pp_threads_run(&loaded, &options, report);
    fflush(NULL);
    _exit(0);
  }
  int status = 0;
  if (pid < 0 || waitpid(pid, &status, 0) != pid) return 1;
  if (!WIFEXITED(status)) return 1;
  if (WEXITSTATUS(status) != 0) return WEXITSTATUS(status);
  printf("%llu calls of %d threads, %llu forks\n",
         (unsigned long long)report->operations, THREADS,
         (unsigned long long)report->forks);
  if (report->finding.clause == PP_HOLDS && report->operations > 0) return 0;
  printf("%s: %s\n", pp_clause_texts[report->finding.clause].id,
         report->finding.what);
  return 1;
}

int main(int argc, char **argv) {
  return run(argc > 1 && strcmp(argv[1], "racy") == 0);
}
