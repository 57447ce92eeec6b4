/* poolproof replay: performs one trace on one subject, and says what broke, or
 * where every block came to lie. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check/pages.h"
#include "cli/report.h"

/* Lines for standard output, written by the worker and, for the last ones, by
 * us: the buffer is in shared memory, so that none is lost in a crash. */
struct placements {
  int out;
  int error; /* errno of a write that failed, or 0 */
  size_t used;
  char text[1 << 16];
};

static void flush_placements(struct placements *placements) {
  size_t written = 0;
  while (written < placements->used) {
    ssize_t size = write(placements->out, placements->text + written,
                         placements->used - written);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) placements->error = errno;
    if (size <= 0) break;
    written += (size_t)size;
  }
  placements->used = 0;
}

static void print_placement(void *ctx, const struct pp_driver *driver,
                            uint64_t id, const void *address) {
  struct placements *placements = ctx;
  uint32_t ordinal, offset;
  if (placements->used + 128 > sizeof placements->text) {
    flush_placements(placements);
  }
  char *line = placements->text + placements->used;
  int length;
  if (address == NULL) {
    length = snprintf(line, 128, "%" PRIu64 " null\n", id);
  } else if (pp_places_find(driver->places, address, &ordinal, &offset)) {
    length = snprintf(line, 128, "%" PRIu64 " %" PRIu32 " 0x%" PRIx32 "\n", id,
                      ordinal, offset);
  } else {
    length = snprintf(line, 128, "%" PRIu64 " raw\n", id);
  }
  placements->used += (size_t)length;
}

static void show(FILE *out, const struct settings *settings,
                 struct pp_trace *trace, const struct pp_judgement *judgement) {
  if (!settings->placements) {
    show_table_head(out);
    show_row(out, judgement);
  }
  if (judgement->skipped > 0) {
    fprintf(out, "%s %s skipped: the subject has no such call\n",
            grouped(judgement->skipped),
            judgement->skipped == 1 ? "statement was" : "statements were");
  }
  if (judgement->memory_calls > 0) {
    fprintf(out, "%s of %s calls for memory refused\n",
            grouped(judgement->refused), grouped(judgement->memory_calls));
  }
  if (judgement->finding.clause != PP_HOLDS) {
    struct pp_ops ops = pp_trace_all(trace);
    show_violation(out, judgement, &ops, settings);
    pp_ops_free(&ops);
  } else if (judgement->why[0] != '\0') {
    show_why(out, judgement->name, judgement->why);
  }
}

static int run(const struct settings *settings, int count, char **arguments) {
  if (count != 1) {
    fprintf(stderr, "poolproof replay: one TRACE is wanted\n");
    return EXIT_USAGE;
  }
  struct pp_trace *trace = chosen_trace(arguments[0]);
  struct pp_job job = chosen_job(settings, trace);
  struct placements *placements = NULL;
  if (settings->refusals_given > 0) chosen_declared(&job);
  if (settings->placements) {
    placements = pp_pages_shared(sizeof *placements);
    placements->out = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 10);
    job.options.on_block = print_placement;
    job.options.on_block_ctx = placements;
  }
  struct pp_judgement *judgement = judged(&job);
  if (placements != NULL) flush_placements(placements);
  struct human human;
  human_open(&human, settings);
  show(settings->placements ? stderr : human.out, settings, trace, judgement);
  int code = pp_verdict_exit_code(judgement->verdict);
  if (placements != NULL && placements->error != 0) {
    fprintf(stderr, "poolproof: standard output: %s\n",
            strerror(placements->error));
    code = EXIT_OWN_FAULT;
  }
  const struct pp_judgement *const one[] = {judgement};
  bool written = human_close(&human, settings);
  if (!write_reports(settings, one, 1, arguments[0], code) || !written)
    code = EXIT_OWN_FAULT;
  pp_pages_free(judgement, sizeof *judgement);
  pp_pages_free(placements, sizeof *placements);
  pp_trace_close(trace);
  free(job.spec.path);
  return code;
}

const struct command command_replay = {
    .name = "replay",
    .arguments = "TRACE [options]",
    .summary = "perform one trace on one subject",
    .options = "pSPlcJOxLRGqyuXQU",
    .details = "Performs TRACE (text or packed, - for standard input) on the "
               "subject.\n"
               "With --placements, prints ID ARENA OFFSET, ID raw or ID null "
               "for every\n"
               "block that the trace asks for.\n"
               "Calls for memory are mmap, mremap, brk, munmap, madvise and "
               "mprotect, those\n"
               "that the subject makes in calls of the trace, counted from "
               "1.",
    .run = run,
};
