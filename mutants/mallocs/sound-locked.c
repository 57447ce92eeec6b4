/* A small malloc without faults that several threads may call. */
#include "mutants/mallocs/locked.h"

LOCKED_SUBJECT("sound and locked", (void)0)
