/* The writers of reports: what a hostile subject says is text in all forms, and
 * changes nothing else. A document is written with the texts of the input, and
 * with plain ones in their place; both must have the same bones, and what is a
 * text in them must be read back as it was. */
/* Watches: nothing that has a number; the rules are in cli/report.h */
#include <stdlib.h>
#include <string.h>

#include "cli/report.h"
#include "fuzz/fuzz.h"
#include "fuzz/reports.h"

static const struct form {
  const char *name;
  void (*write)(FILE *, const json_t *);
  void (*bones)(const char *rule, const char *text, FILE *out);
} forms[] = {
    {"REPORT-tap", report_as_tap, pp_bones_of_tap},
    {"REPORT-junit", report_as_junit, pp_bones_of_xml},
    {"REPORT-sarif", report_as_sarif, pp_bones_of_json},
    {"REPORT-markdown", report_as_markdown, pp_bones_of_markdown},
    {"REPORT-card", report_as_card, pp_bones_of_markdown},
    {"REPORT-html", report_as_html, pp_bones_of_html},
};

enum { FORMS = sizeof forms / sizeof forms[0] };

static char *written(const struct form *form, const json_t *document) {
  char *text;
  size_t length;
  FILE *out = open_memstream(&text, &length);
  if (out == NULL) abort();
  form->write(out, document);
  fclose(out);
  if (strlen(text) != length)
    pp_fuzz_found(form->name, "there is a NUL at %zu of %zu bytes",
                  strlen(text), length);
  return text;
}

static char *bones_of(const struct form *form, const char *text) {
  char *bones;
  size_t length;
  FILE *out = open_memstream(&bones, &length);
  if (out == NULL) abort();
  form->bones(form->name, text, out);
  fclose(out);
  return bones;
}

static void is_only_text(const struct form *form, const json_t *hostile,
                         const json_t *plain) {
  char *text = written(form, hostile), *other = written(form, plain);
  char *bones = bones_of(form, text), *others = bones_of(form, other);
  if (strcmp(bones, others) != 0) {
    size_t same = 0;
    while (bones[same] == others[same])
      same++;
    pp_fuzz_found(form->name, "is \"%.60s\" where plain text gives \"%.60s\"",
                  bones + same, others + same);
  }
  free(text);
  free(other);
  free(bones);
  free(others);
}

/* The texts of an input, one behind the other, each up to a zero. */
struct texts {
  char at[1024];
  size_t size, next;
  bool plain; /* "x" for each that is not empty */
};

/* As verdicts.c has them: what is not UTF-8 has its odd bytes replaced. */
static json_t *text_of(const char *bytes) {
  json_t *value = json_string(bytes);
  char clean[1024];
  size_t i = 0;
  if (value != NULL) return value;
  for (; bytes[i] != '\0'; i++)
    clean[i] = bytes[i] >= ' ' && bytes[i] < '\x7f' ? bytes[i] : '?';
  clean[i] = '\0';
  return json_string(clean);
}

static json_t *take(struct texts *texts) {
  const char *text = texts->at + texts->next;
  if (texts->next >= texts->size) text = "";
  texts->next += strlen(text) + 1;
  if (texts->plain) text = *text == '\0' ? "" : "x";
  return text_of(text);
}

static json_t *violation_of(struct texts *texts) {
  return json_pack("{s:s s:o s:i s:i s:o s:s s:o s:[s s s]}", "clause",
                   "API-02", "sentence", take(texts), "step", 2, "part", 0,
                   "what", take(texts), "fingerprint", "0123456789abcdef",
                   "reproduce", take(texts), "trace", "poolproof-trace 1",
                   "malloc 0 1", "free 0");
}

