/* Judgements for a program: one JSON document, written whole or not at all. */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"

/* Text that a subject wrote need not be UTF-8. */
static json_t *text(const char *bytes) {
  json_t *value = json_string(bytes);
  if (value != NULL) return value;
  char clean[PP_OUTPUT_MAX];
  size_t i = 0;
  for (; bytes[i] != '\0' && i < sizeof clean - 1; i++) {
    unsigned char byte = (unsigned char)bytes[i];
    clean[i] = byte >= 0x20 && byte < 0x7f ? bytes[i] : '?';
  }
  clean[i] = '\0';
  return json_string(clean);
}

static void set(json_t *object, const char *key, json_t *value) {
  json_object_set_new(object, key, value);
}

static json_t *count_by_clause(const uint64_t *counts) {
  json_t *object = json_object();
  for (int i = 1; i < PP_CLAUSE_COUNT; i++) {
    if (counts[i] == 0) continue;
    set(object, pp_clause_texts[i].id, json_integer((json_int_t)counts[i]));
  }
  return object;
}

static json_t *silent_clauses(const struct pp_judgement *judgement) {
  json_t *array = json_array();
  for (int i = 1; i < PP_CLAUSE_COUNT; i++) {
    if (!judgement->armed[i] || judgement->evaluated[i] > 0) continue;
    json_array_append_new(array, json_string(pp_clause_texts[i].id));
  }
  return array;
}

static json_t *deviations(const struct pp_judgement *judgement) {
  json_t *array = json_array();
  for (int i = 1; i < PP_CLAUSE_COUNT; i++) {
    if (judgement->deviated[i] == 0) continue;
    bool latitude = pp_clause_texts[i].strength == PP_LATITUDE;
    json_t *entry = json_object();
    set(entry, "clause", json_string(pp_clause_texts[i].id));
    set(entry, "sentence", json_string(pp_clause_texts[i].sentence));
    set(entry, "by", json_string(latitude ? "latitude" : "declared"));
    set(entry, "times", json_integer((json_int_t)judgement->deviated[i]));
    json_array_append_new(array, entry);
  }
  return array;
}

static json_t *trace_lines(const struct pp_judgement *judgement) {
  json_t *array = json_array();
  json_array_append_new(array, json_string(PP_TRACE_HEADER));
  for (size_t i = 0; i < judgement->trace_count; i++) {
    char line[160];
    pp_op_print(&judgement->trace[i], line, sizeof line);
    json_array_append_new(array, json_string(line));
  }
  return array;
}

static json_t *violation(const struct pp_judgement *judgement) {
  const struct pp_finding *finding = &judgement->finding;
  if (finding->clause == PP_HOLDS) return json_null();
  json_t *object = json_object();
  set(object, "clause", json_string(pp_clause_texts[finding->clause].id));
  set(object, "sentence",
      json_string(pp_clause_texts[finding->clause].sentence));
  set(object, "step", json_integer((json_int_t)finding->step));
  set(object, "part", json_integer((json_int_t)finding->part));
  set(object, "what", text(finding->what));
  set(object, "round", json_integer((json_int_t)judgement->round));
  set(object, "found_at", json_integer((json_int_t)judgement->found_at));
  /* Absent where the trace is the user's own, or too long to be kept. */
  set(object, "trace",
      judgement->trace_count > 0 ? trace_lines(judgement) : json_null());
  return object;
}

static json_t *subject(const struct pp_judgement *judgement) {
  json_t *object = json_object();
  json_t *clauses = json_object();
  unsigned armed = pp_judgement_armed(judgement);
  set(clauses, "armed", json_integer(armed));
  set(clauses, "silent", silent_clauses(judgement));
  set(object, "subject", text(judgement->name));
  set(object, "title", text(judgement->title));
  set(object, "version", text(judgement->version));
  set(object, "profile", text(judgement->profile));
  set(object, "verdict", json_string(pp_verdict_names[judgement->verdict]));
  set(object, "operations", json_integer((json_int_t)judgement->operations));
  set(object, "skipped", json_integer((json_int_t)judgement->skipped));
  set(object, "checks",
      json_integer((json_int_t)pp_judgement_checks(judgement)));
  set(object, "rounds", json_integer((json_int_t)judgement->rounds));
  set(object, "seconds", json_real(judgement->seconds));
  set(object, "clauses", clauses);
  set(object, "evaluated", count_by_clause(judgement->evaluated));
  set(object, "deviations", deviations(judgement));
  set(object, "violation", violation(judgement));
  set(object, "why", text(judgement->why));
  set(object, "output", text(judgement->output));
  return object;
}

bool write_document(const char *path, json_t *document) {
  if (strcmp(path, "-") == 0) {
    if (json_dumpf(document, stdout, JSON_INDENT(2)) != 0) return false;
    return putchar('\n') != EOF;
  }
  struct stat known;
  if (lstat(path, &known) == 0 && !S_ISREG(known.st_mode)) {
    /* A pipe, a device or a link stays what it is. */
    return json_dump_file(document, path, JSON_INDENT(2)) == 0;
  }
  size_t length = strlen(path) + sizeof ".XXXXXX";
  char *fresh = malloc(length);
  if (fresh == NULL) return false;
  snprintf(fresh, length, "%s.XXXXXX", path);
  int file = mkstemp(fresh);
  bool written = file >= 0 && fchmod(file, 0644) == 0;
  written = written && json_dumpfd(document, file, JSON_INDENT(2)) == 0;
  if (file >= 0) written = close(file) == 0 && written;
  if (written) written = rename(fresh, path) == 0;
  int error = errno;
  if (!written) remove(fresh);
  free(fresh);
  errno = error;
  return written;
}

bool write_json(const char *path, const struct settings *settings,
                const struct pp_judgement *const *judgements, size_t count,
                int exit_code) {
  json_t *document = json_object();
  json_t *subjects = json_array();
  for (size_t i = 0; i < count; i++) {
    json_array_append_new(subjects, subject(judgements[i]));
  }
  set(document, "poolproof", json_string(PP_VERSION));
  set(document, "seed", json_integer((json_int_t)settings->seed));
  set(document, "exit_code", json_integer(exit_code));
  set(document, "subjects", subjects);
  bool written = write_document(path, document);
  json_decref(document);
  if (!written) {
    fprintf(stderr, "poolproof: %s: %s\n", path, strerror(errno));
  }
  return written;
}
