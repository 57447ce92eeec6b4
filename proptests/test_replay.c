/* Placements with a witness (SPEC.md, HEAP-12): what `poolproof replay` says
 * of a CPython, and of the reference in that CPython's profile, is byte for
 * byte what a program says that knows nothing of the engine. The traces are
 * generated ones and those of corpus/. */
#include <criterion/criterion.h>
#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/discover.h"
#include "check/generate.h"
#include "check/trace.h"
#include "proptests/programs.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static char folder[64];
static uint64_t compared; /* placements */

static void make_folder(void) {
  pp_folder_make(folder);
}

static void remove_folder(void) {
  pp_folder_remove(folder);
}

TestSuite(HEAP_12, .init = make_folder, .fini = remove_folder);

/* ---- traces ---- */

static const struct {
  uint64_t seed;
  uint64_t calls;
  bool family; /* else such as any malloc gets: much of it is skipped */
} histories[] = {
    {1, 2000, true},  {2, 2000, true},  {3, 3000, true},  {4, 5000, false},
    {5, 10000, true}, {6, 20000, true}, {7, 50000, true},
};

/* Writes a generated history, with or without refusals by the system. */
static void write_history(char path[128], size_t number,
                          const struct pp_profile *profile, bool refusing) {
  struct pp_generate_options options = {
      .seed = histories[number].seed,
      .round = number,
      .operations = histories[number].calls,
      .profile = histories[number].family ? profile : NULL,
  };
  struct pp_generator generator;
  struct pp_ops ops = {0};
  struct pp_op op;
  pp_generator_open(&generator, &options);
  while (generator.source.fill(&generator.source, &op, 1) == 1) {
    if (refusing || op.kind != PP_OP_SYSTEM_FAIL) pp_ops_push(&ops, op);
  }
  pp_generator_close(&generator);
  snprintf(path, 128, "%s/%zu.trace", folder, number);
  cr_assert(pp_trace_save(path, ops.at, ops.count));
  pp_ops_free(&ops);
}

static bool mentions(const char *path, const char *word) {
  char line[4096];
  bool found = false;
  FILE *in = fopen(path, "r");
  cr_assert_not_null(in);
  while (!found && fgets(line, sizeof line, in) != NULL)
    found = strncmp(line, word, strlen(word)) == 0;
  fclose(in);
  return found;
}

static void list_corpus(glob_t *files) {
  char pattern[512];
  snprintf(pattern, sizeof pattern, "%s/corpus/*.trace",
           pp_setting("POOLPROOF_DATA"));
  cr_assert_eq(glob(pattern, 0, NULL, files), 0, "%s", pattern);
}

/* ---- comparisons ---- */

static struct pp_ran replay(const char *subject, const char *level,
                            const char *trace) {
  struct pp_ran ran =
      pp_run_poolproof(NULL, "replay", "--placements", "--level", level,
                       "--subject", subject, trace, NULL);
  cr_assert_eq(ran.status, 0, "%s on %s: %s", trace, subject, ran.err);
  return ran;
}

/* Both texts are the same, to the last byte. */
static void agree(const struct pp_ran *left, const struct pp_ran *right,
                  const char *subject, const char *trace) {
  const char *here = left->out;
  const char *there = right->out;
  size_t line = 1;
  while (*here != '\0' && *here == *there) {
    line += *here == '\n';
    here++;
    there++;
  }
  compared += line - 1;
  if (*here == *there && left->out_size == right->out_size) return;
  while (here > left->out && here[-1] != '\n') {
    here--;
    there--;
  }
  cr_assert_fail("%s: %s: placement %zu is %.*s, and by the witness %.*s",
                 trace, subject, line, (int)strcspn(here, "\n"), here,
                 (int)strcspn(there, "\n"), there);
}

struct python {
  const char *name; /* as poolproof takes it */
  int minor;
  const struct pp_profile *profile;
};

/* On an interpreter that had to be started first, the arena vector and the
 * nodes of the map are there already, and fewer requests reach the system. */
