/* The clause list as data: what SPEC.md says, for programs. It embodies no
 * clause of its own; clauses.def is the list and this is its only table. */
#include "poolproof/clause.h"

const struct pp_clause_text pp_clause_texts[PP_CLAUSE_COUNT] = {
    [PP_HOLDS] = {"none", "none", PP_MUST, 0, "", "No clause is broken."},
#define PP_CLAUSE(area, number, strength, profiles, source, sentence) \
  [PP_##area##_##number] = {#area "-" #number, #area,  strength,      \
                            profiles,          source, sentence},
#include "poolproof/clauses.def"
#undef PP_CLAUSE
};

const char *const pp_strength_names[] = {"must", "bound", "latitude",
                                         "quality"};

static char upper(char c) {
  return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

enum pp_clause pp_clause_find(const char *id) {
  for (int clause = 1; clause < PP_CLAUSE_COUNT; clause++) {
    const char *known = pp_clause_texts[clause].id;
    size_t i = 0;
    while (known[i] != '\0' && known[i] == upper(id[i]))
      i++;
    if (known[i] == '\0' && id[i] == '\0') return (enum pp_clause)clause;
  }
  return PP_HOLDS;
}
