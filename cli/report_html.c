/* The report card as a page: one file without scripts, so that it can be put
 * anywhere, and well-formed for readers of XML, too. */
#include <string.h>

#include "cli/card.h"
#include "cli/report.h"

static const char style[] =
    ":root{color-scheme:light dark}\n"
    "body{margin:0 auto;max-width:90rem;padding:1rem;"
    "font:15px/1.5 system-ui,sans-serif}\n"
    "div{overflow-x:auto}\n"
    "table{border-collapse:collapse}\n"
    "th,td{border:1px solid #8886;padding:.2rem .5rem;text-align:left}\n"
    "pre{padding:.5rem;border:1px solid #8886;overflow-x:auto}\n"
    ".holds{background:#2a83}.latitude,.quality{background:#28c3}\n"
    ".declared{background:#ca23}.violated{background:#d22a;"
    "font-weight:bold}\n"
    ".unarmed,.unseen{color:#888}\n";

static const char *const classes[CARD_CELLS] = {
    [CARD_UNARMED] = "unarmed",   [CARD_HOLDS] = "holds",
    [CARD_LATITUDE] = "latitude", [CARD_QUALITY] = "quality",
    [CARD_DECLARED] = "declared", [CARD_VIOLATED] = "violated",
    [CARD_UNSEEN] = "unseen"};

static void element(FILE *out, const char *tag, const char *text) {
  fprintf(out, "<%s>", tag);
  report_escaped(out, text);
  fprintf(out, "</%s>\n", tag);
}

static void areas_of(FILE *out, const json_t *document, const json_t *subject) {
  const char *verdict = report_text(subject, "verdict");
  bool violated = strcmp(verdict, "violation") == 0;
  fputs("<tr>", out);
  element(out, "th", report_text(subject, "subject"));
  element(out, "td", report_text(subject, "title"));
  fprintf(out, "<td%s>", violated ? " class=\"violated\"" : "");
  report_escaped(out, verdict);
  fputs("</td>\n", out);
  enum pp_clause area = PP_HOLDS;
  while ((area = card_next_area(document, area)) < PP_CLAUSE_COUNT) {
    fputs("<td>", out);
    card_print_area(out, subject, pp_clause_texts[area].area);
    fputs("</td>\n", out);
  }
  fputs("</tr>\n", out);
}

static void areas(FILE *out, const json_t *document) {
  const json_t *subjects = json_object_get(document, "subjects");
  enum pp_clause area = PP_HOLDS;
  fputs("<div><table><tr><th>subject</th><th>is</th><th>verdict</th>", out);
  while ((area = card_next_area(document, area)) < PP_CLAUSE_COUNT)
    element(out, "th", pp_clause_texts[area].area);
  fputs("</tr>\n", out);
  for (size_t i = 0; i < json_array_size(subjects); i++)
    areas_of(out, document, json_array_get(subjects, i));
  fputs("</table></div>\n", out);
}

static void clause_row(FILE *out, const json_t *document,
                       enum pp_clause clause) {
  const json_t *subjects = json_object_get(document, "subjects");
  fputs("<tr>", out);
  element(out, "th", pp_clause_texts[clause].id);
  element(out, "td", pp_clause_texts[clause].sentence);
  for (size_t i = 0; i < json_array_size(subjects); i++) {
    enum card_cell cell = card_cell(json_array_get(subjects, i), clause);
    fprintf(out, "<td class=\"%s\">%s</td>\n", classes[cell], card_words[cell]);
  }
  fputs("</tr>\n", out);
}

static void clauses(FILE *out, const json_t *document, const char *area) {
  const json_t *subjects = json_object_get(document, "subjects");
  element(out, "h2", area);
  fputs("<div><table><tr><th>clause</th><th>sentence</th>", out);
  for (size_t i = 0; i < json_array_size(subjects); i++)
    element(out, "th", report_text(json_array_get(subjects, i), "subject"));
  fputs("</tr>\n", out);
  for (int i = 1; i < PP_CLAUSE_COUNT; i++) {
    enum pp_clause clause = (enum pp_clause)i;
    if (strcmp(pp_clause_texts[i].area, area) == 0 &&
        card_has(document, clause))
      clause_row(out, document, clause);
  }
  fputs("</table></div>\n", out);
}

