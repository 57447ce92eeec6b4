/* What statements mean when they are performed (SPEC.md, OPS), as placements
 * and counts tell it: null IDs, skipped statements, bursts, drains, reallocs,
 * sources that refuse, and IDs that are used twice. Generated and shrunk
 * traces are in test_trace_search.c. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/trace.h"
#include "poolproof/reference.h"
#include "proptests/programs.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define HEADER "poolproof-trace 1\n"

/* A text that grows. */
struct text {
  char *at;
  size_t size;
  FILE *out;
};

static FILE *text_open(struct text *text) {
  text->out = open_memstream(&text->at, &text->size);
  cr_assert_not_null(text->out);
  fputs(HEADER, text->out);
  return text->out;
}

static const char *text_close(struct text *text) {
  fclose(text->out);
  return text->at;
}

/* Replays statements on the reference; they have to conform. */
static char *placed(const char *profile, const char *trace) {
  char subject[32];
  snprintf(subject, sizeof subject, "reference:%s", profile);
  struct pp_ran ran =
      pp_run_poolproof(trace, "replay", "--placements", "--level", "heap",
                       "--subject", subject, "-", NULL);
  cr_assert_eq(ran.status, 0, "%d for %s%s", ran.status, trace, ran.err);
  free(ran.err);
  return ran.out;
}

static void lies(const char *profile, const char *statements,
                 const char *placements) {
  char trace[1024];
  snprintf(trace, sizeof trace, HEADER "%s", statements);
  char *found = placed(profile, trace);
  cr_assert_str_eq(found, placements, "%s: for\n%sexpected\n%snot\n%s", profile,
                   statements, placements, found);
  free(found);
}

static void lie_alike(const char *profile, const char *left,
                      const char *right) {
  char *placements[] = {placed(profile, left), placed(profile, right)};
  cr_assert_gt(strlen(placements[0]), 0);
  cr_assert_str_eq(placements[0], placements[1], "%s: %s", profile, left);
  free(placements[0]);
  free(placements[1]);
}

/* What a replay counted. */
struct counts {
  int status;
  json_int_t operations;
  json_int_t skipped;
  json_int_t evaluated; /* of the clause asked for */
};

static struct counts counted(const char *subject, const char *statements,
                             const char *clause) {
  char trace[1024];
  snprintf(trace, sizeof trace, HEADER "%s", statements);
  struct pp_ran ran =
      pp_run_poolproof(trace, "replay", "--json", "-", "--placements",
                       "--contents", "full", "--subject", subject, "-", NULL);
  const char *start = strchr(ran.out, '{'); /* behind the placements */
  json_t *document = start == NULL ? NULL : json_loads(start, 0, NULL);
  cr_assert_not_null(document, "%s%s", ran.out, ran.err);
  const json_t *one = json_array_get(json_object_get(document, "subjects"), 0);
  const json_t *all = json_object_get(one, "evaluated");
  struct counts counts = {
      .status = ran.status,
      .operations = json_integer_value(json_object_get(one, "operations")),
      .skipped = json_integer_value(json_object_get(one, "skipped")),
      .evaluated = json_integer_value(json_object_get(all, clause)),
  };
  json_decref(document);
  pp_ran_free(&ran);
  return counts;
}

