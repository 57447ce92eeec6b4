/* Refused memory (SPEC.md, API): which calls are refused and counted, what a
 * subject may make of it, and that a malloc which is faulty only then is found
 * under the clause that it breaks. */
#include <criterion/criterion.h>
#include <errno.h>
#include <jansson.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "check/pages.h"
#include "check/sweep.h"
#include "proptests/judged.h"
#include "proptests/programs.h"

/* ---- which calls ---- */

Test(refusals, calls_in_a_row) {
  const struct pp_refusals row = {
      .which = PP_REFUSE_CALLS, .first = 3, .count = 2};
  for (uint64_t number = 1; number < 9; number++)
    cr_assert_eq(pp_refusals_hit(&row, number), number == 3 || number == 4);
}

Test(refusals, every_third) {
  const struct pp_refusals third = {.which = PP_REFUSE_EVERY, .every = 3};
  for (uint64_t number = 1; number < 9; number++)
    cr_assert_eq(pp_refusals_hit(&third, number), number % 3 == 0);
}

static uint64_t hits(uint64_t seed, uint64_t percent, uint64_t calls) {
  const struct pp_refusals some = {
      .which = PP_REFUSE_RANDOM, .seed = seed, .percent = percent};
  uint64_t count = 0;
  for (uint64_t number = 1; number <= calls; number++)
    count += pp_refusals_hit(&some, number);
  return count;
}

Test(refusals, so_many_of_a_hundred) {
  for (uint64_t seed = 0; seed < 20; seed++) {
    cr_assert_eq(hits(seed, 100, 1000), 1000);
    uint64_t fifth = hits(seed, 20, 10000);
    cr_assert_gt(fifth, 1800);
    cr_assert_lt(fifth, 2200);
  }
  cr_assert_neq(hits(1, 50, 1000), hits(2, 50, 1000));
}

/* ---- what is counted ---- */

static const struct pp_op every_way[] = {
    {PP_OP_MALLOC, 0, 200000, 0},  /* mmap, mprotect */
    {PP_OP_MALLOC, 1, 50000, 0},   /* brk */
    {PP_OP_REALLOC, 0, 400000, 0}, /* mremap */
    {PP_OP_FREE, 0, 0, 0},         /* madvise, munmap */
};

enum { EVERY_WAY = sizeof every_way / sizeof every_way[0] };

static struct pp_report *report;
static struct pp_outcome outcome;

/* Performs a trace on a mutant, or on libc where there is no name. */
static void perform(const char *name, const struct pp_op *ops, size_t count,
                    const struct pp_refusals *refusals) {
  struct pp_ops_source source = pp_ops_read(ops, count);
  struct pp_job job = {.spec = {.prefix = "", .level = PP_LEVEL_OBJECT},
                       .options = {.contents = PP_CONTENTS_FULL,
                                   .shadow = true,
                                   .refusals = *refusals},
                       .source = &source.source,
                       .silence_seconds = PP_SILENCE_IN_TESTS};
  char why[PP_WHY_MAX];
  const char *typed = name == NULL ? "libc" : pp_mutant_file(name);
  cr_assert(pp_subject_parse(typed, &job.spec, why, sizeof why), "%s", why);
  if (report == NULL) report = pp_pages_shared(sizeof *report);
  pp_worker_run(&job, report, &outcome);
  free(job.spec.path);
}

static struct pp_refusals only(uint64_t number) {
  return (struct pp_refusals){
      .which = PP_REFUSE_CALLS, .first = number, .count = 1};
}

/* Whatever is refused, a sound malloc breaks nothing, and it is null that the
 * requests answer which needed it. */
Test(refusals, each_kind_of_call_is_refused) {
  static const bool is_needed[PP_MEMORY_CALLS] = {[PP_CALL_MMAP] = true,
                                                  [PP_CALL_MREMAP] = true,
                                                  [PP_CALL_BRK] = true,
                                                  [PP_CALL_MPROTECT] = true};
  bool seen[PP_MEMORY_CALLS] = {false};
  const struct pp_refusals none = {.which = PP_REFUSE_NONE};
  perform("odd-asks-in-every-way", every_way, EVERY_WAY, &none);
  uint64_t calls = report->refused.calls;
  cr_assert_geq(calls, PP_MEMORY_CALLS);
  cr_assert_eq(report->refused.refused, 0);
  for (uint64_t number = 1; number <= calls; number++) {
    struct pp_refusals one = only(number);
    perform("odd-asks-in-every-way", every_way, EVERY_WAY, &one);
    cr_assert_eq(report->finding.clause, PP_HOLDS, "%s", report->finding.what);
    cr_assert_eq(report->where, PP_WHERE_DONE);
    cr_assert_eq(report->refused.refused, 1);
    cr_assert_eq(report->refused.silent, 0);
    for (int call = 0; call < PP_MEMORY_CALLS; call++) {
      if (report->refused.refused_of[call] == 0) continue;
      seen[call] = true;
      cr_assert_eq(report->refused.nulls, is_needed[call], "%s",
                   pp_memory_call_names[call]);
    }
  }
  for (int call = 0; call < PP_MEMORY_CALLS; call++)
    cr_assert(seen[call], "%s", pp_memory_call_names[call]);
}

