/* The builds of the reference: those of this program, one for each level of
 * checking, and those that a shared object exports. */
#ifndef CHECK_BUILDS_H
#define CHECK_BUILDS_H

#include "check/library.h"
#include "poolproof/reference.h"

/* The symbol of each level's table: "pp_reference_none", ... */
extern const char *const pp_reference_symbols[PP_LEVEL_COUNT];

/* The build of this program with this level. */
const struct pp_reference *pp_reference_at(enum pp_level level);

/* The build with this level out of a library, or else the most closely
 * watched that it has; *level becomes its own. NULL when it has none. */
const struct pp_reference *pp_reference_in(const struct pp_library *library,
                                           enum pp_level *level);

#endif