Test(OPS_03, an_id_without_a_block_is_null) {
  /* Freeing it does nothing, however often. */
  lies("3.9", "free 1\nmalloc 1 100\nfree 1\nfree 1\nfree 9\nmalloc 2 100\n",
       "1 0 0x30\n2 0 0x30\n");
  struct counts counts =
      counted("reference:3.9", "free 1\nfree 2\ndrain 5 10 3\n", "API-07");
  cr_assert_eq(counts.operations, 12);
  cr_assert_eq(counts.evaluated, 12);
  counts = counted("libc", "free 7\nfree_sized 7 3\nmalloc 7 8\nfree 7\nfree 7",
                   "API-07");
  cr_assert_eq(counts.evaluated + counts.skipped, 3);
  /* Resizing it is a request. */
  lies("3.9", "realloc 1 100\nrealloc 2 0\nfree 1\nrealloc 1 100\n",
       "1 0 0x30\n2 raw\n1 0 0x30\n");
  counts = counted("libc",
                   "realloc 1 100\nreallocarray 2 10 10\nfree 1\n"
                   "realloc 1 10\n",
                   "API-11");
  cr_assert_eq(counts.evaluated, 2); /* of reallocarray, API-69 says it */
  /* A request that failed leaves it null. */
  lies("3.9", "malloc 1 0xffffffffffffffff\nfree 1\nrealloc 1 100\n",
       "1 null\n1 0 0x30\n");
  lies("3.9", "malloc 1 100\nmalloc 1 0xffffffffffffffff\nrealloc 1 100\n",
       "1 0 0x30\n1 null\n1 0 0x30\n");
  /* There is no usable size of it to ask for. */
  counts = counted("libc", "usable 7\n", "API-30");
  cr_assert_eq(counts.status, 4);
  cr_assert_eq(counts.operations + counts.evaluated + counts.skipped, 0);
}

/* A statement of every kind, as a subject without its call meets it. */
/* clang-format off */
static const struct {
  const char *subject; /* has no call for it */
  const char *statement;
} uncalled[] = {
  { "reference:3.9", "reallocarray 1 2 3" },
  { "reference:3.9", "aligned_alloc 1 64 64" },
  { "reference:3.9", "posix_memalign 1 64 64" },
  { "reference:3.9", "free_sized 1 64" },
  { "reference:3.9", "free_aligned_sized 1 64 64" },
  { "reference:3.9", "usable 1" },
  { "reference:3.9", "thread 1" },
  { "reference:3.9", "fork" },
  { "libc", "domain raw" },
  { "libc", "arena-skew 4096" },
  { "libc", "arena-fail 1" },
  { "libc", "system-fail 1" },
  { "libc", "thread 1" },
  { "libc", "fork" },
};
/* clang-format on */

Test(OPS_09, what_is_skipped_has_passed_nothing) {
  for (size_t i = 0; i < COUNT(uncalled); i++) {
    char trace[128];
    snprintf(trace, sizeof trace, "%s\nexpect OPS-09\n", uncalled[i].statement);
    struct counts counts = counted(uncalled[i].subject, trace, "API-37");
    cr_assert_eq(counts.status, 4, "%s", trace);
    cr_assert_eq(counts.skipped, 1, "%s", trace);
    cr_assert_eq(counts.operations, 0, "%s", trace);
    /* It changes nothing for the others. */
    snprintf(trace, sizeof trace, "malloc 1 64\n%s\nfree 1\n",
             uncalled[i].statement);
    counts = counted(uncalled[i].subject, trace, "API-37");
    cr_assert_eq(counts.status, 0, "%s", trace);
    cr_assert_eq(counts.skipped, 1, "%s", trace);
    cr_assert_eq(counts.operations, 2, "%s", trace);
  }
  /* It has no placement, and a person is told. */
  lies("3.9", "malloc 1 64\naligned_alloc 1 64 64\nmalloc 2 64\n",
       "1 0 0x30\n2 0 0x70\n");
  struct pp_ran ran =
      pp_run_poolproof(HEADER "fork\nfork\nmalloc 1 1\n", "replay", "-", NULL);
  cr_assert_eq(ran.status, 0);
  cr_assert_not_null(strstr(ran.out, "2 statements"), "%s", ran.out);
  cr_assert_not_null(strstr(ran.out, "skipped"), "%s", ran.out);
  pp_ran_free(&ran);
}

static const struct {
  uint64_t count;
  uint64_t size;
} bursts[] = {{1, 16}, {3, 0}, {40, 32}, {700, 24}, {300, 512}, {5, 5000}};

/* Bursts and drains, and beside them what they stand for. */
static void spell_out(FILE *whole, FILE *parts, const struct pp_op *op) {
  char line[128];
  pp_op_print(op, line, sizeof line);
  fprintf(whole, "%s\n", line);
  for (uint64_t i = 0; i < op->a; i++) {
    if (op->kind == PP_OP_BURST)
      fprintf(parts, "malloc %lu %lu\n", op->id + i, op->b);
    else
      fprintf(parts, "free %lu\n", op->id + i * op->b);
  }
}

