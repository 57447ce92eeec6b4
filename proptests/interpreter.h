/* What the fake interpreter tells of how it was met. */
#ifndef PROPTESTS_INTERPRETER_H
#define PROPTESTS_INTERPRETER_H

#include "poolproof/reference.h"

struct interpreter_noted {
  unsigned started;
  int signals;        /* what it was started with */
  int no_site;        /* the flag, then */
  unsigned variables; /* in the environment that are for it, then */
  char home[4096];    /* one of them, or "" */
  unsigned long requests;
  const char *called; /* the function last called: "ObjectMalloc" */
};

#endif
