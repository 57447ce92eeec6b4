/* The catalogue of faults: what poolproof has to find, as the build of mutants/
 * lists it. A fault names the clause that it breaks; an odd one is sound, and
 * breaks none. */
#ifndef CLI_FAULTS_H
#define CLI_FAULTS_H

#include <stdbool.h>
#include <stddef.h>

#include "poolproof/reference.h"

enum fault_kind {
  FAULT_ALLOC,   /* a variation of the reference, in lock-step with it */
  FAULT_MALLOC,  /* a plug-in */
  FAULT_REFUSED, /* likewise, that shows when memory is refused */
  FAULT_THREADS, /* likewise, when several threads call */
  FAULT_ODD,     /* a plug-in that is sound */
  FAULT_OBJECTS, /* a variation of the objects, likewise */
  FAULT_OPS,     /* a program that probes a changed operation language */
  FAULT_KIND_COUNT
};

extern const char *const fault_kind_names[FAULT_KIND_COUNT];

struct fault {
  enum fault_kind kind;
  char name[64];
  enum pp_clause broken; /* PP_HOLDS: none, it is sound */
  enum pp_clause found;  /* as what; another only where the fault says why */
  const struct pp_profile *profile; /* to judge it by, or NULL */
  char path[512];
};

struct faults {
  struct fault *at;
  size_t count;
};

/* Reads the catalogue of a folder. False after saying on stderr what is wrong
 * with it and where. */
bool faults_read(const char *folder, struct faults *faults);
void faults_free(struct faults *faults);

#endif
