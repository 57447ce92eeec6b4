/* Variations of the reference, one changed rule each (SPEC.md, GEO to REALLOC;
 * HEAP-12 to HEAP-14). Each is judged as a subject and found under the clause
 * that it breaks; and some are judged by, instead of the reference, and neither
 * the reference nor a CPython passes for them. What each rule is, its script in
 * mutants/alloc/ says. */
#include <criterion/criterion.h>
#include <dlfcn.h>
#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/discover.h"
#include "check/pages.h"
#include "proptests/judged.h"
#include "proptests/programs.h"

enum { ROUNDS = 4, SHRUNK_MOST = 64 };

static struct pp_judgement *judgement; /* of the mutant under way */

struct mutant {
  char name[64];
  char clause[16];
  char found[16];     /* the clause that tells of it, if that is another */
  char profiles[128]; /* that it differs in; "all" */
  const struct pp_reference *reference;
};

/* The value of a line "# KEY: VALUE" of a script, up to one of these. */
static bool find_line(FILE *script, const char *key, const char *end,
                      char *value, size_t size) {
  char line[256];
  size_t length = strlen(key);
  rewind(script);
  while (fgets(line, sizeof line, script) != NULL)
    if (strncmp(line, key, length) == 0) {
      snprintf(value, size, "%.*s", (int)strcspn(line + length, end),
               line + length);
      return true;
    }
  return false;
}

static void read_line(FILE *script, const char *key, char *value, size_t size) {
  cr_assert(find_line(script, key, "\n", value, size),
            "a script has no line \"%s\"", key);
}

static struct mutant open_mutant(const char *script_path) {
  struct mutant mutant;
  const char *name = strrchr(script_path, '/') + 1;
  char file[128];
  snprintf(mutant.name, sizeof mutant.name, "%.*s", (int)strcspn(name, "."),
           name);
  FILE *script = fopen(script_path, "r");
  cr_assert_not_null(script);
  read_line(script, "# clause: ", mutant.clause, sizeof mutant.clause);
  read_line(script, "# profiles: ", mutant.profiles, sizeof mutant.profiles);
  if (!find_line(script, "# Found as ", ",", mutant.found, sizeof mutant.found))
    memcpy(mutant.found, mutant.clause, sizeof mutant.found);
  fclose(script);
  cr_assert_neq(pp_clause_find(mutant.clause), PP_HOLDS, "%s", mutant.name);
  cr_assert_neq(pp_clause_find(mutant.found), PP_HOLDS, "%s", mutant.name);
  snprintf(file, sizeof file, "libmutant-%s", mutant.name);
  void *library = dlopen(pp_mutant_file(file), RTLD_NOW | RTLD_LOCAL);
  cr_assert_not_null(library, "%s", dlerror());
  mutant.reference = dlsym(library, "pp_reference_none");
  cr_assert_not_null(mutant.reference, "%s", mutant.name);
  return mutant;
}

static bool differs_in(const struct mutant *mutant, const char *profile) {
  char padded[160], wanted[32];
  snprintf(padded, sizeof padded, " %s ", mutant->profiles);
  snprintf(wanted, sizeof wanted, " %s ", profile);
  return strcmp(mutant->profiles, "all") == 0 || strstr(padded, wanted) != NULL;
}

static struct pp_generate_options history_of(const char *profile,
                                             uint64_t round) {
  static const uint64_t lengths[ROUNDS] = {2000, 20000, 100000, 400000};
  return (struct pp_generate_options){.seed = 1,
                                      .round = round,
                                      .operations = lengths[round],
                                      .profile = pp_profile_find(profile)};
}

/* One generated history, judged by the mutant. */
static void judge_round(struct pp_job *job, const char *profile,
                        uint64_t round) {
  struct pp_generate_options options = history_of(profile, round);
  struct pp_generator generator;
  memset(judgement, 0, sizeof *judgement);
  pp_generator_open(&generator, &options);
  job->source = &generator.source;
  pp_judge_trace(job, judgement);
  judgement->round = round;
  pp_generator_close(&generator);
}

