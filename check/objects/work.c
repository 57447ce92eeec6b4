/* What is a subject of objects, and what it is held against (SPEC.md, GRAPH):
 * a build of the reference against the graph alone, a variation of it against
 * the reference too, and so a CPython. */
#include "check/objects/work.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "check/library.h"
#include "check/objects/displays.h"
#include "check/objects/python.h"

static struct pp_objects_driver work_driver;

const struct pp_objects *pp_objects_at(enum pp_level level) {
  static const struct pp_objects *const levels[PP_LEVEL_COUNT] = {
      [PP_LEVEL_NONE] = &pp_objects_none,
      [PP_LEVEL_CHEAP] = &pp_objects_cheap,
      [PP_LEVEL_OBJECT] = &pp_objects_object,
      [PP_LEVEL_HEAP] = &pp_objects_heap,
  };
  return levels[level];
}

/* ---- what is seen broken inside ---- */

static void broken(bool ours, enum pp_clause clause, const char *where) {
  const char *file = strrchr(where, '/');
  struct pp_report *report = work_driver.report;
  report->finding.ours = ours;
  if (work_driver.stop != NULL) {
    pp_objects_broken(&work_driver, clause, "%s",
                      file == NULL ? where : file + 1);
  }
  report->finding.clause = clause;
  snprintf(report->finding.what, PP_WHAT_MAX, "%s",
           file == NULL ? where : file + 1);
  report->where = PP_WHERE_DONE;
  _exit(0);
}

static void subject_broken(struct pp_witness *witness, enum pp_clause clause,
                           const char *where) {
  (void)witness;
  broken(false, clause, where);
}

static void twin_broken(struct pp_witness *witness, enum pp_clause clause,
                        const char *where) {
  (void)witness;
  broken(true, clause, where);
}

/* ---- loading ---- */

struct loading {
  const struct pp_job *job;
  struct pp_report *report;
  const struct pp_profile *profile;
  const struct pp_objects *subject;
  const struct pp_objects *twin; /* or NULL */
  enum pp_level level;           /* of what watches */
  struct pp_objects_python python;
  bool is_python;
};

static enum pp_load_result load_build(struct loading *loading) {
  static const char *const names[PP_LEVEL_COUNT] = {
      "pp_objects_none", "pp_objects_cheap", "pp_objects_object",
      "pp_objects_heap"};
  static struct pp_library library;
  struct pp_report *report = loading->report;
  if (!pp_library_open(loading->job->spec.path, &library, report->why,
                       sizeof report->why)) {
    return PP_LOAD_FAILED;
  }
  loading->subject = pp_library_symbol(&library, names[loading->level]);
  for (int i = PP_LEVEL_COUNT - 1; loading->subject == NULL && i >= 0; i--) {
    loading->level = (enum pp_level)i;
    loading->subject = pp_library_symbol(&library, names[i]);
  }
  loading->twin = &pp_objects_none;
  snprintf(report->title, sizeof report->title, "objects, %s",
           loading->subject->level);
  return PP_LOAD_OK;
}

static enum pp_load_result load_python(struct loading *loading) {
  struct pp_report *report = loading->report;
  enum pp_load_result result =
      pp_objects_python_open(loading->job->spec.against, &loading->python,
                             report->why, sizeof report->why);
  if (result != PP_LOAD_OK) return result;
  if (loading->profile == NULL) loading->profile = loading->python.profile;
  if (loading->profile != loading->python.profile) {
    snprintf(report->why, sizeof report->why,
             "%s is CPython %s, and not to be held against objects of %s",
             loading->job->spec.against, loading->python.version,
             loading->profile->name);
    return PP_LOAD_UNSUPPORTED;
  }
  if (loading->job->options.growth && !pp_displays_make(report))
    return PP_LOAD_FAILED;
  loading->is_python = true;
  loading->subject = &pp_objects_python;
  /* To look at all items of what has many, each time, would take too long. */
  if (loading->job->options.growth && loading->level > PP_LEVEL_CHEAP)
    loading->level = PP_LEVEL_CHEAP;
  loading->twin = pp_objects_at(loading->level);
  snprintf(report->title, sizeof report->title, "CPython %.32s",
           loading->python.version);
  memcpy(report->version, loading->python.version, sizeof report->version);
  return PP_LOAD_OK;
}

static enum pp_load_result load(struct loading *loading) {
  const struct pp_subject_spec *spec = &loading->job->spec;
  struct pp_report *report = loading->report;
  enum pp_load_result result = PP_LOAD_OK;
  loading->profile = spec->profile;
  loading->level = spec->level;
  loading->subject = pp_objects_at(loading->level);
  snprintf(report->title, sizeof report->title, "objects");
  if (spec->against != NULL) {
    result = load_python(loading);
  } else if (spec->path != NULL) {
    result = load_build(loading);
  }
  if (loading->profile == NULL) {
    loading->profile = &pp_profiles[PP_PROFILE_3_13];
  }
  snprintf(report->profile, sizeof report->profile, "%s",
           loading->profile->name);
  return result;
}

/* False, with a reason, when an interpreter cannot be had. */
static bool open_sides(const struct loading *loading) {
  struct pp_side *sides = work_driver.sides;
  bool python = loading->is_python;
  work_driver.side_count = loading->twin == NULL ? 1 : 2;
  sides[1].number = 1;
  sides[python ? 1 : 0].tells = true;
  bool opened =
      pp_side_open(&sides[0], loading->subject, loading->profile,
                   python ? &loading->python.obj : NULL,
                   python ? &loading->python.mem : NULL, subject_broken);
  if (opened && loading->twin != NULL) {
    opened = pp_side_open(&sides[1], loading->twin, loading->profile, NULL,
                          NULL, twin_broken);
  }
  if (!opened) {
    snprintf(loading->report->why, sizeof loading->report->why,
             "there are no objects of profile %s", loading->profile->name);
  }
  return opened;
}

static void add_witnesses(struct pp_report *report) {
  for (unsigned side = 0; side < work_driver.side_count; side++) {
    const struct pp_witness *witness = &work_driver.sides[side].witness;
    for (int i = 0; i < PP_CLAUSE_COUNT; i++) {
      report->evaluated[i] += witness->evaluated[i];
    }
  }
}

/* Where a heap is looked at after each statement, a program is now and then:
 * the reference looks at what each call touched by itself. */
static uint64_t interval_of(const struct pp_job *job) {
  enum { NOW_AND_THEN = 64 };
  uint64_t interval = job->options.walk_interval;
  return interval == 1 ? NOW_AND_THEN : interval;
}

void pp_objects_work(const struct pp_job *job, struct pp_report *report) {
  static struct loading loading;
  loading.job = job;
  loading.report = report;
  work_driver.report = report;
  report->where = PP_WHERE_LOADING;
  enum pp_load_result result = load(&loading);
  report->where = PP_WHERE_ENGINE;
  if (result == PP_LOAD_OK && !open_sides(&loading)) {
    result = PP_LOAD_UNSUPPORTED;
  }
  report->load_result = (int)result;
  if (result != PP_LOAD_OK) return;
  struct pp_objects_options options = {
      .profile = loading.profile,
      .lays_aside = loading.profile->id <= PP_PROFILE_3_7,
      .walk_interval = interval_of(job),
      .teller = loading.is_python ? 1 : 0,
      .ends = !loading.is_python,
  };
  pp_objects_open(&work_driver, &options, report);
  pp_objects_arm(&work_driver, loading.level);
  pp_objects_drive(&work_driver, job->source);
  work_driver.stop = NULL;
  add_witnesses(report);
}
