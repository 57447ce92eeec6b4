/* Displays: what a literal or a comprehension of a CPython makes, and that the
 * same made call by call is as large. How a display is put together depends on
 * its length, on whether its items are constants, and on the release. */
#ifndef CHECK_OBJECTS_DISPLAYS_H
#define CHECK_OBJECTS_DISPLAYS_H

#include "check/objects/driver.h"

/* A list or set is copied from a constant tuple or frozenset. */
static inline bool pp_display_is_copied(const struct pp_profile *profile,
                                        size_t length) {
  enum { WORTH_A_COPY = 3 };
  return profile->id >= PP_PROFILE_3_9 && length >= WORTH_A_COPY;
}

/* A list is made empty, and appended to. */
static inline bool pp_display_is_long(const struct pp_profile *profile,
                                      size_t length) {
  enum { AT_ONCE = 30 };
  return profile->id >= PP_PROFILE_3_10 && length > AT_ONCE;
}

/* Lets the CPython of this process make them all, and remembers their sizes.
 * Before create: it leaves garbage and free lists behind. False with a reason
 * when that did not work. */
bool pp_displays_make(struct pp_report *report);

/* Makes the same on the reference, and holds the sizes against each other.
 * Before the program; does nothing where there are no sizes. */
void pp_displays_compare(struct pp_objects_driver *driver);

#endif
