/* What a worker's report and its end say (SPEC.md, API-36 to API-39): jobs on
 * the plug-in that is faulty when it is told to be. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check/pages.h"
#include "check/worker.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static struct pp_report *report;
static struct pp_outcome outcome;

/* One trace on the plug-in, with this fault. */
static void run(const char *fault, const struct pp_op *ops, size_t count) {
  struct pp_ops_source source = pp_ops_read(ops, count);
  struct pp_job job = {
      .spec = {.name = "faulty",
               .kind = PP_SUBJECT_PLUGIN,
               .path = getenv("POOLPROOF_FAULTY"),
               .prefix = ""},
      .options = {.contents = PP_CONTENTS_FULL, .shadow = true},
      .source = &source.source,
      .silence_seconds = 10};
  setenv("POOLPROOF_FAULT", fault, 1);
  report = pp_pages_shared(sizeof *report);
  pp_worker_run(&job, report, &outcome);
}

static void found(enum pp_clause clause, uint64_t step, const char *what) {
  const struct pp_finding *finding = &report->finding;
  cr_assert_eq(finding->clause, clause, "%s: %s",
               pp_clause_texts[finding->clause].id, finding->what);
  cr_assert_str_eq(finding->what, what);
  cr_assert_eq(finding->step, step);
  cr_assert_not(finding->ours);
  cr_assert_eq(outcome.ending, PP_ENDING_COMPLETE);
}

Test(API_36, what_ends_well_has_kept_four_clauses) {
  static const struct pp_op ops[] = {
      {PP_OP_MALLOC, 1, 100, 0}, {PP_OP_FREE, 1, 0, 0}, {PP_OP_FREE, 1, 0, 0}};
  for (size_t count = 1; count <= COUNT(ops); count++) {
    run("none", ops, count);
    cr_assert_eq(report->finding.clause, PP_HOLDS, "%s", report->finding.what);
    cr_assert_eq(report->where, PP_WHERE_DONE);
    cr_assert_eq(outcome.ending, PP_ENDING_COMPLETE);
    cr_assert_eq(outcome.output_size, 0);
    cr_assert_eq(report->operations, count);
    cr_assert_eq(report->step, count);
    cr_assert_eq(report->ticks, count);
    cr_assert_eq(report->live_peak, 100);
    cr_assert_str_eq(report->title, "faulty");
    cr_assert_str_eq(report->version, "");
    cr_assert_str_eq(report->profile, "");
    cr_assert_not(report->exhausted);
    cr_assert_not(report->unwatched);
    for (int i = PP_API_36; i <= PP_API_39; i++) {
      cr_assert_eq(report->evaluated[i], count + 1);
      cr_assert_eq(report->armed[i], 1);
    }
    cr_assert_eq(report->armed[PP_HEAP_12], 0);
    cr_assert_eq(report->evaluated[PP_HEAP_15], 0);
  }
}

/* Crashes, by the clause that the call under way would break. */
Test(API_37, crash_breaks_what_was_at_stake) {
  static const struct pp_op null_freed[] = {{PP_OP_MALLOC, 1, 8, 0},
                                            {PP_OP_FREE, 9, 0, 0}};
  static const struct pp_op null_resized[] = {{PP_OP_REALLOC, 1, 8, 0}};
  static const struct pp_op written[] = {{PP_OP_MALLOC, 1, 8, 0},
                                         {PP_OP_MALLOC, 2, 8, 0},
                                         {PP_OP_MALLOC, 3, 4096, 0}};
  static const struct pp_op crashing[] = {
      {PP_OP_BURST, 1, 4, 8},
      {PP_OP_MALLOC, 9, 2000, 0},
      {PP_OP_DRAIN, 1, 4, 1},
  };
  run("frees-blocks-alone", null_freed, COUNT(null_freed));
  found(PP_API_07, 2, "ended by signal 6 (Aborted)");
  run("needs-a-block", null_resized, COUNT(null_resized));
  found(PP_API_11, 1, "ended by signal 6 (Aborted)");
  run("read-only", written, COUNT(written));
  found(PP_API_02, 3,
        "ended by signal 11 (Segmentation fault) in a block that it gave");
  run("crash", crashing, COUNT(crashing));
  found(PP_API_37, 3, "ended by signal 6 (Aborted)");
}

