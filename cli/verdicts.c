/* Verdicts of a run: one document of JSON, and the forms of it that the user
 * wants, each in its place. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/document.h"
#include "cli/report.h"

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
    const char *by = show_deviates_by(judgement, (enum pp_clause)i);
    json_t *entry = json_object();
    set(entry, "clause", json_string(pp_clause_texts[i].id));
    set(entry, "sentence", json_string(pp_clause_texts[i].sentence));
    set(entry, "by", json_string(by));
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

/* What stays the same when the same is found again: neither addresses nor
 * where the subject lies are in it. FNV-1a of 64 bits. */
static json_t *fingerprint(const struct pp_judgement *judgement) {
  uint64_t hash = UINT64_C(0xcbf29ce484222325);
  char line[160], text[24];
  for (size_t i = 0; i <= judgement->trace_count; i++) {
    if (i == 0) {
      snprintf(line, sizeof line, "%s %.120s",
               pp_clause_texts[judgement->finding.clause].id,
               report_base(judgement->name));
    } else {
      pp_op_print(&judgement->trace[i - 1], line, sizeof line);
    }
    for (const char *at = line; at == line || at[-1] != '\0'; at++)
      hash = (hash ^ (unsigned char)*at) * UINT64_C(0x100000001b3);
  }
  snprintf(text, sizeof text, "%016" PRIx64, hash);
  return json_string(text);
}

static json_t *reproduction(const struct pp_judgement *judgement,
                            const struct settings *settings) {
  char *command;
  size_t length;
  FILE *out = open_memstream(&command, &length);
  if (out == NULL) abort();
  show_repeat(out, judgement, settings);
  fclose(out);
  json_t *value = text(command);
  free(command);
  return value;
}

/* What several threads were to do, and how often it showed the same again. */
static json_t *plan(const struct pp_judgement *judgement) {
  const struct pp_threads_plan *threads = &judgement->threads;
  json_t *object = json_object();
  set(object, "count", json_integer(threads->count));
  set(object, "thread", json_integer(judgement->finding.thread));
  set(object, "turns", json_integer((json_int_t)threads->turns));
  set(object, "forks", json_integer((json_int_t)threads->forks));
  set(object, "seed", json_integer((json_int_t)threads->seed));
  set(object, "again", json_integer(judgement->again));
  set(object, "repeated", json_integer(judgement->repeated));
  return object;
}

static json_t *violation(const struct pp_judgement *judgement,
                         const struct settings *settings) {
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
  if (judgement->threads.count > 0) set(object, "threads", plan(judgement));
  set(object, "fingerprint", fingerprint(judgement));
  set(object, "reproduce", reproduction(judgement, settings));
  /* Absent where the trace is the user's own, or too long to be kept. */
  set(object, "trace",
      judgement->trace_count > 0 ? trace_lines(judgement) : json_null());
  return object;
}

static json_t *agreements(const struct pp_judgement *judgement) {
  json_t *object = json_object();
  for (int i = 0; i < PP_AGREED_COUNT; i++) {
    set(object, pp_agreed_names[i],
        json_integer((json_int_t)judgement->agreed[i]));
  }
  return object;
}

/* Bytes and blocks; of the round with most of each. */
static json_t *memory(const struct pp_judgement *judgement) {
  json_t *object = json_object();
  set(object, "live_peak", json_integer((json_int_t)judgement->live_peak));
  if (judgement->blocks_peak > 0) {
    set(object, "live_left", json_integer((json_int_t)judgement->live_left));
    set(object, "blocks_peak",
        json_integer((json_int_t)judgement->blocks_peak));
    set(object, "blocks_left",
        json_integer((json_int_t)judgement->blocks_left));
  }
  set(object, "resident_peak",
      json_integer((json_int_t)judgement->resident_peak));
  return object;
}