static bool met_empty(const struct python *python) {
  return python->minor < 12;
}

static void compare(const struct python *python, const char *trace) {
  const char *witness[] = {pp_setting("POOLPROOF_REPLAYER"), python->name,
                           trace, NULL};
  struct pp_ran expected = pp_run(witness, NULL);
  cr_assert_eq(expected.status, 0, "%s: %s", trace, expected.err);
  struct pp_ran found = replay(python->name, "object", trace);
  agree(&found, &expected, python->name, trace);
  pp_ran_free(&found);
  if (met_empty(python) || !mentions(trace, "system-fail")) {
    char reference[32];
    snprintf(reference, sizeof reference, "reference:%s",
             python->profile->name);
    found = replay(reference, "object", trace);
    agree(&found, &expected, reference, trace);
    pp_ran_free(&found);
  }
  pp_ran_free(&expected);
}

static void compare_all(const struct python *python) {
  char path[128];
  glob_t corpus;
  for (size_t i = 0; i < COUNT(histories); i++) {
    write_history(path, i, python->profile, true);
    compare(python, path);
    if (met_empty(python)) continue;
    write_history(path, i, python->profile, false);
    compare(python, path);
  }
  list_corpus(&corpus);
  for (size_t i = 0; i < corpus.gl_pathc; i++)
    compare(python, corpus.gl_pathv[i]);
  globfree(&corpus);
}

/* False when what was found is no CPython that is here. */
static bool recognise(const struct pp_found *found, struct python *python) {
  char profile[16];
  int patch = INT32_MAX; /* of the system's own, whose path does not tell */
  if (found->install != NULL ||
      sscanf(found->title, "CPython 3.%d.%d", &python->minor, &patch) < 1)
    return false;
  snprintf(profile, sizeof profile, "3.%d", python->minor);
  bool early =
      (python->minor == 6 && patch <= 8) || (python->minor == 7 && patch <= 3);
  python->name = found->name;
  python->profile = pp_profile_find(early ? "3.7.3" : profile);
  return true;
}

static void compare_pythons(int first, int last) {
  struct pp_found_list found = pp_discover();
  unsigned met = 0;
  for (size_t i = 0; i < found.count; i++) {
    struct python python;
    if (!recognise(&found.at[i], &python) || python.minor < first ||
        python.minor > last)
      continue;
    uint64_t before = compared;
    compare_all(&python);
    cr_assert_gt(compared, before + 50000, "%s", python.name);
    met++;
  }
  pp_found_list_free(&found);
  if (met == 0) cr_skip_test("no CPython 3.%d to 3.%d was found", first, last);
  cr_log_info("%u CPythons, %" PRIu64 " placements compared", met, compared);
}

Test(HEAP_12, a_witness_sees_the_same_up_to_3_8) {
  compare_pythons(6, 8);
}

Test(HEAP_12, a_witness_sees_the_same_on_3_9_and_3_10) {
  compare_pythons(9, 10);
}

Test(HEAP_12, a_witness_sees_the_same_on_3_11) {
  compare_pythons(11, 11);
}

Test(HEAP_12, a_witness_sees_the_same_from_3_12_on) {
  compare_pythons(12, 13);
}

/* A heap that watches itself places blocks like one that does not. */
Test(HEAP_12, every_level_of_checking_places_alike) {
  static const char *const levels[] = {"cheap", "object", "heap"};
  for (size_t i = 0; i < PP_PROFILE_COUNT; i++) {
    char path[128], reference[32];
    snprintf(reference, sizeof reference, "reference:%s", pp_profiles[i].name);
    write_history(path, 1, &pp_profiles[i], true);
    struct pp_ran expected = replay(reference, "none", path);
    for (size_t level = 0; level < COUNT(levels); level++) {
      struct pp_ran found = replay(reference, levels[level], path);
      agree(&found, &expected, reference, levels[level]);
      pp_ran_free(&found);
    }
    pp_ran_free(&expected);
  }
  cr_assert_gt(compared, 3 * PP_PROFILE_COUNT * 500);
}