/* The engine's own calls, and those after the last statement, are neither
 * counted nor refused. */
Test(refusals, calls_of_the_engine_are_performed) {
  const struct pp_refusals all = {.which = PP_REFUSE_RANDOM, .percent = 100};
  struct pp_op many[2] = {{PP_OP_BURST, 0, 2000, 24}, {PP_OP_FREE, 7, 0, 0}};
  perform("sound-as-it-is", &many[1], 1, &all);
  cr_assert_eq(report->where, PP_WHERE_DONE);
  cr_assert_eq(report->refused.calls, 0);
  perform("sound-as-it-is", many, 2, &all);
  cr_assert_eq(report->finding.clause, PP_HOLDS, "%s", report->finding.what);
  cr_assert_eq(report->refused.calls, report->refused.refused);
  cr_assert_eq(report->refused.nulls, 2000);
}

Test(refusals, patterns_refuse_what_they_say) {
  const struct pp_refusals third = {.which = PP_REFUSE_EVERY, .every = 3};
  struct pp_op many[1] = {{PP_OP_BURST, 0, 30, 200000}};
  perform("sound-as-it-is", many, 1, &third);
  cr_assert_eq(report->refused.calls_of[PP_CALL_MMAP], 30);
  cr_assert_eq(report->refused.refused_of[PP_CALL_MMAP], 10);
  cr_assert_eq(report->refused.nulls, 10);
}

/* ---- where nothing can be refused ---- */

