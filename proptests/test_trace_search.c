/* Traces that nobody wrote (SPEC.md, OPS): what a generator makes follows from
 * seed, round and profile alone, and what a shrinker leaves is as short as it
 * can be without one of its statements. */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/generate.h"
#include "check/trace.h"
#include "proptests/programs.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum { CALLS = 20000, BATCH_MAX = 97 };

static char folder[64];

static void make_folder(void) {
  pp_folder_make(folder);
}

static void remove_folder(void) {
  pp_folder_remove(folder);
}

TestSuite(OPS_17, .init = make_folder, .fini = remove_folder);

/* ---- generated ---- */

/* FNV-1a over the fields that a kind uses, lowest byte first. */
static uint64_t mixed(uint64_t hash, uint64_t number) {
  for (unsigned i = 0; i < 64; i += 8) {
    hash ^= number >> i & 0xff;
    hash *= UINT64_C(0x100000001b3);
  }
  return hash;
}

static uint64_t hash_of(const struct pp_generate_options *options,
                        size_t batch) {
  static struct pp_op ops[BATCH_MAX];
  struct pp_generator generator;
  uint64_t hash = UINT64_C(0xcbf29ce484222325);
  pp_generator_open(&generator, options);
  for (size_t got;
       (got = generator.source.fill(&generator.source, ops, batch)) > 0;) {
    for (size_t i = 0; i < got; i++) {
      const char *operands = pp_op_operands[ops[i].kind];
      hash = mixed(hash, (uint64_t)ops[i].kind);
      hash = mixed(hash, strchr(operands, 'i') != NULL ? ops[i].id : 0);
      hash = mixed(hash, strchr(operands, 'a') != NULL ? ops[i].a : 0);
      hash = mixed(hash, strchr(operands, 'b') != NULL ? ops[i].b : 0);
    }
  }
  pp_generator_close(&generator);
  return hash;
}

/* What was generated when this was written. A change of the generator changes
 * these on purpose; a compiler, an optimisation or a machine may not. */
/* clang-format off */
static const struct {
  const char *profile; /* NULL: for any malloc */
  uint64_t seed;
  uint64_t round;
  uint64_t hash;
} known[] = {
  { NULL, 1, 0, 0xba6f66076531fdbf },
  { "3.6", 1, 0, 0xe9713189864f983c },
  { "3.7.3", 1, 0, 0x67f661e0214661fc },
  { "3.8", 1, 0, 0xe9713189864f983c },
  { "3.9", 1, 0, 0xe9713189864f983c },
  { "3.10", 1, 0, 0xce9af06c300141be },
  { "3.13", 1, 0, 0xce9af06c300141be },
  { "tiny", 1, 0, 0xcb04e97bf5135bc2 },
  { "small", 1, 0, 0xfd13403bda8d9f02 },
  { NULL, 1, 1, 0xb33846c7e7c8bbc3 },
  { NULL, 2, 0, 0x37756c6c793745d9 },
  { NULL, UINT64_MAX, 7, 0x44a154577ffb31c1 },
  { "3.9", 1, 1, 0x81c365cf9fdc72a8 },
  { "3.9", 2, 0, 0xb381eca72152072e },
  { "3.9", UINT64_MAX, 7, 0xed647c0e154c622d },
  { "3.13", 1, 1, 0xd430665c24ef8613 },
  { "3.13", 2, 0, 0xb04b359d6546f259 },
  { "3.13", UINT64_MAX, 7, 0x89a687b5e88bbf3a },
  { "tiny", 1, 1, 0xaba5a82223e9b2c6 },
  { "tiny", 2, 0, 0x3082c971726c3cfe },
  { "tiny", UINT64_MAX, 7, 0xf7b5f639bfe8ca32 },
};
/* clang-format on */

Test(OPS_14, the_same_seed_is_the_same_trace) {
  for (size_t i = 0; i < COUNT(known); i++) {
    struct pp_generate_options options = {
        .seed = known[i].seed,
        .round = known[i].round,
        .operations = CALLS,
        .profile =
            known[i].profile == NULL ? NULL : pp_profile_find(known[i].profile),
    };
    const char *name = known[i].profile == NULL ? "any" : known[i].profile;
    uint64_t hash = hash_of(&options, 64);
    cr_expect_eq(hash, known[i].hash,
                 "{ \"%s\", %" PRIu64 ", %" PRIu64 ", 0x%016" PRIx64 " },",
                 name, options.seed, options.round, hash);
    /* However many statements are asked for at once. */
    cr_expect_eq(hash_of(&options, 1), hash, "%s one by one", name);
    cr_expect_eq(hash_of(&options, BATCH_MAX), hash, "%s in batches", name);
  }
}

Test(OPS_14, seeds_rounds_and_profiles_differ) {
  uint64_t hashes[3 * 3 * (PP_PROFILE_COUNT + 1)];
  size_t count = 0;
  for (int profile = -1; profile < PP_PROFILE_COUNT; profile++) {
    for (uint64_t seed = 1; seed <= 3; seed++) {
      for (uint64_t round = 0; round < 3; round++) {
        struct pp_generate_options options = {
            .seed = seed,
            .round = round,
            .operations = 2000,
            .profile = profile < 0 ? NULL : &pp_profiles[profile]};
        hashes[count++] = hash_of(&options, 64);
      }
    }
  }
  /* Profiles with one geometry have one history. */
  size_t different = 0;
  for (size_t i = 0; i < count; i++) {
    size_t j = 0;
    while (hashes[j] != hashes[i])
      j++;
    different += j == i;
  }
  cr_assert_geq(different, 9 * 6);
}

/* ---- shrunk ---- */

