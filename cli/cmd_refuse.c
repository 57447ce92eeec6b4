/* poolproof refuse: performs one trace again and again, each time with another
 * of the subject's calls for memory refused, and says what became of each. */
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "check/pages.h"
#include "check/sweep.h"
#include "cli/cli.h"
#include "cli/document.h"

/* Findings that are shrunk and shown: the first of a clause each. */
enum { FINDINGS_MOST = 8 };

struct table {
  uint64_t of[PP_MEMORY_CALLS + 1][PP_SWEEP_OUTCOMES]; /* last: in all */
  struct pp_sweep_run findings[FINDINGS_MOST];
  uint64_t alike[FINDINGS_MOST]; /* runs with a finding's clause and signal */
  size_t finding_count;
  json_t *runs;
};

static json_t *run_json(const struct pp_sweep_run *run) {
  json_t *object = json_pack("{sI ss sI}", "number", (json_int_t)run->number,
                             "outcome", pp_sweep_outcome_names[run->outcome],
                             "nulls", (json_int_t)run->nulls);
  if (run->outcome != PP_SWEEP_UNREACHED) {
    json_object_set_new(object, "call",
                        json_string(pp_memory_call_names[run->call]));
  }
  if (run->clause != PP_HOLDS) {
    json_object_set_new(object, "clause",
                        json_string(pp_clause_texts[run->clause].id));
  }
  if (run->signal != 0) {
    json_object_set_new(object, "signal", json_integer(run->signal));
  }
  return object;
}

static void keep_finding(struct table *table, const struct pp_sweep_run *run) {
  for (size_t i = 0; i < table->finding_count; i++) {
    const struct pp_sweep_run *other = &table->findings[i];
    if (other->clause != run->clause || other->signal != run->signal) continue;
    table->alike[i]++;
    return;
  }
  if (table->finding_count == FINDINGS_MOST) return;
  table->alike[table->finding_count] = 1;
  table->findings[table->finding_count++] = *run;
}

static void count(void *ctx, const struct pp_sweep_run *run) {
  struct table *table = ctx;
  if (run->outcome != PP_SWEEP_UNREACHED) table->of[run->call][run->outcome]++;
  table->of[PP_MEMORY_CALLS][run->outcome]++;
  json_array_append_new(table->runs, run_json(run));
  if (pp_sweep_is_violation(run->outcome)) keep_finding(table, run);
}

/* ---- for a person ---- */

static uint64_t runs_of(const struct table *table, int call) {
  uint64_t sum = 0;
  for (int outcome = 0; outcome < PP_SWEEP_OUTCOMES; outcome++)
    sum += table->of[call][outcome];
  return sum;
}

static void show_table(FILE *out, const struct table *table) {
  fprintf(out, "%-9s %8s", "refused", "runs");
  for (int outcome = 0; outcome < PP_SWEEP_OUTCOMES; outcome++)
    fprintf(out, "  %s", pp_sweep_outcome_names[outcome]);
  fprintf(out, "\n");
  for (int call = 0; call <= PP_MEMORY_CALLS; call++) {
    bool all = call == PP_MEMORY_CALLS;
    if (!all && runs_of(table, call) == 0) continue;
    fprintf(out, "%-9s %8s", all ? "in all" : pp_memory_call_names[call],
            grouped(runs_of(table, call)));
    for (int outcome = 0; outcome < PP_SWEEP_OUTCOMES; outcome++) {
      fprintf(out, "  %*s", (int)strlen(pp_sweep_outcome_names[outcome]),
              grouped(table->of[call][outcome]));
    }
    fprintf(out, "\n");
  }
}

/* Shrinks the first run that broke a clause, and shows it as any violation. */
static void show_finding(const struct pp_sweep *sweep,
                         const struct pp_sweep_run *run, uint64_t alike,
                         const struct settings *settings) {
  struct pp_job job = sweep->job;
  struct pp_ops ops = {0};
  for (size_t i = 0; i < sweep->count; i++)
    pp_ops_push(&ops, sweep->ops[i]);
  job.options.refusals = (struct pp_refusals){
      .which = PP_REFUSE_CALLS, .first = run->number, .count = 1};
  struct pp_ops_source source = pp_ops_read(ops.at, ops.count);
  job.source = &source.source;
  struct pp_judgement *judgement = judged(&job);
  uint64_t step = judgement->finding.step;
  bool again = judgement->finding.clause == run->clause;
  /* Nothing behind the finding is needed, but for one at the end of all. */
  if (again && step > 0 && step < ops.count) ops.count = step;
  struct pp_shrinker shrinker = {0};
  if (again) shrinker = pp_judge_shrink(&job, run->clause, &ops);
  source = pp_ops_read(ops.at, ops.count);
  pp_pages_free(judgement, sizeof *judgement);
  judgement = judged(&job);
  printf("\n%s %s", grouped(alike), alike == 1 ? "run breaks" : "runs break");
  printf(" %s", pp_clause_texts[run->clause].id);
  if (run->signal != 0) printf(" (%s)", strsignal(run->signal));
  printf(", the first when call %s is refused:\n", grouped(run->number));
  if (judgement->finding.clause == run->clause) {
    show_violation(stdout, judgement, &ops, settings);
    printf("shrunk in %s trials%s\n", grouped(shrinker.trials),
           shrinker.gave_up ? "; it may go further" : "");
  } else {
    printf("the finding does not repeat: the subject answers differently to "
           "the same calls\n");
  }
  pp_pages_free(judgement, sizeof *judgement);
  pp_ops_free(&ops);
}

