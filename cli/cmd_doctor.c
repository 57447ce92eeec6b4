/* poolproof doctor: whether a subject can be judged here, and if not, what
 * would cure it. It is loaded in a worker, called once, and nothing is judged.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "check/declared.h"
#include "check/library.h"
#include "check/pages.h"
#include "check/static_tls.h"
#include "cli/cli.h"

static void line(const char *heading, const char *text) {
  printf("  %-11s %s\n", heading, text);
}

static const char *kind_of(const struct pp_subject_spec *spec) {
  switch (spec->kind) {
  case PP_SUBJECT_REFERENCE: return "the reference, or a build of it";
  case PP_SUBJECT_LIBC: return "the malloc family of this process";
  case PP_SUBJECT_MALLOC: return "a malloc family";
  case PP_SUBJECT_PYTHON: return "a CPython";
  case PP_SUBJECT_RUNNER: return "a program with its own malloc family";
  case PP_SUBJECT_PLUGIN: return "a plug-in";
  case PP_SUBJECT_OBJECTS: return "the reference of objects, or a build of it";
  }
  return "";
}

/* Which of the malloc family the file has, and which it lacks. */
static void show_functions(const struct pp_subject_spec *spec) {
  static const char *const names[] = {"malloc",         "calloc",
                                      "realloc",        "free",
                                      "reallocarray",   "aligned_alloc",
                                      "free_sized",     "free_aligned_sized",
                                      "posix_memalign", "malloc_usable_size"};
  enum { COUNT = sizeof names / sizeof *names };
  char full[COUNT][128];
  const char *wanted[COUNT];
  bool found[COUNT];
  for (int i = 0; i < COUNT; i++) {
    snprintf(full[i], sizeof full[i], "%.64s%s", spec->prefix, names[i]);
    wanted[i] = full[i];
  }
  if (!pp_library_exports(spec->path, wanted, found, COUNT)) return;
  for (int has = 1; has >= 0; has--) {
    bool any = false;
    for (int i = 0; i < COUNT; i++)
      any = any || found[i] == (has != 0);
    if (!any) continue;
    printf("  %-11s", has ? "has" : "lacks");
    for (int i = 0; i < COUNT; i++)
      if (found[i] == (has != 0)) printf(" %s", full[i]);
    printf("\n");
  }
}

static void show_storage(const struct pp_subject_spec *spec) {
  uint64_t bytes;
  bool is_static;
  if (!pp_library_storage(spec->path, &bytes, &is_static) || bytes == 0) return;
  const char *tunables = getenv("GLIBC_TUNABLES");
  printf("  %-11s %" PRIu64 " bytes for each thread%s\n", "storage", bytes,
         is_static ? ", static" : "");
  if (!is_static) return;
  bool has_room = tunables != NULL &&
                  strstr(tunables, "glibc.rtld.optional_static_tls") != NULL;
  line("", has_room ? "there is room for it: poolproof started itself anew with"
                    : "glibc has little room for that: start poolproof with");
  printf("  %-11s GLIBC_TUNABLES=%s\n", "",
         has_room ? tunables : PP_STATIC_TLS_TUNABLE);
  if (spec->kind == PP_SUBJECT_MALLOC) line("", "or judge it with --preload");
}

static void show_clauses(const char *heading, const bool *clauses,
                         const char *file) {
  int first = 1;
  while (first < PP_CLAUSE_COUNT && !clauses[first])
    first++;
  if (first == PP_CLAUSE_COUNT) return;
  printf("  %-11s", heading);
  for (int i = first; i < PP_CLAUSE_COUNT; i++)
    if (clauses[i]) printf(" %s", pp_clause_texts[i].id);
  printf(", in %s\n", file);
}

static void show_declared(const struct pp_subject_spec *spec,
                          const struct pp_judgement *judgement) {
  static struct pp_declared declared;
  bool found =
      pp_declared_of(spec, judgement->title, judgement->version, &declared);
  if (declared.error[0] != '\0') line("declared", declared.error);
  if (!found) return;
  show_clauses("declared", declared.deviates, declared.file);
  show_clauses("promised", declared.promises, declared.file);
}

/* One call, in a process of its own. */
static int show_start(struct pp_subject_spec *spec,
                      const struct settings *settings) {
  static const struct pp_op one = {PP_OP_FREE, 0, 0, 0};
  struct pp_ops_source source = pp_ops_read(&one, 1);
  struct pp_job job = {.spec = *spec,
                       .source = &source.source,
                       .reference = chosen_reference(settings, PP_LEVEL_NONE),
                       .silence_seconds = PP_SILENCE_SECONDS};
  struct pp_judgement *judgement = judged(&job);
  int code = pp_verdict_exit_code(judgement->verdict);
  if (judgement->title[0] != '\0') line("is", judgement->title);
  if (judgement->profile[0] != '\0') line("profile", judgement->profile);
  show_declared(spec, judgement);
  switch (judgement->verdict) {
  case PP_VERDICT_NOT_LOADED: line("cannot be loaded:", judgement->why); break;
  case PP_VERDICT_VIOLATION:
    printf("  does not start: %s: %s\n",
           pp_clause_texts[judgement->finding.clause].sentence,
           judgement->finding.what);
    if (judgement->output[0] != '\0') line("it wrote", judgement->output);
    code = EXIT_NOT_LOADED;
    break;
  default:
    line("", "can be judged");
    if (code == EXIT_INCONCLUSIVE) code = EXIT_CONFORMS; /* nothing was */
  }
  pp_pages_free(judgement, sizeof *judgement);
  return code;
}

static int examine(const char *typed, const struct settings *settings) {
  struct pp_subject_spec spec;
  char why[PP_WHY_MAX];
  printf("%s\n", typed);
  if (!find_subject(typed, settings, &spec, why)) {
    line("cannot be a subject:", why);
    return EXIT_NOT_LOADED;
  }
  if (spec.path != NULL) line("file", spec.path);
  line("kind", kind_of(&spec));
  if (spec.kind == PP_SUBJECT_MALLOC) show_functions(&spec);
  if (spec.path != NULL) show_storage(&spec);
  int code = spec.kind == PP_SUBJECT_OBJECTS ? EXIT_CONFORMS
                                             : show_start(&spec, settings);
  free(spec.path);
  return code;
}

static int run(const struct settings *settings, int count, char **arguments) {
  int gravest = EXIT_CONFORMS;
  if (count == 0) {
    fprintf(stderr, "poolproof doctor: a SUBJECT is wanted\n");
    return EXIT_USAGE;
  }
  for (int i = 0; i < count; i++) {
    int code = examine(arguments[i], settings);
    if (code > gravest) gravest = code;
  }
  return gravest;
}

const struct command command_doctor = {
    .name = "doctor",
    .arguments = "SUBJECT... [options]",
    .summary = "whether a subject can be judged, and what would cure it",
    .options = "pxlLR",
    .details = "Says what each SUBJECT is, which functions it has, and whether "
               "it can be\n"
               "loaded and called. Exit code 0: all can be judged, 3: one "
               "cannot.",
    .run = run,
};
