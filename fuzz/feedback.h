/* Feedback for subjects that tell an engine nothing by themselves. */
#ifndef FUZZ_FEEDBACK_H
#define FUZZ_FEEDBACK_H

#include <stdint.h>

/* A block was asked for and came to lie there, or nowhere (NULL). */
void pp_feedback_of_block(const void *address, uint64_t size);

#endif
