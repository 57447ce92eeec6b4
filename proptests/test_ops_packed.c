/* The packed form as a file (SPEC.md, OPS-04, OPS-15 and OPS-16): what is
 * expected where one is wrong and at which byte, and that what is opened is
 * given back. The bytes of statements are in test_ops_bytes.c. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include "check/trace.h"
#include "proptests/held.h"
#include "proptests/programs.h"

#define MAGIC "pp-pack\x01"
#define BYTES(text) text, sizeof text - 1

/* ANY: what is found at the end of a frame is found before its statements are
 * used up. */
enum { PACKED_MAX = 1024, MANY = 60000, ANY = 0 };

static char folder[64];
static char path[128];

static void make_folder(void) {
  pp_folder_make(folder);
}

static void remove_folder(void) {
  pp_folder_remove(folder);
}

TestSuite(OPS_04, .init = make_folder, .fini = remove_folder);
TestSuite(OPS_15, .init = make_folder, .fini = remove_folder);
TestSuite(OPS_16, .init = make_folder, .fini = remove_folder);

static void is_refused(const void *bytes, size_t size, unsigned long statement,
                       unsigned long column, const char *expected) {
  struct pp_trace_error error;
  pp_file_write(path, folder, "a.zst", bytes, size);
  cr_assert_null(pp_trace_open(path, &error), "%s", expected);
  cr_assert_str_eq(error.expected, expected);
  if (statement != ANY)
    cr_assert_eq(error.line, statement, "%s: %lu", expected, error.line);
  cr_assert_eq(error.column, column, "%s: %lu", expected, error.column);
}

Test(OPS_04, what_is_wrong_in_a_frame_is_named) {
  static const struct {
    const char *bytes;
    size_t size;
    unsigned long statement;
    const char *expected;
  } frames[] = {
      {BYTES(PP_TRACE_HEADER), 1,
       "packed statements; unpack this text with zstd -d"},
      {BYTES(PP_TRACE_HEADER "\nfree 0\n"), 1,
       "packed statements; unpack this text with zstd -d"},
      {BYTES(""), 1, "a packed trace; this zstd file is not one"},
      {BYTES("pp-pack"), 1, "a packed trace; this zstd file is not one"},
      {BYTES("pp-pacK\x01\x0e"), 1,
       "a packed trace; this zstd file is not one"},
      {BYTES("qp-pack\x01\x0e"), 1,
       "a packed trace; this zstd file is not one"},
      {BYTES("poolproof-trace and no more"), 1,
       "a packed trace; this zstd file is not one"},
      {BYTES("pp-pack\x02\x0e"), 1, "version 1 of the packed form"},
      {BYTES(MAGIC "\x39"), 1, "a statement of the packed form"},
      {BYTES(MAGIC "\x0e\x0e\x39"), 3, "a statement of the packed form"},
      {BYTES(MAGIC "\x0e\x01"), 2, "the rest of a statement"},
      {BYTES(MAGIC "\x0c\x03"), 1, "obj, mem or raw"},
      {BYTES(MAGIC "\x0e\x0f\x01"), 2,
       "BYTES, a multiple of 4096 below 1048576"},
  };
  for (size_t i = 0; i < sizeof frames / sizeof *frames; i++) {
    char packed[PACKED_MAX];
    size_t size = ZSTD_compress(packed, sizeof packed, frames[i].bytes,
                                frames[i].size, 1);
    cr_assert_not(ZSTD_isError(size));
    is_refused(packed, size, frames[i].statement, size + 1, frames[i].expected);
  }
}

/* The magic word alone is a trace of nothing. */
Test(OPS_15, a_packed_trace_may_be_empty) {
  char packed[PACKED_MAX];
  struct pp_trace_error error;
  size_t size = ZSTD_compress(packed, sizeof packed, BYTES(MAGIC), 1);
  pp_file_write(path, folder, "a.zst", packed, size);
  struct pp_trace *trace = pp_trace_open(path, &error);
  cr_assert_not_null(trace, "%s", error.expected);
  cr_assert_eq(pp_trace_length(trace), 0);
  pp_trace_close(trace);
}

/* Statements that do not compress; the file is longer than it is read at
 * once, and so is what is in it. */
static uint8_t *many(size_t *size) {
  struct pp_ops ops = {0};
  uint64_t state = 1;
  for (int i = 0; i < MANY; i++) {
    state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
    pp_ops_push(&ops, (struct pp_op){PP_OP_CALLOC, state >> 9, state >> 3,
                                     state >> 40});
  }
  snprintf(path, sizeof path, "%s/a.zst", folder);
  cr_assert(pp_trace_save(path, ops.at, ops.count));
  pp_ops_free(&ops);
  struct stat status;
  cr_assert_eq(stat(path, &status), 0);
  *size = (size_t)status.st_size;
  cr_assert_gt(*size, 1 << 17);
  uint8_t *bytes = malloc(*size + 1);
  FILE *in = fopen(path, "r");
  cr_assert_eq(fread(bytes, 1, *size, in), *size);
  fclose(in);
  return bytes;
}

Test(OPS_04, long_files_are_whole) {
  struct pp_trace_error error;
  size_t size;
  uint8_t *bytes = many(&size);
  struct pp_trace *trace = pp_trace_open(path, &error);
  cr_assert_not_null(trace, "%s", error.expected);
  cr_assert_eq(pp_trace_length(trace), MANY);
  pp_trace_close(trace);
  is_refused(bytes, size - 1, MANY + 1, size,
             "the rest of the file, which was cut short");
  bytes[size] = '\n';
  is_refused(bytes, size + 1, ANY, size + 1,
             "the end of the file after the zstd frame");
  bytes[size - 1] ^= 1;
  pp_file_write(path, folder, "a.zst", bytes, size);
  cr_assert_null(pp_trace_open(path, &error));
  cr_assert_str_eq(error.expected, "a whole zstd frame; this one is damaged");
  cr_assert_gt(error.column, 1 << 17);
  cr_assert_leq(error.column, size + 1);
  free(bytes);
}

static size_t pages_mapped(void) {
  size_t pages = 0;
  FILE *statm = fopen("/proc/self/statm", "r");
  cr_assert_not_null(statm);
  cr_assert_eq(fscanf(statm, "%zu", &pages), 1);
  fclose(statm);
  return pages;
}

Test(OPS_16, what_is_opened_is_given_back) {
  struct pp_trace_error error;
  size_t size, pages = 0;
  free(many(&size));
  for (int round = 1; round <= 3 * PP_HELD_ROUNDS; round++) {
    struct pp_held before = pp_held();
    struct pp_trace *trace = pp_trace_open(path, &error);
    cr_assert_not_null(trace);
    pp_trace_close(trace);
    cr_assert_null(pp_trace_open("/dev/null", &error));
    cr_assert(pp_trace_save("/dev/null", NULL, 0));
    cr_assert_not(pp_trace_save("/dev/full", NULL, 0));
    if (round == PP_HELD_ROUNDS) pages = pages_mapped();
    if (round == 3 * PP_HELD_ROUNDS) pp_held_no_more(before);
  }
  /* Each time that is forgotten would be sixteen pages. */
  cr_assert_lt(pages_mapped(), pages + 8 * PP_HELD_ROUNDS);
  pp_trace_close(NULL);
}
