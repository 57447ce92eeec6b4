/* The language of traces, one clause a test: what is read, that the three
 * forms say the same, and that reading neither grows nor depends on who reads
 * (SPEC.md, OPS). Refusals are in test_ops_refusals.c. */
#include <criterion/criterion.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check/trace.h"
#include "poolproof/clause.h"

#define RANDOM_OPS 20000

static char folder[] = "/tmp/poolproof-ops-XXXXXX";
static char text_path[64];
static char packed_path[64];

static void make_folder(void) {
  cr_assert_not_null(mkdtemp(folder));
  snprintf(text_path, sizeof text_path, "%s/a.trace", folder);
  snprintf(packed_path, sizeof packed_path, "%s/a.trace.zst", folder);
}

static void remove_folder(void) {
  unlink(text_path);
  unlink(packed_path);
  rmdir(folder);
}

static uint64_t draw(uint64_t *state) {
  uint64_t mixed = *state += 0x9e3779b97f4a7c15;
  mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
  return mixed ^ mixed >> 31;
}

/* Small numbers, any numbers, and the edges of powers of two. */
static uint64_t draw_number(uint64_t *state) {
  uint64_t number = draw(state);
  switch (draw(state) % 4) {
  case 0: return number % 1024;
  case 1: return number >> draw(state) % 64;
  case 2: return ((uint64_t)1 << number % 64) + draw(state) % 256 - 128;
  default: return number % 64 * PP_SKEW_STEP;
  }
}

static struct pp_op draw_op(uint64_t *state) {
  const char *expected;
  struct pp_op op;
  do {
    op.kind = (enum pp_op_kind)(draw(state) % PP_OP_KIND_COUNT);
    const char *operands = pp_op_operands[op.kind];
    op.id = strchr(operands, 'i') != NULL ? draw_number(state) : 0;
    op.a = strchr(operands, 'a') != NULL ? draw_number(state) : 0;
    op.b = strchr(operands, 'b') != NULL ? draw_number(state) : 0;
  } while (pp_op_fault(&op, &expected) != 0);
  return op;
}

static struct pp_ops draw_ops(uint64_t seed, size_t count) {
  struct pp_ops ops = {NULL, 0, 0};
  for (size_t i = 0; i < count; i++)
    pp_ops_push(&ops, draw_op(&seed));
  return ops;
}

static void write_file(const char *path, const void *bytes, size_t size) {
  FILE *out = fopen(path, "w");
  cr_assert_not_null(out);
  cr_assert_eq(fwrite(bytes, 1, size, out), size);
  cr_assert_eq(fclose(out), 0);
}

static struct pp_trace *open_sound(const char *path) {
  struct pp_trace_error error;
  struct pp_trace *trace = pp_trace_open(path, &error);
  cr_assert_not_null(trace, "%s:%lu:%lu: expected %s", error.file, error.line,
                     error.column, error.expected);
  return trace;
}

static struct pp_ops read_text(const char *text) {
  write_file(text_path, text, strlen(text));
  struct pp_trace *trace = open_sound(text_path);
  struct pp_ops ops = pp_trace_all(trace);
  cr_assert_eq(ops.count, pp_trace_length(trace));
  pp_trace_close(trace);
  return ops;
}

static void assert_same(const struct pp_op *left, const struct pp_op *right,
                        size_t count) {
  for (size_t i = 0; i < count; i++) {
    char texts[2][128];
    pp_op_print(&left[i], texts[0], sizeof texts[0]);
    pp_op_print(&right[i], texts[1], sizeof texts[1]);
    cr_assert(pp_op_equal(&left[i], &right[i]), "statement %zu: %s, not %s", i,
              texts[1], texts[0]);
    cr_assert_str_eq(texts[0], texts[1]);
  }
}

static void assert_reads_as(const char *path, const struct pp_op *ops,
                            size_t count) {
  struct pp_trace *trace = open_sound(path);
  cr_assert_eq(pp_trace_length(trace), count);
  struct pp_ops read = pp_trace_all(trace);
  cr_assert_eq(read.count, count);
  assert_same(ops, read.at, count);
  pp_ops_free(&read);
  pp_trace_close(trace);
}

TestSuite(OPS_01, .init = make_folder, .fini = remove_folder);
TestSuite(OPS_02, .init = make_folder, .fini = remove_folder);
TestSuite(OPS_07, .init = make_folder, .fini = remove_folder);
TestSuite(OPS_15, .init = make_folder, .fini = remove_folder);
TestSuite(OPS_16, .init = make_folder, .fini = remove_folder);

