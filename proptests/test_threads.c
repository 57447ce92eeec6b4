/* Threads that call one malloc at the same time (SPEC.md, Threads): each fault
 * of mutants/ that only several can see is seen under its clause, what is sound
 * raises no alarm, and what a thread asks for does not depend on the others. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "check/claims.h"
#include "check/pages.h"
#include "proptests/judged.h"
#include "proptests/programs.h"

enum { THREADS = 4, FORKS = 40 };

static struct pp_judgement *judge(const char *typed,
                                  const struct pp_judge_options *options) {
  struct pp_subject_spec spec = {.prefix = "", .level = PP_LEVEL_OBJECT};
  struct pp_judgement *judgement = pp_pages(sizeof *judgement);
  char why[PP_WHY_MAX];
  cr_assert(pp_subject_parse(typed, &spec, why, sizeof why), "%s", why);
  pp_judge(&spec, options, judgement);
  free(spec.path);
  return judgement;
}

static struct pp_judge_options options_for(uint64_t turns, uint64_t forks) {
  return (struct pp_judge_options){
      .seed = 1,
      .operations = turns * THREADS * PP_TURN_STATEMENTS,
      .contents = PP_CONTENTS_FULL,
      .silence_seconds = PP_SILENCE_IN_TESTS,
      .shrink_work = 1, /* the finding alone */
      .threads = {.count = THREADS, .forks = forks}};
}

/* Turns enough for the fault, by far. */
static void breaks(const char *name, enum pp_clause clause, uint64_t turns,
                   uint64_t forks) {
  static bool promised[PP_CLAUSE_COUNT];
  struct pp_judge_options options = options_for(turns, forks);
  promised[clause] = true;
  options.promised = promised;
  struct pp_judgement *judgement = judge(pp_mutant_file(name), &options);
  const char *text = pp_judged_text(judgement);
  cr_assert_eq(judgement->verdict, PP_VERDICT_VIOLATION, "%s", text);
  cr_assert_eq(judgement->finding.clause, clause, "%s", text);
  cr_assert_not_null(strstr(judgement->finding.what, " of 4, turn "), "%s",
                     text);
  cr_assert_eq(judgement->threads.count, THREADS);
}

Test(API_80, overlap) {
  breaks("api-80-spare-without-a-lock", PP_API_80, 400, 0);
}

Test(API_81, contents) {
  breaks("api-81-wiped-when-free-already", PP_API_81, 400, 0);
}

Test(API_82, freed_by_another) {
  breaks("api-82-freed-by-its-own-alone", PP_API_82, 2, 0);
}

Test(API_83, lost_when_another_frees) {
  breaks("api-83-remote-frees-lost", PP_API_83, PP_TURNS_MOST, 0);
}

Test(API_84, gone_with_its_thread) {
  breaks("api-84-ends-with-its-thread", PP_API_84, 20, 0);
}

Test(API_85, begun_twice) {
  breaks("api-85-begun-twice", PP_API_85, 400, 0);
}

Test(API_86, locks_crossed) {
  breaks("api-86-locks-crossed", PP_API_86, 400, 0);
}

Test(API_87, child_hangs_at_a_lock) {
  breaks("api-87-locked-in-the-child", PP_API_87, 400, 400);
}

Test(API_88, shared_with_the_child) {
  breaks("api-88-shared-with-the-child", PP_API_88, 20, FORKS);
}

/* What is of quality is told, and decides nothing. */
Test(API_87, deviates_where_it_is_not_promised) {
  struct pp_judge_options options = options_for(20, 400);
  struct pp_judgement *judgement =
      judge(pp_mutant_file("api-87-locked-in-the-child"), &options);
  cr_assert_eq(judgement->verdict, PP_VERDICT_CONFORMS, "%s",
               pp_judged_text(judgement));
  cr_assert(judgement->deviated[PP_API_87] > 0);
}