static struct pp_job job_of(const struct pp_subject_spec *spec,
                            const struct mutant *mutant) {
  return (struct pp_job){.spec = *spec,
                         .reference = mutant->reference,
                         .options = {.contents = PP_CONTENTS_HEADER,
                                     .shadow = true,
                                     .walk_interval = 64},
                         .silence_seconds = 20};
}

/* The clauses of lock-step: whatever rule is changed, this is how it shows. */
static void found_in_lockstep(const struct mutant *mutant) {
  enum pp_clause clause = judgement->finding.clause;
  cr_assert_eq(judgement->verdict, PP_VERDICT_VIOLATION, "%s passes: %s",
               mutant->name, pp_judged_text(judgement));
  cr_assert(clause == PP_HEAP_12 || clause == PP_HEAP_13 ||
                clause == PP_HEAP_14 ||
                clause == pp_clause_find(mutant->clause),
            "%s: %s", mutant->name, pp_judged_text(judgement));
}

/* Rounds of histories, until one of them tells the subject from the mutant. */
static void judge_rounds(struct pp_job *job, const struct mutant *mutant,
                         const char *profile) {
  for (uint64_t round = 0; round < ROUNDS; round++) {
    judge_round(job, profile, round);
    if (judgement->verdict == PP_VERDICT_VIOLATION) break;
  }
  found_in_lockstep(mutant);
}

/* Statements of what is left of the history that was found. */
static size_t shrink(struct pp_job *job, const char *profile) {
  struct pp_generator generator;
  struct pp_generate_options options = history_of(profile, judgement->round);
  struct pp_ops ops = {0};
  struct pp_op op;
  pp_generator_open(&generator, &options);
  while (ops.count < judgement->found_at &&
         generator.source.fill(&generator.source, &op, 1) == 1)
    pp_ops_push(&ops, op);
  pp_generator_close(&generator);
  pp_judge_shrink(job, judgement->finding.clause, &ops);
  size_t count = ops.count;
  pp_ops_free(&ops);
  return count;
}

/* The reference, where it is smallest, is another heap than the mutant. */
static void tell_from_reference(const struct mutant *mutant) {
  const char *profile = differs_in(mutant, "tiny") ? "tiny" : "small";
  struct pp_subject_spec spec = {.kind = PP_SUBJECT_REFERENCE,
                                 .profile = pp_profile_find(profile),
                                 .level = PP_LEVEL_OBJECT};
  struct pp_job job = job_of(&spec, mutant);
  cr_assert(differs_in(mutant, profile));
  judge_rounds(&job, mutant, profile);
  size_t length = shrink(&job, profile);
  fprintf(stderr, "%-32s %-10s reference:%-6s step %6" PRIu64 ", shrunk %zu\n",
          mutant->name, mutant->clause, profile, judgement->found_at, length);
  cr_assert(length > 0);
  cr_assert(length <= SHRUNK_MOST, "%s: %zu", mutant->name, length);
}

static unsigned each_mutant(const char *pattern,
                            void (*body)(const struct mutant *mutant)) {
  char path[4096];
  glob_t scripts;
  judgement = pp_pages(sizeof *judgement);
  snprintf(path, sizeof path, "%s/mutants/alloc/%s.sed",
           pp_setting("POOLPROOF_DATA"), pattern);
  cr_assert_eq(glob(path, 0, NULL, &scripts), 0, "%s", path);
  for (size_t i = 0; i < scripts.gl_pathc; i++) {
    struct mutant mutant = open_mutant(scripts.gl_pathv[i]);
    body(&mutant);
  }
  unsigned count = (unsigned)scripts.gl_pathc;
  globfree(&scripts);
  return count;
}

/* ---- as subjects ---- */

