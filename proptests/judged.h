/* Judgements made inside a test: of a malloc from mutants/, and of whatever
 * else a job can say. */
#ifndef PROPTESTS_JUDGED_H
#define PROPTESTS_JUDGED_H

#include "check/judge.h"

/* A hang is told after this long, here. */
enum { PP_SILENCE_IN_TESTS = 2 };

/* The plug-in mutants/NAME.so as `poolproof check --ops N` judges it. The
 * answer lasts until the test ends. */
struct pp_judgement *pp_judged(const char *name, uint64_t operations);

/* One trace, performed once, as these options say. */
struct pp_judgement *pp_judged_with(const char *name,
                                    const struct pp_drive_options *options,
                                    const struct pp_op *ops, size_t count);
/* The same as always; and shrunk, where it breaks a clause. */
struct pp_judgement *pp_judged_trace(const char *name, const struct pp_op *ops,
                                     size_t count);
struct pp_judgement *pp_judged_shrunk(const char *name, const struct pp_op *ops,
                                      size_t count);

/* The judgement in one line, for the message of an assertion. */
const char *pp_judged_text(const struct pp_judgement *judgement);

/* The plug-in broke this clause, and `most` statements or fewer show it. */
void pp_judged_breaks(const struct pp_judgement *judgement,
                      enum pp_clause clause, size_t most);
/* It broke none, and none was left out. */
void pp_judged_conforms(const struct pp_judgement *judgement);

/* The file of a mutant; the answer lasts until the next call. */
const char *pp_mutant_file(const char *name);

#endif
