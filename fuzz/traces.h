/* The text of a trace, looked at without its reader. */
#ifndef FUZZ_TRACES_H
#define FUZZ_TRACES_H

#include "check/op.h"

/* A text that was accepted says what was read of it: the header first, and
 * behind it the numbers of each statement (OPS-01, OPS-02). */
void pp_fuzz_is_text_of(const uint8_t *data, size_t size,
                        const struct pp_ops *ops);

#endif
