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
  fprintf(stderr, "poolproof: %s: %s\n", typed, why);
  exit(EXIT_NOT_LOADED);
}

struct pp_trace *chosen_trace(const char *path) {
  struct pp_trace_error error;
  struct pp_trace *trace = pp_trace_open(path, &error);
  if (trace != NULL) return trace;
  pp_trace_error_print(&error, stderr);
  exit(EXIT_USAGE);
}

const struct pp_reference *chosen_reference(const struct settings *settings) {
  const struct pp_reference *reference = NULL;
  if (settings->reference == NULL) return NULL;
  void *library = dlopen(settings->reference, RTLD_NOW | RTLD_LOCAL);
  if (library != NULL) reference = dlsym(library, "pp_reference_object");
  if (reference != NULL) return reference;
  fprintf(stderr, "poolproof: %s\n", dlerror());
  exit(EXIT_NOT_LOADED);
}
