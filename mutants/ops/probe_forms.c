/* What holds of the spellings of a trace: text, packed and records (SPEC.md,
 * OPS-01, OPS-02, OPS-04 to OPS-08, OPS-15 and OPS-16). */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check/trace_form.h"
#include "mutants/ops/probe.h"
#include "poolproof/clause.h"

/* ---- refusals ---- */

/* A whole file, and where it is refused; line 0: it is not, column 0: in any
 * column. */
struct refused {
  const char *text;
  unsigned long line, column;
  const char *expected; /* part of what would have been right */
};

static bool is_as_expected(const struct refused *case_) {
  struct pp_trace_error error;
  struct probe_file file = probe_file(case_->text, strlen(case_->text));
  struct pp_trace *trace = pp_trace_open(file.path, &error);
  bool sound = trace != NULL;
  pp_trace_close(trace);
  probe_file_close(&file);
  if (case_->line == 0 || sound) return sound == (case_->line == 0);
  return strcmp(error.file, file.path) == 0 && error.line == case_->line &&
         (case_->column == 0 || error.column == case_->column) &&
         strstr(error.expected, case_->expected) != NULL;
}

static bool all_as_expected(const struct refused *cases, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (!is_as_expected(&cases[i])) return false;
  }
  return true;
}

#define HEAD PP_TRACE_HEADER "\n"

bool probe_header_comes_first(void) {
  static const struct refused cases[] = {
      {HEAD, 0, 0, ""},
      {"# a comment\n\n" HEAD "free 1\n", 0, 0, ""},
      {"", 1, 0, PP_TRACE_HEADER},
      {"free 1\n", 1, 0, PP_TRACE_HEADER},
      {"poolproof-trace 2\nfree 1\n", 1, 0, "version 1"},
      {HEAD HEAD, 2, 0, "once"},
  };
  return all_as_expected(cases, COUNT(cases));
}

bool probe_numbers_are_read(void) {
  static const struct {
    const char *spelt;
    uint64_t number;
  } good[] = {{"0", 0},
              {"010", 10},
              {"0x10", 16},
              {"0xFf", 255},
              {"18446744073709551615", UINT64_MAX},
              {"0xffffffffffffffff", UINT64_MAX}};
  static const char *const bad[] = {"18446744073709551616",
                                    "0x10000000000000000",
                                    "-1",
                                    "+1",
                                    "1k",
                                    "0x",
                                    "ff",
                                    "1.5",
                                    "1_000"};
  char text[64];
  for (size_t i = 0; i < COUNT(good); i++) {
    struct pp_op op = {PP_OP_MALLOC, 1, good[i].number, 0};
    snprintf(text, sizeof text, "malloc 1 %s\n", good[i].spelt);
    if (!probe_reads_as(text, &op, 1)) return false;
  }
  for (size_t i = 0; i < COUNT(bad); i++) {
    snprintf(text, sizeof text, HEAD "malloc 1 %s\n", bad[i]);
    struct refused refused = {text, 2, 0, "SIZE"};
    if (!is_as_expected(&refused)) return false;
  }
  return true;
}

bool probe_refusals_are_exact(void) {
  static const struct refused cases[] = {
      {HEAD "free 1\n  mallok 2 1\n", 3, 3, "\"malloc\""},
      {HEAD "\nmalloc 1\n", 3, 9, "SIZE of \"malloc\""},
      {HEAD "free 1 2\n", 2, 8, "the end of \"free\""},
      {HEAD "free 1\nfree 2\nfree x", 4, 6, "ID"},
      {HEAD "domain heap\n", 2, 8, "obj, mem or raw"},
      {HEAD "arena-skew 100\n", 2, 12, "4096"},
      {HEAD "burst 1 4294967296 8\n", 2, 9, "4294967295"},
      {HEAD "drain 1 3 0x8000000000000000\n", 2, 11, "STEP"},
      {HEAD "expect POOL-99\n", 2, 8, "CLAUSE"},
      {HEAD "free \xff\n", 2, 6, "UTF-8"},
  };
  return all_as_expected(cases, COUNT(cases));
}

/* ---- text ---- */

struct pp_ops probe_edges(void) {
  static const uint64_t numbers[] = {
      0, 1, 127, 128, UINT32_MAX, 1 + (uint64_t)UINT32_MAX, UINT64_MAX};
  struct pp_ops ops = {0};
  for (int kind = 0; kind < PP_OP_KIND_COUNT; kind++) {
    for (size_t i = 0; i < COUNT(numbers); i++) {
      const char *expected;
      uint64_t number = numbers[i];
      struct pp_op op = {(enum pp_op_kind)kind, number, number,
                         UINT64_MAX - number};
      if (pp_op_fault(&op, &expected) != 0) op.id = op.b = 1;
      if (pp_op_fault(&op, &expected) != 0) op.a = 2 * PP_SKEW_STEP;
      if (pp_op_fault(&op, &expected) != 0) op.a = PP_OPS_15;
      if (pp_op_fault(&op, &expected) != 0) op.a = PP_DOMAIN_RAW;
      pp_ops_push(&ops, op);
    }
  }
  return ops;
}

bool probe_print_and_read(void) {
  struct pp_ops ops = probe_edges();
  bool same = true;
  for (size_t i = 0; i < ops.count && same; i++) {
    char line[160];
    int length = pp_op_print(&ops.at[i], line, sizeof line - 1);
    snprintf(line + length, sizeof line - (size_t)length, "\n");
    same = probe_reads_as(line, &ops.at[i], 1);
  }
  pp_ops_free(&ops);
  return same;
}