static void show(const struct pp_sweep *sweep, const struct table *table,
                 const struct pp_judgement *judgement,
                 const struct settings *settings) {
  printf("%s (%s) makes %s calls for memory:", judgement->name,
         judgement->title, grouped(sweep->calls));
  for (int call = 0; call < PP_MEMORY_CALLS; call++) {
    if (sweep->calls_of[call] == 0) continue;
    printf(" %s %s", pp_memory_call_names[call],
           grouped(sweep->calls_of[call]));
  }
  printf("\n%s of them refused in turn, each in a run of its own\n\n",
         grouped(sweep->runs));
  show_table(stdout, table);
  for (size_t i = 0; i < table->finding_count && !pp_interrupted; i++)
    show_finding(sweep, &table->findings[i], table->alike[i], settings);
}

/* ---- for programs ---- */

static json_t *outcomes_json(const struct table *table, int call) {
  json_t *object = json_object();
  for (int outcome = 0; outcome < PP_SWEEP_OUTCOMES; outcome++) {
    json_object_set_new(object, pp_sweep_outcome_names[outcome],
                        json_integer((json_int_t)table->of[call][outcome]));
  }
  return object;
}

static bool write_json(const struct pp_sweep *sweep, const struct table *table,
                       const struct pp_judgement *judgement,
                       const struct settings *settings, int exit_code) {
  json_t *calls = json_object();
  json_t *refused = json_object();
  for (int call = 0; call < PP_MEMORY_CALLS; call++) {
    const char *name = pp_memory_call_names[call];
    json_int_t made = (json_int_t)sweep->calls_of[call];
    json_object_set_new(calls, name, json_integer(made));
    json_object_set_new(refused, name, outcomes_json(table, call));
  }
  json_object_set_new(refused, "in all", outcomes_json(table, PP_MEMORY_CALLS));
  json_t *document = json_pack(
      "{ss ss ss ss si sI so sI so sO}", "poolproof", PP_VERSION, "subject",
      judgement->name, "title", judgement->title, "why", judgement->why,
      "exit_code", exit_code, "memory_calls", (json_int_t)sweep->calls, "calls",
      calls, "runs_made", (json_int_t)sweep->runs, "refused", refused, "runs",
      table->runs);
  bool written = write_document(settings->json, document);
  json_decref(document);
  return written;
}

static int run(const struct settings *settings, int count_of_traces,
               char **arguments) {
  if (count_of_traces != 1) {
    fprintf(stderr, "poolproof refuse: one TRACE is wanted\n");
    return EXIT_USAGE;
  }
  if (settings->json != NULL && !can_write_document(settings->json))
    return EXIT_OWN_FAULT;
  struct pp_trace *trace = chosen_trace(arguments[0]);
  struct table table = {.runs = json_array()};
  struct pp_sweep sweep = {.job = chosen_job(settings, trace),
                           .most = settings->calls,
                           .on_run = count,
                           .ctx = &table};
  struct pp_ops ops = pp_trace_all(trace);
  sweep.ops = ops.at;
  sweep.count = ops.count;
  sweep.job.options.refusals = (struct pp_refusals){.which = PP_REFUSE_NONE};
  chosen_declared(&sweep.job);
  struct pp_judgement *judgement = pp_pages(sizeof *judgement);
  snprintf(judgement->name, sizeof judgement->name, "%s", sweep.job.spec.name);
  int code = pp_verdict_exit_code(pp_sweep(&sweep, judgement));
  FILE *out = sweep.runs > 0 ? stdout : stderr;
  bool to_screen = settings->json == NULL || strcmp(settings->json, "-") != 0;
  if (sweep.runs > 0 && to_screen) show(&sweep, &table, judgement, settings);
  if (judgement->finding.clause != PP_HOLDS)
    show_violation(out, judgement, &ops, settings);
  if (judgement->why[0] != '\0')
    show_why(stderr, judgement->name, judgement->why);
  if (settings->json != NULL &&
      !write_json(&sweep, &table, judgement, settings, code))
    code = EXIT_OWN_FAULT;
  json_decref(table.runs);
  pp_pages_free(judgement, sizeof *judgement);
  pp_trace_close(trace);
  pp_ops_free(&ops);
  free(sweep.job.spec.path);
  return code;
}

const struct command command_refuse = {
    .name = "refuse",
    .arguments = "TRACE --subject S [options]",
    .summary = "perform one trace with each call for memory refused in turn",
    .options = "SNlcJxL",
    .details =
        "Performs TRACE once for each call by which the subject asks the\n"
        "system for memory in it or gives it back (mmap, mremap, brk, munmap,\n"
        "madvise, mprotect), and refuses that call. Prints what became of\n"
        "each, and shrinks what broke a clause. A request may fail in which\n"
        "memory is refused; the blocks that there are have to stay as they\n"
        "are, and other requests to succeed.",
    .run = run,
};
