/* Which clauses have an oracle in a run (SPEC.md, all chapters): by what the
 * subject has calls for, by its family, and by how closely the reference
 * watches. A clause that is armed and never evaluated makes a judgement
 * inconclusive, so this is where it is said what a run promises to look at. */
#include "check/driver.h"

#include <string.h>

/* Clauses of the family that no generated history can evaluate, and why. */
static bool beyond(const struct pp_driver *driver, enum pp_clause clause) {
  const struct pp_profile *profile = driver->subject->profile;
  switch (clause) {
  /* Histories skew by pages: misaligned is what has larger pools. */
  case PP_GEO_05: return (UINT64_C(1) << profile->pool_bits) <= PP_SKEW_STEP;
  /* Primed heaps have blocks that live for ever. */
  case PP_HEAP_11: return driver->subject->arenas_before != 0;
  /* Refusals at just the moment that matters are rare. */
  case PP_MAP_07:
  case PP_REALLOC_10:
  case PP_REALLOC_11: return true;
  default: return false;
  }
}

/* The areas of the objects, which a heap has nothing to say about. */
bool pp_armed_for_objects(enum pp_clause clause) {
  static const char *const areas[] = {
      "OBJ",   "INT",  "STR", "BYTES", "REF", "LIST", "INTERN",
      "TUPLE", "DICT", "SET", "ARRAY", "GC",  "HASH", "GRAPH"};
  for (size_t i = 0; i < sizeof areas / sizeof areas[0]; i++) {
    if (strcmp(pp_clause_texts[clause].area, areas[i]) == 0) return true;
  }
  return false;
}

static void arm(struct pp_driver *driver, const enum pp_clause *clauses,
                size_t count, bool when) {
  for (size_t i = 0; i < count; i++) {
    if (when) driver->report->armed[clauses[i]] = 1;
  }
}

#define ARM(driver, when, ...)                                                \
  arm(driver, (const enum pp_clause[]){__VA_ARGS__},                          \
      sizeof((const enum pp_clause[]){__VA_ARGS__}) / sizeof(enum pp_clause), \
      when)

static void arm_api(struct pp_driver *driver) {
  const struct pp_subject *calls = driver->calls;
  bool any = driver->subject->profile == NULL;
  bool contents = driver->options.contents != PP_CONTENTS_NONE;
  bool errors = calls->sets_errno != 0;
  bool aligned = any && calls->aligned_alloc != NULL;
  bool memalign = any && calls->posix_memalign != NULL;
  bool array = any && calls->reallocarray != NULL;
  bool refusing = driver->options.refusals.which > PP_REFUSE_NONE;
  bool usable = any && calls->usable_size != NULL;
  ARM(driver, true, PP_API_04, PP_API_07, PP_API_10, PP_API_11, PP_API_15,
      PP_API_16, PP_API_17, PP_API_36, PP_API_37, PP_API_38, PP_API_39,
      PP_API_40);
  ARM(driver, driver->options.shadow, PP_API_01);
  ARM(driver, contents, PP_API_02, PP_API_03, PP_API_09, PP_API_12, PP_API_13);
  ARM(driver, any, PP_API_05, PP_API_06, PP_API_14, PP_API_35);
  ARM(driver, any && !refusing, PP_API_34);
  ARM(driver, contents && any, PP_API_63);
  ARM(driver, any, PP_API_42, PP_API_61, PP_API_62, PP_API_64);
  ARM(driver, errors, PP_API_43, PP_API_59);
  ARM(driver, aligned, PP_API_41, PP_API_44, PP_API_50, PP_API_51, PP_API_52,
      PP_API_56);
  ARM(driver, memalign, PP_API_45, PP_API_46, PP_API_47, PP_API_48, PP_API_49,
      PP_API_53, PP_API_54, PP_API_55, PP_API_57, PP_API_60);
  ARM(driver, errors, PP_API_08, PP_API_18, PP_API_19, PP_API_20);
  ARM(driver, aligned, PP_API_23, PP_API_24);
  ARM(driver, aligned && errors, PP_API_21);
  ARM(driver, memalign, PP_API_25, PP_API_26, PP_API_27, PP_API_28);
  ARM(driver, array, PP_API_29, PP_API_65, PP_API_66, PP_API_69, PP_API_70);
  ARM(driver, array && contents, PP_API_68);
  ARM(driver, array && errors, PP_API_22, PP_API_67);
  ARM(driver, contents && (aligned || memalign), PP_API_71);
  ARM(driver, usable, PP_API_30, PP_API_31, PP_API_74, PP_API_76);
  ARM(driver, usable && driver->options.shadow, PP_API_73);
  ARM(driver, usable && contents, PP_API_75);
  ARM(driver, any && errors, PP_API_79);
  ARM(driver, any && calls->free_sized != NULL, PP_API_32, PP_API_77);
  ARM(driver, any && calls->free_aligned_sized != NULL, PP_API_78);
}

/* What threads ask for is plain: edges are for a single one. */
void pp_arm_threads(const struct pp_loaded *subject,
                    const struct pp_drive_options *options,
                    struct pp_report *report) {
  struct pp_driver all = {.report = report, .options = *options};
  struct pp_driver *driver = &all;
  const struct pp_subject *calls = &subject->calls[0];
  bool contents = options->contents != PP_CONTENTS_NONE;
  bool forks = options->threads.forks > 0;
  bool several = options->threads.count > 1;
  ARM(driver, true, PP_API_04, PP_API_36, PP_API_37, PP_API_38, PP_API_39,
      PP_API_61, PP_API_62, PP_API_83, PP_API_86);
  ARM(driver, several, PP_API_82, PP_API_85);
  ARM(driver, !several && options->shadow, PP_API_01);
  ARM(driver, several && options->shadow, PP_API_80);
  ARM(driver, contents, PP_API_02, PP_API_03, PP_API_09, PP_API_12);
  ARM(driver, several && contents, PP_API_81, PP_API_84);
  ARM(driver, calls->aligned_alloc != NULL, PP_API_23);
  ARM(driver, calls->posix_memalign != NULL, PP_API_25);
  ARM(driver, calls->usable_size != NULL, PP_API_30);
  ARM(driver, forks, PP_API_87);
  ARM(driver, forks && contents, PP_API_88);
}

void pp_arm(struct pp_driver *driver, enum pp_level level) {
  const struct pp_profile *profile = driver->subject->profile;
  arm_api(driver);
  if (profile == NULL) return;
  ARM(driver, true, PP_ARENA_22, PP_HEAP_12, PP_HEAP_13, PP_HEAP_14,
      PP_BLOCK_01);
  if (level == PP_LEVEL_NONE) return;
  for (int i = 1; i < PP_CLAUSE_COUNT; i++) {
    enum pp_clause clause = (enum pp_clause)i;
    if ((pp_clause_texts[i].profiles >> profile->id & 1) == 0) continue;
    if (pp_armed_for_objects(clause)) continue;
    if (!beyond(driver, clause)) driver->report->armed[i] = 1;
  }
  /* Comparing what was copied costs as much as the copy. */
  if (level == PP_LEVEL_CHEAP) driver->report->armed[PP_REALLOC_05] = 0;
}
