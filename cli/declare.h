/* What a subject would have to declare, written down as check/declared.h reads
 * it: the file of the release, and beside it for each deviation the program
 * that shows it. Excused is only what a caller can live with when it is told,
 * such as the promise of errno; blocks that overlap are not. */
#ifndef CLI_DECLARE_H
#define CLI_DECLARE_H

#include "cli/court.h"

/* Whether settings->profile_out can be written; with a message, if not. */
bool declaration_can_be_written(const struct settings *settings);

/* Judges the subject again, once with all excused that can be, and once for
 * each clause that it needs to be excused from. Says on `out` what was written,
 * and on standard error why nothing was. Returns the exit code that this makes
 * of a run that would otherwise conform. */
int declare(FILE *out, const struct judge *judge,
            const struct settings *settings);

#endif
