/* The clock that durations are measured by: seconds since some moment, by the
 * clock that nobody sets. */
#ifndef CHECK_CLOCK_H
#define CHECK_CLOCK_H

#include <time.h>

static inline double pp_now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

#endif
