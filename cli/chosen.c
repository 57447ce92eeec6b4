/* What the user chose, made real: a subject, a trace, a build of the
 * reference. What cannot be had ends the program with the right exit code. */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "check/pages.h"
#include "cli/cli.h"

struct pp_subject_spec chosen_subject(const char *typed,
                                      const struct settings *settings) {
  struct pp_subject_spec spec = {.prefix = settings->prefix,
                                 .profile = settings->profile,
                                 .level = settings->level};
  char why[PP_WHY_MAX];
  if (pp_subject_parse(typed, &spec, why, sizeof why)) return spec;
  fprintf(stderr, "poolproof: ");
  show_why(stderr, typed, why);
  exit(EXIT_NOT_LOADED);
}

struct pp_job chosen_job(const struct settings *settings,
                         struct pp_trace *trace) {
  struct pp_job job = {.spec = chosen_subject(settings->subject, settings),
                       .source = pp_trace_read(trace),
                       .reference = chosen_reference(settings),
                       .silence_seconds = PP_SILENCE_SECONDS};
  job.options.contents = settings->contents;
  job.options.shadow = settings->contents != PP_CONTENTS_NONE;
  job.options.walk_interval = pp_walk_interval(settings->level);
  return job;
}

struct pp_judgement *judged(const struct pp_job *job) {
  struct pp_judgement *judgement = pp_pages(sizeof *judgement);
  snprintf(judgement->name, sizeof judgement->name, "%s", job->spec.name);
  pp_judge_trace(job, judgement);
  return judgement;
}

struct pp_trace *chosen_trace(const char *path) {
  struct pp_trace_error error;
  struct pp_trace *trace = pp_trace_open(path, &error);
  if (trace != NULL) return trace;
  pp_trace_error_print(&error, stderr);
  exit(EXIT_USAGE);
}

/* A build exports the table of its level; which level that is, is its own
 * affair. */
const struct pp_reference *chosen_reference(const struct settings *settings) {
  static const char *const names[PP_LEVEL_COUNT] = {
      "pp_reference_none", "pp_reference_cheap", "pp_reference_object",
      "pp_reference_heap"};
  if (settings->reference == NULL) return NULL;
  void *library = dlopen(settings->reference, RTLD_NOW | RTLD_LOCAL);
  for (int i = 0; library != NULL && i < PP_LEVEL_COUNT; i++) {
    const struct pp_reference *reference = dlsym(library, names[i]);
    if (reference != NULL) return reference;
  }
  fprintf(stderr, "poolproof: %s\n", dlerror());
  exit(EXIT_NOT_LOADED);
}
