/* The traces of corpus/: each conforms on the reference in every profile and
 * evaluates the clause that it is named after, and the list of them is whole.
 */
#include <criterion/criterion.h>
#include <glob.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/op.h"
#include "poolproof/clause.h"
#include "poolproof/reference.h"
#include "proptests/programs.h"

enum { TRACES_EXPECTED = 18, TEXT_MAX = 1 << 16 };

static glob_t files;
static char list[TEXT_MAX];

static void read_text(const char *path, char text[TEXT_MAX]) {
  FILE *in = fopen(path, "r");
  cr_assert_not_null(in, "%s", path);
  size_t size = fread(text, 1, TEXT_MAX - 1, in);
  text[size] = '\0';
  fclose(in);
}

static void find_traces(void) {
  char pattern[512];
  snprintf(pattern, sizeof pattern, "%s/corpus/*.trace",
           pp_setting("POOLPROOF_DATA"));
  cr_assert_eq(glob(pattern, 0, NULL, &files), 0, "%s", pattern);
  strcpy(strrchr(pattern, '/'), "/README.md");
  read_text(pattern, list);
}

static void forget_traces(void) {
  globfree(&files);
}

TestSuite(corpus, .init = find_traces, .fini = forget_traces);

/* "ARENA-12" of ".../ARENA-12-the-rightmost-stays.trace". */
static enum pp_clause clause_of(const char *path) {
  char id[32];
  const char *name = strrchr(path, '/') + 1;
  const char *dash = strchr(name, '-');
  cr_assert(dash != NULL && strlen(dash) > 4 && dash[3] == '-', "%s", name);
  snprintf(id, sizeof id, "%.*s", (int)(dash + 3 - name), name);
  enum pp_clause clause = pp_clause_find(id);
  cr_assert_neq(clause, PP_HOLDS, "%s: there is no %s", name, id);
  return clause;
}

/* How often a replay evaluates a clause; it has to conform. */
static json_int_t evaluations(const char *path, const char *subject,
                              enum pp_clause clause) {
  struct pp_ran ran = pp_run_poolproof(NULL, "replay", "--placements", "--json",
                                       "-", "--subject", subject, path, NULL);
  const char *start = strchr(ran.out, '{'); /* behind the placements */
  cr_assert_eq(ran.status, 0, "%s on %s: %s", path, subject, ran.err);
  json_t *document = json_loads(start, 0, NULL);
  cr_assert_not_null(document);
  const json_t *one = json_array_get(json_object_get(document, "subjects"), 0);
  const json_t *counts = json_object_get(one, "evaluated");
  const char *id = pp_clause_texts[clause].id;
  json_int_t count = json_integer_value(json_object_get(counts, id));
  json_decref(document);
  pp_ran_free(&ran);
  return count;
}

/* Where a trace can show its clause: a skew of pages costs a pool only where
 * pools are larger. */
static bool can_show(enum pp_clause clause, const struct pp_profile *profile) {
  if (clause == PP_GEO_05 &&
      (UINT64_C(1) << profile->pool_bits) <= PP_SKEW_STEP)
    return false;
  return pp_clause_texts[clause].profiles >> profile->id & 1;
}

Test(corpus, every_trace_conforms_in_every_profile) {
  for (size_t i = 0; i < files.gl_pathc; i++) {
    enum pp_clause clause = clause_of(files.gl_pathv[i]);
    for (size_t profile = 0; profile < PP_PROFILE_COUNT; profile++) {
      char subject[32];
      snprintf(subject, sizeof subject, "reference:%s",
               pp_profiles[profile].name);
      json_int_t count = evaluations(files.gl_pathv[i], subject, clause);
      cr_expect(count > 0 || !can_show(clause, &pp_profiles[profile]),
                "%s does not evaluate its clause on %s", files.gl_pathv[i],
                subject);
    }
  }
}

/* A trace is only worth its place if a heap that disobeys is found out. */
Test(corpus, a_heap_of_another_version_is_found_out) {
  char path[512];
  snprintf(path, sizeof path, "%s/corpus/ARENA-12-the-rightmost-stays.trace",
           pp_setting("POOLPROOF_DATA"));
  setenv("POOLPROOF_FAULT", "impostor", 1);
  struct pp_ran ran = pp_run_poolproof(
      NULL, "replay", "--subject", pp_setting("POOLPROOF_FAULTY"), path, NULL);
  cr_assert_eq(ran.status, 1, "%s", ran.err);
  cr_assert_not_null(strstr(ran.out, "HEAP-13"), "%s", ran.out);
  pp_ran_free(&ran);
}

Test(corpus, the_list_is_whole) {
  cr_assert_geq(files.gl_pathc, TRACES_EXPECTED);
  for (size_t i = 0; i < files.gl_pathc; i++) {
    static char text[TEXT_MAX];
    char line[256];
    const char *name = strrchr(files.gl_pathv[i], '/') + 1;
    snprintf(line, sizeof line, "| `%.*s` | ", (int)strcspn(name, "."), name);
    cr_assert_eq(pp_occurrences(list, line), 1, "%s is not in the list", name);
    read_text(files.gl_pathv[i], text);
    cr_assert_not_null(strstr(text, "\n# "), "%s has no comment", name);
  }
  cr_assert_eq(pp_occurrences(list, "\n| `"), files.gl_pathc);
}
