/* The clauses of OPS in their order, each with its property. Prints the first
 * that is broken and exits 1, or exits 0 when all hold; whatever else happens
 * is no answer. */
#include "mutants/ops/probe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const struct {
  const char *clause;
  bool (*holds)(void);
} properties[] = {
    {"OPS-01", probe_header_comes_first},
    {"OPS-02", probe_numbers_are_read},
    {"OPS-03", probe_null_ids},
    {"OPS-04", probe_refusals_are_exact},
    {"OPS-05", probe_bytes_are_a_trace},
    {"OPS-06", probe_zeros_are_the_smallest},
    {"OPS-07", probe_print_and_read},
    {"OPS-08", probe_records_stand_alone},
    {"OPS-09", probe_skipped_are_counted},
    {"OPS-10", probe_burst},
    {"OPS-11", probe_drain},
    {"OPS-12", probe_realloc_keeps_the_id},
    {"OPS-13", probe_sources_change_from_here},
    {"OPS-14", probe_seed_is_the_trace},
    {"OPS-15", probe_pack_and_unpack},
    {"OPS-16", probe_memory_stays},
    {"OPS-17", probe_shrunk_is_minimal},
    {"OPS-18", probe_live_id_is_freed_first},
    {"OPS-19", probe_nothing_is_none},
    {"OPS-20", probe_nothing_is_not_changed},
    {"OPS-21", probe_named_anew_is_given_back},
};

struct probe_file probe_file(const void *bytes, size_t size) {
  struct probe_file file = {.fd = memfd_create("probe", MFD_CLOEXEC)};
  const char *from = bytes;
  if (file.fd < 0) abort();
  for (size_t done = 0; done < size;) {
    ssize_t put = write(file.fd, from + done, size - done);
    if (put < 0) abort();
    done += (size_t)put;
  }
  snprintf(file.path, sizeof file.path, "/proc/self/fd/%d", file.fd);
  return file;
}

void probe_file_close(struct probe_file *file) {
  close(file->fd);
}

/* Nothing at all when it is refused, which no property expects. */
struct pp_ops probe_read(const char *statements) {
  char text[4096];
  struct pp_trace_error error;
  struct pp_ops ops = {0};
  int length =
      snprintf(text, sizeof text, "%s\n%s", PP_TRACE_HEADER, statements);
  struct probe_file file = probe_file(text, (size_t)length);
  struct pp_trace *trace = pp_trace_open(file.path, &error);
  if (trace != NULL) ops = pp_trace_all(trace);
  pp_trace_close(trace);
  probe_file_close(&file);
  return ops;
}

bool probe_equal(const struct pp_op *left, const struct pp_op *right,
                 size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (!pp_op_equal(&left[i], &right[i])) return false;
  }
  return true;
}

bool probe_reads_as(const char *statements, const struct pp_op *ops,
                    size_t count) {
  struct pp_ops read = probe_read(statements);
  bool same = read.count == count && probe_equal(read.at, ops, count);
  pp_ops_free(&read);
  return same;
}

/* The heaps that were driven are left as they are, in memory that no leak
 * detector reads, so nothing is asked at the end. */
static _Noreturn void end(int status) {
  fflush(stdout);
  _exit(status);
}

int main(void) {
  for (size_t i = 0; i < COUNT(properties); i++) {
    if (properties[i].holds()) continue;
    puts(properties[i].clause);
    end(1);
  }
  end(0);
}
