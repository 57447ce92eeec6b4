/* The report card as Markdown: a table of areas, for each area one of its
 * clauses, and below them each violation with its trace. */
#include <string.h>

#include "cli/card.h"
#include "cli/report.h"

static void head(FILE *out, const json_t *document, const char *first) {
  const json_t *subjects = json_object_get(document, "subjects");
  fprintf(out, "| %s |", first);
  for (size_t i = 0; i < json_array_size(subjects); i++) {
    fputc(' ', out);
    report_markdown_text(out,
                         report_text(json_array_get(subjects, i), "subject"));
    fputs(" |", out);
  }
  fputs("\n|---|", out);
  for (size_t i = 0; i < json_array_size(subjects); i++)
    fputs("---|", out);
  fputc('\n', out);
}

static void areas_of(FILE *out, const json_t *document, const json_t *subject) {
  fputs("| ", out);
  report_markdown_text(out, report_text(subject, "subject"));
  fputs(" | ", out);
  report_markdown_text(out, report_text(subject, "title"));
  fputs(" | **", out);
  report_markdown_text(out, report_text(subject, "verdict"));
  fputs("** |", out);
  enum pp_clause area = PP_HOLDS;
  while ((area = card_next_area(document, area)) < PP_CLAUSE_COUNT) {
    fputc(' ', out);
    card_print_area(out, subject, pp_clause_texts[area].area);
    fputs(" |", out);
  }
  fputc('\n', out);
}

static void areas(FILE *out, const json_t *document) {
  const json_t *subjects = json_object_get(document, "subjects");
  enum pp_clause area = PP_HOLDS;
  fputs("| subject | is | verdict |", out);
  while ((area = card_next_area(document, area)) < PP_CLAUSE_COUNT)
    fprintf(out, " %s |", pp_clause_texts[area].area);
  fputs("\n|---|---|---|", out);
  area = PP_HOLDS;
  while ((area = card_next_area(document, area)) < PP_CLAUSE_COUNT)
    fputs("---|", out);
  fputc('\n', out);
  for (size_t i = 0; i < json_array_size(subjects); i++)
    areas_of(out, document, json_array_get(subjects, i));
}

static void clause_row(FILE *out, const json_t *document,
                       enum pp_clause clause) {
  const json_t *subjects = json_object_get(document, "subjects");
  fprintf(out, "| %s ", pp_clause_texts[clause].id);
  report_markdown_text(out, pp_clause_texts[clause].sentence);
  fputs(" |", out);
  for (size_t i = 0; i < json_array_size(subjects); i++) {
    enum card_cell cell = card_cell(json_array_get(subjects, i), clause);
    bool bold = cell == CARD_VIOLATED;
    fprintf(out, " %s%s%s |", bold ? "**" : "", card_words[cell],
            bold ? "**" : "");
  }
  fputc('\n', out);
}

static void clauses(FILE *out, const json_t *document, const char *area) {
  fprintf(out, "\n## %s\n\n", area);
  head(out, document, "clause");
  for (int i = 1; i < PP_CLAUSE_COUNT; i++) {
    enum pp_clause clause = (enum pp_clause)i;
    if (strcmp(pp_clause_texts[i].area, area) == 0 &&
        card_has(document, clause))
      clause_row(out, document, clause);
  }
}

static void misuse_row(FILE *out, const json_t *document, const char *misuse) {
  const json_t *subjects = json_object_get(document, "subjects");
  fprintf(out, "| %s |", misuse);
  for (size_t i = 0; i < json_array_size(subjects); i++) {
    const json_t *one = card_misuse(json_array_get(subjects, i), misuse);
    const char *clause = report_text(one, "clause");
    const char *words = report_text(one, "words");
    fprintf(out, " %s%s%s%s", one == NULL ? "-" : report_text(one, "end"),
            clause[0] == '\0' ? "" : " ", clause, words[0] == '\0' ? "" : ": ");
    report_markdown_text(out, words);
    fputs(" |", out);
  }
  fputc('\n', out);
}

static void hardening(FILE *out, const json_t *document) {
  fputs("\n## Hardening\n\nWhat becomes of misuse, of which nothing is "
        "promised: no violation.\n\n",
        out);
  head(out, document, "misuse");
  for (int i = 0; i < PP_MISUSE_COUNT; i++)
    misuse_row(out, document, pp_misuse_names[i]);
}

void report_as_card(FILE *out, const json_t *document) {
  fprintf(out, "# Report card, poolproof %s, seed %lld\n\n",
          report_text(document, "poolproof"),
          (long long)report_number(document, "seed"));
  areas(out, document);
  enum pp_clause area = PP_HOLDS;
  while ((area = card_next_area(document, area)) < PP_CLAUSE_COUNT)
    clauses(out, document, pp_clause_texts[area].area);
  if (card_has_misuse(document)) hardening(out, document);
  report_markdown_findings(out, document);
}