/* Absent where nobody asked for it. */
static json_t *hardening(const struct pp_judgement *judgement) {
  json_t *array = json_array();
  for (int i = 0; i < PP_MISUSE_COUNT; i++) {
    const struct pp_misused *misused = &judgement->misused[i];
    if (misused->end == PP_MISUSE_UNKNOWN) continue;
    json_t *entry = json_object();
    set(entry, "misuse", json_string(pp_misuse_names[i]));
    set(entry, "end", json_string(pp_misuse_end_names[misused->end]));
    set(entry, "clause",
        misused->clause == PP_HOLDS
            ? json_null()
            : json_string(pp_clause_texts[misused->clause].id));
    set(entry, "words", text(misused->words));
    json_array_append_new(array, entry);
  }
  return array;
}

static json_t *subject(const struct pp_judgement *judgement,
                       const struct settings *settings) {
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
  set(object, "agreed", agreements(judgement));
  set(object, "rounds", json_integer((json_int_t)judgement->rounds));
  set(object, "seconds", json_real(judgement->seconds));
  set(object, "memory", memory(judgement));
  set(object, "clauses", clauses);
  set(object, "evaluated", count_by_clause(judgement->evaluated));
  set(object, "deviations", deviations(judgement));
  set(object, "declared_in", text(judgement->declared_in));
  set(object, "violation", violation(judgement, settings));
  if (settings->hardening) set(object, "hardening", hardening(judgement));
  set(object, "why", text(judgement->why));
  set(object, "output", text(judgement->output));
  return object;
}

static json_t *verdicts(const struct settings *settings,
                        const struct pp_judgement *const *judgements,
                        size_t count, int exit_code) {
  json_t *document = json_object();
  json_t *subjects = json_array();
  for (size_t i = 0; i < count; i++) {
    json_array_append_new(subjects, subject(judgements[i], settings));
  }
  set(document, "poolproof", json_string(PP_VERSION));
  set(document, "seed", json_integer((json_int_t)settings->seed));
  set(document, "exit_code", json_integer(exit_code));
  set(document, "subjects", subjects);
  return document;
}

/* ---- the forms that are wanted ---- */

bool reports_can_be_written(const struct settings *settings) {
  for (int i = 0; i < REPORT_FORMS; i++) {
    const char *path = settings->reports[i];
    if (path != NULL && !can_write_document(path)) return false;
  }
  return settings->json == NULL || can_write_document(settings->json);
}

void human_open(struct human *human, const struct settings *settings) {
  const char *path = settings->reports[REPORT_HUMAN];
  bool others = false;
  for (int i = 0; i < REPORT_FORMS; i++)
    others = others || settings->reports[i] != NULL;
  *human = (struct human){.out = stdout};
  if (path == NULL ? !others : strcmp(path, "-") == 0) return;
  human->out = open_memstream(&human->text, &human->length);
  if (human->out == NULL) abort();
}

bool human_close(struct human *human, const struct settings *settings) {
  const char *path = settings->reports[REPORT_HUMAN];
  if (human->out == stdout) return true;
  fclose(human->out);
  bool written = path == NULL || write_whole(path, human->text, human->length);
  free(human->text);
  return written;
}

/* A replayed trace is in the user's file already. */
static void name_trace(const json_t *document, const char *trace) {
  json_t *subject = json_array_get(json_object_get(document, "subjects"), 0);
  json_t *violation = json_object_get(subject, "violation");
  if (json_is_object(violation))
    json_object_set_new(violation, "trace_file", json_string(trace));
}

bool write_reports(const struct settings *settings,
                   const struct pp_judgement *const *judgements, size_t count,
                   const char *trace, int exit_code) {
  json_t *document = verdicts(settings, judgements, count, exit_code);
  const char *folder = settings->traces;
  bool written = true;
  /* What code scanning shows, it shows in a file. */
  if (folder == NULL && settings->reports[REPORT_SARIF] != NULL)
    folder = "poolproof-traces";
  if (trace != NULL) {
    name_trace(document, trace);
  } else if (folder != NULL) {
    written = keep_traces(document, folder);
  }
  if (settings->json != NULL)
    written = write_document(settings->json, document) && written;
  for (int i = 0; i < REPORT_FORMS; i++) {
    const char *path = settings->reports[i];
    if (path == NULL || i == REPORT_HUMAN) continue;
    written = write_report((enum report_form)i, path, document) && written;
  }
  json_decref(document);
  return written;
}
