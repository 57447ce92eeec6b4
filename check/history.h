/* A generated history, of blocks or of objects: one source for a judgement and
 * for the shrinking of what it finds. */
#ifndef CHECK_HISTORY_H
#define CHECK_HISTORY_H

#include "check/generate.h"
#include "check/objects/generate.h"
#include "check/subject.h"

struct pp_history {
  struct pp_op_source *source;
  bool of_objects;
  struct pp_generator blocks;
  struct pp_object_generator objects;
};

/* What is generated depends on the kind of subject, and of a CPython less is
 * asked than of the reference. */
/* Calls of a round; short ones come first, because what a short one shows needs
 * no shrinking. Interpreters that are compared have rounds that are about one
 * thing; all of them come within 2.7 million. */
uint64_t pp_history_length(const struct pp_subject_spec *spec, uint64_t round);
/* Whether it is about growth. */
bool pp_history_grows(const struct pp_subject_spec *spec, uint64_t round);
void pp_history_open(struct pp_history *history,
                     const struct pp_subject_spec *spec,
                     const struct pp_generate_options *options);
void pp_history_close(struct pp_history *history);

#endif
