/* Declarations, written: the deviations are those of a run in which all that
 * can be declared is; each is then found once more, with only the others
 * excused, for the trace that shows it. A run that reads the file back excuses
 * the same clauses, and so comes to the same end. */
#include "cli/declare.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "check/declared.h"
#include "check/pages.h"
#include "cli/document.h"

enum { PATH_BYTES = 4096, RELEASE_BYTES = 128 };

/* What a file is about to say. */
struct declaration {
  const struct settings *settings;
  const struct pp_judgement *whole; /* with all excused that can be */
  const bool *promised;             /* besides; or NULL */
  char release[RELEASE_BYTES];      /* NAME-VERSION */
  char path[PATH_BYTES];
  int folder; /* bytes of the path up to the file's name */
};

static bool is_folder(const char *path) {
  struct stat known;
  return stat(path, &known) == 0 && S_ISDIR(known.st_mode);
}

bool declaration_can_be_written(const struct settings *settings) {
  char inside[PATH_BYTES];
  const char *path = settings->profile_out;
  if (path == NULL) return true;
  if (!is_folder(path)) return can_write_document(path);
  snprintf(inside, sizeof inside, "%s/.declared", path);
  return can_write_document(inside);
}

/* ---- its release and its names ---- */

static bool is_word(const char *text, size_t length) {
  for (size_t i = 0; i < length; i++) {
    if (!isgraph((unsigned char)text[i]) || text[i] == '/') return false;
  }
  return length > 0 && length < 64;
}

/* As the reader looks it up: the first word of the title, and the version. */
static bool name_release(struct declaration *declaration) {
  const struct pp_judgement *whole = declaration->whole;
  size_t name = strcspn(whole->title, " \t");
  if (!is_word(whole->title, name)) return false;
  if (!is_word(whole->version, strlen(whole->version))) return false;
  snprintf(declaration->release, RELEASE_BYTES, "%.*s-%s", (int)name,
           whole->title, whole->version);
  return true;
}

static bool name_file(struct declaration *declaration) {
  const char *wanted = declaration->settings->profile_out;
  char *path = declaration->path;
  int length = is_folder(wanted) ? snprintf(path, PATH_BYTES, "%s/%s.declared",
                                            wanted, declaration->release)
                                 : snprintf(path, PATH_BYTES, "%s", wanted);
  const char *slash = strrchr(path, '/');
  declaration->folder = slash == NULL ? 0 : (int)(slash - path) + 1;
  if (length < PATH_BYTES) return true;
  fprintf(stderr, "poolproof: %s: the name is too long\n", wanted);
  return false;
}

/* ---- programs ---- */

/* Judged again, with this excused; the judgement is pages. */
static struct pp_judgement *judge_with(const struct pp_subject_spec *spec,
                                       const struct pp_judge_options *options,
                                       const bool *excused) {
  struct pp_judge_options own = *options;
  struct pp_judgement *judgement = pp_pages_shared(sizeof *judgement);
  own.excused = excused;
  pp_judge(spec, &own, judgement);
  return judgement;
}

/* A trace too long to be kept has only the search that finds it. */
static void print_shower(FILE *out, const struct declaration *declaration,
                         const struct pp_judgement *shown, bool program) {
  struct pp_ops ops = {.at = (struct pp_op *)(uintptr_t)shown->trace,
                       .count = shown->trace_count};
  if (program) {
    program_print(out, &ops);
    return;
  }
  fputs("#!/bin/sh\n# Finds again what it shows.\n", out);
  show_repeat(out, shown, declaration->settings);
  fputc('\n', out);
}

/* Writes the program that shows the clause broken, whose name it answers;
 * false, with a message, when that failed. */
static bool write_shower(const struct declaration *declaration,
                         const struct pp_judgement *shown,
                         enum pp_clause clause, char name[PATH_BYTES]) {
  char path[PATH_BYTES], *text;
  size_t length;
  struct pp_ops ops = {.at = (struct pp_op *)(uintptr_t)shown->trace,
                       .count = shown->trace_count};
  bool program = ops.count > 0 && shown->finding.clause == clause &&
                 program_can_show(&ops, shown->name);
  int size = snprintf(name, PATH_BYTES, "%s-%s.%s", declaration->release,
                      pp_clause_texts[clause].id, program ? "c" : "sh");
  for (int i = 0; i < size; i++) {
    if (i >= (int)strlen(declaration->release))
      name[i] = (char)tolower((unsigned char)name[i]);
  }
  size = snprintf(path, sizeof path, "%.*s%s", declaration->folder,
                  declaration->path, name);
  if (size >= PATH_BYTES) {
    fprintf(stderr, "poolproof: %s: the name is too long\n", name);
    return false;
  }
  FILE *out = open_memstream(&text, &length);
  if (out == NULL) abort();
  print_shower(out, declaration, shown, program);
  fclose(out);
  bool written = write_whole(path, text, length);
  free(text);
  return written;
}

/* ---- lines ---- */

/* Words of a subject, on one line. */
static void print_words(FILE *out, const char *words) {
  for (; *words != '\0'; words++)
    fputc(iscntrl((unsigned char)*words) ? ' ' : *words, out);
  fputc('\n', out);
}

static bool needs(const struct declaration *declaration,
                  enum pp_clause clause) {
  const struct pp_drive_options promised = {.promised = declaration->promised};
  return declaration->whole->deviated[clause] > 0 &&
         pp_driver_decides(&promised, clause);
}

