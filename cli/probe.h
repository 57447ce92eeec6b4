/* A program that probes a changed engine, as a judgement. */
#ifndef CLI_PROBE_H
#define CLI_PROBE_H

#include "check/judge.h"

/* Runs the program, which writes the id of the first clause that it sees
 * broken and exits with 1, or exits with 0; a program that ends in another way
 * within so many seconds, or not at all, is our own fault. */
void probe(const char *path, double seconds, struct pp_judgement *judgement);

#endif