/* Of a filter, the kernel grants no other. */
static void forbid_filters(void) {
  struct sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_prctl, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PR_SET_SECCOMP, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
  cr_assert_eq(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
  cr_assert_eq(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
}

Test(refusals, without_seccomp_it_says_so) {
  struct pp_refusals one = only(1);
  forbid_filters();
  perform("sound-as-it-is", every_way, EVERY_WAY, &one);
  cr_assert_eq(outcome.ending, PP_ENDING_NOT_LOADED);
  cr_assert_not_null(strstr(report->why, "seccomp"), "%s", report->why);
}

/* Stands for a subject that wants no signals. */
static void block_all(void *ctx, const struct pp_driver *driver, uint64_t id,
                      const void *address) {
  sigset_t all;
  (void)ctx;
  (void)driver;
  (void)id;
  (void)address;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, NULL);
}

Test(refusals, a_subject_that_blocks_the_signal_has_no_verdict) {
  const struct pp_drive_options options = {.contents = PP_CONTENTS_FULL,
                                           .shadow = true,
                                           .on_block = block_all,
                                           .refusals = only(2)};
  struct pp_op twice[2] = {{PP_OP_MALLOC, 0, 200000, 0},
                           {PP_OP_MALLOC, 1, 200000, 0}};
  struct pp_judgement *judgement =
      pp_judged_with("sound-as-it-is", &options, twice, 2);
  cr_assert_eq(judgement->verdict, PP_VERDICT_INCONCLUSIVE, "%s",
               pp_judged_text(judgement));
  cr_assert_not_null(strstr(judgement->why, "SIGSYS"));
}

/* ---- faults that show only then ---- */

static void breaks(const char *name, enum pp_clause clause,
                   const struct pp_op *ops, size_t count, uint64_t number) {
  struct pp_refusals none = {.which = PP_REFUSE_NONE};
  struct pp_refusals one = only(number);
  perform(name, ops, count, &none);
  cr_assert_eq(report->finding.clause, PP_HOLDS, "%s", report->finding.what);
  perform(name, ops, count, &one);
  cr_assert_eq(report->finding.clause, clause, "not %s: %s",
               pp_clause_texts[report->finding.clause].id,
               report->finding.what);
  cr_assert_not(report->finding.ours);
  perform("sound-as-it-is", ops, count, &one);
  cr_assert_eq(report->finding.clause, PP_HOLDS, "%s", report->finding.what);
}

static const struct pp_op twice[] = {{PP_OP_MALLOC, 0, 100000, 0},
                                     {PP_OP_MALLOC, 1, 100000, 0}};

Test(API_02, protection_not_looked_at) {
  /* mmap, munmap, mmap, mprotect */
  breaks("api-02-protection-not-looked-at", PP_API_02, twice, 1, 4);
}

Test(API_62, mremap_not_looked_at) {
  const struct pp_op grows[] = {{PP_OP_MALLOC, 0, 100000, 0},
                                {PP_OP_REALLOC, 0, 300000, 0}};
  breaks("api-62-mremap-not-looked-at", PP_API_62, grows, 2, 2);
}

Test(API_09, purge_not_looked_at) {
  const struct pp_op again[] = {{PP_OP_MALLOC, 0, 100000, 0},
                                {PP_OP_FREE, 0, 0, 0},
                                {PP_OP_CALLOC, 1, 1, 90000}};
  breaks("api-09-purge-not-looked-at", PP_API_09, again, 3, 2);
}

Test(API_18, errno_of_the_cleaning_up) {
  breaks("api-18-errno-of-the-cleaning-up", PP_API_18, twice, 1, 1);
}

Test(API_33, refused_once_for_all) {
  breaks("api-33-refused-once-for-all", PP_API_33, twice, 2, 1);
}

Test(API_37, map_failed_for_memory) {
  breaks("api-37-map-failed-for-memory", PP_API_37, twice, 2, 2);
  cr_assert_eq(outcome.signal, 0); /* of the sound one, which came last */
}

/* What is found by a pattern in a generated history is shrunk to one call. */
Test(API_18, shrunk_to_one_refused_call) {
  struct pp_subject_spec spec = {.prefix = "", .level = PP_LEVEL_OBJECT};
  struct pp_judge_options options = {
      .seed = 1,
      .operations = 20000,
      .contents = PP_CONTENTS_FULL,
      .silence_seconds = PP_SILENCE_IN_TESTS,
      .refusals = {.which = PP_REFUSE_RANDOM, .seed = 1, .percent = 10}};
  char why[PP_WHY_MAX], said[64];
  const char *file = pp_mutant_file("api-18-errno-of-the-cleaning-up");
  cr_assert(pp_subject_parse(file, &spec, why, sizeof why), "%s", why);
  struct pp_judgement *judgement = pp_pages(sizeof *judgement);
  pp_judge(&spec, &options, judgement);
  pp_judged_breaks(judgement, PP_API_18, 1);
  pp_refusals_text(&judgement->refusals, said, sizeof said);
  cr_assert_str_eq(said, " --refuse-call 1");
  free(spec.path);
}

/* ---- sweeps ---- */

static uint64_t runs_with[PP_SWEEP_OUTCOMES];
static int last_signal;

static void count_run(void *ctx, const struct pp_sweep_run *run) {
  (void)ctx;
  runs_with[run->outcome]++;
  if (run->signal != 0) last_signal = run->signal;
}

static enum pp_verdict sweep(const char *name, const struct pp_op *ops,
                             size_t count, struct pp_sweep *swept) {
  struct pp_judgement *judgement = pp_pages(sizeof *judgement);
  char why[PP_WHY_MAX];
  *swept = (struct pp_sweep){
      .job = {.spec = {.prefix = "", .level = PP_LEVEL_OBJECT},
              .options = {.contents = PP_CONTENTS_FULL, .shadow = true},
              .silence_seconds = PP_SILENCE_IN_TESTS},
      .ops = ops,
      .count = count,
      .most = 1000,
      .on_run = count_run};
  const char *typed = name == NULL ? "libc" : pp_mutant_file(name);
  cr_assert(pp_subject_parse(typed, &swept->job.spec, why, sizeof why));
  memset(runs_with, 0, sizeof runs_with);
  enum pp_verdict verdict = pp_sweep(swept, judgement);
  free(swept->job.spec.path);
  pp_pages_free(judgement, sizeof *judgement);
  return verdict;
}

Test(refusals, a_sweep_refuses_each_call_once) {
  struct pp_sweep swept;
  enum pp_verdict verdict =
      sweep("odd-asks-in-every-way", every_way, EVERY_WAY, &swept);
  cr_assert_eq(verdict, PP_VERDICT_CONFORMS);
  cr_assert_eq(swept.runs, swept.calls);
  cr_assert_gt(runs_with[PP_SWEEP_COMPLETED], 0);
  cr_assert_eq(runs_with[PP_SWEEP_NULL], 4);
  cr_assert_eq(runs_with[PP_SWEEP_COMPLETED] + runs_with[PP_SWEEP_NULL],
               swept.runs);
}

Test(refusals, a_sweep_tells_how_it_crashed) {
  struct pp_sweep swept;
  enum pp_verdict verdict =
      sweep("api-37-map-failed-for-memory", twice, 2, &swept);
  cr_assert_eq(verdict, PP_VERDICT_VIOLATION);
  cr_assert_eq(runs_with[PP_SWEEP_CRASHED], 2);
  cr_assert_eq(last_signal, SIGSEGV);
}

Test(refusals, a_sweep_over_the_c_library_alarms_nobody) {
  const struct pp_op ops[] = {{PP_OP_BURST, 0, 20, 200000},
                              {PP_OP_REALLOC, 3, 900000, 0},
                              {PP_OP_DRAIN, 0, 20, 1},
                              {PP_OP_BURST, 0, 8, 150000}};
  struct pp_sweep swept;
  cr_assert_eq(sweep(NULL, ops, 4, &swept), PP_VERDICT_CONFORMS);
  cr_assert_gt(swept.runs, 20);
}

/* ---- on the command line ---- */

#define TRACE "poolproof-trace 1\nmalloc 0 100000\nmalloc 1 100000\n"

static void see(const char *subject, const char *option, const char *value,
                int status, const char *words) {
  char path[4096];
  snprintf(path, sizeof path, "%s",
           strchr(subject, '-') ? pp_mutant_file(subject) : subject);
  struct pp_ran ran = pp_run_poolproof(TRACE, "replay", "--subject", path,
                                       option, value, "-", NULL);
  cr_assert_eq(ran.status, status, "%d: %s%s", ran.status, ran.out, ran.err);
  cr_assert(strstr(ran.out, words) != NULL || strstr(ran.err, words) != NULL,
            "no \"%s\" in: %s%s", words, ran.out, ran.err);
  pp_ran_free(&ran);
}

Test(refusals, replay_refuses_and_says_how_to_repeat_it) {
  see("sound-as-it-is", "--refuse-call", "1", 0, "1 of 2 calls for memory");
  see("sound-as-it-is", "--refuse-call", "2:5", 0, "1 of 2 calls for memory");
  see("api-37-map-failed-for-memory", "--refuse-call", "2", 1,
      "so --refuse-call 2 - <<'END'");
  see("api-33-refused-once-for-all", "--refuse-call", "1", 1, "API-33");
  see("sound-as-it-is", "--refuse-random", "1:100", 0, "2 of 2 calls");
}

Test(refusals, what_refuses_nothing_is_no_pass) {
  see("sound-as-it-is", "--refuse-call", "3", 4, "nothing was refused");
  see("reference", "--refuse-call", "1", 3, "arena-fail");
}

Test(refusals, what_makes_no_sense_is_usage) {
  static const char *const wrong[][2] = {
      {"--refuse-call", "0"},     {"--refuse-call", "1:0"},
      {"--refuse-call", "x"},     {"--refuse-call", "1:"},
      {"--refuse-every", "0"},    {"--refuse-random", "1"},
      {"--refuse-random", "1:0"}, {"--refuse-random", "1:101"}};
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
    see("libc", wrong[i][0], wrong[i][1], 2, "not a value for this option");
  see("libc", "--refuse-call=1", "--refuse-every=2", 2, "is said once");
}

Test(refusals, the_table_is_also_json) {
  char path[4096];
  snprintf(path, sizeof path, "%s",
           pp_mutant_file("api-33-refused-once-for-all"));
  struct pp_ran ran = pp_run_poolproof(TRACE, "refuse", "--subject", path,
                                       "--json", "-", "-", NULL);
  cr_assert_eq(ran.status, 1, "%s", ran.err);
  json_t *document = json_loads(ran.out, 0, NULL);
  cr_assert_not_null(document, "%s", ran.out);
  const json_t *runs = json_object_get(document, "runs");
  cr_assert_eq(json_array_size(runs), 2);
  const json_t *first = json_array_get(runs, 0);
  const char *clause = json_string_value(json_object_get(first, "clause"));
  cr_assert_str_eq(clause, "API-33");
  const json_t *all =
      json_object_get(json_object_get(document, "refused"), "in all");
  cr_assert_eq(json_integer_value(json_object_get(all, "violation")), 1);
  cr_assert_eq(json_integer_value(json_object_get(all, "null with ENOMEM")), 1);
  json_decref(document);
  pp_ran_free(&ran);
}
