/* The matrix as a table for a person, and the reading of what it is made of:
 * the places that tools/tidy found when this was built, and the evaluations of
 * the last run. A hole is a clause without a place that it must have. */
#include "cli/matrix.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/document.h"
#include "poolproof/reference.h"

const char *const matrix_kind_names[MATRIX_KINDS] = {"site", "test", "harness",
                                                     "fault"};

#define PP_JOIN(clause, kind, file, line, title) \
  {PP_##clause, MATRIX_##kind, file, line, title},
#define PP_HOLE(clause, kind)
static const struct matrix_place all_places[] = {
#include "cli/join.def"
};
#undef PP_JOIN
#undef PP_HOLE

#define PP_JOIN(clause, kind, file, line, title)
#define PP_HOLE(clause, kind) {PP_##clause, MATRIX_##kind},
static const struct {
  enum pp_clause clause;
  enum matrix_kind kind;
} all_holes[] = {
#include "cli/join.def"
    {PP_HOLDS, MATRIX_SITE}, /* not empty where there is none */
};
#undef PP_JOIN
#undef PP_HOLE

void matrix_open(struct matrix *matrix) {
  *matrix = (struct matrix){.places = all_places};
  matrix->place_count = sizeof all_places / sizeof *all_places;
  for (size_t i = 0; i < matrix->place_count; i++) {
    matrix->counts[all_places[i].clause][all_places[i].kind]++;
  }
  for (size_t i = 0; i < sizeof all_holes / sizeof *all_holes; i++) {
    matrix->lacks[all_holes[i].clause][all_holes[i].kind] = true;
  }
  for (int i = 1; i < PP_CLAUSE_COUNT; i++) {
    matrix->holes += matrix_is_hole(matrix, (enum pp_clause)i);
  }
}

bool matrix_is_hole(const struct matrix *matrix, enum pp_clause clause) {
  for (int kind = 0; kind < MATRIX_KINDS; kind++) {
    if (matrix->lacks[clause][kind]) return true;
  }
  return false;
}

/* ---- the last run ---- */

static void add_subject(struct matrix *matrix, json_t *subject) {
  json_t *evaluated = json_object_get(subject, "evaluated");
  for (int i = 1; i < PP_CLAUSE_COUNT; i++) {
    json_t *times = json_object_get(evaluated, pp_clause_texts[i].id);
    matrix->evaluated[i] += (uint64_t)json_integer_value(times);
  }
  matrix->subjects++;
}

bool matrix_read_verdicts(struct matrix *matrix, const char *path, char *why,
                          size_t why_size) {
  json_error_t error;
  json_t *document = json_load_file(path, 0, &error);
  if (document == NULL) {
    snprintf(why, why_size, "%s: %s", path, error.text);
    return false;
  }
  json_t *subjects = json_object_get(document, "subjects");
  bool known = json_is_array(subjects) &&
               json_is_string(json_object_get(document, "poolproof"));
  for (size_t i = 0; known && i < json_array_size(subjects); i++) {
    json_t *subject = json_array_get(subjects, i);
    known = json_is_object(json_object_get(subject, "evaluated"));
    if (known) add_subject(matrix, subject);
  }
  json_decref(document);
  if (known) {
    snprintf(matrix->verdicts, sizeof matrix->verdicts, "%s", path);
  } else {
    snprintf(why, why_size, "%s: not what poolproof check --json writes", path);
  }
  return known;
}

bool matrix_default_verdicts(char *path, size_t size) {
#ifdef PP_SOURCE_DATA
  snprintf(path, size, "%s/build/last-check.json", PP_SOURCE_DATA);
  return access(path, F_OK) == 0;
#else
  (void)path;
  (void)size;
  return false;
#endif
}

/* ---- for a person ---- */

void matrix_print_profiles(FILE *out, uint32_t profiles) {
  if (profiles == 0) {
    fputs("any subject", out);
    return;
  }
  const char *between = "";
  for (int i = 0; i < PP_PROFILE_COUNT; i++) {
    if ((profiles >> i & 1) == 0) continue;
    fprintf(out, "%s%s", between, pp_profiles[i].name);
    between = " ";
  }
}

static void print_row(FILE *out, const struct matrix *matrix,
                      enum pp_clause clause) {
  const unsigned *counts = matrix->counts[clause];
  fprintf(out, "%-10s %5u %5u %9u %6u", pp_clause_texts[clause].id,
          counts[MATRIX_SITE], counts[MATRIX_TEST], counts[MATRIX_HARNESS],
          counts[MATRIX_FAULT]);
  fprintf(out, " %15s",
          *matrix->verdicts == '\0' ? "-" : grouped(matrix->evaluated[clause]));
  for (int kind = 0; kind < MATRIX_KINDS; kind++) {
    if (matrix->lacks[clause][kind]) {
      fprintf(out, "  no %s", matrix_kind_names[kind]);
    }
  }
  putc('\n', out);
}

void matrix_print(FILE *out, const struct matrix *matrix) {
  fprintf(out, "%-10s %5s %5s %9s %6s %15s\n", "clause", "sites", "tests",
          "harnesses", "faults", "evaluations");
  for (int i = 1; i < PP_CLAUSE_COUNT; i++)
    print_row(out, matrix, (enum pp_clause)i);
  if (*matrix->verdicts != '\0') {
    fprintf(out, "evaluations: %s, %zu subjects\n", matrix->verdicts,
            matrix->subjects);
  } else {
    fputs("evaluations: no run is known; ./dev check leaves one, or name what "
          "check --json\nwrote with --verdicts FILE\n",
          out);
  }
  fprintf(out, "%d clauses, %u holes\n", PP_CLAUSE_COUNT - 1, matrix->holes);
}

/* ---- for a program ---- */

static void set(json_t *object, const char *key, json_t *value) {
  json_object_set_new(object, key, value);
}

static json_t *places_of(const struct matrix *matrix, enum pp_clause clause,
                         enum matrix_kind kind) {
  json_t *array = json_array();
  for (size_t i = 0; i < matrix->place_count; i++) {
    const struct matrix_place *place = &matrix->places[i];
    if (place->clause != clause || place->kind != kind) continue;
    json_t *entry = json_object();
    set(entry, "file", json_string(place->file));
    set(entry, "line", json_integer(place->line));
    if (*place->title != '\0') set(entry, "name", json_string(place->title));
    json_array_append_new(array, entry);
  }
  return array;
}

static json_t *clause_object(const struct matrix *matrix,
                             enum pp_clause clause) {
  static const char *const keys[MATRIX_KINDS] = {"sites", "tests", "harnesses",
                                                 "faults"};
  const struct pp_clause_text *text = &pp_clause_texts[clause];
  json_t *object = json_object();
  json_t *lacks = json_array();
  set(object, "clause", json_string(text->id));
  set(object, "sentence", json_string(text->sentence));
  set(object, "strength", json_string(pp_strength_names[text->strength]));
  for (int kind = 0; kind < MATRIX_KINDS; kind++) {
    set(object, keys[kind], places_of(matrix, clause, (enum matrix_kind)kind));
    if (matrix->lacks[clause][kind]) {
      json_array_append_new(lacks, json_string(matrix_kind_names[kind]));
    }
  }
  set(object, "evaluated",
      *matrix->verdicts == '\0'
          ? json_null()
          : json_integer((json_int_t)matrix->evaluated[clause]));
  set(object, "lacks", lacks);
  return object;
}

bool matrix_write_json(const char *path, const struct matrix *matrix) {
  json_t *document = json_object();
  json_t *clauses = json_array();
  for (int i = 1; i < PP_CLAUSE_COUNT; i++) {
    json_array_append_new(clauses, clause_object(matrix, (enum pp_clause)i));
  }
  set(document, "poolproof", json_string(PP_VERSION));
  set(document, "holes", json_integer(matrix->holes));
  set(document, "verdicts",
      *matrix->verdicts == '\0' ? json_null() : json_string(matrix->verdicts));
  set(document, "clauses", clauses);
  bool written = write_document(path, document);
  json_decref(document);
  return written;
}
