/* Which clauses have an oracle in a run of programs (SPEC.md, GRAPH and all
 * that the reference watches): a clause that is armed and never evaluated makes
 * a judgement inconclusive. */
#include <string.h>

#include "check/driver.h"
#include "check/objects/driver.h"

static void arm(struct pp_objects_driver *driver, enum pp_clause clause) {
  driver->report->armed[clause] = 1;
}

/* What no program can evaluate: in 3.11 and 3.12 tuples of the last length are
 * kept, and never used again, which is all that is asserted of them. */
static bool beyond(const struct pp_objects_driver *driver,
                   enum pp_clause clause) {
  enum pp_profile_id id = driver->options.profile->id;
  if (clause != PP_TUPLE_03) return false;
  return id == PP_PROFILE_3_11 || id == PP_PROFILE_3_12;
}

void pp_objects_arm(struct pp_objects_driver *driver, enum pp_level level) {
  static const enum pp_clause graph[] = {
      PP_GRAPH_01, PP_GRAPH_02, PP_GRAPH_03, PP_GRAPH_04, PP_GRAPH_05,
      PP_GRAPH_06, PP_GRAPH_07, PP_GRAPH_08, PP_GRAPH_09, PP_GRAPH_10,
      PP_GRAPH_18, PP_API_36,   PP_API_37,   PP_API_38,   PP_API_39};
  static const enum pp_clause lockstep[] = {
      PP_GRAPH_13, PP_GRAPH_14, PP_GRAPH_15, PP_GRAPH_16, PP_GRAPH_17};
  bool two = driver->side_count > 1;
  for (size_t i = 0; i < sizeof graph / sizeof graph[0]; i++)
    arm(driver, graph[i]);
  for (size_t i = 0; two && i < sizeof lockstep / sizeof lockstep[0]; i++)
    arm(driver, lockstep[i]);
  if (!two) arm(driver, PP_GRAPH_12);
  if (driver->options.ends) arm(driver, PP_GRAPH_11);
  if (level == PP_LEVEL_NONE) return;
  for (int i = 1; i < PP_CLAUSE_COUNT; i++) {
    const struct pp_clause_text *text = &pp_clause_texts[i];
    if (!pp_armed_for_objects((enum pp_clause)i)) continue;
    if (strcmp(text->area, "GRAPH") == 0) continue; /* for outside */
    if (strcmp(text->source, "withdrawn") == 0) continue;
    if (beyond(driver, (enum pp_clause)i)) continue;
    if (text->profiles >> driver->options.profile->id & 1) {
      arm(driver, (enum pp_clause)i);
    }
  }
}
