/* Judging interpreters in a worker: what check/worker.c is to heaps. */
#ifndef CHECK_OBJECTS_WORK_H
#define CHECK_OBJECTS_WORK_H

#include "check/worker.h"
#include "poolproof/objects.h"

/* The build of the objects with this level. */
const struct pp_objects *pp_objects_at(enum pp_level level);

/* Loads what the job names, performs its program, and fills the report, all
 * but its `where` at the end. */
void pp_objects_work(const struct pp_job *job, struct pp_report *report);

#endif