/* Runs a subcommand on a trace and the faulty plug-in. */
static struct pp_ran on_faulty(const char *command, const char *trace) {
  const char *argv[] = {
      pp_setting("POOLPROOF"),        command, "--json", "-", "--subject",
      pp_setting("POOLPROOF_FAULTY"), "-",     NULL};
  const char *shrink[] = {argv[0], command, argv[4], argv[5], argv[6], NULL};
  return pp_run(strcmp(command, "shrink") == 0 ? shrink : argv, trace);
}

/* The clause that a trace breaks, "" for none. */
static void clause_broken(const char *trace, char clause[16]) {
  struct pp_ran ran = on_faulty("replay", trace);
  const char *start = strchr(ran.out, '{');
  json_t *document = start == NULL ? NULL : json_loads(start, 0, NULL);
  cr_assert_not_null(document, "%s%s", ran.out, ran.err);
  const json_t *one = json_array_get(json_object_get(document, "subjects"), 0);
  const json_t *violation = json_object_get(one, "violation");
  const char *id = json_string_value(json_object_get(violation, "clause"));
  cr_assert_eq(ran.status == 1, id != NULL, "%s", ran.out);
  snprintf(clause, 16, "%s", id == NULL ? "" : id);
  json_decref(document);
  pp_ran_free(&ran);
}

/* The trace without its statement number `gone`, the header not counted. */
static char *without(const char *trace, size_t gone) {
  char *left = malloc(strlen(trace) + 1);
  size_t size = 0;
  size_t number = 0;
  cr_assert_not_null(left);
  for (const char *line = trace; *line != '\0'; number++) {
    size_t length = strcspn(line, "\n") + 1;
    if (number != gone + 1) memcpy(left + size, line, length);
    size += number != gone + 1 ? length : 0;
    line += length;
  }
  left[size] = '\0';
  return left;
}

/* Breaks this clause, and without any one of its statements it does not. */
static void is_minimal(const char *trace, const char *clause) {
  char found[16];
  size_t count = pp_occurrences(trace, "\n") - 1;
  clause_broken(trace, found);
  cr_assert_str_eq(found, clause, "%s", trace);
  cr_assert_gt(count, 0);
  cr_assert_lt(count, 40, "%s", trace);
  for (size_t i = 0; i < count; i++) {
    char *left = without(trace, i);
    clause_broken(left, found);
    /* A note is no statement that could be left out. */
    bool note = pp_occurrences(left, "expect") == 0 &&
                pp_occurrences(trace, "expect") == 1;
    cr_assert_eq(strcmp(found, clause) == 0, note,
                 "statement %zu is not needed: %s", i + 1, trace);
    free(left);
  }
}

/* A generated history that breaks something, as text. */
static char *history(uint64_t seed, const struct pp_profile *profile) {
  struct pp_generator generator;
  struct pp_generate_options options = {
      .seed = seed, .operations = 1000, .profile = profile};
  struct pp_ops ops = {0};
  struct pp_op op;
  pp_generator_open(&generator, &options);
  while (generator.source.fill(&generator.source, &op, 1) == 1)
    pp_ops_push(&ops, op);
  pp_generator_close(&generator);
  char *text;
  size_t size;
  FILE *out = open_memstream(&text, &size);
  cr_assert(pp_trace_print(out, ops.at, ops.count));
  fclose(out);
  pp_ops_free(&ops);
  return text;
}

static const struct {
  const char *fault;
  const char *profile;
  const char *clause;
} faults[] = {
    {"twice", NULL, "API-01"},      {"dirty", NULL, "API-09"},
    {"forgets", NULL, "API-12"},    {"crash", NULL, "API-37"},
    {"impostor", "3.9", "HEAP-13"},
};

Test(OPS_17, no_statement_can_be_left_out) {
  for (size_t i = 0; i < COUNT(faults); i++) {
    const struct pp_profile *profile =
        faults[i].profile == NULL ? NULL : pp_profile_find(faults[i].profile);
    setenv("POOLPROOF_FAULT", faults[i].fault, 1);
    for (uint64_t seed = 1; seed <= 2; seed++) {
      char *whole = history(seed, profile);
      char clause[16];
      clause_broken(whole, clause);
      cr_assert_str_eq(clause, faults[i].clause, "%s", faults[i].fault);
      struct pp_ran ran = on_faulty("shrink", whole);
      cr_assert_eq(ran.status, 1, "%s", ran.err);
      cr_assert_not_null(strstr(ran.err, clause), "%s", ran.err);
      is_minimal(ran.out, clause);
      /* Shrinking again changes nothing. */
      struct pp_ran again = on_faulty("shrink", ran.out);
      cr_assert_str_eq(again.out, ran.out);
      pp_ran_free(&again);
      pp_ran_free(&ran);
      free(whole);
    }
  }
}

/* A judgement ends with a trace that is as good. */
Test(OPS_17, what_check_finds_is_minimal) {
  for (size_t i = 0; i < COUNT(faults); i++) {
    setenv("POOLPROOF_FAULT", faults[i].fault, 1);
    struct pp_ran ran = pp_run_poolproof(
        NULL, "check", pp_setting("POOLPROOF_FAULTY"), "--ops", "100k", NULL);
    cr_assert_eq(ran.status, 1, "%s%s", ran.out, ran.err);
    char *trace = strstr(ran.out, "<<'END'\n");
    cr_assert_not_null(trace, "%s", ran.out);
    trace = strchr(trace, '\n') + 1;
    char *end = strstr(trace, "\nEND\n");
    cr_assert_not_null(end);
    end[1] = '\0';
    is_minimal(trace, faults[i].clause);
    pp_ran_free(&ran);
  }
}