/* The last that was written, whole to the last byte. */
static void see_output(unsigned first, unsigned last, size_t size) {
  char expected[PP_OUTPUT_MAX];
  char *at = expected + sizeof expected - 1;
  *at = '\0';
  for (unsigned line = last; line + 1 > first; line--) {
    char text[16];
    snprintf(text, sizeof text, "%07u\n", line);
    for (size_t i = 8; i > 0 && at > expected; i--)
      *--at = text[i - 1];
    if (line == 0) break;
  }
  cr_assert_eq(outcome.output_size, size);
  cr_assert_eq(strlen(outcome.output), size);
  cr_assert_str_eq(outcome.output, expected + sizeof expected - 1 - size);
}

Test(API_39, what_is_written_is_kept_at_its_end) {
  static const struct pp_op little[] = {{PP_OP_MALLOC, 1, 800, 0}};
  static const struct pp_op more[] = {{PP_OP_MALLOC, 1, 1600, 0},
                                      {PP_OP_FREE, 1, 0, 0},
                                      {PP_OP_MALLOC, 1, 8, 0},
                                      {PP_OP_MALLOC, 2, 1600, 0}};
  static const struct pp_op most[] = {{PP_OP_MALLOC, 1, 65536, 0}};
  static const struct pp_op too_much[] = {{PP_OP_MALLOC, 1, 65544, 0}};
  run("prints", little, COUNT(little));
  cr_assert_eq(report->finding.clause, PP_HOLDS);
  see_output(0, 99, 800);
  run("prints", more, COUNT(more));
  cr_assert_eq(report->finding.clause, PP_HOLDS);
  see_output(145, 400, PP_OUTPUT_MAX - 1);
  run("prints", most, COUNT(most));
  cr_assert_eq(report->finding.clause, PP_HOLDS);
  see_output(0, 8191, PP_OUTPUT_MAX - 1);
  run("prints", too_much, COUNT(too_much));
  found(PP_API_39, 1, "it wrote without end");
}

Test(API_36, what_cannot_be_loaded_has_kept_nothing) {
  static const struct pp_op one = {PP_OP_FREE, 1, 0, 0};
  struct pp_ops_source source = pp_ops_read(&one, 1);
  char path[] = "/nowhere/at-all.so";
  struct pp_job job = {
      .spec = {.name = path, .kind = PP_SUBJECT_PLUGIN, .path = path},
      .source = &source.source,
      .silence_seconds = 10};
  report = pp_pages_shared(sizeof *report);
  pp_worker_run(&job, report, &outcome);
  cr_assert_eq(outcome.ending, PP_ENDING_NOT_LOADED);
  cr_assert_eq(report->load_result, PP_LOAD_FAILED);
  cr_assert_not_null(strstr(report->why, path), "%s", report->why);
  for (int i = 0; i < PP_CLAUSE_COUNT; i++)
    cr_assert_eq(report->evaluated[i], 0);
}

/* Others that end at the same time are none of its business. */
Test(API_38, worker_is_not_taken_for_another_process) {
  static const struct pp_op ops[] = {{PP_OP_MALLOC, 1, 100, 0}};
  pid_t other = fork();
  if (other == 0) _exit(3);
  siginfo_t info;
  waitid(P_PID, (id_t)other, &info, WEXITED | WNOWAIT);
  run("none", ops, 1);
  cr_assert_eq(report->finding.clause, PP_HOLDS, "%s", report->finding.what);
  cr_assert_eq(waitpid(other, NULL, 0), other); /* still there */
}

