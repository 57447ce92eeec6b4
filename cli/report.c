/* Reports: which are asked for, and what they have in common. */
#include "cli/report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/document.h"

/* ---- of a document ---- */

const char *report_text(const json_t *object, const char *key) {
  const char *text = json_string_value(json_object_get(object, key));
  return text == NULL ? "" : text;
}

json_int_t report_number(const json_t *object, const char *key) {
  return json_integer_value(json_object_get(object, key));
}

const char *report_base(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash == NULL ? path : slash + 1;
}

void report_trace(FILE *out, const json_t *violation, const char *indent) {
  const json_t *trace = json_object_get(violation, "trace");
  for (size_t i = 0; i < json_array_size(trace); i++) {
    fprintf(out, "%s%s\n", indent, json_string_value(json_array_get(trace, i)));
  }
}

/* ---- cases ---- */

static bool is_silent(const json_t *subject, const char *id) {
  const json_t *silent =
      json_object_get(json_object_get(subject, "clauses"), "silent");
  for (size_t i = 0; i < json_array_size(silent); i++) {
    const char *other = json_string_value(json_array_get(silent, i));
    if (other != NULL && strcmp(other, id) == 0) return true;
  }
  return false;
}

const char *report_deviates_by(const json_t *subject, const char *id) {
  const json_t *deviations = json_object_get(subject, "deviations");
  for (size_t i = 0; i < json_array_size(deviations); i++) {
    const json_t *deviation = json_array_get(deviations, i);
    if (strcmp(report_text(deviation, "clause"), id) == 0)
      return report_text(deviation, "by");
  }
  return "";
}

/* Whether this clause is a case of the subject. */
static bool clause_case(const json_t *subject, enum pp_clause clause,
                        struct report_case *about) {
  const struct pp_clause_text *text = &pp_clause_texts[clause];
  const json_t *violation = json_object_get(subject, "violation");
  bool is_violation = strcmp(report_text(subject, "verdict"), "violation") == 0;
  const char *by = report_deviates_by(subject, text->id);
  *about = (struct report_case){
      .id = text->id,
      .sentence = text->sentence,
      .why = "",
      .evaluated =
          report_number(json_object_get(subject, "evaluated"), text->id)};
  if (is_violation && strcmp(report_text(violation, "clause"), text->id) == 0) {
    about->outcome = CASE_BROKEN;
    about->why = report_text(violation, "what");
  } else if (by[0] != '\0') {
    bool declared = strcmp(by, "declared") == 0;
    about->outcome = declared ? CASE_DECLARED : CASE_DEVIATES;
    about->why = by;
  } else if (is_silent(subject, text->id)) {
    about->outcome = CASE_UNSEEN;
    about->why = "never evaluated";
  } else {
    return about->evaluated > 0;
  }
  return true;
}

size_t report_cases(const json_t *subject,
                    struct report_case cases[REPORT_CASES]) {
  const char *verdict = report_text(subject, "verdict");
  size_t count = 0;
  for (int i = 1; i < PP_CLAUSE_COUNT; i++)
    count += clause_case(subject, (enum pp_clause)i, &cases[count]);
  if (strcmp(verdict, "conforms") == 0 || strcmp(verdict, "violation") == 0)
    return count;
  const char *why = report_text(subject, "why");
  cases[count] = (struct report_case){.id = "verdict",
                                      .sentence = verdict,
                                      .why = why[0] == '\0' ? verdict : why,
                                      .outcome = CASE_ERROR};
  return count + 1;
}

/* ---- traces ---- */

/* A name that every file system takes, and that no other trace has. */
static void trace_path(const json_t *subjects, size_t index, const char *folder,
                       char *path, size_t size) {
  const json_t *subject = json_array_get(subjects, index);
  const json_t *violation = json_object_get(subject, "violation");
  size_t start = (size_t)snprintf(path, size, "%s/", folder);
  snprintf(path + start, size - start, "%s-%s",
           report_text(violation, "clause"),
           report_base(report_text(subject, "subject")));
  for (char *at = path + start; *at != '\0'; at++) {
    if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
               "0123456789.-_",
               *at) == NULL)
      *at = '_';
  }
  size_t end = strlen(path);
  snprintf(path + end, size - end, ".trace");
  for (size_t i = 0; i < index; i++) {
    const json_t *other =
        json_object_get(json_array_get(subjects, i), "violation");
    if (strcmp(report_text(other, "trace_file"), path) == 0)
      snprintf(path + end, size - end, "-%zu.trace", index + 1);
  }
}

static bool keep_trace(const json_t *subjects, size_t index,
                       const char *folder) {
  json_t *violation =
      json_object_get(json_array_get(subjects, index), "violation");
  char path[4096], *text;
  size_t length;
  trace_path(subjects, index, folder, path, sizeof path);
  FILE *out = open_memstream(&text, &length);
  if (out == NULL) abort();
  report_trace(out, violation, "");
  fclose(out);
  bool written = make_folder(folder) && write_whole(path, text, length);
  free(text);
  if (written) json_object_set_new(violation, "trace_file", json_string(path));
  return written;
}

bool keep_traces(json_t *document, const char *folder) {
  const json_t *subjects = json_object_get(document, "subjects");
  bool kept = true;
  for (size_t i = 0; i < json_array_size(subjects); i++) {
    const json_t *violation =
        json_object_get(json_array_get(subjects, i), "violation");
    if (json_array_size(json_object_get(violation, "trace")) == 0) continue;
    kept = keep_trace(subjects, i, folder) && kept;
  }
  return kept;
}

/* ---- forms ---- */

static void as_json(FILE *out, const json_t *document) {
  json_dumpf(document, out, JSON_INDENT(2));
  fputc('\n', out);
}

/* A line a subject, and one for the run. */
static void as_lines(FILE *out, const json_t *document) {
  const json_t *subjects = json_object_get(document, "subjects");
  for (size_t i = 0; i < json_array_size(subjects); i++) {
    json_dumpf(json_array_get(subjects, i), out, JSON_COMPACT);
    fputc('\n', out);
  }
  json_t *run = json_copy((json_t *)(uintptr_t)document);
  json_object_set_new(run, "subjects",
                      json_integer((json_int_t)json_array_size(subjects)));
  json_dumpf(run, out, JSON_COMPACT);
  fputc('\n', out);
  json_decref(run);
}

static void (*const writers[REPORT_FORMS])(FILE *, const json_t *) = {
    [REPORT_TAP] = report_as_tap,     [REPORT_JUNIT] = report_as_junit,
    [REPORT_SARIF] = report_as_sarif, [REPORT_MARKDOWN] = report_as_markdown,
    [REPORT_JSON] = as_json,          [REPORT_LINES] = as_lines,
    [REPORT_CARD] = report_as_card,   [REPORT_HTML] = report_as_html};

bool write_report(enum report_form form, const char *path,
                  const json_t *document) {
  char *text;
  size_t length;
  FILE *out = open_memstream(&text, &length);
  if (out == NULL) abort();
  writers[form](out, document);
  fclose(out);
  bool written = write_whole(path, text, length);
  free(text);
  return written;
}
