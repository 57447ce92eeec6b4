/* Verdicts as JUnit's XML, which CI servers read: a suite for each subject, a
 * case for each of its clauses. A violation is a failure; what has no verdict
 * is an error; what an allocator declares not to keep is skipped. */
#include <string.h>

#include "cli/report.h"

/* Text in XML, where some characters cannot be at all. */
void report_escaped(FILE *out, const char *text) {
  for (; *text != '\0'; text++) {
    unsigned char byte = (unsigned char)*text;
    switch (byte) {
    case '<': fputs("&lt;", out); break;
    case '>': fputs("&gt;", out); break;
    case '&': fputs("&amp;", out); break;
    case '"': fputs("&quot;", out); break;
    case '\n': fputs("&#10;", out); break;
    case '\t': fputs("&#9;", out); break;
    default:
      if (strncmp(text, "\xef\xbf\xbe", 3) == 0 ||
          strncmp(text, "\xef\xbf\xbf", 3) == 0) {
        text += 2;
        byte = '?';
      }
      fputc(byte < ' ' || byte == 0x7f ? '?' : byte, out);
    }
  }
}

static void attribute(FILE *out, const char *name, const char *text) {
  fprintf(out, " %s=\"", name);
  report_escaped(out, text);
  fputc('"', out);
}

struct sums {
  unsigned tests;
  unsigned failures;
  unsigned errors;
  unsigned skipped;
};

enum result { PASSED, FAILED, IN_ERROR, SKIPPED };

/* What was never evaluated is skipped where a violation ended the run, and an
 * error where nothing did. */
static enum result result_of(const struct report_case *about, bool violated) {
  switch (about->outcome) {
  case CASE_HOLDS:
  case CASE_DEVIATES: return PASSED;
  case CASE_BROKEN: return FAILED;
  case CASE_DECLARED: return SKIPPED;
  case CASE_UNSEEN: return violated ? SKIPPED : IN_ERROR;
  case CASE_ERROR: break;
  }
  return IN_ERROR;
}

static void add(struct sums *sums, enum result result) {
  sums->tests++;
  sums->failures += result == FAILED;
  sums->errors += result == IN_ERROR;
  sums->skipped += result == SKIPPED;
}

static void put_sums(FILE *out, const struct sums *sums, double seconds) {
  fprintf(out, " tests=\"%u\" failures=\"%u\" errors=\"%u\"", sums->tests,
          sums->failures, sums->errors);
  fprintf(out, " time=\"%.3f\"", seconds);
}

static void put_case(FILE *out, const json_t *subject,
                     const struct report_case *about, bool violated) {
  static const char *const elements[] = {
      [FAILED] = "failure", [IN_ERROR] = "error", [SKIPPED] = "skipped"};
  const json_t *violation = json_object_get(subject, "violation");
  char name[512];
  enum result result = result_of(about, violated);
  snprintf(name, sizeof name, "%s %s", about->id, about->sentence);
  fputs("    <testcase", out);
  attribute(out, "name", name);
  attribute(out, "classname", report_text(subject, "subject"));
  fprintf(out, " assertions=\"%lld\" time=\"0\"", (long long)about->evaluated);
  if (result == PASSED && about->outcome == CASE_DEVIATES) {
    fprintf(out, ">\n      <system-out>%s</system-out>\n    </testcase>\n",
            about->why);
    return;
  }
  if (result == PASSED) {
    fputs("/>\n", out);
    return;
  }
  fprintf(out, ">\n      <%s", elements[result]);
  if (result != SKIPPED) attribute(out, "type", about->id);
  attribute(out, "message", about->why);
  if (result == FAILED) {
    fputc('>', out);
    report_escaped(out, report_text(violation, "reproduce"));
    fputs("&#10;", out);
    char *trace;
    size_t length;
    FILE *text = open_memstream(&trace, &length);
    report_trace(text, violation, "");
    fclose(text);
    report_escaped(out, trace);
    free(trace);
    fprintf(out, "</%s>\n", elements[result]);
  } else {
    fputs("/>\n", out);
  }
  fputs("    </testcase>\n", out);
}

static void put_suite(FILE *out, const json_t *subject, size_t number) {
  struct report_case cases[REPORT_CASES];
  size_t count = report_cases(subject, cases);
  bool violated = json_is_object(json_object_get(subject, "violation"));
  struct sums sums = {0};
  for (size_t i = 0; i < count; i++)
    add(&sums, result_of(&cases[i], violated));
  fprintf(out, "  <testsuite id=\"%zu\"", number);
  attribute(out, "name", report_text(subject, "subject"));
  put_sums(out, &sums, json_real_value(json_object_get(subject, "seconds")));
  fprintf(out, " skipped=\"%u\">\n", sums.skipped);
  for (size_t i = 0; i < count; i++)
    put_case(out, subject, &cases[i], violated);
  const char *output = report_text(subject, "output");
  if (output[0] != '\0') {
    fputs("    <system-out>", out);
    report_escaped(out, output);
    fputs("</system-out>\n", out);
  }
  fputs("  </testsuite>\n", out);
}

void report_as_junit(FILE *out, const json_t *document) {
  const json_t *subjects = json_object_get(document, "subjects");
  struct report_case cases[REPORT_CASES];
  struct sums sums = {0};
  double seconds = 0;
  for (size_t i = 0; i < json_array_size(subjects); i++) {
    const json_t *subject = json_array_get(subjects, i);
    bool violated = json_is_object(json_object_get(subject, "violation"));
    size_t count = report_cases(subject, cases);
    for (size_t j = 0; j < count; j++)
      add(&sums, result_of(&cases[j], violated));
    seconds += json_real_value(json_object_get(subject, "seconds"));
  }
  fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites", out);
  attribute(out, "name", "poolproof");
  put_sums(out, &sums, seconds);
  fputs(">\n", out);
  for (size_t i = 0; i < json_array_size(subjects); i++)
    put_suite(out, json_array_get(subjects, i), i);
  fputs("</testsuites>\n", out);
}
