/* Verdicts as TAP, version 13, which readers of version 14 take as well: a
 * test point for each clause of each subject. What an
 * allocator declares not to keep is to do; what was never evaluated is
 * skipped when a violation ended the run, and fails otherwise. Where latitude
 * was taken, that is told below the point. */
#include "cli/report.h"

/* One line of text, and no directive in it. */
static void plain(FILE *out, const char *text) {
  for (; *text != '\0'; text++) {
    if (*text == '#' || *text == '\\') fputc('\\', out);
    fputc((unsigned char)*text < ' ' ? ' ' : *text, out);
  }
}

/* A string in quotes, as YAML and JSON have it alike. */
static void quoted(FILE *out, const char *key, const char *text) {
  json_t *value = json_string(text);
  fprintf(out, "  %s: ", key);
  json_dumpf(value, out, JSON_ENCODE_ANY | JSON_ENSURE_ASCII);
  fputc('\n', out);
  json_decref(value);
}

static void details(FILE *out, const json_t *subject,
                    const struct report_case *about) {
  const json_t *violation = json_object_get(subject, "violation");
  fputs("  ---\n", out);
  quoted(out, "message", about->why);
  if (about->outcome == CASE_BROKEN) {
    quoted(out, "reproduce", report_text(violation, "reproduce"));
    fputs("  trace: |\n", out);
    report_trace(out, violation, "    ");
  }
  fputs("  ...\n", out);
}

static void point(FILE *out, unsigned number, const json_t *subject,
                  const struct report_case *about, bool violated) {
  bool skipped = about->outcome == CASE_UNSEEN && violated;
  bool deviates = about->outcome == CASE_DEVIATES;
  bool holds = about->outcome == CASE_HOLDS || deviates || skipped;
  fprintf(out, "%sok %u - ", holds ? "" : "not ", number);
  plain(out, report_text(subject, "subject"));
  fprintf(out, ": %s ", about->id);
  plain(out, about->sentence);
  if (about->outcome == CASE_DECLARED) fputs(" # TODO declared", out);
  if (skipped) fputs(" # SKIP the run ended before", out);
  fputc('\n', out);
  bool declared = about->outcome == CASE_DECLARED;
  if (deviates || (!holds && !declared)) details(out, subject, about);
}

void report_as_tap(FILE *out, const json_t *document) {
  const json_t *subjects = json_object_get(document, "subjects");
  struct report_case cases[REPORT_CASES];
  unsigned number = 0;
  fputs("TAP version 13\n", out);
  for (size_t i = 0; i < json_array_size(subjects); i++) {
    const json_t *subject = json_array_get(subjects, i);
    bool violated = json_is_object(json_object_get(subject, "violation"));
    size_t count = report_cases(subject, cases);
    for (size_t j = 0; j < count; j++)
      point(out, ++number, subject, &cases[j], violated);
  }
  if (report_number(document, "exit_code") == EXIT_INTERRUPTED)
    fputs("Bail out! interrupted\n", out);
  fprintf(out, "1..%u\n", number);
}
