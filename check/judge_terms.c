/* What a judgement goes by (SPEC.md, strength and verdict): the clauses that a
 * release is declared to break, and those of latitude or quality that it, or
 * the user, promises. Which release it is, the first round tells. */
#include <stdio.h>
#include <string.h>

#include "check/judge.h"

bool pp_judge_find_declared(const struct pp_job *job, const char *title,
                            const char *version, struct pp_declared *declared) {
  bool refusing = job->options.refusals.which != PP_REFUSE_NOTHING;
  bool found = pp_declared_of(&job->spec, title, version, declared);
  if (!found && declared->error[0] != '\0') {
    fprintf(stderr, "poolproof: %s\n", declared->error);
  }
  for (int i = 0; i < PP_CLAUSE_COUNT && refusing; i++)
    declared->deviates[i] |= declared->when_refused[i];
  return found;
}

void pp_judge_terms_open(struct pp_terms *terms, struct pp_job *job,
                         const struct pp_judge_options *options) {
  memset(terms, 0, sizeof *terms);
  job->options.declared = terms->declared.deviates;
  job->options.promised = terms->promised;
  for (int i = 0; i < PP_CLAUSE_COUNT && options->promised != NULL; i++)
    terms->promised[i] = options->promised[i];
}

void pp_judge_terms(struct pp_terms *terms, const struct pp_job *job,
                    const struct pp_judge_options *options,
                    struct pp_judgement *judgement) {
  struct pp_declared *declared = &terms->declared;
  if (options->excused != NULL) {
    memcpy(declared->deviates, options->excused, sizeof declared->deviates);
  } else if (pp_judge_find_declared(job, judgement->title, judgement->version,
                                    declared)) {
    snprintf(judgement->declared_in, sizeof judgement->declared_in, "%.255s",
             declared->file);
  }
  for (int i = 0; i < PP_CLAUSE_COUNT; i++) {
    judgement->declared[i] = declared->deviates[i];
    terms->promised[i] |= declared->promises[i];
  }
}
