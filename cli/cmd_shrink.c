/* poolproof shrink: from a trace that breaks a clause to the smallest one that
 * breaks the same clause. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "check/pages.h"
#include "cli/cli.h"

static int give(const struct settings *settings,
                const struct pp_judgement *judgement, struct pp_ops *ops) {
  struct pp_op expect = {.kind = PP_OP_EXPECT,
                         .a = (uint64_t)judgement->finding.clause};
  struct pp_ops annotated = {0};
  pp_ops_push(&annotated, expect);
  for (size_t i = 0; i < ops->count; i++) {
    if (ops->at[i].kind != PP_OP_EXPECT) pp_ops_push(&annotated, ops->at[i]);
  }
  int written =
      settings->output == NULL
          ? pp_trace_print(stdout, annotated.at, annotated.count)
          : pp_trace_save(settings->output, annotated.at, annotated.count);
  if (!written) {
    fprintf(stderr, "poolproof: %s: %s\n",
            settings->output == NULL ? "standard output" : settings->output,
            strerror(errno));
  }
  pp_ops_free(&annotated);
  return written ? EXIT_VIOLATION : EXIT_OWN_FAULT;
}

static void give_back(struct pp_job *job, struct pp_trace *trace,
                      struct pp_judgement *judgement) {
  pp_pages_free(judgement, sizeof *judgement);
  pp_trace_close(trace);
  free(job->spec.path);
}

static int run(const struct settings *settings, int count, char **arguments) {
  if (count != 1) {
    fprintf(stderr, "poolproof shrink: one TRACE is wanted\n");
    return EXIT_USAGE;
  }
  struct pp_trace *trace = chosen_trace(arguments[0]);
  struct pp_job job = chosen_job(settings, trace);
  if (settings->refusals_given > 0) chosen_declared(&job);
  struct pp_judgement *judgement = judged(&job);
  if (judgement->finding.clause == PP_HOLDS) {
    fprintf(stderr, "poolproof: there is nothing to shrink: %s %s\n",
            judgement->name, pp_verdict_names[judgement->verdict]);
    if (judgement->why[0] != '\0') fprintf(stderr, "%s\n", judgement->why);
    int verdict_code = pp_verdict_exit_code(judgement->verdict);
    give_back(&job, trace, judgement);
    return verdict_code;
  }
  struct pp_ops ops = pp_trace_all(trace);
  if (ops.count > judgement->finding.step) ops.count = judgement->finding.step;
  size_t before = ops.count;
  enum pp_clause clause = judgement->finding.clause;
  struct pp_shrinker shrinker = pp_judge_shrink(&job, clause, &ops);
  fprintf(stderr, "%s: %s\n%s statements became %s in %s trials%s\n",
          pp_clause_texts[clause].id, pp_clause_texts[clause].sentence,
          grouped(before), grouped(ops.count), grouped(shrinker.trials),
          shrinker.gave_up ? "; it may go further" : "");
  char refusals[64];
  pp_refusals_text(&job.options.refusals, refusals, sizeof refusals);
  if (refusals[0] != '\0') fprintf(stderr, "it shows with%s\n", refusals);
  int code = give(settings, judgement, &ops);
  pp_ops_free(&ops);
  give_back(&job, trace, judgement);
  return pp_interrupted ? EXIT_INTERRUPTED : code;
}

const struct command command_shrink = {
    .name = "shrink",
    .arguments = "TRACE --subject S [-o FILE] [options]",
    .summary = "find the smallest trace that breaks the same clause",
    .options = "pSolcxLRGqyuXQU",
    .details = "Prints the shrunk trace, or writes it to FILE. Exit code 1: "
               "the trace\n"
               "breaks a clause, and so does the shrunk one.",
    .run = run,
};