Test(OPS_01, the_header_comes_first) {
  static const char *const sound[] = {
      "poolproof-trace 1\nfree 0\n",
      "poolproof-trace 1\nfree 0",
      "poolproof-trace 1\r\nfree 0\r\n",
      "poolproof-trace 1\r\nfree 0\r",
      "\n\n  \t\n# a comment\npoolproof-trace 1\n\n#\nfree 0\n\n",
      "\t poolproof-trace\t1 \t# \xff not UTF-8\n\tfree  0# at once\n",
      "poolproof-trace 1#\n#\xd1\x82\xd1\x80\xd0\xb0\xd1\x81\nfree\t0\t\n",
  };
  for (size_t i = 0; i < sizeof sound / sizeof sound[0]; i++) {
    struct pp_ops ops = read_text(sound[i]);
    cr_assert_eq(ops.count, 1, "in trace %zu", i);
    cr_assert_eq(ops.at[0].kind, PP_OP_FREE, "in trace %zu", i);
    pp_ops_free(&ops);
  }
  struct pp_ops none = read_text(PP_TRACE_HEADER);
  cr_assert_eq(none.count, 0);
  pp_ops_free(&none);
}

Test(OPS_02, numbers_are_decimal_or_hexadecimal) {
  static const struct {
    const char *text;
    uint64_t number;
  } numbers[] = {
      {"0", 0},
      {"007", 7},
      {"0x0", 0},
      {"0x00000000000000000000000000001f", 31},
      {"0xdeadBEEF", 0xdeadbeef},
      {"4294967295", UINT32_MAX},
      {"9223372036854775807", INT64_MAX},
      {"18446744073709551615", UINT64_MAX},
      {"0xffffffffffffffff", UINT64_MAX},
      {"0xFFFFFFFFFFFFFFFE", UINT64_MAX - 1},
  };
  for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
    char text[256];
    const char *number = numbers[i].text;
    snprintf(text, sizeof text, PP_TRACE_HEADER "\ncalloc %s %s %s\n", number,
             number, number);
    struct pp_ops ops = read_text(text);
    struct pp_op same = {PP_OP_CALLOC, numbers[i].number, numbers[i].number,
                         numbers[i].number};
    cr_assert_eq(ops.count, 1);
    cr_assert(pp_op_equal(&ops.at[0], &same), "%s", text);
    pp_ops_free(&ops);
  }
}

Test(OPS_07, what_is_printed_reads_the_same) {
  struct pp_ops ops = draw_ops(7, RANDOM_OPS);
  cr_assert(pp_trace_save(text_path, ops.at, ops.count));
  assert_reads_as(text_path, ops.at, ops.count);

  /* Printing what was read gives the same bytes. */
  struct pp_trace *trace = open_sound(text_path);
  struct pp_ops read = pp_trace_all(trace);
  char *texts[2];
  size_t sizes[2];
  const struct pp_ops *both[2] = {&ops, &read};
  for (int i = 0; i < 2; i++) {
    FILE *out = open_memstream(&texts[i], &sizes[i]);
    cr_assert(pp_trace_print(out, both[i]->at, both[i]->count));
    fclose(out);
  }
  cr_assert_eq(sizes[0], sizes[1]);
  cr_assert_eq(memcmp(texts[0], texts[1], sizes[0]), 0);
  free(texts[0]);
  free(texts[1]);
  pp_ops_free(&read);
  pp_trace_close(trace);

  /* Sizes are printed as people count them, edges as edges. */
  struct pp_op op = {PP_OP_CALLOC, 0, UINT32_MAX, (uint64_t)UINT32_MAX + 1};
  char line[128];
  cr_assert_eq(pp_op_print(&op, line, sizeof line), 31);
  cr_assert_str_eq(line, "calloc 0 4294967295 0x100000000");
  cr_assert_eq(pp_op_print(&op, line, 7), 31);
  cr_assert_str_eq(line, "calloc");

  pp_ops_free(&ops);
}

