/* Verdicts as SARIF 2.1.0, which code scanning reads. The rules are the
 * clauses; a violation is a result that lies in the file of its trace; what an
 * allocator declares not to keep is a result that is suppressed; latitude that
 * it takes is one that is no failure; what has no verdict is a notification
 * that the run did not succeed. */
#include <inttypes.h>
#include <string.h>

#include "cli/report.h"

static void set(json_t *object, const char *key, json_t *value) {
  json_object_set_new(object, key, value);
}

static json_t *message(const char *text) {
  json_t *object = json_object();
  set(object, "text", json_string(text));
  return object;
}

static json_t *rule(const struct pp_clause_text *clause) {
  json_t *object = json_object(), *more = json_object();
  set(object, "id", json_string(clause->id));
  set(object, "shortDescription", message(clause->sentence));
  set(object, "help", message(clause->source));
  set(more, "level",
      json_string(pp_strength_decides(clause->strength) ? "error" : "note"));
  set(object, "defaultConfiguration", more);
  return object;
}

static json_t *tool(const json_t *document) {
  json_t *object = json_object(), *driver = json_object();
  json_t *rules = json_array();
  for (int i = 1; i < PP_CLAUSE_COUNT; i++)
    json_array_append_new(rules, rule(&pp_clause_texts[i]));
  set(driver, "name", json_string("poolproof"));
  set(driver, "version", json_string(report_text(document, "poolproof")));
  set(driver, "rules", rules);
  set(object, "driver", driver);
  return object;
}

/* A path as a URI that is relative wherever the path is. */
static json_t *uri(const char *path) {
  static const char hex[] = "0123456789ABCDEF";
  char text[3 * 4096 + 8];
  size_t at = 0;
  if (path[0] == '/') at = (size_t)snprintf(text, sizeof text, "file://");
  for (; *path != '\0' && at + 4 < sizeof text; path++) {
    unsigned char byte = (unsigned char)*path;
    bool plain = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
                 (byte >= 'a' && byte <= 'z') || strchr("/._-~", byte) != NULL;
    if (plain) {
      text[at++] = *path;
    } else {
      text[at++] = '%';
      text[at++] = hex[byte >> 4];
      text[at++] = hex[byte & 15];
    }
  }
  text[at] = '\0';
  return json_string(text);
}

static json_t *locations(const char *path, json_int_t line) {
  json_t *array = json_array(), *location = json_object();
  json_t *place = json_object(), *file = json_object();
  set(file, "uri", uri(path));
  set(place, "artifactLocation", file);
  if (line > 0) {
    json_t *region = json_object();
    set(region, "startLine", json_integer(line));
    set(place, "region", region);
  }
  set(location, "physicalLocation", place);
  json_array_append_new(array, location);
  return array;
}

static json_t *result(const char *clause, const char *text) {
  json_t *object = json_object();
  set(object, "ruleId", json_string(clause));
  set(object, "ruleIndex", json_integer((int)pp_clause_find(clause) - 1));
  set(object, "message", message(text));
  return object;
}

static json_t *violation_result(const json_t *subject) {
  const json_t *violation = json_object_get(subject, "violation");
  const char *trace = report_text(violation, "trace_file");
  char text[2 * PP_WHAT_MAX];
  snprintf(text, sizeof text, "%.256s: %s: %s", report_text(subject, "subject"),
           report_text(violation, "sentence"), report_text(violation, "what"));
  json_t *object = result(report_text(violation, "clause"), text);
  json_t *prints = json_object();
  set(object, "level", json_string("error"));
  /* The header of a trace is its first line. */
  set(object, "locations",
      trace[0] == '\0'
          ? locations(report_text(subject, "subject"), 0)
          : locations(trace, report_number(violation, "step") + 1));
  set(prints, "poolproof/v1",
      json_string(report_text(violation, "fingerprint")));
  set(object, "partialFingerprints", prints);
  return object;
}

