/* Which builds of the reference there are, here and in a shared object. */
#include "check/builds.h"

const char *const pp_reference_symbols[PP_LEVEL_COUNT] = {
    "pp_reference_none", "pp_reference_cheap", "pp_reference_object",
    "pp_reference_heap"};

const struct pp_reference *pp_reference_at(enum pp_level level) {
  static const struct pp_reference *const levels[PP_LEVEL_COUNT] = {
      [PP_LEVEL_NONE] = &pp_reference_none,
      [PP_LEVEL_CHEAP] = &pp_reference_cheap,
      [PP_LEVEL_OBJECT] = &pp_reference_object,
      [PP_LEVEL_HEAP] = &pp_reference_heap,
  };
  return levels[level];
}

const struct pp_reference *pp_reference_in(const struct pp_library *library,
                                           enum pp_level *level) {
  const struct pp_reference *build =
      pp_library_symbol(library, pp_reference_symbols[*level]);
  for (int i = PP_LEVEL_COUNT - 1; build == NULL && i >= 0; i--) {
    *level = (enum pp_level)i;
    build = pp_library_symbol(library, pp_reference_symbols[i]);
  }
  return build;
}
