/* Judgements made inside a test. */
#include "proptests/judged.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/pages.h"
#include "check/trace.h"
#include "proptests/programs.h"

const char *pp_mutant_file(const char *name) {
  static char path[4096];
  snprintf(path, sizeof path, "%s/%s.so", pp_setting("POOLPROOF_MUTANTS"),
           name);
  return path;
}

static struct pp_subject_spec spec_of(const char *name) {
  struct pp_subject_spec spec = {.prefix = "", .level = PP_LEVEL_OBJECT};
  char why[PP_WHY_MAX];
  cr_assert(pp_subject_parse(pp_mutant_file(name), &spec, why, sizeof why),
            "%s", why);
  cr_assert_eq(spec.kind, PP_SUBJECT_PLUGIN);
  return spec;
}

struct pp_judgement *pp_judged(const char *name, uint64_t operations) {
  struct pp_subject_spec spec = spec_of(name);
  struct pp_judge_options options = {.seed = 1,
                                     .operations = operations,
                                     .contents = PP_CONTENTS_FULL,
                                     .silence_seconds = PP_SILENCE_IN_TESTS};
  struct pp_judgement *judgement = pp_pages(sizeof *judgement);
  pp_judge(&spec, &options, judgement);
  free(spec.path);
  return judgement;
}

static struct pp_job job_of(const struct pp_subject_spec *spec) {
  return (struct pp_job){
      .spec = *spec,
      .options = {.contents = PP_CONTENTS_FULL, .shadow = true},
      .silence_seconds = PP_SILENCE_IN_TESTS};
}

struct pp_judgement *pp_judged_with(const char *name,
                                    const struct pp_drive_options *options,
                                    const struct pp_op *ops, size_t count) {
  struct pp_subject_spec spec = spec_of(name);
  struct pp_job job = job_of(&spec);
  struct pp_ops_source source = pp_ops_read(ops, count);
  struct pp_judgement *judgement = pp_pages(sizeof *judgement);
  job.source = &source.source;
  if (options != NULL) job.options = *options;
  pp_judge_trace(&job, judgement);
  snprintf(judgement->name, sizeof judgement->name, "%s", spec.name);
  free(spec.path);
  memcpy(judgement->trace, ops, count * sizeof *ops);
  judgement->trace_count = count;
  return judgement;
}

struct pp_judgement *pp_judged_trace(const char *name, const struct pp_op *ops,
                                     size_t count) {
  return pp_judged_with(name, NULL, ops, count);
}

struct pp_judgement *pp_judged_shrunk(const char *name, const struct pp_op *ops,
                                      size_t count) {
  struct pp_judgement *judgement = pp_judged_trace(name, ops, count);
  struct pp_ops shrunk = {0};
  if (judgement->finding.clause == PP_HOLDS) return judgement;
  struct pp_subject_spec spec = spec_of(name);
  struct pp_job job = job_of(&spec);
  for (size_t i = 0; i < count; i++)
    pp_ops_push(&shrunk, ops[i]);
  pp_judge_shrink(&job, judgement->finding.clause, &shrunk);
  free(spec.path);
  judgement = pp_judged_trace(name, shrunk.at, shrunk.count);
  pp_ops_free(&shrunk);
  return judgement;
}

const char *pp_judged_text(const struct pp_judgement *judgement) {
  static char text[4096];
  const char *slash = strrchr(judgement->name, '/');
  int at =
      snprintf(text, sizeof text, "%s %s: %s, found at %" PRIu64 "; %s%s",
               slash == NULL ? judgement->name : slash + 1,
               pp_verdict_names[judgement->verdict],
               pp_clause_texts[judgement->finding.clause].id,
               judgement->found_at, judgement->finding.what, judgement->why);
  for (size_t i = 0; i < judgement->trace_count && i < 8; i++) {
    char line[160];
    pp_op_print(&judgement->trace[i], line, sizeof line);
    at += snprintf(text + at, sizeof text - (size_t)at, "; %s", line);
  }
  return text;
}

void pp_judged_breaks(const struct pp_judgement *judgement,
                      enum pp_clause clause, size_t most) {
  const char *text = pp_judged_text(judgement);
  cr_assert_eq(judgement->verdict, PP_VERDICT_VIOLATION, "%s", text);
  cr_assert_eq(judgement->finding.clause, clause, "not %s: %s",
               pp_clause_texts[clause].id, text);
  cr_assert_not(judgement->finding.ours, "%s", text);
  cr_assert(judgement->trace_count > 0, "%s", text);
  cr_assert(judgement->trace_count <= most,
            "%zu statements are more than %zu"
            ": %s",
            judgement->trace_count, most, text);
}

void pp_judged_conforms(const struct pp_judgement *judgement) {
  const char *text = pp_judged_text(judgement);
  cr_assert_eq(judgement->verdict, PP_VERDICT_CONFORMS, "%s", text);
  cr_assert_eq(pp_judgement_silent(judgement), 0, "%s", text);
  cr_assert(pp_judgement_checks(judgement) > judgement->operations, "%s", text);
}