/* What the worker does about signals, and what it reads. */
Test(API_37, worker_is_ended_by_its_parent_alone) {
  static const struct pp_op ops[] = {{PP_OP_MALLOC, 1, 100, 0}};
  run("interrupts", ops, 1);
  cr_assert_eq(report->finding.clause, PP_HOLDS, "%s", report->finding.what);
  signal(SIGTERM, SIG_IGN);
  run("terminates", ops, 1);
  found(PP_API_37, 1, "ended by signal 15 (Terminated)");
  int input = memfd_create("input", 0);
  cr_assert_eq(write(input, "text", 4), 4);
  lseek(input, 0, SEEK_SET);
  dup2(input, STDIN_FILENO);
  run("reads", ops, 1);
  cr_assert_eq(report->finding.clause, PP_HOLDS, "%s", report->finding.what);
}

/* A worker whose parent dies is not left over. */
Test(API_37, worker_ends_with_its_parent) {
  static const struct pp_op ops[] = {{PP_OP_BURST, 1, 20000, 100}};
  int status, ready[2];
  char byte;
  cr_assert_eq(pipe(ready), 0);
  prctl(PR_SET_CHILD_SUBREAPER, 1); /* orphans become ours */
  pid_t parent = fork();
  if (parent == 0) {
    char text[16];
    snprintf(text, sizeof text, "%d", ready[1]);
    setenv("POOLPROOF_READY", text, 1);
    fcntl(ready[1], F_SETFD, 0);
    run("sleep", ops, 1);
    _exit(0);
  }
  close(ready[1]);
  cr_assert_eq(read(ready[0], &byte, 1), 1); /* the worker is at work */
  kill(parent, SIGKILL);
  cr_assert_eq(waitpid(parent, NULL, 0), parent);
  cr_assert_gt(waitpid(-1, &status, 0), 0);
  cr_assert(WIFSIGNALED(status));
  cr_assert_eq(WTERMSIG(status), SIGKILL);
}

/* Slow is not hung: what is waited for is the next call. */
Test(API_36, slow_progress_is_progress) {
  static const struct pp_op ops[] = {{PP_OP_BURST, 1, 2200, 100}};
  struct pp_ops_source source = pp_ops_read(ops, 1);
  struct pp_job job = {.spec = {.name = "faulty",
                                .kind = PP_SUBJECT_PLUGIN,
                                .path = getenv("POOLPROOF_FAULTY")},
                       .source = &source.source,
                       .silence_seconds = 1.5};
  setenv("POOLPROOF_FAULT", "sleep", 1);
  report = pp_pages_shared(sizeof *report);
  pp_worker_run(&job, report, &outcome);
  cr_assert_eq(report->finding.clause, PP_HOLDS, "%s", report->finding.what);
  cr_assert_eq(report->operations, 2200);
}

/* Without a pipe there is no worker: our own fault. */
Test(API_38, host_without_descriptors_is_told) {
  static const struct pp_op ops[] = {{PP_OP_MALLOC, 1, 100, 0}};
  static const struct rlimit none = {3, 3};
  int status;
  pid_t child = fork();
  if (child == 0) {
    setrlimit(RLIMIT_NOFILE, &none);
    run("none", ops, 1);
    _exit(0);
  }
  cr_assert_eq(waitpid(child, &status, 0), child);
  cr_assert(WIFEXITED(status));
  cr_assert_eq(WEXITSTATUS(status), 5);
}

/* ---- the reference as the subject, and as the twin ---- */

static void run_reference(const struct pp_reference *twin, const char *profile,
                          enum pp_level level) {
  static const struct pp_op ops[] = {{PP_OP_MALLOC, 1, 16, 0},
                                     {PP_OP_MALLOC, 2, 600, 0},
                                     {PP_OP_FREE, 1, 0, 0},
                                     {PP_OP_FREE, 2, 0, 0}};
  struct pp_ops_source source = pp_ops_read(ops, COUNT(ops));
  struct pp_job job = {
      .spec = {.name = "reference",
               .kind = PP_SUBJECT_REFERENCE,
               .profile = pp_profile_find(profile),
               .level = level},
      .options = {.contents = PP_CONTENTS_FULL, .shadow = true},
      .reference = twin,
      .source = &source.source,
      .silence_seconds = 10};
  report = pp_pages_shared(sizeof *report);
  pp_worker_run(&job, report, &outcome);
  cr_assert_eq(outcome.ending, PP_ENDING_COMPLETE);
}