Test(OPS_10, a_burst_is_so_many_requests) {
  for (int profile = 0; profile < PP_PROFILE_COUNT; profile++) {
    struct text whole, parts;
    uint64_t id = 100;
    text_open(&whole);
    text_open(&parts);
    for (size_t i = 0; i < COUNT(bursts); i++) {
      struct pp_op op = {PP_OP_BURST, id, bursts[i].count, bursts[i].size};
      spell_out(whole.out, parts.out, &op);
      id += bursts[i].count / 2; /* half of them are live: OPS-18 */
      op = (struct pp_op){PP_OP_BURST, id, 0, 64};
      spell_out(whole.out, parts.out, &op);
    }
    lie_alike(pp_profiles[profile].name, text_close(&whole),
              text_close(&parts));
    free(whole.at);
    free(parts.at);
  }
  lies("3.9", "burst 5 3 100\n", "5 0 0x30\n6 0 0xa0\n7 0 0x110\n");
  struct counts counts = counted("libc", "burst 1 1000 24\n", "API-01");
  cr_assert_eq(counts.operations, 1000);
  cr_assert_eq(counts.evaluated, 1000);
  cr_assert_eq(counted("libc", "burst 1 0 24\n", "API-01").status, 4);
}

Test(OPS_11, a_drain_is_so_many_frees) {
  static const struct pp_op drains[] = {
      {PP_OP_DRAIN, 0, 100, 3}, {PP_OP_DRAIN, 1, 1, 7},
      {PP_OP_DRAIN, 2, 9, 0},   {PP_OP_DRAIN, 500, 0, 1},
      {PP_OP_DRAIN, 0, 40, 7},  {PP_OP_DRAIN, 290, 90, 1},
  };
  for (int profile = 0; profile < PP_PROFILE_COUNT; profile++) {
    struct text whole, parts;
    fprintf(text_open(&whole), "burst 0 350 24\n");
    fprintf(text_open(&parts), "burst 0 350 24\n");
    for (size_t i = 0; i < COUNT(drains); i++) {
      spell_out(whole.out, parts.out, &drains[i]);
      struct pp_op op = {PP_OP_BURST, 1000 + 100 * i, 50, 24};
      spell_out(whole.out, parts.out, &op);
    }
    lie_alike(pp_profiles[profile].name, text_close(&whole),
              text_close(&parts));
    free(whole.at);
    free(parts.at);
  }
  /* With STEP 0 the second and all later ones free null. */
  struct counts counts = counted("libc", "malloc 1 8\ndrain 1 5 0\n", "API-07");
  cr_assert_eq(counts.operations, 6);
  cr_assert_eq(counts.evaluated, 4);
}

Test(OPS_12, a_realloc_keeps_the_id) {
  /* The ID names the block where it is now, and no other does. */
  lies("3.9", "malloc 1 100\nrealloc 1 500\nfree 1\nmalloc 2 500\nmalloc 3 100",
       "1 0 0x30\n1 0 0x1030\n2 0 0x1030\n3 0 0x30\n");
  /* One that fails keeps the old block, in a pool and from the system. */
  lies("tiny",
       "malloc 1 16\nsystem-fail 1\nrealloc 1 100\nfree 1\n"
       "malloc 2 16\n",
       "1 0 0x30\n1 null\n2 0 0x30\n");
  lies("3.9",
       "malloc 1 16\nrealloc 1 0xffffffffffffffff\nfree 1\n"
       "malloc 2 16\n",
       "1 0 0x30\n1 null\n2 0 0x30\n");
  struct counts counts = counted("reference:3.9",
                                 "malloc 1 600\nsystem-fail 3\nrealloc 1 5000\n"
                                 "realloc 1 6000\nrealloc 1 0\nrealloc 1 700\n"
                                 "free 1\nmalloc 2 600\n",
                                 "API-13");
  cr_assert_eq(counts.status, 0);
  cr_assert_eq(counts.evaluated, 3);
  counts = counted("libc",
                   "malloc 1 60\nrealloc 1 0x8000000000000000\n"
                   "reallocarray 1 0x8000000000000000 2\n"
                   "realloc 1 70\nfree 1\n",
                   "API-13");
  cr_assert_eq(counts.status, 0);
  cr_assert_eq(counts.evaluated, 1); /* of that product, API-29 says it */
}

