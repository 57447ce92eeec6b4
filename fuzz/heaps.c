/* The driver in a process that performs input after input. A worker performs
 * one trace and ends; here a heap is ended and begun anew, or lives on with
 * nothing in it, and what the engine holds for itself is used again. The
 * oracles are the driver's own. */
#include "fuzz/heaps.h"

#include <inttypes.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "check/builds.h"
#include "check/declared.h"
#include "fuzz/feedback.h"
#include "fuzz/history.h"

/* Inputs from one look at what is not the heap's own to the next. */
enum { END_INTERVAL = 64 };

/* Of memory that is free, for the next input. */
enum { MALLOC_KEPT = 1 << 26 };

static struct bench {
  bool open;
  bool anew;
  struct pp_subject_spec spec;
  struct pp_places places;
  struct pp_loaded loaded;
  struct pp_twin twin;
  struct pp_twin *beside; /* the twin, or NULL: not of the family */
  struct pp_witness witness;
  struct pp_driver driver;
  struct pp_report report;
  struct pp_declared declared;
  uint64_t inputs;
} bench;

const char *pp_fuzz_subject(const char *otherwise) {
  const char *subject = getenv("POOLPROOF_SUBJECT");
  if (subject != NULL && *subject != '\0') return subject;
  return *PP_FUZZ_SUBJECT == '\0' ? otherwise : PP_FUZZ_SUBJECT;
}

static _Noreturn void tell(void) {
  const struct pp_finding *finding = &bench.report.finding;
  char statement[160] = "the end";
  if (bench.driver.op != NULL)
    pp_op_print(bench.driver.op, statement, sizeof statement);
  pp_fuzz_found(pp_clause_texts[finding->clause].id,
                "at statement %" PRIu64 ", %s: %s%s", bench.report.step,
                statement, finding->what,
                finding->ours ? " (seen by the reference beside it)" : "");
}

static void broken(enum pp_clause clause, const char *where) {
  const char *file = strrchr(where, '/');
  file = file == NULL ? where : file + 1;
  if (bench.driver.stop != NULL)
    pp_driver_broken(&bench.driver, clause, "%s", file);
  bench.report.finding.clause = clause;
  snprintf(bench.report.finding.what, PP_WHAT_MAX, "%s", file);
  tell();
}

static void subject_broken(struct pp_witness *witness, enum pp_clause clause,
                           const char *where) {
  (void)witness;
  broken(clause, where);
}

static void twin_broken(struct pp_witness *witness, enum pp_clause clause,
                        const char *where) {
  (void)witness;
  bench.report.finding.ours = true;
  broken(clause, where);
}

/* ---- the beginning ---- */

static void load(void) {
  char why[PP_WHY_MAX] = "it is of no kind that can be called";
  if (pp_subject_load(&bench.spec, &bench.places, &bench.loaded, why,
                      sizeof why) != PP_LOAD_OK)
    pp_fuzz_cannot(why);
}

/* The build that the subject is held against: of this program, or out of what
 * POOLPROOF_REFERENCE names, as with `poolproof check --reference`. */
static const struct pp_reference *reference_at(enum pp_level level) {
  static struct pp_library library;
  char why[PP_WHY_MAX];
  const char *path = getenv("POOLPROOF_REFERENCE");
  bench.twin.ours = path == NULL || *path == '\0';
  if (bench.twin.ours) return pp_reference_at(level);
  if (!pp_library_open(path, &library, why, sizeof why)) pp_fuzz_cannot(why);
  level = PP_LEVEL_NONE; /* an assertion would tell of itself */
  const struct pp_reference *reference = pp_reference_in(&library, &level);
  if (reference == NULL) pp_fuzz_cannot("there is no build of the reference");
  return reference;
}

static void open_twin(const struct pp_fuzz_heaps *heaps) {
  bool plain = bench.spec.kind == PP_SUBJECT_REFERENCE;
  const struct pp_reference *reference =
      reference_at(plain ? PP_LEVEL_NONE : heaps->level);
  bool ours = bench.twin.ours;
  bench.beside = &bench.twin;
  if (!pp_twin_open(&bench.twin, reference, bench.loaded.profile,
                    bench.loaded.arenas_before, twin_broken))
    pp_fuzz_cannot("there is no address space for arenas");
  bench.twin.ours = ours;
}