static json_t *subject_of(struct texts *texts, const char *verdict) {
  bool violated = strcmp(verdict, "violation") == 0;
  json_t *subject =
      json_pack("{s:o s:o s:o s:o s:s s:i s:i s:i s:i s:f}", "subject",
                take(texts), "title", take(texts), "version", take(texts),
                "profile", take(texts), "verdict", verdict, "operations", 7,
                "skipped", 0, "checks", 9, "rounds", 1, "seconds", 0.5);
  json_t *more = json_pack(
      "{s:{s:i s:[s]} s:{s:i s:i} s:[{s:s s:o s:s s:i}] s:o s:o s:o}",
      "clauses", "armed", 4, "silent", "API-33", "evaluated", "API-01", 5,
      "API-02", 4, "deviations", "clause", "API-18", "sentence", take(texts),
      "by", "declared", "times", 1, "declared_in", take(texts), "why",
      take(texts), "output", take(texts));
  json_object_update(subject, more);
  json_decref(more);
  json_object_set_new(subject, "violation",
                      violated ? violation_of(texts) : json_null());
  return subject;
}

static json_t *document_of(struct texts texts, unsigned choice) {
  static const char *const verdicts[] = {"violation", "not loaded", "conforms",
                                         "inconclusive"};
  json_t *subjects = json_array();
  json_array_append_new(subjects, subject_of(&texts, verdicts[choice % 4]));
  json_t *document = json_pack("{s:s s:i s:i s:o}", "poolproof", "0", "seed", 1,
                               "exit_code", 1, "subjects", subjects);
  if (document == NULL) abort();
  return document;
}

/* JSON itself is read back whole. */
static void is_read_back(const json_t *document) {
  char *text = json_dumps(document, JSON_INDENT(2));
  json_error_t error;
  json_t *again = text == NULL ? NULL : json_loads(text, 0, &error);
  if (again == NULL || !json_equal(again, (json_t *)(uintptr_t)document))
    pp_fuzz_found("REPORT-json", "is read back as another document");
  json_decref(again);
  free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct texts texts = {.plain = false};
  if (size < 1 || size > sizeof texts.at) return 0;
  texts.size = size - 1;
  if (texts.size > 0) memcpy(texts.at, data + 1, texts.size);
  json_t *hostile = document_of(texts, data[0]);
  texts.plain = true;
  json_t *plain = document_of(texts, data[0]);
  is_read_back(hostile);
  is_only_text(&forms[data[0] / 16 % FORMS], hostile, plain);
  json_decref(hostile);
  json_decref(plain);
  return 0;
}

static const char *const seeds[][2] = {
    {"xml", "]]></failure></testcase><testsuite name=\"x\">&#0;&bogus;'<!--"},
    {"tap", "ok 1 - forged # SKIP\nnot ok 2\n1..0\nBail out! x\n...\n  ---"},
    {"json", "\"}],\"verdict\":\"conforms\",\"x\":[{\"\\u0000 \\ / \b\f\n\r\t"},
    {"markdown", "| **x** | `x` <b> [a](b) \\| # h\n# h\n- a\n---|---\n    x"},
    {"controls", "\x01\x02\x1b[2J\x7f \xef\xbf\xbe\xef\xbf\xbf \xc2\x85"},
    {"bytes", "\xff\xfe \x80 \xc3\xa9 \xf0\x9f\x98\x80 \xed\xa0\x80"},
    {"formats", "%s%n%x %%00 ../../etc/passwd file:///etc/passwd?a#b"},
    {"html", "</script><script>x</script></td><td class=\"x\" onclick='y'>"},
};

void pp_fuzz_seeds(void *ctx, pp_fuzz_give *give) {
  for (size_t i = 0; i < FORMS * sizeof seeds / sizeof seeds[0]; i++) {
    const char *const *seed = seeds[i / FORMS];
    char name[32];
    uint8_t input[1024] = {(uint8_t)(16 * (i % FORMS) + i / FORMS)};
    size_t size = 1, length = strlen(seed[1]) + 1;
    snprintf(name, sizeof name, "%s-%zu", seed[0], i % FORMS);
    for (unsigned times = 0; times < 12 && size + length < sizeof input;
         times++) {
      memcpy(input + size, seed[1], length);
      size += length;
    }
    give(ctx, name, input, size);
  }
}
