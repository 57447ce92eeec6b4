/* What was performed on a heap that lives on from input to input: its state,
 * and so a find, hangs on all of it. It is kept in a file that is mapped, so
 * that it is there after any death. */
#ifndef FUZZ_HISTORY_H
#define FUZZ_HISTORY_H

#include <stdbool.h>
#include <stdio.h>

#include "check/op.h"

/* Noted where POOLPROOF_HISTORY names a folder, as PID.history in it. */
void pp_fuzz_history(const struct pp_op *op);

/* Prints a history as a trace. False when the file is none. */
bool pp_fuzz_history_print(const char *path, FILE *out);

#endif
