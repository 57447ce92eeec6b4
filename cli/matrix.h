/* The matrix: each clause with the places that assert it, test it, fuzz it and
 * break it on purpose, and how often the last run evaluated it. tools/tidy
 * collects the places when the command is built. */
#ifndef CLI_MATRIX_H
#define CLI_MATRIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "poolproof/clause.h"

enum matrix_kind {
  MATRIX_SITE,
  MATRIX_TEST,
  MATRIX_HARNESS,
  MATRIX_FAULT,
  MATRIX_KINDS
};

extern const char *const matrix_kind_names[MATRIX_KINDS]; /* "fault" */

struct matrix_place {
  enum pp_clause clause;
  enum matrix_kind kind;
  const char *file;
  unsigned line;
  const char *title; /* of a test or a fault; else "" */
};

struct matrix {
  const struct matrix_place *places; /* in the order of the clauses */
  size_t place_count;
  unsigned counts[PP_CLAUSE_COUNT][MATRIX_KINDS];
  bool lacks[PP_CLAUSE_COUNT][MATRIX_KINDS]; /* none, and there must be one */
  unsigned holes;                            /* clauses that lack something */

  char verdicts[4096]; /* the file that evaluations come from, or "" */
  size_t subjects;     /* judged in that run */
  uint64_t evaluated[PP_CLAUSE_COUNT];
};

/* All but the evaluations. */
void matrix_open(struct matrix *matrix);

/* Adds the evaluations that `poolproof check --json` wrote. False with a
 * sentence in `why` when the file cannot be read or is another. */
bool matrix_read_verdicts(struct matrix *matrix, const char *path, char *why,
                          size_t why_size);

/* Where ./dev check leaves them; false when there are none. */
bool matrix_default_verdicts(char *path, size_t size);

bool matrix_is_hole(const struct matrix *matrix, enum pp_clause clause);
/* "3.6 3.7.3", "every profile" or "any subject". */
void matrix_print_profiles(FILE *out, uint32_t profiles);

/* The three ways to show it. The last two write a file whole or not at all,
 * and answer false, having said why, when they could not. */
void matrix_print(FILE *out, const struct matrix *matrix);
bool matrix_write_html(const char *path, const struct matrix *matrix);
bool matrix_write_json(const char *path, const struct matrix *matrix);

#endif
