/* The readers of traces: text, packed and fuzz form. Any bytes are read, or
 * refused with a place and a reason; what was read is written and read again in
 * each form, and reading it takes no memory by its length. */
/* Watches: OPS-01 OPS-02 OPS-04 OPS-05 OPS-06 OPS-07 OPS-08 OPS-15 OPS-16 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check/trace_form.h"
#include "fuzz/fuzz.h"
#include "fuzz/traces.h"

/* Longer traces, which small files unpack to, are read and no more. */
enum { OPERATIONS_MOST = 20000 };
/* What reading may take: buffers, and the window of the packed form. */
#define RESIDENT_MOST (UINT64_C(48) << 20)

static _Noreturn void differs(const char *clause, size_t at,
                              const struct pp_op *is, const struct pp_op *was) {
  char now[160], then[160];
  pp_op_print(is, now, sizeof now);
  pp_op_print(was, then, sizeof then);
  pp_fuzz_found(clause, "statement %zu was %s and is %s", at + 1, then, now);
}

static void are_equal(const char *clause, const struct pp_ops *is,
                      const struct pp_ops *was) {
  if (is->count != was->count)
    pp_fuzz_found(clause, "%zu statements became %zu", was->count, is->count);
  for (size_t i = 0; i < is->count; i++)
    if (!pp_op_equal(&is->at[i], &was->at[i]))
      differs(clause, i, &is->at[i], &was->at[i]);
}

/* ---- files ---- */

static struct pp_trace *open_bytes(const void *bytes, size_t size,
                                   struct pp_trace_error *error) {
  char path[64];
  int file = memfd_create("trace", MFD_CLOEXEC);
  if (file < 0 || write(file, bytes, size) != (ssize_t)size)
    pp_fuzz_cannot("there is no room for a file in memory");
  snprintf(path, sizeof path, "/proc/self/fd/%d", file);
  struct pp_trace *trace = pp_trace_open(path, error);
  close(file);
  return trace;
}

static void is_refused_well(const struct pp_trace_error *error) {
  if (error->file[0] == '\0' || error->expected[0] == '\0')
    pp_fuzz_found("OPS-04", "no file or no expectation");
  if (error->line == 0 || error->column == 0)
    pp_fuzz_found("OPS-04", "line %lu, column %lu: expected %s", error->line,
                  error->column, error->expected);
}

static struct pp_ops read_written(const char *clause, char *bytes,
                                  size_t size) {
  struct pp_trace_error error;
  struct pp_trace *trace = open_bytes(bytes, size, &error);
  if (trace == NULL)
    pp_fuzz_found(clause, "what was written is refused at %lu:%lu: expected %s",
                  error.line, error.column, error.expected);
  struct pp_ops ops = pp_trace_all(trace);
  pp_trace_close(trace);
  free(bytes);
  return ops;
}

static void is_written_and_read(const char *clause, const struct pp_ops *ops,
                                int (*write_ops)(FILE *, const struct pp_op *,
                                                 size_t)) {
  char *bytes;
  size_t size;
  FILE *out = open_memstream(&bytes, &size);
  if (out == NULL || !write_ops(out, ops->at, ops->count)) abort();
  fclose(out);
  struct pp_ops again = read_written(clause, bytes, size);
  are_equal(clause, &again, ops);
  pp_ops_free(&again);
}

/* ---- the fuzz form ---- */

static void fit_records(const struct pp_ops *ops) {
  for (size_t i = 0; i < ops->count; i++) {
    uint8_t record[PP_RECORD_SIZE];
    struct pp_op again;
    if (pp_records_encode(&ops->at[i], 1, record, sizeof record) !=
        sizeof record)
      continue;
    if (pp_records_decode(record, sizeof record, &again, 1) != 1 ||
        !pp_op_equal(&again, &ops->at[i]))
      differs("OPS-05", i, &again, &ops->at[i]);
  }
}

/* Any bytes are records; one of them less leaves the others as they were. */
static void are_records(const uint8_t *data, size_t size) {
  static const struct pp_op smallest = {.kind = PP_OP_MALLOC};
  size_t count = size / PP_RECORD_SIZE;
  struct pp_op *all = calloc(count + 1, sizeof *all);
  if (all == NULL) abort();
  if (pp_records_decode(data, size, all, count + 1) != count)
    pp_fuzz_found("OPS-06", "%zu bytes are not %zu records", size, count);
  for (size_t i = 0; i < count; i++) {
    static const uint8_t zeros[PP_RECORD_SIZE];
    const uint8_t *record = data + i * PP_RECORD_SIZE;
    const char *expected;
    struct pp_op alone;
    if (all[i].kind >= PP_OP_KIND_COUNT || pp_op_fault(&all[i], &expected) != 0)
      differs("OPS-05", i, &all[i], &all[i]);
    pp_records_decode(record, PP_RECORD_SIZE, &alone, 1);
    if (!pp_op_equal(&alone, &all[i])) differs("OPS-08", i, &alone, &all[i]);
    if (memcmp(record, zeros, PP_RECORD_SIZE) == 0 &&
        !pp_op_equal(&all[i], &smallest))
      differs("OPS-06", i, &all[i], &smallest);
  }
  struct pp_ops ops = {all, count, count + 1};
  is_written_and_read("OPS-07", &ops, pp_trace_print);
  is_written_and_read("OPS-15", &ops, pp_packed_write);
  pp_ops_free(&ops);
}

/* ---- */

static uint64_t resident(void) {
  static int statm = -1;
  char text[128];
  if (statm < 0) statm = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  ssize_t length = pread(statm, text, sizeof text - 1, 0);
  if (length <= 0) return 0;
  text[length] = '\0';
  char *end;
  strtoull(text, &end, 10);
  return strtoull(end, NULL, 10) * (uint64_t)sysconf(_SC_PAGESIZE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct pp_trace_error error = {.line = 0};
  are_records(data, size);
  uint64_t before = resident();
  struct pp_trace *trace = open_bytes(data, size, &error);
  uint64_t after = resident();
  if (after > before + RESIDENT_MOST)
    pp_fuzz_found("OPS-16", "%zu bytes took %" PRIu64 " bytes to read", size,
                  after - before);
  if (trace == NULL) {
    is_refused_well(&error);
    return 0;
  }
  if (pp_trace_length(trace) > OPERATIONS_MOST) {
    pp_trace_close(trace);
    return 0;
  }
  struct pp_ops ops = pp_trace_all(trace);
  pp_trace_close(trace);
  if (!pp_packed_recognize(data, size)) pp_fuzz_is_text_of(data, size, &ops);
  is_written_and_read("OPS-07", &ops, pp_trace_print);
  is_written_and_read("OPS-15", &ops, pp_packed_write);
  fit_records(&ops);
  pp_ops_free(&ops);
  return 0;
}