Test(HEAP_15, both_heaps_are_ended_and_counted) {
  run_reference(NULL, "3.9", PP_LEVEL_NONE);
  cr_assert_eq(report->finding.clause, PP_HOLDS, "%s", report->finding.what);
  cr_assert_eq(report->evaluated[PP_HEAP_15], 2);
  cr_assert_eq(report->evaluated[PP_ARENA_22], 4 + 1);
  cr_assert_str_eq(report->profile, "3.9");
  cr_assert_str_eq(report->title, "reference");
  cr_assert_eq(report->armed[PP_HEAP_12], 1);
  cr_assert_eq(report->armed[PP_HEAP_01], 0);
  run_reference(&pp_reference_none, "tiny", PP_LEVEL_HEAP);
  cr_assert_eq(report->finding.clause, PP_HOLDS, "%s", report->finding.what);
  cr_assert_gt(report->evaluated[PP_HEAP_01], 0); /* by the subject's witness */
  cr_assert_eq(report->armed[PP_HEAP_01], 0);
  uint64_t alone = report->evaluated[PP_HEAP_01];
  run_reference(NULL, "tiny", PP_LEVEL_HEAP);
  cr_assert_eq(report->finding.clause, PP_HOLDS, "%s", report->finding.what);
  /* The twin does not watch itself as well. */
  cr_assert_lt(report->evaluated[PP_HEAP_01], alone * 3 / 2);
  cr_assert_eq(report->evaluated[PP_HOLDS], 0);
  for (int i = 0; i < PP_CLAUSE_COUNT; i++)
    cr_assert_eq(report->deviated[i], 0);
  cr_assert_eq(report->armed[PP_HEAP_01], 1);
  run_reference(&pp_reference_heap, "tiny", PP_LEVEL_NONE);
  cr_assert_eq(report->finding.clause, PP_HOLDS, "%s", report->finding.what);
  cr_assert_eq(report->armed[PP_HEAP_01], 0);
  cr_assert_gt(report->evaluated[PP_HEAP_01], 0); /* by the twin's */
}

static struct pp_witness *watching;

static struct pp_heap *create(void *memory, const struct pp_profile *profile,
                              const struct pp_arena_source *arenas,
                              const struct pp_system_source *system,
                              struct pp_witness *witness) {
  watching = witness;
  return pp_reference_none.create(memory, profile, arenas, system, witness);
}

static void free_and_tell(struct pp_heap *heap, void *block) {
  pp_reference_none.free(heap, block);
  watching->broken(watching, PP_POOL_09, "/here/and/there.c:7: all is well");
}

static void end_and_tell(struct pp_heap *heap) {
  pp_reference_none.destroy(heap);
  watching->broken(watching, PP_HEAP_15, "/here/and/there.c:8: nothing is");
}

static void keep_all(struct pp_heap *heap) {
  (void)heap;
}

Test(HEAP_15, fault_of_the_twin_is_our_own) {
  struct pp_reference twin = pp_reference_none;
  twin.create = create;
  twin.free = free_and_tell;
  run_reference(&twin, "3.9", PP_LEVEL_NONE);
  cr_assert(report->finding.ours);
  cr_assert_eq(report->finding.clause, PP_POOL_09);
  cr_assert_eq(report->finding.step, 3);
  cr_assert_eq(report->finding.op.kind, PP_OP_FREE);
  cr_assert_str_eq(report->finding.what, "there.c:7: all is well");
  twin = pp_reference_none;
  twin.create = create;
  twin.destroy = end_and_tell;
  run_reference(&twin, "3.9", PP_LEVEL_NONE);
  cr_assert(report->finding.ours);
  cr_assert_eq(report->finding.clause, PP_HEAP_15);
  cr_assert_eq(report->finding.step, 4);
  cr_assert_str_eq(report->finding.what, "there.c:8: nothing is");
  twin = pp_reference_none;
  twin.destroy = keep_all;
  run_reference(&twin, "tiny", PP_LEVEL_NONE);
  cr_assert(report->finding.ours);
  cr_assert_eq(report->finding.clause, PP_HEAP_15);
  cr_assert_str_eq(report->finding.what, "an arena was not given back");
}
