/* What is known of an allocator's release: the clauses that it is declared to
 * break, each shown by a small program that needs nothing of ours. A known
 * deviation is reported as such, and everything else about that release is
 * still judged. The files are allocators/NAME-VERSION.declared. */
#ifndef CHECK_DECLARED_H
#define CHECK_DECLARED_H

#include <stdbool.h>

#include "check/subject.h"
#include "poolproof/clause.h"

struct pp_declared {
  bool deviates[PP_CLAUSE_COUNT];     /* indexed by enum pp_clause */
  bool when_refused[PP_CLAUSE_COUNT]; /* where it is refused memory, only */
  bool promises[PP_CLAUSE_COUNT];     /* of latitude or quality, and kept */
  char file[4096];                    /* where that is said */
  char error[4400]; /* "FILE:LINE: expected ..." when a file is malformed */
};

/* Looks the release up: the first word of `title` is the allocator's name.
 * False when nothing is declared for it, with an empty error, or when what is
 * declared cannot be read, with an error; nothing deviates then. Directories:
 * $POOLPROOF_DATA, where this program was installed, its source tree. */
bool pp_declared_find(const char *title, const char *version,
                      struct pp_declared *out);

/* The same for a plug-in, which has no place among the releases of others: its
 * declaration lies beside its own file. */
bool pp_declared_beside(const char *plugin, const char *title,
                        const char *version, struct pp_declared *out);

/* Whichever of the two is for this subject. */
bool pp_declared_of(const struct pp_subject_spec *spec, const char *title,
                    const char *version, struct pp_declared *out);

/* Reads one file, whatever release it is for. */
bool pp_declared_read(const char *path, struct pp_declared *out);

/* Whether a caller can live with the clause being broken, if he is told: a
 * promise of errno, of alignment, of a usable size, or a limit; and whatever
 * decides only where it is promised. */
bool pp_declared_may_excuse(enum pp_clause clause);

#endif
