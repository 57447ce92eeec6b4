/* The cells of a report card, read from the document of a run (verdicts.c), so
 * that they say what all other forms say. */
#include "cli/card.h"

#include <string.h>

#include "cli/report.h"

const char *const card_words[CARD_CELLS] = {
    [CARD_UNARMED] = "not armed", [CARD_HOLDS] = "holds",
    [CARD_LATITUDE] = "latitude", [CARD_QUALITY] = "quality",
    [CARD_DECLARED] = "declared", [CARD_VIOLATED] = "violated",
    [CARD_UNSEEN] = "not seen"};

static bool is_silent(const json_t *subject, const char *id) {
  const json_t *silent =
      json_object_get(json_object_get(subject, "clauses"), "silent");
  for (size_t i = 0; i < json_array_size(silent); i++) {
    const char *other = json_string_value(json_array_get(silent, i));
    if (other != NULL && strcmp(other, id) == 0) return true;
  }
  return false;
}

enum card_cell card_cell(const json_t *subject, enum pp_clause clause) {
  const char *id = pp_clause_texts[clause].id;
  const json_t *violation = json_object_get(subject, "violation");
  bool violated = strcmp(report_text(subject, "verdict"), "violation") == 0;
  if (violated && strcmp(report_text(violation, "clause"), id) == 0)
    return CARD_VIOLATED;
  const char *by = report_deviates_by(subject, id);
  if (strcmp(by, "declared") == 0) return CARD_DECLARED;
  if (strcmp(by, "latitude") == 0) return CARD_LATITUDE;
  if (strcmp(by, "quality") == 0) return CARD_QUALITY;
  if (is_silent(subject, id)) return CARD_UNSEEN;
  bool seen = report_number(json_object_get(subject, "evaluated"), id) > 0;
  return seen ? CARD_HOLDS : CARD_UNARMED;
}

bool card_has(const json_t *document, enum pp_clause clause) {
  const json_t *subjects = json_object_get(document, "subjects");
  for (size_t i = 0; i < json_array_size(subjects); i++) {
    if (card_cell(json_array_get(subjects, i), clause) != CARD_UNARMED)
      return true;
  }
  return false;
}

static bool is_first(const json_t *document, enum pp_clause clause) {
  if (!card_has(document, clause)) return false;
  for (int i = 1; i < (int)clause; i++) {
    bool same =
        strcmp(pp_clause_texts[i].area, pp_clause_texts[clause].area) == 0;
    if (same && card_has(document, (enum pp_clause)i)) return false;
  }
  return true;
}

enum pp_clause card_next_area(const json_t *document, enum pp_clause clause) {
  int next = (int)clause + 1;
  while (next < PP_CLAUSE_COUNT && !is_first(document, (enum pp_clause)next))
    next++;
  return (enum pp_clause)next;
}

void card_print_area(FILE *out, const json_t *subject, const char *area) {
  static const char *const words[CARD_CELLS] = {
      [CARD_HOLDS] = "hold",        [CARD_LATITUDE] = "latitude",
      [CARD_QUALITY] = "quality",   [CARD_DECLARED] = "declared",
      [CARD_VIOLATED] = "violated", [CARD_UNSEEN] = "not seen"};
  unsigned counts[CARD_CELLS] = {0};
  const char *between = "";
  for (int i = 1; i < PP_CLAUSE_COUNT; i++) {
    if (strcmp(pp_clause_texts[i].area, area) == 0)
      counts[card_cell(subject, (enum pp_clause)i)]++;
  }
  for (int i = CARD_HOLDS; i < CARD_CELLS; i++) {
    if (counts[i] == 0) continue;
    fprintf(out, "%s%u %s", between, counts[i], words[i]);
    between = ", ";
  }
  if (between[0] == '\0') fputc('-', out);
}

const json_t *card_misuse(const json_t *subject, const char *misuse) {
  const json_t *all = json_object_get(subject, "hardening");
  for (size_t i = 0; i < json_array_size(all); i++) {
    const json_t *one = json_array_get(all, i);
    if (strcmp(report_text(one, "misuse"), misuse) == 0) return one;
  }
  return NULL;
}

bool card_has_misuse(const json_t *document) {
  const json_t *subjects = json_object_get(document, "subjects");
  for (size_t i = 0; i < json_array_size(subjects); i++) {
    const json_t *subject = json_array_get(subjects, i);
    if (json_array_size(json_object_get(subject, "hardening")) > 0) return true;
  }
  return false;
}
