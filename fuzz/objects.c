/* The driver of programs in a process that performs program after program: the
 * interpreters are made for each, and end with it. The oracles are the
 * driver's own. */
#include "fuzz/objects.h"

#include <inttypes.h>
#include <string.h>

static struct pp_objects_driver driver;
static struct pp_report report;

static _Noreturn void tell(void) {
  const struct pp_finding *finding = &report.finding;
  char statement[160] = "the end";
  if (driver.op != NULL) pp_op_print(driver.op, statement, sizeof statement);
  pp_fuzz_found(pp_clause_texts[finding->clause].id,
                "at statement %" PRIu64 ", %s: %s%s", report.step, statement,
                finding->what,
                finding->ours ? " (seen by the reference beside it)" : "");
}

static void broken(struct pp_witness *witness, enum pp_clause clause,
                   const char *where) {
  const char *file = strrchr(where, '/');
  (void)witness;
  file = file == NULL ? where : file + 1;
  if (driver.stop != NULL) pp_objects_broken(&driver, clause, "%s", file);
  report.finding.clause = clause;
  snprintf(report.finding.what, PP_WHAT_MAX, "%s", file);
  tell();
}

/* ---- statements, one at a time ---- */

struct asking {
  struct pp_op_source source; /* first: is the source */
  const struct pp_fuzz_objects *how;
  const struct pp_fuzz_program *what;
  size_t next;
};

static size_t fill(struct pp_op_source *source, struct pp_op *ops, size_t max) {
  struct asking *asking = (struct asking *)source;
  if (max == 0 || asking->next == asking->what->count) return 0;
  ops[0] = asking->what->at[asking->next++];
  if (asking->how->before != NULL)
    asking->how->before(asking->how->ctx, &driver, &ops[0]);
  return 1;
}

/* ---- */

static void open_sides(const struct pp_fuzz_objects *how,
                       const struct pp_fuzz_program *what) {
  const struct pp_objects *objects =
      how->objects == NULL ? &pp_objects_object : how->objects;
  driver.side_count = what->twin ? 2 : 1;
  driver.sides[1].number = 1;
  driver.sides[0].tells = true;
  bool opened = pp_side_open(&driver.sides[0], objects, what->profile, NULL,
                             NULL, broken);
  if (opened && driver.side_count > 1)
    opened = pp_side_open(&driver.sides[1], &pp_objects_none, what->profile,
                          NULL, NULL, broken);
  if (!opened) pp_fuzz_cannot("there is no room for an interpreter");
}

struct pp_fuzz_did pp_fuzz_perform_objects(const struct pp_fuzz_objects *how,
                                           const struct pp_fuzz_program *what) {
  const struct pp_objects_options options = {
      .profile = what->profile,
      .lays_aside = what->profile->id <= PP_PROFILE_3_7,
      .walk_interval = what->walk,
      .ends = true,
  };
  struct asking asking = {{fill}, how, what, 0};
  memset(&report, 0, sizeof report);
  open_sides(how, what);
  pp_objects_open(&driver, &options, &report);
  if (!pp_objects_drive(&driver, &asking.source)) tell();
  driver.stop = NULL;
  if (report.exhausted) pp_fuzz_cannot("the machine is short of memory");
  struct pp_fuzz_did did = {driver.sides[0].requests_of_all, report.live_peak,
                            report.blocks_peak};
  pp_objects_close(&driver);
  return did;
}
