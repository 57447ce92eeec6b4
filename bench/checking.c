/* What checking costs: the same trace performed unchecked, with headers
 * checked and with full contents checked, on small and on large heaps, and in
 * lock-step with CPythons. The unchecked replay is what `poolproof replay
 * --contents none` does: the driver, without claims and without contents. The
 * bare loop beside it is the least that any program can do with the trace: a
 * table of pointers and the calls. Variants are interleaved, each repetition in
 * a process of its own, and compared by medians. What is measured is time of
 * the processor, for the machine may be shared; ratios within one run hold
 * elsewhere, too. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench/steady.h"
#include "check/discover.h"
#include "check/driver.h"
#include "check/library.h"
#include "check/pages.h"
#include "check/static_tls.h"

enum { REPETITIONS = 11, LIVE_MOST = 1000000 };
#define STEPS UINT64_C(200000)

enum mode { BARE, UNCHECKED, HEADER, FULL, MODES };

static const char *const mode_names[MODES] = {
    "bare loop", "unchecked replay", "header contents", "full contents"};

/* ---- one measurement, in a child ---- */

static double processor_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void perform_bare(const struct pp_subject *calls, const struct pp_op *op,
                         void **blocks) {
  void **block = &blocks[op->id];
  switch (op->kind) {
  case PP_OP_MALLOC: *block = calls->malloc(calls->ctx, op->a); break;
  case PP_OP_CALLOC: *block = calls->calloc(calls->ctx, op->a, op->b); break;
  case PP_OP_REALLOC: *block = calls->realloc(calls->ctx, *block, op->a); break;
  case PP_OP_FREE: calls->free(calls->ctx, *block); break;
  case PP_OP_POSIX_MEMALIGN:
    if (calls->posix_memalign == NULL) break;
    calls->posix_memalign(calls->ctx, block, op->a, op->b);
    break;
  case PP_OP_USABLE:
    if (calls->usable_size != NULL) calls->usable_size(calls->ctx, *block);
    break;
  default: abort();
  }
}

/* The least that a replay can do: a table of pointers, and the calls. */
static void replay_bare(const struct pp_subject *calls, const struct pp_op *ops,
                        size_t count, void **blocks) {
  for (size_t i = 0; i < count; i++)
    perform_bare(calls, &ops[i], blocks);
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
    void **blocks = pp_pages(LIVE_MOST * sizeof *blocks);
    replay_bare(calls, trace->at, warm, blocks);
    double start = processor_now();
    replay_bare(calls, trace->at + warm, rest, blocks);
    return processor_now() - start;
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
  double start = processor_now();
  sound = sound && pp_drive(&bed->driver, &source.source);
  double seconds = processor_now() - start;
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

struct workload {
  const char *name;
  uint64_t live;
  struct pp_ops (*trace)(uint64_t seed, uint64_t live, uint64_t steps);
};

static const struct workload workloads[] = {
    {"1 to 512 bytes", 64, steady_trace},
    {"1 to 512 bytes", 1 << 10, steady_trace},
    {"1 to 512 bytes", 1 << 14, steady_trace},
    {"1 to 512 bytes", LIVE_MOST, steady_trace},
    {"as programs do", 64, mixed_trace},
    {"as programs do", 1 << 10, mixed_trace},
    {"as programs do", 1 << 14, mixed_trace},
};

static void show_modes(const struct workload *workload,
                       double times[MODES][REPETITIONS]) {
  struct spread spreads[MODES];
  for (int m = 0; m < MODES; m++)
    spreads[m] = spread_of(times[m]);
  for (int m = 0; m < MODES; m++) {
    const struct spread *s = &spreads[m];
    printf("  %-14s %8" PRIu64 " live  %-16s %7.1f (%.1f-%.1f)  %5.2f  %5.2f"
           "  %6.2f\n",
           workload->name, workload->live, mode_names[m], s->median, s->low,
           s->high, s->median / spreads[UNCHECKED].median,
           s->median / spreads[BARE].median, 1e3 / s->median);
  }
  fflush(stdout);
}

static void bench_workload(const char *subject,
                           const struct workload *workload) {
  static double times[MODES][REPETITIONS];
  struct pp_ops trace = workload->trace(1, workload->live, STEPS);
  for (int n = 0; n < REPETITIONS; n++) {
    for (int m = 0; m < MODES; m++) {
      int mode = (m + n) % MODES; /* a different one begins each time */
      times[mode][n] =
          in_child(subject, &trace, workload->live, (enum mode)mode);
    }
  }
  show_modes(workload, times);
  pp_ops_free(&trace);
}

static void bench_modes(const char *subject) {
  printf("%s: ns of the processor an operation (quartiles), ratio to the "
         "unchecked replay and to the bare\nloop, million operations a second "
         "and core\n",
         subject);
  for (size_t i = 0; i < sizeof workloads / sizeof *workloads; i++)
    bench_workload(subject, &workloads[i]);
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

/* The C library, and mimalloc where it is; or what is named. */
static void bench_subjects(int count, char **subjects) {
  static const char mimalloc[] = "libmimalloc.so.2";
  for (int i = 0; i < count; i++)
    bench_modes(subjects[i]);
  if (count > 0) return;
  bench_modes("libc");
  char *path = pp_library_search(mimalloc);
  if (path != NULL)
    bench_modes(mimalloc);
  else
    printf("%s: not here, and not measured\n", mimalloc);
  free(path);
}

int main(int argc, char **argv) {
  pp_static_tls_reserve(argv);
  bench_subjects(argc - 1, argv + 1);
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
