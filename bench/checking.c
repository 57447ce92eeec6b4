/* What checking costs: the same trace performed unchecked, with headers
 * checked and with full contents checked, on small and on large heaps, and in
 * lock-step with CPythons. The unchecked replay is what `poolproof replay
 * --contents none` does: the driver, without claims and without contents. The
 * bare loop beside it is the least that any program can do with the trace: a
 * table of pointers and the calls. Variants are interleaved, each repetition in
 * a process of its own, and compared by medians: figures are ratios within one
 * run, for the machine is shared. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/steady.h"
#include "check/clock.h"
#include "check/discover.h"
#include "check/driver.h"
#include "check/pages.h"
#include "check/static_tls.h"

enum { REPETITIONS = 11, LIVE_SMALL = 1000, LIVE_LARGE = 1000000 };
#define STEPS UINT64_C(300000)

enum mode { BARE, UNCHECKED, HEADER, FULL, MODES };

static const char *const mode_names[MODES] = {
    "bare loop", "unchecked replay", "header contents", "full contents"};

/* ---- one measurement, in a child ---- */

/* The least that a replay can do: a table of pointers, and the calls. */
static void replay_bare(const struct pp_subject *calls, const struct pp_op *ops,
                        size_t count, void **blocks) {
  for (size_t i = 0; i < count; i++) {
    const struct pp_op *op = &ops[i];
    if (op->kind == PP_OP_MALLOC) {
      blocks[op->id] = calls->malloc(calls->ctx, op->a);
    } else {
      calls->free(calls->ctx, blocks[op->id]);
    }
  }
}

struct bed {
  struct pp_places places;
  struct pp_loaded loaded;
  struct pp_twin twin;
  struct pp_report report;
  struct pp_driver driver;
};

static void twin_broken(struct pp_witness *witness, enum pp_clause clause,
                        const char *where) {
  (void)witness;
  fprintf(stderr, "bench: %s: %s\n", pp_clause_texts[clause].id, where);
  _exit(5);
}

static bool prepare(struct bed *bed, const char *name) {
  struct pp_subject_spec spec = {.prefix = "", .level = PP_LEVEL_NONE};
  char why[PP_WHY_MAX];
  if (!pp_subject_parse(name, &spec, why, sizeof why)) return false;
  if (!pp_places_open(&bed->places)) return false;
  return pp_subject_load(&spec, &bed->places, &bed->loaded, why, sizeof why) ==
         PP_LOAD_OK;
}

/* Seconds for the part of the trace behind the first `warm` operations. */
static double measure(struct bed *bed, const struct pp_ops *trace, size_t warm,
                      enum mode mode) {
  size_t rest = trace->count - warm;
  if (mode == BARE) {
    const struct pp_subject *calls = &bed->loaded.calls[0];
    void **blocks = pp_pages(LIVE_LARGE * sizeof *blocks);
    replay_bare(calls, trace->at, warm, blocks);
    double start = pp_now();
    replay_bare(calls, trace->at + warm, rest, blocks);
    return pp_now() - start;
  }
  struct pp_drive_options options = {.shadow = mode != UNCHECKED};
  if (mode == HEADER) options.contents = PP_CONTENTS_HEADER;
  if (mode == FULL) options.contents = PP_CONTENTS_FULL;
  struct pp_twin *twin = NULL;
  if (bed->loaded.profile != NULL) {
    twin = &bed->twin;
    if (!pp_twin_open(twin, &pp_reference_none, bed->loaded.profile,
                      bed->loaded.arenas_before, twin_broken)) {
      _exit(5);
    }
  }
  pp_driver_open(&bed->driver, &bed->loaded, &bed->places, twin, &options,
                 &bed->report);
  struct pp_ops_source start_source = pp_ops_read(trace->at, warm);
  struct pp_ops_source source = pp_ops_read(trace->at + warm, rest);
  bool sound = pp_drive(&bed->driver, &start_source.source);
  double start = pp_now();
  sound = sound && pp_drive(&bed->driver, &source.source);
  double seconds = pp_now() - start;
  if (sound) return seconds;
  fprintf(stderr, "bench: %s\n", bed->report.finding.what);
  _exit(1);
}