/* The smallest profile in which its rule is in force. */
static const char *profile_of(const struct mutant *mutant) {
  static char first[32];
  if (differs_in(mutant, "tiny")) return "tiny";
  if (differs_in(mutant, "small")) return "small";
  snprintf(first, sizeof first, "%.*s", (int)strcspn(mutant->profiles, " "),
           mutant->profiles);
  return first;
}

static bool seen[PP_CLAUSE_COUNT]; /* clauses that a mutant breaks */

static void found_as_a_subject(const struct mutant *mutant) {
  const char *profile = profile_of(mutant);
  struct pp_subject_spec spec = {.prefix = "", .level = PP_LEVEL_HEAP};
  char file[128], why[PP_WHY_MAX];
  snprintf(file, sizeof file, "libmutant-%s", mutant->name);
  cr_assert(pp_subject_parse(pp_mutant_file(file), &spec, why, sizeof why),
            "%s", why);
  cr_assert_eq(spec.kind, PP_SUBJECT_REFERENCE);
  spec.profile = pp_profile_find(profile);
  struct pp_job job = {
      .spec = spec,
      .options = {.contents = PP_CONTENTS_FULL, .shadow = true},
      .silence_seconds = PP_SILENCE_IN_TESTS};
  judge_round(&job, profile, 0);
  free(spec.path);
  cr_expect_eq(judgement->verdict, PP_VERDICT_VIOLATION, "%s passes: %s",
               mutant->name, pp_judged_text(judgement));
  cr_expect_eq(judgement->finding.clause, pp_clause_find(mutant->found),
               "%s, not %s: %s", mutant->name, mutant->found,
               pp_judged_text(judgement));
  cr_expect_not(judgement->finding.ours);
  seen[pp_clause_find(mutant->clause)] = true;
}

static void found_as_subjects(const char *pattern, unsigned least) {
  cr_expect(each_mutant(pattern, found_as_a_subject) >= least);
}

/* Every clause of an area has been seen broken by a mutant of its own. */
static void each_clause_seen(const char *areas) {
  for (int i = 1; i < PP_CLAUSE_COUNT; i++)
    if (strstr(areas, pp_clause_texts[i].area) != NULL)
      cr_expect(seen[i], "no mutant breaks %s", pp_clause_texts[i].id);
}

Test(HEAP_12, mutants_of_arenas_are_found_as_subjects) {
  found_as_subjects("arena-*", 22);
  each_clause_seen("ARENA");
}

Test(HEAP_12, mutants_of_pools_are_found_as_subjects) {
  found_as_subjects("[bgps]*", 7 + 6 + 8 + 18);
  each_clause_seen("GEO SC BLOCK POOL");
}

Test(HEAP_12, mutants_of_heaps_are_found_as_subjects) {
  found_as_subjects("[hmr]*", 8 + 15 + 11);
  each_clause_seen("MAP HEAP REALLOC");
}

/* ---- judged by, instead of the reference ---- */

/* Rules about the order of arenas; those of `real`, below, are for all. */
static const char *const ordering[] = {
    "arena-06-descending", "arena-08-enters-last", "arena-09-behind-its-equals",
    "arena-09-not-moved",  "arena-10-stale-table", "arena-11-last-kept",
    "arena-12-none-kept",  "arena-13-two-kept",
};

Test(HEAP_12, arena_mutants_are_told_from_the_reference) {
  for (size_t i = 0; i < sizeof ordering / sizeof *ordering; i++)
    cr_assert_eq(each_mutant(ordering[i], tell_from_reference), 1);
}

/* A mutant holds where the rule that it changes is not in force: it is that one
 * rule which is found elsewhere. */
static void passes_elsewhere(const struct mutant *mutant) {
  struct pp_subject_spec spec = {.kind = PP_SUBJECT_REFERENCE,
                                 .level = PP_LEVEL_OBJECT};
  for (size_t i = 0; i < PP_PROFILE_COUNT; i++) {
    spec.profile = &pp_profiles[i];
    if (differs_in(mutant, pp_profiles[i].name)) continue;
    struct pp_job job = job_of(&spec, mutant);
    judge_round(&job, pp_profiles[i].name, 1);
    cr_assert_eq(judgement->verdict, PP_VERDICT_CONFORMS, "%s in %s: %s",
                 mutant->name, pp_profiles[i].name, pp_judged_text(judgement));
  }
}

