/* The twin of a subject: the reference, on places of its own, given the same
 * operations. The subject must put every block where its twin does, and turn
 * to its sources when its twin does (SPEC.md, HEAP-12 to HEAP-14). */
#ifndef CHECK_TWIN_H
#define CHECK_TWIN_H

#include "check/places.h"
#include "check/subject.h"

struct pp_twin {
  struct pp_witness witness; /* first: the witness leads back to the twin */
  void *driver;              /* whom to tell of a broken clause */
  struct pp_places places;
  const struct pp_reference *reference;
  bool ours; /* a build of this program, which has to hold by itself */
  const struct pp_profile *profile;
  struct pp_heap *heap;
  struct pp_subject calls[PP_DOMAIN_COUNT]; /* as for any subject */
};

/* A heap of this profile with arenas_before full arenas. False when the host
 * has no address space for it. `reference` may be any build. */
bool pp_twin_open(struct pp_twin *twin, const struct pp_reference *reference,
                  const struct pp_profile *profile, unsigned arenas_before,
                  void (*broken)(struct pp_witness *witness,
                                 enum pp_clause clause, const char *where));
/* Ends the heap and begins one of this profile in its place, as after open. As
 * close, true when it gave back every arena. */
bool pp_twin_again(struct pp_twin *twin, const struct pp_profile *profile);
/* True when the heap gave back every arena that it was given (HEAP-15). */
bool pp_twin_close(struct pp_twin *twin);

#endif
