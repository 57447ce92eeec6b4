/* What fuzz harnesses have in common. Each is one source that defines
 * LLVMFuzzerTestOneInput and is linked with an engine, or with replay.c, which
 * performs files: what happens to an input is the same with all of them. */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "check/op.h"

/* Answers 0, or does not return. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Says on standard error what was found, begun with the id of the clause (or
 * the name of a rule that has none), and aborts: for any engine, a crash. */
_Noreturn void pp_fuzz_found(const char *id, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The same without a finding: the harness cannot do its work here. Ends the
 * process with a status that no engine has for a find. */
enum { PP_FUZZ_CANNOT = 77 }; /* what meson calls skipped */
_Noreturn void pp_fuzz_cannot(const char *why);

/* ---- what a harness may have besides, for replay.c; absent ones are NULL ----
 */

/* Writes the trace that the input means, with the options that `poolproof
 * replay` needs for it in a first comment. */
__attribute__((weak)) void pp_fuzz_show(const uint8_t *data, size_t size,
                                        FILE *out);

/* Gives each input that is made from the operations of a trace. */
typedef void pp_fuzz_give(void *ctx, const char *name, const uint8_t *data,
                          size_t size);
__attribute__((weak)) void pp_fuzz_encode(const char *name,
                                          const struct pp_op *ops, size_t count,
                                          void *ctx, pp_fuzz_give *give);

/* Gives inputs that need no file: the edges of what it watches. */
__attribute__((weak)) void pp_fuzz_seeds(void *ctx, pp_fuzz_give *give);

#endif
