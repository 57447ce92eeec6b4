/* The report card: subjects by clauses, from the document of a run. A page and
 * a text are written from the same cells. */
#ifndef CLI_CARD_H
#define CLI_CARD_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "poolproof/clause.h"

/* What became of a clause with one subject. */
enum card_cell {
  CARD_UNARMED, /* it has no oracle there */
  CARD_HOLDS,
  CARD_LATITUDE, /* either is legal, and it does what fewer do */
  CARD_QUALITY,  /* nobody has to keep it, and it does not */
  CARD_DECLARED, /* it is broken, and the allocator says so */
  CARD_VIOLATED,
  CARD_UNSEEN, /* it has an oracle that saw nothing */
  CARD_CELLS
};

extern const char *const card_words[CARD_CELLS];

enum card_cell card_cell(const json_t *subject, enum pp_clause clause);

/* Whether the clause has an oracle for any subject of the document. */
bool card_has(const json_t *document, enum pp_clause clause);

/* The first clause of the next area, after that of `clause`, that any subject
 * has one of; PP_CLAUSE_COUNT behind the last. Begin with PP_HOLDS. */
enum pp_clause card_next_area(const json_t *document, enum pp_clause clause);

/* What a subject makes of an area: "34 hold, 3 declared"; "-": nothing. */
void card_print_area(FILE *out, const json_t *subject, const char *area);

/* What became of a misuse with a subject, as verdicts.c wrote it; NULL: it was
 * not made. Whether any was, with any subject. */
const json_t *card_misuse(const json_t *subject, const char *misuse);
bool card_has_misuse(const json_t *document);

#endif
