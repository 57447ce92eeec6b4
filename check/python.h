/* What every loader of a CPython needs to know: which profile a release
 * belongs to, and how an interpreter is started with as little as possible. */
#ifndef CHECK_PYTHON_H
#define CHECK_PYTHON_H

#include "check/library.h"
#include "poolproof/reference.h"

struct pp_python_release {
  int major, minor, patch;
};

/* Reads "3.11.2" and what begins like it. */
bool pp_python_read_release(const char *version,
                            struct pp_python_release *release);

/* Which profile a release belongs to, or NULL. */
const struct pp_profile *pp_python_profile(struct pp_python_release release);

/* PYTHONMALLOC would replace what is judged, others add to it. */
void pp_python_clear_environment(void);

/* Starts an interpreter without `site` and without signals. False when the
 * library has no Py_InitializeEx; any other failure ends the process, with
 * the interpreter's own message. */
bool pp_python_start(const struct pp_library *library,
                     struct pp_python_release release);

#endif
