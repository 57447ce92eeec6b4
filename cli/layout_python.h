/* A value in a CPython: another process, which evaluates the same text and
 * tells what lies at the addresses that it is asked for. */
#ifndef CLI_LAYOUT_PYTHON_H
#define CLI_LAYOUT_PYTHON_H

#include <stdio.h>
#include <sys/types.h>

#include "cli/layout.h"
#include "poolproof/reference.h"

struct layout_python {
  pid_t child;
  int to_child, from_child;
  char buffer[4096]; /* what was read and not yet used */
  size_t used, filled;
  double until;   /* the child has to have answered */
  bool late;      /* and has not */
  size_t allowed; /* bytes that it may still write */

  char version[32]; /* "3.10.13" */
  const struct pp_profile *profile;
  uint64_t address; /* of the value */
  char type[64];
  size_t getsizeof;
  struct layout_names names;
  char why[256];
};

/* Starts an interpreter, which is an executable or, with .so in its name, a
 * shared library, and lets it make the value. False with python->why. The
 * process is ended either way by layout_python_close. */
bool layout_python_open(struct layout_python *python, const char *path,
                        const char *text);
/* Reads what `like` has of the value, in the interpreter's memory. */
bool layout_python_read(struct layout_python *python, const struct layout *like,
                        struct layout *layout);
void layout_python_close(struct layout_python *python);

/* layout_script.c: what the interpreter runs. */
extern const char layout_script[];

#endif