static void is_sound(const char *typed) {
  struct pp_judge_options options = options_for(20, FORKS);
  struct pp_judgement *judgement = judge(typed, &options);
  pp_judged_conforms(judgement);
  cr_assert_eq(pp_judgement_silent(judgement), 0);
  cr_assert_eq(judgement->forks, FORKS);
  cr_assert_eq(judgement->evaluated[PP_API_87], FORKS);
  cr_assert_geq(judgement->operations, options.operations / 2);
}

Test(API_80, locked_is_sound) {
  is_sound(pp_mutant_file("sound-locked"));
}

Test(API_80, c_library_is_sound) {
  is_sound("libc");
}

/* Claims know each byte, and no other. */
Test(API_80, claims) {
  struct pp_claims claims;
  char *block = pp_pages(4 * 64);
  pp_claims_open(&claims);
  for (int from = 0; from < 66; from++) {
    for (int size = 0; size < 140; size++) {
      int bytes = size == 0 ? 1 : size;
      cr_assert(pp_claims_claim(&claims, block + from, (uint64_t)size));
      cr_assert_not(pp_claims_claim(&claims, block + from + bytes - 1, 1));
      cr_assert_not(pp_claims_claim(&claims, block + from, 1));
      cr_assert(pp_claims_claim(&claims, block + from + bytes, 1));
      pp_claims_release(&claims, block + from + bytes, 1);
      pp_claims_release(&claims, block + from, (uint64_t)size);
    }
  }
  cr_assert(pp_claims_claim(&claims, block, 4 * 64));
  cr_assert_not(pp_claims_claim(&claims, (void *)UINTPTR_MAX, 1));
  pp_claims_close(&claims);
}

/* Without forks, in which others are busy for as long as it takes. */
Test(API_86, same_seed_asks_the_same) {
  struct pp_judge_options options = options_for(3, 0);
  struct pp_judgement *first = judge("libc", &options);
  struct pp_judgement *second = judge("libc", &options);
  options.seed = 2;
  struct pp_judgement *other = judge("libc", &options);
  cr_assert_eq(first->operations, second->operations);
  for (int i = 1; i < PP_CLAUSE_COUNT; i++) {
    if (i == PP_API_59) continue; /* what it does with errno may differ */
    cr_assert_eq(first->evaluated[i], second->evaluated[i], "%s",
                 pp_clause_texts[i].id);
  }
  cr_assert_neq(first->operations, other->operations);
}

/* A heap that one thread at a time calls has nothing to do here. */
Test(API_86, interpreters_are_not_loaded) {
  struct pp_judge_options options = options_for(1, 0);
  cr_assert_eq(judge("reference:3.9", &options)->verdict,
               PP_VERDICT_NOT_LOADED);
  cr_assert_eq(judge("objects:3.9", &options)->verdict, PP_VERDICT_NOT_LOADED);
}

/* The command that a finding is shown with, and what it shows. */
Test(API_82, command_shows_it_again) {
  struct pp_ran ran = pp_run_poolproof(
      NULL, "check", pp_mutant_file("api-82-freed-by-its-own-alone"),
      "--threads", "8", "--seed", "7", NULL);
  cr_assert_eq(ran.status, 1, "%d: %s", ran.status, ran.out);
  cr_assert_not_null(strstr(ran.out, "API-82"), "%s", ran.out);
  cr_assert_not_null(strstr(ran.out, " --threads 2 --seed 7 --ops 800\n"), "%s",
                     ran.out);
  cr_assert_not_null(strstr(ran.out, "seen again in 5 of 5 more runs of it"),
                     "%s", ran.out);
  pp_ran_free(&ran);
}

static void is_refused(const char *option, const char *value, const char *more,
                       const char *number) {
  struct pp_ran ran = pp_run_poolproof(NULL, "check", "libc", option, value,
                                       more, number, NULL);
  cr_assert_eq(ran.status, 2, "%d: %s", ran.status, ran.out);
  pp_ran_free(&ran);
}

Test(API_86, what_makes_no_sense_is_refused) {
  is_refused("--threads", "0", "--seed", "1");
  is_refused("--threads", "65", "--seed", "1");
  is_refused("--forks", "5", "--seed", "1");
  is_refused("--threads", "4", "--refuse-every", "3");
}