Test(HEAP_12, mutants_pass_where_their_rule_is_not_in_force) {
  each_mutant("arena-1*", passes_elsewhere);
}

/* ---- a real CPython ---- */

/* In all versions, and found in short histories. */
static const char *const real[] = {
    "arena-03-carved-first",    "block-05-oldest-first",
    "heap-03-limit-to-system",  "heap-04-zero-in-a-pool",
    "pool-04-two-spares",       "pool-05-none-carved",
    "pool-08-back-of-ring",     "pool-09-back-of-freepools",
    "pool-10-begun-anew",       "pool-13-last-of-ring",
    "realloc-04-half-stays",    "realloc-04-never-shrinks",
    "sc-01-edge-in-next-class", "realloc-04-three-quarters-stay",
};

Test(HEAP_12, other_mutants_are_told_from_the_reference) {
  for (size_t i = 0; i < sizeof real / sizeof *real; i++)
    cr_assert_eq(each_mutant(real[i], tell_from_reference), 1, "%s", real[i]);
}

static struct pp_subject_spec cpython;

static void tell_from_cpython(const struct mutant *mutant) {
  struct pp_job job = job_of(&cpython, mutant);
  judge_rounds(&job, mutant, "3.11");
  fprintf(stderr, "%-32s %-10s %s, step %" PRIu64 "\n", mutant->name,
          mutant->clause, judgement->title, judgement->found_at);
}

static bool find_cpython(void) {
  struct pp_found_list found = pp_discover();
  char why[PP_WHY_MAX];
  bool here = false;
  for (size_t i = 0; i < found.count && !here; i++) {
    cpython = (struct pp_subject_spec){.prefix = "", .level = PP_LEVEL_OBJECT};
    here = strncmp(found.at[i].title, "CPython 3.11", 12) == 0 &&
           found.at[i].install == NULL &&
           pp_subject_parse(found.at[i].name, &cpython, why, sizeof why);
  }
  cpython.name = "libpython";
  pp_found_list_free(&found);
  return here;
}

Test(HEAP_12, mutants_are_told_from_a_cpython) {
  if (!find_cpython())
    cr_skip_test("there is no libpython3.11 on this machine");
  for (size_t i = 0; i < sizeof real / sizeof *real; i++)
    cr_assert_eq(each_mutant(real[i], tell_from_cpython), 1, "%s", real[i]);
}

/* Where no assertion of its own can tell, its sources do. */
Test(HEAP_15, arena_that_a_silent_heap_keeps_is_told) {
  static const struct pp_op ops[] = {{PP_OP_MALLOC, 1, 16, 0},
                                     {PP_OP_FREE, 1, 0, 0}};
  char path[4096];
  snprintf(path, sizeof path, "%s",
           pp_mutant_file("libmutant-heap-15-empty-pools-forgotten"));
  struct pp_ops_source source = pp_ops_read(ops, 2);
  struct pp_job job = {.spec = {.name = "mutant",
                                .kind = PP_SUBJECT_REFERENCE,
                                .path = path,
                                .profile = pp_profile_find("3.9"),
                                .level = PP_LEVEL_NONE},
                       .source = &source.source,
                       .silence_seconds = 10};
  judgement = pp_pages(sizeof *judgement);
  pp_judge_trace(&job, judgement);
  cr_assert_eq(judgement->verdict, PP_VERDICT_VIOLATION);
  cr_assert_eq(judgement->finding.clause, PP_HEAP_15);
  cr_assert_not(judgement->finding.ours);
  cr_assert_eq(judgement->finding.step, 2);
  cr_assert_str_eq(judgement->finding.what, "an arena was not given back");
}