Test(OPS_07, what_cannot_be_written_leaves_nothing) {
  struct pp_op unsound = {PP_OP_ARENA_SKEW, 0, 4095, 0};
  struct pp_op sound = {PP_OP_FREE, 0, 0, 0};
  char lost[96];
  snprintf(lost, sizeof lost, "%s/absent/a.trace", folder);
  cr_assert(!pp_trace_save(text_path, &unsound, 1));
  cr_assert(!pp_trace_save(packed_path, &unsound, 1));
  cr_assert(!pp_trace_save(lost, &sound, 1));
  cr_assert(!pp_trace_save(folder, &sound, 1));
  cr_assert_neq(access(text_path, F_OK), 0);
  cr_assert_neq(access(packed_path, F_OK), 0);

  /* A file that does not fit leaves the one before it. */
  struct pp_ops ops = draw_ops(8, RANDOM_OPS);
  struct rlimit limit, small = {4096, RLIM_INFINITY};
  cr_assert(pp_trace_save(text_path, &sound, 1));
  cr_assert(pp_trace_save(packed_path, &sound, 1));
  cr_assert_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
  small.rlim_max = limit.rlim_max;
  signal(SIGXFSZ, SIG_IGN);
  cr_assert_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
  int text_saved = pp_trace_save(text_path, ops.at, ops.count);
  int packed_saved = pp_trace_save(packed_path, ops.at, ops.count);
  cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
  cr_assert(!text_saved && !packed_saved);
  pp_ops_free(&ops);
  assert_reads_as(text_path, &sound, 1);
  assert_reads_as(packed_path, &sound, 1);
  unlink(text_path);
  unlink(packed_path);
  cr_assert_eq(rmdir(folder), 0, "something was left behind in %s", folder);
  cr_assert_eq(mkdir(folder, 0700), 0);

  /* What is not a file is written to, not replaced, and a full device is an
   * error. Links, because a test should not put devices at risk. */
  struct stat status;
  cr_assert_eq(symlink("/dev/null", text_path), 0);
  cr_assert_eq(symlink("/dev/full", packed_path), 0);
  cr_assert(pp_trace_save(text_path, &sound, 1));
  cr_assert(!pp_trace_save(packed_path, &sound, 1));
  cr_assert(lstat(text_path, &status) == 0 && S_ISLNK(status.st_mode));
  cr_assert(lstat(packed_path, &status) == 0 && S_ISLNK(status.st_mode));
}

Test(OPS_15, packed_statements_are_the_same) {
  static const size_t counts[] = {0, 1, 2, 1000, RANDOM_OPS};
  for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
    struct pp_ops ops = draw_ops(15 + i, counts[i]);
    cr_assert(pp_trace_save(packed_path, ops.at, ops.count));
    assert_reads_as(packed_path, ops.at, ops.count);
    /* The bytes tell the form, whatever the name says. */
    cr_assert_eq(rename(packed_path, text_path), 0);
    assert_reads_as(text_path, ops.at, ops.count);
    cr_assert(pp_trace_save(text_path, ops.at, ops.count));
    cr_assert_eq(rename(text_path, packed_path), 0);
    assert_reads_as(packed_path, ops.at, ops.count);
    pp_ops_free(&ops);
  }
  /* Neighbouring IDs pack to less than a tenth of the text. */
  struct pp_ops ops = {NULL, 0, 0};
  for (uint64_t i = 0; i < RANDOM_OPS; i++)
    pp_ops_push(&ops, (struct pp_op){PP_OP_MALLOC, i, 16 + i % 7, 0});
  struct stat text, packed;
  cr_assert(pp_trace_save(text_path, ops.at, ops.count));
  cr_assert(pp_trace_save(packed_path, ops.at, ops.count));
  cr_assert(stat(text_path, &text) == 0 && stat(packed_path, &packed) == 0);
  cr_assert_lt(packed.st_size * 10, text.st_size);
  cr_assert_eq(text.st_mode, packed.st_mode);
  pp_ops_free(&ops);
}

Test(OPS_15, standard_input_is_read_as_well) {
  struct pp_ops ops = draw_ops(16, 5000);
  cr_assert(pp_trace_save(packed_path, ops.at, ops.count));
  cr_assert(pp_trace_save(text_path, ops.at, ops.count));
  cr_assert_not_null(freopen(packed_path, "r", stdin));
  assert_reads_as("-", ops.at, ops.count);
  cr_assert_not_null(freopen(text_path, "r", stdin));
  assert_reads_as("-", ops.at, ops.count);
  pp_ops_free(&ops);
}

/* -- memory -------------------------------------------------------------- */