/* Only for subjects that are not instrumented themselves. */
static void on_block(void *ctx, const struct pp_driver *driver, uint64_t id,
                     const void *address) {
  (void)ctx;
  (void)id;
  const struct pp_op *op = driver->op;
  uint64_t size =
      op == NULL || op->kind == PP_OP_MALLOC || op->kind == PP_OP_REALLOC
          ? (op == NULL ? 0 : op->a)
          : op->b;
  pp_feedback_of_block(address, size);
}

static void open_bench(const struct pp_fuzz_heaps *heaps,
                       const struct pp_profile *profile) {
  char why[PP_WHY_MAX];
  if (!pp_subject_parse(heaps->subject, &bench.spec, why, sizeof why))
    pp_fuzz_cannot(why);
  /* Large blocks come from the C library, and not from the kernel each time. */
  if (heaps->anew) {
    mallopt(M_MMAP_THRESHOLD, MALLOC_KEPT);
    mallopt(M_TRIM_THRESHOLD, MALLOC_KEPT);
  }
  bench.witness.broken = subject_broken;
  bench.spec.witness = &bench.witness;
  bench.spec.level = heaps->level;
  bench.spec.prefix = "";
  if (heaps->anew) bench.spec.profile = profile;
  if (!pp_places_open(&bench.places))
    pp_fuzz_cannot("there is no address space for arenas");
  load();
  if (bench.loaded.profile != NULL) open_twin(heaps);
  pp_declared_of(&bench.spec, bench.loaded.title, bench.loaded.version,
                 &bench.declared);
  struct pp_drive_options options = {.shadow = true,
                                     .declared = bench.declared.deviates};
  if (!heaps->anew) options.on_block = on_block;
  pp_driver_open(&bench.driver, &bench.loaded, &bench.places, bench.beside,
                 &options, &bench.report);
  bench.open = true;
  bench.anew = heaps->anew;
}

/* Before the first statement: nothing is live, and nothing is to be refused. */
static void begin(const struct pp_fuzz_heaps *heaps,
                  const struct pp_fuzz_program *program) {
  struct pp_driver *driver = &bench.driver;
  driver->options.contents =
      program->full ? PP_CONTENTS_FULL : PP_CONTENTS_HEADER;
  driver->options.walk_interval = program->walk;
  if (!bench.open) {
    open_bench(heaps, program->profile);
  } else if (heaps->anew) {
    pp_places_again(&bench.places);
    bench.spec.profile = program->profile;
    load();
    if (!pp_twin_again(&bench.twin, bench.loaded.profile))
      twin_broken(NULL, PP_HEAP_15, "an arena was not given back");
  }
  struct pp_places *both[] = {&bench.places, &bench.twin.places};
  for (size_t i = 0; i < 2; i++)
    both[i]->skew = both[i]->arena_fail = both[i]->system_fail = 0;
  driver->options.contents =
      program->full ? PP_CONTENTS_FULL : PP_CONTENTS_HEADER;
  driver->options.walk_interval = program->walk;
  pp_driver_again(driver);
}

/* ---- the end ---- */

static void end_heap(void) {
  if (bench.loaded.end == NULL) return;
  bench.loaded.end(bench.loaded.end_ctx);
  if (bench.places.misuse != NULL)
    subject_broken(NULL, PP_ARENA_22, bench.places.misuse);
  if (!pp_places_empty(&bench.places))
    subject_broken(NULL, PP_HEAP_15, "an arena was not given back");
}

static bool exhausted(void) {
  return bench.places.exhausted || bench.twin.places.exhausted;
}

/* All but the ends of heaps; a clause that is broken is told by a jump. */
static void perform(const struct pp_fuzz_heaps *heaps,
                    const struct pp_fuzz_program *program) {
  struct pp_driver *driver = &bench.driver;
  for (size_t i = 0; i < program->count; i++) {
    if (!bench.anew) pp_fuzz_history(&program->at[i]);
    pp_drive_op(driver, &program->at[i]);
    if (heaps->after != NULL) heaps->after(driver, &program->at[i]);
    if (exhausted()) pp_fuzz_cannot("the machine is short of memory");
  }
  driver->op = NULL;
  if (bench.beside != NULL && program->walk > 0) pp_walk(driver);
  if (bench.inputs++ % END_INTERVAL == 0) pp_oracle_end(driver);
}

void pp_fuzz_perform(const struct pp_fuzz_heaps *heaps,
                     const struct pp_fuzz_program *program) {
  jmp_buf stop;
  begin(heaps, program);
  bench.driver.stop = &stop;
  if (setjmp(stop) != 0) tell();
  perform(heaps, program);
  bench.driver.stop = NULL;
  if (heaps->anew) end_heap();
}