Test(OPS_13, sources_change_for_the_next_requests) {
  /* Refused are as many requests as said, from here on. */
  lies("3.9", "arena-fail 2\nmalloc 1 100\nmalloc 2 100\nmalloc 3 100\n",
       "1 raw\n2 raw\n3 0 0x30\n");
  lies("3.9",
       "malloc 1 600\nsystem-fail 2\nmalloc 2 600\nmalloc 3 700\n"
       "malloc 4 600\n",
       "1 raw\n2 null\n3 null\n4 raw\n");
  /* What needs no request is not refused. */
  lies("3.9", "malloc 1 100\narena-fail 9\nsystem-fail 9\nmalloc 2 100\n",
       "1 0 0x30\n2 0 0xa0\n");
  /* A later one replaces an earlier one. */
  lies("3.9", "arena-fail 9\narena-fail 1\nmalloc 1 100\nmalloc 2 100\n",
       "1 raw\n2 0 0x30\n");
  lies("3.9",
       "arena-fail 9\nsystem-fail 9\narena-fail 0\nsystem-fail 0\n"
       "malloc 1 100\nmalloc 2 600\n",
       "1 0 0x30\n2 raw\n");
  /* The arena vector is a system request as well. */
  lies("3.9", "system-fail 2\nmalloc 1 100\nmalloc 2 100\n",
       "1 null\n2 0 0x30\n");
  /* Arenas that are there stay where they are. */
  lies("3.13", "arena-skew 4096\nmalloc 1 100\narena-skew 8192\nmalloc 2 100\n",
       "1 0 0x3030\n2 0 0x30a0\n");
  lies("3.13",
       "malloc 0 512\narena-skew 4096\narena-skew 12288\n"
       "malloc 1 100\n",
       "0 0 0x30\n1 0 0x4030\n");
  char *all = placed("3.13", HEADER "malloc 0 512\narena-skew 4096\n"
                                    "burst 1 1983 512\nburst 3000 1953 512\n"
                                    "arena-skew 0\nmalloc 5000 512\n");
  cr_assert_not_null(strstr(all, "\n1983 0 0xffc30\n3000 1 0x3030\n"));
  cr_assert_not_null(strstr(all, "\n4952 1 0xfec30\n5000 2 0x30\n"), "%s",
                     all + strlen(all) - 64);
  free(all);
}

Test(OPS_18, a_live_id_is_freed_first) {
  lies("3.9", "malloc 1 100\nmalloc 1 100\ncalloc 1 10 10\nburst 0 3 100\n",
       "1 0 0x30\n1 0 0x30\n1 0 0x30\n0 0 0xa0\n1 0 0x30\n2 0 0x110\n");
  /* By the family that it came from. */
  lies("3.9",
       "domain raw\nmalloc 1 100\ndomain mem\nmalloc 1 100\n"
       "domain raw\nmalloc 1 100\ndomain obj\nmalloc 2 100\n",
       "1 raw\n1 0 0x30\n1 raw\n2 0 0x30\n");
  struct counts counts = counted(
      "libc",
      "malloc 1 100\nmalloc 1 100\ncalloc 1 1 9\naligned_alloc 1 64 64\n"
      "posix_memalign 1 64 10\nburst 0 2 10\nburst 1 1 3\n",
      "API-01");
  cr_assert_eq(counts.evaluated, 8); /* requests */
  cr_assert_eq(counts.operations, 8 + 6);
  /* realloc resizes instead. */
  counts = counted("libc", "malloc 1 9\nrealloc 1 99\nreallocarray 1 9 9\n",
                   "API-12");
  cr_assert_eq(counts.operations, 3);
  cr_assert_eq(counts.evaluated, 2);
}