/* ---- records ---- */

/* Bytes that go through every value at every place. */
static void fill_records(uint8_t *bytes, size_t records) {
  uint32_t state = 1;
  for (size_t i = 0; i < records * PP_RECORD_SIZE; i++) {
    state = state * 1664525u + 1013904223u;
    bytes[i] = (uint8_t)(state >> 24);
    if (i % PP_RECORD_SIZE == 0) bytes[i] = (uint8_t)(i / PP_RECORD_SIZE);
  }
}

enum { RECORDS = 4096 };

bool probe_bytes_are_a_trace(void) {
  static uint8_t bytes[RECORDS * PP_RECORD_SIZE];
  static struct pp_op ops[RECORDS];
  const char *expected;
  fill_records(bytes, RECORDS);
  if (pp_records_decode(bytes, sizeof bytes, ops, RECORDS) != RECORDS)
    return false;
  for (size_t i = 0; i < RECORDS; i++) {
    if (ops[i].kind >= PP_OP_KIND_COUNT) return false;
    if (pp_op_fault(&ops[i], &expected) != 0) return false;
  }
  return true;
}

bool probe_zeros_are_the_smallest(void) {
  static const uint8_t zeros[4 * PP_RECORD_SIZE];
  const struct pp_op smallest = {PP_OP_MALLOC, 0, 0, 0};
  struct pp_op ops[4];
  for (size_t size = 0; size < 2 * PP_RECORD_SIZE; size++) {
    size_t whole = size / PP_RECORD_SIZE;
    if (pp_records_decode(zeros, size, ops, COUNT(ops)) != whole) return false;
    if (whole == 1 && !pp_op_equal(&ops[0], &smallest)) return false;
  }
  return true;
}

bool probe_records_stand_alone(void) {
  enum { FEW = 64 };
  uint8_t bytes[FEW * PP_RECORD_SIZE];
  struct pp_op all[FEW], some[FEW];
  fill_records(bytes, FEW);
  pp_records_decode(bytes, sizeof bytes, all, FEW);
  for (size_t gone = 0; gone < FEW; gone++) {
    uint8_t left[sizeof bytes];
    size_t before = gone * PP_RECORD_SIZE;
    memcpy(left, bytes, before);
    memcpy(left + before, bytes + before + PP_RECORD_SIZE,
           sizeof bytes - before - PP_RECORD_SIZE);
    pp_records_decode(left, sizeof left - PP_RECORD_SIZE, some, FEW);
    if (!probe_equal(some, all, gone)) return false;
    if (!probe_equal(some + gone, all + gone + 1, FEW - gone - 1)) return false;
  }
  return true;
}

/* ---- the packed form ---- */

static bool unpacks_as(const char *path, const struct pp_ops *ops) {
  struct pp_trace_error error;
  struct pp_trace *trace = pp_trace_open(path, &error);
  if (trace == NULL) return false;
  struct pp_ops read = pp_trace_all(trace);
  bool same =
      read.count == ops->count && probe_equal(read.at, ops->at, ops->count);
  pp_ops_free(&read);
  pp_trace_close(trace);
  return same;
}

/* More than any buffer holds, with IDs far apart. */
bool probe_pack_and_unpack(void) {
  struct pp_ops ops = probe_edges();
  for (uint64_t i = 0; i < 40000; i++)
    pp_ops_push(&ops, (struct pp_op){PP_OP_MALLOC, i * i * 977, i, 0});
  struct probe_file file = probe_file("", 0);
  FILE *out = fdopen(dup(file.fd), "w");
  if (out == NULL) abort();
  bool same = pp_packed_write(out, ops.at, ops.count) != 0;
  fclose(out);
  same = same && unpacks_as(file.path, &ops);
  probe_file_close(&file);
  pp_ops_free(&ops);
  return same;
}

/* ---- memory ---- */

static long resident_pages(void) {
  char text[128];
  char *end;
  FILE *statm = fopen("/proc/self/statm", "r");
  if (statm == NULL || fgets(text, sizeof text, statm) == NULL) abort();
  fclose(statm);
  strtol(text, &end, 10); /* the first number is the address space */
  return strtol(end, NULL, 10);
}

/* Pages that reading so many statements leaves behind. */
static long pages_for(size_t statements) {
  struct pp_trace_error error;
  struct probe_file file = probe_file("", 0);
  FILE *out = fdopen(dup(file.fd), "w");
  if (out == NULL) abort();
  fputs(HEAD, out);
  for (size_t i = 0; i < statements; i++)
    fprintf(out, "malloc %zu 16\n", i);
  fclose(out);
  long before = resident_pages();
  struct pp_trace *trace = pp_trace_open(file.path, &error);
  if (trace == NULL) abort();
  struct pp_op_source *source = pp_trace_read(trace);
  struct pp_op some[64];
  size_t count = 0, got;
  while ((got = source->fill(source, some, COUNT(some))) > 0)
    count += got;
  long after = resident_pages();
  if (count != statements) abort();
  pp_trace_close(trace);
  probe_file_close(&file);
  return after - before;
}

bool probe_memory_stays(void) {
  enum { SPARE = 512 }; /* pages; a statement has at least 32 bytes of them */
  pages_for(1000);      /* what is taken once, is taken now */
  long few = pages_for(1000);
  return pages_for(100000) <= few + SPARE;
}