static bool print_deviation(FILE *out, const struct declaration *declaration,
                            const struct pp_subject_spec *spec,
                            const struct pp_judge_options *options,
                            enum pp_clause clause) {
  bool excused[PP_CLAUSE_COUNT] = {false};
  char name[PATH_BYTES];
  for (int i = 1; i < PP_CLAUSE_COUNT; i++) {
    excused[i] = i != (int)clause && needs(declaration, (enum pp_clause)i);
  }
  struct pp_judgement *shown = judge_with(spec, options, excused);
  bool again = shown->finding.clause == clause;
  bool written = write_shower(declaration, shown, clause, name);
  fprintf(out, "deviates %s shown-by %s ", pp_clause_texts[clause].id, name);
  print_words(out, again ? shown->finding.what : "It is broken at times.");
  pp_pages_free(shown, sizeof *shown);
  return written;
}

/* What needs no declaration, and what none can cure. */
static void print_remarks(FILE *out, const struct declaration *declaration) {
  const struct pp_judgement *whole = declaration->whole;
  for (int i = 1; i < PP_CLAUSE_COUNT; i++) {
    const struct pp_clause_text *clause = &pp_clause_texts[i];
    if (pp_strength_decides(clause->strength)) continue;
    if (whole->evaluated[i] == 0 || needs(declaration, (enum pp_clause)i))
      continue;
    bool kept = whole->deviated[i] == 0;
    bool latitude = clause->strength == PP_LATITUDE;
    const char *taken = latitude ? "has latitude, taken:" : "is not kept:";
    /* As a line to be uncommented. */
    fprintf(out, "# %s%s %s %s\n", kept ? "promises " : "", clause->id,
            kept ? "Kept throughout:" : taken, clause->sentence);
  }
  if (whole->finding.clause != PP_HOLDS) {
    fprintf(out, "# %s is broken, and cannot be declared: ",
            pp_clause_texts[whole->finding.clause].id);
    print_words(out, whole->finding.what);
  } else if (whole->verdict == PP_VERDICT_INCONCLUSIVE) {
    fputs("# Not all was looked at: ", out);
    print_words(out, whole->why);
  }
}

static bool write_declaration(const struct declaration *declaration,
                              const struct pp_subject_spec *spec,
                              const struct pp_judge_options *options) {
  char *text;
  size_t length;
  const struct pp_judgement *whole = declaration->whole;
  FILE *out = open_memstream(&text, &length);
  if (out == NULL) abort();
  fprintf(out, "name %.*s\nversion %s\n", (int)strcspn(whole->title, " \t"),
          whole->title, whole->version);
  print_remarks(out, declaration);
  bool written = true;
  for (int i = 1; i < PP_CLAUSE_COUNT && written; i++) {
    enum pp_clause clause = (enum pp_clause)i;
    if (!needs(declaration, clause)) continue;
    written = print_deviation(out, declaration, spec, options, clause);
  }
  fclose(out);
  if (pp_interrupted) {
    fputs("poolproof: interrupted, so no declaration is written\n", stderr);
    written = false;
  }
  written = written && write_whole(declaration->path, text, length);
  free(text);
  return written;
}

static void tell(FILE *out, const struct declaration *declaration,
                 const struct pp_subject_spec *spec) {
  unsigned count = 0;
  for (int i = 1; i < PP_CLAUSE_COUNT; i++)
    count += needs(declaration, (enum pp_clause)i);
  fprintf(out,
          "\n%s declares %u clause%s; it is read as %s.declared %s, with the "
          "programs that it names\n",
          declaration->path, count, count == 1 ? "" : "s", declaration->release,
          spec->kind == PP_SUBJECT_PLUGIN ? "beside the plug-in"
                                          : "in $POOLPROOF_DATA/allocators");
}

static bool is_judged(const struct pp_judgement *judgement) {
  if (judgement->operations == 0) return false;
  return judgement->verdict == PP_VERDICT_CONFORMS ||
         judgement->verdict == PP_VERDICT_VIOLATION ||
         judgement->verdict == PP_VERDICT_INCONCLUSIVE;
}

static int not_judged(const struct judge *judge) {
  fprintf(stderr,
          "poolproof: %s: nothing was judged, so no declaration is written\n",
          judge->judgement->name);
  return EXIT_CONFORMS; /* the verdict has an exit code of its own */
}

static int write_whole_judged(FILE *out, struct declaration *declaration,
                              const struct judge *judge) {
  if (!is_judged(declaration->whole)) return not_judged(judge);
  if (!name_release(declaration)) {
    fprintf(stderr,
            "poolproof: %s: it does not say which release it is, so nothing "
            "can be declared for it; a plug-in named as \"mine 1.0\" does\n",
            judge->judgement->name);
    return EXIT_USAGE;
  }
  if (!name_file(declaration)) return EXIT_USAGE;
  if (!write_declaration(declaration, &judge->spec, &judge->options))
    return pp_interrupted ? EXIT_INTERRUPTED : EXIT_OWN_FAULT;
  tell(out, declaration, &judge->spec);
  return EXIT_CONFORMS;
}

int declare(FILE *out, const struct judge *judge,
            const struct settings *settings) {
  bool excused[PP_CLAUSE_COUNT];
  if (!is_judged(judge->judgement)) return not_judged(judge);
  for (int i = 0; i < PP_CLAUSE_COUNT; i++)
    excused[i] = pp_declared_may_excuse((enum pp_clause)i);
  struct pp_judgement *whole =
      judge_with(&judge->spec, &judge->options, excused);
  struct declaration declaration = {.settings = settings,
                                    .whole = whole,
                                    .promised = judge->options.promised};
  int code = write_whole_judged(out, &declaration, judge);
  pp_pages_free(whole, sizeof *whole);
  return code;
}