/* Where it is declared. */
static json_t *declared_result(const json_t *subject, const json_t *deviation) {
  const char *file = report_text(subject, "declared_in");
  char text[2 * PP_WHAT_MAX];
  snprintf(text, sizeof text, "%.256s does not keep: %s",
           report_text(subject, "subject"), report_text(deviation, "sentence"));
  json_t *object = result(report_text(deviation, "clause"), text);
  json_t *all = json_array(), *suppression = json_object();
  set(suppression, "kind", json_string("external"));
  set(suppression, "justification", json_string(file));
  json_array_append_new(all, suppression);
  set(object, "level", json_string("note"));
  set(object, "locations",
      locations(file[0] == '\0' ? report_text(subject, "subject") : file, 0));
  set(object, "suppressions", all);
  return object;
}

/* Nothing that anybody has to look at. */
static json_t *informal_result(const json_t *subject, const json_t *deviation) {
  char text[2 * PP_WHAT_MAX];
  snprintf(text, sizeof text, "%.256s deviates (%s): %s",
           report_text(subject, "subject"), report_text(deviation, "by"),
           report_text(deviation, "sentence"));
  json_t *object = result(report_text(deviation, "clause"), text);
  set(object, "kind", json_string("informational"));
  set(object, "level", json_string("none"));
  set(object, "locations", locations(report_text(subject, "subject"), 0));
  return object;
}

static void add_results(json_t *results, const json_t *subject) {
  const json_t *deviations = json_object_get(subject, "deviations");
  if (strcmp(report_text(subject, "verdict"), "violation") == 0)
    json_array_append_new(results, violation_result(subject));
  for (size_t i = 0; i < json_array_size(deviations); i++) {
    const json_t *deviation = json_array_get(deviations, i);
    bool declared = strcmp(report_text(deviation, "by"), "declared") == 0;
    json_array_append_new(results, declared
                                       ? declared_result(subject, deviation)
                                       : informal_result(subject, deviation));
  }
}

/* Subjects without a verdict. */
static void add_notification(json_t *notifications, const json_t *subject) {
  const char *verdict = report_text(subject, "verdict");
  if (strcmp(verdict, "conforms") == 0 || strcmp(verdict, "violation") == 0)
    return;
  char text[2 * PP_WHAT_MAX];
  snprintf(text, sizeof text, "%.256s: %s: %s", report_text(subject, "subject"),
           verdict, report_text(subject, "why"));
  json_t *object = json_object();
  set(object, "level", json_string("error"));
  set(object, "message", message(text));
  json_array_append_new(notifications, object);
}

void report_as_sarif(FILE *out, const json_t *document) {
  const json_t *subjects = json_object_get(document, "subjects");
  json_t *log = json_object(), *run = json_object(), *runs = json_array();
  json_t *results = json_array(), *notifications = json_array();
  json_t *invocation = json_object(), *invocations = json_array();
  json_int_t code = report_number(document, "exit_code");
  for (size_t i = 0; i < json_array_size(subjects); i++) {
    add_results(results, json_array_get(subjects, i));
    add_notification(notifications, json_array_get(subjects, i));
  }
  set(invocation, "executionSuccessful",
      json_boolean(code == EXIT_CONFORMS || code == EXIT_VIOLATION));
  set(invocation, "exitCode", json_integer(code));
  set(invocation, "toolExecutionNotifications", notifications);
  json_array_append_new(invocations, invocation);
  set(run, "tool", tool(document));
  set(run, "invocations", invocations);
  set(run, "results", results);
  json_array_append_new(runs, run);
  set(log, "$schema",
      json_string("https://json.schemastore.org/sarif-2.1.0.json"));
  set(log, "version", json_string("2.1.0"));
  set(log, "runs", runs);
  json_dumpf(log, out, JSON_INDENT(2));
  fputc('\n', out);
  json_decref(log);
}
