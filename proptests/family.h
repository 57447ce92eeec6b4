/* What a family that allocates nothing tells, and what it is told. */
#ifndef PROPTESTS_FAMILY_H
#define PROPTESTS_FAMILY_H

#include <stddef.h>

struct family_noted {
  const char *name; /* of the function called last */
  const void *block;
  size_t first; /* the numbers that it was given */
  size_t second;
  void *answer; /* what the next call is to answer */
  int version;  /* of one that says it as a number */
};

#endif
