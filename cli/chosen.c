/* What the user chose, made real: a subject, a trace, a build of the
 * reference. What cannot be had ends the program with the right exit code. */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

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