static void misuse_cell(FILE *out, const json_t *one) {
  static const char *const looks[PP_MISUSE_ENDS] = {"unarmed", "declared",
                                                    "holds", "violated"};
  const char *end = report_text(one, "end");
  const char *look = looks[0];
  for (int i = 0; i < PP_MISUSE_ENDS; i++) {
    if (strcmp(end, pp_misuse_end_names[i]) == 0) look = looks[i];
  }
  fprintf(out, "<td class=\"%s\">%s %s<br/>", look, end,
          report_text(one, "clause"));
  report_escaped(out, report_text(one, "words"));
  fputs("</td>\n", out);
}

static void hardening(FILE *out, const json_t *document) {
  const json_t *subjects = json_object_get(document, "subjects");
  element(out, "h2", "Hardening");
  element(
      out, "p",
      "What becomes of misuse, of which nothing is promised: no violation.");
  fputs("<div><table><tr><th>misuse</th>", out);
  for (size_t i = 0; i < json_array_size(subjects); i++)
    element(out, "th", report_text(json_array_get(subjects, i), "subject"));
  fputs("</tr>\n", out);
  for (int i = 0; i < PP_MISUSE_COUNT; i++) {
    fputs("<tr>", out);
    element(out, "th", pp_misuse_names[i]);
    for (size_t j = 0; j < json_array_size(subjects); j++)
      misuse_cell(out,
                  card_misuse(json_array_get(subjects, j), pp_misuse_names[i]));
    fputs("</tr>\n", out);
  }
  fputs("</table></div>\n", out);
}

/* The words of an error or a finding, and the trace where there is one. */
static void finding(FILE *out, const json_t *subject) {
  const json_t *violation = json_object_get(subject, "violation");
  const json_t *trace = json_object_get(violation, "trace");
  const char *why = report_text(subject, "why");
  if (!json_is_object(violation) && why[0] == '\0') return;
  fputs("<h2>", out);
  report_escaped(out, report_text(violation, "clause"));
  fputc(' ', out);
  report_escaped(out, report_text(subject, "subject"));
  fputs("</h2>\n", out);
  if (why[0] != '\0') element(out, "p", why);
  if (!json_is_object(violation)) return;
  element(out, "p", report_text(violation, "sentence"));
  element(out, "p", report_text(violation, "what"));
  fputs("<pre>", out);
  report_escaped(out, report_text(violation, "reproduce"));
  for (size_t i = 0; i < json_array_size(trace); i++) {
    fputc('\n', out);
    report_escaped(out, json_string_value(json_array_get(trace, i)));
  }
  fputs("</pre>\n", out);
}

void report_as_html(FILE *out, const json_t *document) {
  const json_t *subjects = json_object_get(document, "subjects");
  fprintf(out,
          "<!DOCTYPE html>\n<html lang=\"en\"><head>"
          "<meta charset=\"utf-8\"/>\n<title>Report card</title>\n"
          "<style>\n%s</style></head><body>\n",
          style);
  element(out, "h1", "Report card");
  fputs("<p>poolproof ", out);
  report_escaped(out, report_text(document, "poolproof"));
  fprintf(out, ", seed %lld</p>\n", (long long)report_number(document, "seed"));
  areas(out, document);
  enum pp_clause area = PP_HOLDS;
  while ((area = card_next_area(document, area)) < PP_CLAUSE_COUNT)
    clauses(out, document, pp_clause_texts[area].area);
  if (card_has_misuse(document)) hardening(out, document);
  for (size_t i = 0; i < json_array_size(subjects); i++)
    finding(out, json_array_get(subjects, i));
  fputs("</body></html>\n", out);
}