/* A line of /proc/self/status, in KiB. */
static long status_kib(const char *key) {
  char line[256];
  long kib = -1;
  FILE *status = fopen("/proc/self/status", "r");
  cr_assert_not_null(status);
  while (kib < 0 && fgets(line, sizeof line, status) != NULL) {
    if (strncmp(line, key, strlen(key)) == 0)
      kib = strtol(line + strlen(key), NULL, 10);
  }
  fclose(status);
  cr_assert_geq(kib, 0);
  return kib;
}

/* The most that opening and reading it takes, and it is what it should be. */
static long peak_kib(const char *path, size_t count) {
  write_file("/proc/self/clear_refs", "5", 1); /* the peak starts anew */
  long before = status_kib("VmHWM:");
  struct pp_trace *trace = open_sound(path);
  struct pp_op_source *source = pp_trace_read(trace);
  struct mallinfo2 heap = mallinfo2();
  struct pp_op ops[64];
  size_t total = 0;
  for (size_t got; (got = source->fill(source, ops, 64)) > 0;)
    total += got;
  cr_assert_eq(mallinfo2().uordblks, heap.uordblks, "fill allocates");
  cr_assert_eq(total, count);
  pp_trace_close(trace);
  return status_kib("VmHWM:") - before;
}

Test(OPS_16, memory_does_not_grow_with_length) {
  enum { SHORT = 1000, LONG = 1000000, SPARE_KIB = 6 * 1024 };
  _Static_assert(LONG * sizeof(struct pp_op) > 4 * SPARE_KIB * 1024,
                 "a trace kept in memory would be noticed");
  long peaks[2][2];
  for (int i = 0; i < 2; i++) {
    size_t count = i == 0 ? SHORT : LONG;
    struct pp_ops ops = draw_ops(16, count);
    cr_assert(pp_trace_save(text_path, ops.at, ops.count));
    cr_assert(pp_trace_save(packed_path, ops.at, ops.count));
    pp_ops_free(&ops);
    malloc_trim(0);
    peaks[i][0] = peak_kib(text_path, count);
    peaks[i][1] = peak_kib(packed_path, count);
  }
  for (int form = 0; form < 2; form++)
    cr_assert_lt(peaks[1][form] - peaks[0][form], SPARE_KIB,
                 "form %d: %ld KiB for %d statements, %ld KiB for %d", form,
                 peaks[0][form], SHORT, peaks[1][form], LONG);
}

Test(OPS_16, any_stride_and_any_process_reads_the_same) {
  static const size_t strides[] = {1, 7, 64, 4096};
  static struct pp_op some[4096];
  struct pp_ops ops = draw_ops(17, RANDOM_OPS);
  cr_assert(pp_trace_save(text_path, ops.at, ops.count));
  struct pp_trace *trace = open_sound(text_path);
  for (size_t i = 0; i < sizeof strides / sizeof strides[0]; i++) {
    struct pp_op_source *source = pp_trace_read(trace);
    struct pp_ops_source array = pp_ops_read(ops.at, ops.count);
    struct pp_op same[1];
    size_t total = 0;
    for (size_t got; (got = source->fill(source, some, strides[i])) > 0;) {
      assert_same(ops.at + total, some, got);
      total += got;
      while (got-- > 0)
        cr_assert_eq(array.source.fill(&array.source, same, 1), 1);
    }
    cr_assert_eq(total, ops.count);
    cr_assert_eq(array.source.fill(&array.source, same, 1), 0);
  }
  /* A child reads on where the parent was, and leaves the parent there. */
  struct pp_op_source *source = pp_trace_read(trace);
  cr_assert_eq(source->fill(source, some, 100), 100);
  pid_t child = fork();
  if (child == 0) {
    size_t total = 100;
    for (size_t got; (got = source->fill(source, some, 64)) > 0; total += got) {
      for (size_t i = 0; i < got; i++) {
        if (!pp_op_equal(&some[i], &ops.at[total + i])) _exit(1);
      }
    }
    _exit(total == ops.count ? 0 : 2);
  }
  int status;
  cr_assert_eq(waitpid(child, &status, 0), child);
  cr_assert_eq(status, 0);
  cr_assert_eq(source->fill(source, some, 100), 100);
  assert_same(ops.at + 100, some, 100);
  pp_trace_close(trace);
  pp_ops_free(&ops);
}
