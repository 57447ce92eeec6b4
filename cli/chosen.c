/* What the user chose, made real: a subject, a trace, a build of the
 * reference. What cannot be had ends the program with the right exit code. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/builds.h"
#include "check/pages.h"
#include "cli/cli.h"

/* Options that mean nothing for this kind of subject. */
static const char *misplaced(const struct settings *settings,
                             const struct pp_subject_spec *spec) {
  if (settings->against != NULL && spec->kind != PP_SUBJECT_OBJECTS)
    return "only objects[:PROFILE] is compared with an interpreter (--against)";
  if (!settings->preload) return NULL;
  if (spec->kind != PP_SUBJECT_MALLOC || spec->prefix[0] != '\0')
    return "only a shared object with malloc itself is loaded by --preload";
  return NULL;
}

bool find_subject(const char *typed, const struct settings *settings,
                  struct pp_subject_spec *spec, char why[PP_WHY_MAX]) {
  *spec = (struct pp_subject_spec){.prefix = settings->prefix,
                                   .profile = settings->profile,
                                   .apart = settings->preload,
                                   .against = settings->against,
                                   .level = settings->level};
  if (!pp_subject_parse(typed, spec, why, PP_WHY_MAX)) return false;
  const char *mistake = misplaced(settings, spec);
  if (mistake == NULL) return true;
  fprintf(stderr, "poolproof: %s: %s\n", typed, mistake);
  exit(EXIT_USAGE);
}

struct pp_subject_spec chosen_subject(const char *typed,
                                      const struct settings *settings) {
  struct pp_subject_spec spec;
  char why[PP_WHY_MAX];
  if (find_subject(typed, settings, &spec, why)) return spec;
  fprintf(stderr, "poolproof: ");
  show_why(stderr, typed, why);
  exit(EXIT_NOT_LOADED);
}

struct pp_job chosen_job(const struct settings *settings,
                         struct pp_trace *trace) {
  struct pp_job job = {.spec = chosen_subject(settings->subject, settings),
                       .source = pp_trace_read(trace),
                       .reference = chosen_reference(settings, PP_LEVEL_NONE),
                       .silence_seconds = PP_SILENCE_SECONDS};
  job.options.contents = settings->contents;
  job.options.refusals = settings->refusals;
  if (settings->strict) job.options.promised = settings->promised;
  job.options.loops = settings->loops;
  job.options.shadow = settings->contents != PP_CONTENTS_NONE;
  job.options.walk_interval = pp_walk_interval(settings->level);
  return job;
}

void chosen_declared(struct pp_job *job) {
  static struct pp_declared declared; /* too large for a stack */
  pp_judge_declare(job, &declared);
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

const struct pp_reference *chosen_reference(const struct settings *settings,
                                            enum pp_level level) {
  static struct pp_library library;
  char why[PP_WHY_MAX];
  if (settings->reference == NULL) return NULL;
  /* As a path, where there is one: the loader would search for a bare name. */
  char *path = realpath(settings->reference, NULL);
  bool opened = pp_library_open(path != NULL ? path : settings->reference,
                                &library, why, sizeof why);
  free(path);
  if (opened) {
    const struct pp_reference *build = pp_reference_in(&library, &level);
    if (build != NULL) return build;
    snprintf(why, sizeof why, "%s has no build of the reference",
             settings->reference);
  }
  fprintf(stderr, "poolproof: %s\n", why);
  exit(EXIT_NOT_LOADED);
}
