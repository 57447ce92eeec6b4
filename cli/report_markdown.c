/* Verdicts as Markdown, for the summary of a CI job or a comment: a table, and
 * below it each finding with its trace and how to repeat it. */
#include <string.h>

#include "cli/report.h"

/* Text that is only text, also within a table. */
void report_markdown_text(FILE *out, const char *text) {
  for (; *text != '\0'; text++) {
    unsigned char byte = (unsigned char)*text;
    if (strchr("\\`*_[]<>|&#~", byte) != NULL) fputc('\\', out);
    fputc(byte < ' ' || byte == 0x7f ? ' ' : byte, out);
  }
}

/* Text as it is: behind an indent nothing of it is read as Markdown. */
static void verbatim(FILE *out, const char *text) {
  fputs("    ", out);
  for (; *text != '\0'; text++) {
    unsigned char byte = (unsigned char)*text;
    if (byte == '\n') {
      fputs("\n    ", out);
    } else {
      fputc(byte < ' ' || byte == 0x7f ? ' ' : byte, out);
    }
  }
  fputc('\n', out);
}

static void row(FILE *out, const json_t *subject) {
  const json_t *clauses = json_object_get(subject, "clauses");
  json_int_t armed = report_number(clauses, "armed");
  size_t silent = json_array_size(json_object_get(clauses, "silent"));
  const char *clause =
      report_text(json_object_get(subject, "violation"), "clause");
  fputs("| ", out);
  report_markdown_text(out, report_text(subject, "subject"));
  fputs(" | ", out);
  report_markdown_text(out, report_text(subject, "title"));
  fprintf(out, " | %lld | %lld of %lld | %zu | **",
          (long long)report_number(subject, "operations"),
          (long long)armed - (long long)silent, (long long)armed,
          json_array_size(json_object_get(subject, "deviations")));
  report_markdown_text(out, report_text(subject, "verdict"));
  fprintf(out, "**%s%s |\n", clause[0] == '\0' ? "" : " ", clause);
}

static void finding(FILE *out, const json_t *subject) {
  const json_t *violation = json_object_get(subject, "violation");
  fprintf(out, "\n## %s: ", report_text(violation, "clause"));
  report_markdown_text(out, report_text(subject, "subject"));
  fputs("\n\n", out);
  report_markdown_text(out, report_text(violation, "sentence"));
  fputs("\n\n", out);
  report_markdown_text(out, report_text(violation, "what"));
  fputs("\n\n", out);
  verbatim(out, report_text(violation, "reproduce"));
  report_trace(out, violation, "    ");
}

void report_markdown_findings(FILE *out, const json_t *document) {
  const json_t *subjects = json_object_get(document, "subjects");
  for (size_t i = 0; i < json_array_size(subjects); i++) {
    const json_t *subject = json_array_get(subjects, i);
    const char *why = report_text(subject, "why");
    if (json_is_object(json_object_get(subject, "violation"))) {
      finding(out, subject);
    } else if (why[0] != '\0') {
      fputs("\n- ", out);
      report_markdown_text(out, report_text(subject, "subject"));
      fputs(": ", out);
      report_markdown_text(out, why);
      fputc('\n', out);
    }
  }
}

static void deviations_of(FILE *out, const json_t *subject, bool *headed) {
  const json_t *deviations = json_object_get(subject, "deviations");
  for (size_t i = 0; i < json_array_size(deviations); i++) {
    const json_t *deviation = json_array_get(deviations, i);
    if (!*headed) {
      fputs("\n## Deviations\n\n| clause | why | subject | sentence |\n"
            "|---|---|---|---|\n",
            out);
    }
    *headed = true;
    fprintf(out, "| %s | %s | ", report_text(deviation, "clause"),
            report_text(deviation, "by"));
    report_markdown_text(out, report_text(subject, "subject"));
    fputs(" | ", out);
    report_markdown_text(out, report_text(deviation, "sentence"));
    fputs(" |\n", out);
  }
}

void report_as_markdown(FILE *out, const json_t *document) {
  const json_t *subjects = json_object_get(document, "subjects");
  fprintf(out, "# poolproof %s, seed %lld\n\n",
          report_text(document, "poolproof"),
          (long long)report_number(document, "seed"));
  fputs("| subject | is | operations | clauses | deviations | verdict |\n"
        "|---|---|--:|--:|--:|---|\n",
        out);
  for (size_t i = 0; i < json_array_size(subjects); i++)
    row(out, json_array_get(subjects, i));
  report_markdown_findings(out, document);
  bool headed = false;
  for (size_t i = 0; i < json_array_size(subjects); i++)
    deviations_of(out, json_array_get(subjects, i), &headed);
}