/* Nanoseconds an operation, or NaN when the child did not say. */
static double in_child(const char *subject, const struct pp_ops *trace,
                       size_t warm, enum mode mode) {
  double *result = pp_pages_shared(sizeof *result);
  *result = NAN;
  fflush(NULL);
  pid_t pid = fork();
  if (pid == 0) {
    static struct bed bed;
    if (!prepare(&bed, subject)) _exit(3);
    double seconds = measure(&bed, trace, warm, mode);
    *result = seconds * 1e9 / (double)(trace->count - warm);
    _exit(0);
  }
  waitpid(pid, NULL, 0);
  double answer = *result;
  pp_pages_free(result, sizeof *result);
  return answer;
}

/* ---- medians ---- */

static int ascending(const void *left, const void *right) {
  double a = *(const double *)left;
  double b = *(const double *)right;
  return (a > b) - (a < b);
}

struct spread {
  double low, median, high; /* quartiles */
};

static struct spread spread_of(double *values) {
  qsort(values, REPETITIONS, sizeof *values, ascending);
  return (struct spread){values[REPETITIONS / 4], values[REPETITIONS / 2],
                         values[REPETITIONS - 1 - REPETITIONS / 4]};
}

/* ---- the tables ---- */

static void bench_modes(const char *subject) {
  static const uint64_t lives[] = {LIVE_SMALL, LIVE_LARGE};
  struct pp_ops traces[2];
  static double times[2][MODES][REPETITIONS];
  struct spread spreads[2][MODES];
  for (int i = 0; i < 2; i++)
    traces[i] = steady_trace(1, lives[i], STEPS);
  for (int n = 0; n < REPETITIONS; n++) {
    for (int m = 0; m < 2 * MODES; m++) {
      int i = (m + n) % (2 * MODES); /* a different one begins each time */
      times[i % 2][i / 2][n] =
          in_child(subject, &traces[i % 2], lives[i % 2], (enum mode)(i / 2));
    }
  }
  printf("%s, 1 to 512 bytes, ns an operation (quartiles), ratio to "
         "the unchecked replay and to the bare loop\n",
         subject);
  for (int i = 0; i < 2 * MODES; i++) {
    spreads[i % 2][i / 2] = spread_of(times[i % 2][i / 2]);
  }
  for (int i = 0; i < 2; i++) {
    for (int m = 0; m < MODES; m++) {
      const struct spread *s = &spreads[i][m];
      printf("  %8" PRIu64 " live  %-18s %7.1f (%.1f-%.1f)  %5.2f  %5.2f\n",
             lives[i], mode_names[m], s->median, s->low, s->high,
             s->median / spreads[i][UNCHECKED].median,
             s->median / spreads[i][BARE].median);
    }
    pp_ops_free(&traces[i]);
  }
  for (int m = 0; m < MODES; m++) {
    printf("  10^6 live to 10^3 live: %-18s %.2f\n", mode_names[m],
           spreads[1][m].median / spreads[0][m].median);
  }
}

static void bench_lockstep(const char *subject, const char *title) {
  struct pp_ops trace = steady_trace(2, 10000, STEPS);
  double checked[REPETITIONS], bare[REPETITIONS];
  for (int n = 0; n < REPETITIONS; n++) {
    checked[n] = in_child(subject, &trace, 10000, UNCHECKED);
    bare[n] = in_child(subject, &trace, 10000, BARE);
  }
  struct spread with = spread_of(checked);
  struct spread without = spread_of(bare);
  printf("  %-16s lock-step %.1f ns (%.1f-%.1f), %.2f million operations a "
         "second; alone %.1f ns, ratio %.2f\n",
         title, with.median, with.low, with.high, 1e3 / with.median,
         without.median, with.median / without.median);
  pp_ops_free(&trace);
}

int main(int argc, char **argv) {
  pp_static_tls_reserve(argv);
  bench_modes(argc > 1 ? argv[1] : "libc");
  struct pp_found_list found = pp_discover();
  printf("CPythons, placements compared, 10^4 live, 1 to 512 bytes\n");
  for (size_t i = 0; i < found.count; i++) {
    if (found.at[i].install != NULL) continue;
    if (strncmp(found.at[i].title, "CPython", 7) != 0) continue;
    bench_lockstep(found.at[i].name, found.at[i].title);
  }
  pp_found_list_free(&found);
  return 0;
}
