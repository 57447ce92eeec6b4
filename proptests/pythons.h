/* Programs that are run on every CPython of this machine from 3.7 on, through
 * the vtable of its objects (check/objects/python.h), each in a process of its
 * own; what they ask for is noted. */
#ifndef PROPTESTS_PYTHONS_H
#define PROPTESTS_PYTHONS_H

#include <stdio.h>
#include <unistd.h>

#include "check/objects/python.h"

struct pythons {
  const struct pp_objects *objects;
  struct pp_interpreter *interpreter;
  struct pp_objects_python python;
  int minor; /* 11 of 3.11.2 */
  int round; /* 0 and 1: what 3.12 interned in the first, stays */
  /* " O+28 M*24 M~64 O-": family, call and size of what was asked for. */
  char requests[1 << 16];
  bool refusing; /* answer NULL to all that asks for memory */
  /* Events since create. */
  struct pp_object *last_finalized, *last_dead;
  unsigned finalized, dead;
};

extern struct pythons pp_pythons;

/* Runs the program twice on each; the test fails when it does not hold, and
 * is skipped where there is none. */
void pp_each_python(void (*program)(void));

/* True when just this was asked for since it was last true. */
bool pp_pythons_asked(const char *expected);

struct pp_object *pp_pythons_text(const char *ascii);
struct pp_object *pp_pythons_number(uint32_t value);
void pp_pythons_drop(struct pp_object *object);

/* Inside a program: Criterion's own would go unheard. */
#define HOLDS(expression)                                       \
  do {                                                          \
    if (!(expression)) {                                        \
      fprintf(stderr, "CPython %s, line %d: %s; asked for%s\n", \
              pp_pythons.python.version, __LINE__, #expression, \
              pp_pythons.requests);                             \
      _exit(1);                                                 \
    }                                                           \
  } while (0)

#endif
