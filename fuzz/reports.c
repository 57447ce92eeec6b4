/* Bones of reports, by readers that know only as much of a form as it takes to
 * tell text from what is none. */
#include "fuzz/reports.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"

/* ---- lines ---- */

/* Of TAP: each line that is not part of a block, with its words that mean
 * something. */
static void tap_line(const char *rule, const char *line, size_t length,
                     FILE *out) {
  static const char *const begins[] = {"TAP version 13", "ok ", "not ok ",
                                       "1..", "Bail out! "};
  if (length >= 2 && strncmp(line, "  ", 2) == 0) {
    if (length == 5 && strncmp(line, "  ---", 5) == 0) fputs("---\n", out);
    if (length == 5 && strncmp(line, "  ...", 5) == 0) fputs("...\n", out);
    return;
  }
  for (size_t i = 0; i < sizeof begins / sizeof begins[0]; i++) {
    size_t begin = strlen(begins[i]);
    if (strncmp(line, begins[i], begin) != 0) continue;
    fprintf(out, "%.*s", (int)strcspn(line, "-"), line);
    for (size_t at = 1; at < length; at++)
      if (line[at] == '#' && line[at - 1] != '\\')
        fprintf(out, "%.6s", line + at);
    fputc('\n', out);
    return;
  }
  pp_fuzz_found(rule, "a line begins with \"%.40s\"", line);
}

void pp_bones_of_tap(const char *rule, const char *text, FILE *out) {
  while (*text != '\0') {
    size_t length = strcspn(text, "\n");
    tap_line(rule, text, length, out);
    text += length + (text[length] == '\n');
  }
}

/* Of Markdown: how a line begins, and its cells. Code is no bone. */
void pp_bones_of_markdown(const char *rule, const char *text, FILE *out) {
  (void)rule;
  while (*text != '\0') {
    size_t length = strcspn(text, "\n");
    bool code = length >= 4 && strncmp(text, "    ", 4) == 0;
    if (!code && length > 0) {
      bool marked = strchr("#|->*`", text[0]) != NULL;
      fputc(marked ? text[0] : 't', out);
      for (size_t at = 0; at < length; at++) {
        if (text[at] == '\\')
          at++;
        else if (strchr("|<>`*[", text[at]) != NULL)
          fputc(text[at], out);
      }
      fputc('\n', out);
    }
    text += length + (text[length] == '\n');
  }
}

/* ---- markup ---- */

/* An entity stands there; answers its length. */
static size_t entity(const char *rule, const char *at) {
  static const char *const known[] = {"&lt;",    "&gt;",    "&amp;", "&quot;",
                                      "&#10;",   "&#9;",    "&#39;", "&nbsp;",
                                      "&mdash;", "&middot;"};
  for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
    if (strncmp(at, known[i], strlen(known[i])) == 0) return strlen(known[i]);
  pp_fuzz_found(rule, "\"%.20s\" is no entity", at);
}

static void no_control(const char *rule, const char *at) {
  unsigned char byte = (unsigned char)*at;
  bool none = (byte < ' ' && byte != '\n') || byte == 0x7f ||
              strncmp(at, "\xef\xbf\xbe", 3) == 0 ||
              strncmp(at, "\xef\xbf\xbf", 3) == 0;
  if (none) pp_fuzz_found(rule, "byte %#x stands there", byte);
}

/* A tag, from its bracket on: name and names of attributes; answers its end. */
static const char *tag(const char *rule, const char *at, FILE *out) {
  bool quoted = false;
  for (; *at != '\0' && (quoted || *at != '>'); at++) {
    no_control(rule, at);
    if (quoted && *at == '<') pp_fuzz_found(rule, "a bracket in quotes");
    if (*at == '&')
      at += entity(rule, at) - 1;
    else if (*at == '"')
      quoted = !quoted;
    else if (!quoted)
      fputc(*at, out);
  }
  if (*at == '\0') pp_fuzz_found(rule, "a tag does not end");
  fputs(">\n", out);
  return at + 1;
}

static void markup(const char *rule, const char *text, FILE *out) {
  while (*text != '\0') {
    if (*text == '<') {
      text = tag(rule, text, out);
      continue;
    }
    no_control(rule, text);
    if (*text == '>') pp_fuzz_found(rule, "a bracket closes nothing");
    text += *text == '&' ? entity(rule, text) : 1;
  }
}

void pp_bones_of_xml(const char *rule, const char *text, FILE *out) {
  markup(rule, text, out);
}

/* Style and script are ours, and no text of anyone. */
void pp_bones_of_html(const char *rule, const char *text, FILE *out) {
  const char *style = strstr(text, "<style>");
  const char *end = style == NULL ? NULL : strstr(style, "</style>");
  if (end == NULL) {
    markup(rule, text, out);
    return;
  }
  char *before = strndup(text, (size_t)(style - text));
  if (before == NULL) abort();
  markup(rule, before, out);
  markup(rule, end, out);
  free(before);
}

/* ---- JSON ---- */

static void shape(const json_t *value, FILE *out, unsigned depth) {
  enum { DEEPEST = 32 }; /* of what we write */
  const char *key;
  json_t *inner;
  size_t index;
  fprintf(out, "%d", (int)json_typeof(value));
  if (depth == DEEPEST) return;
  if (json_is_object(value)) {
    json_object_foreach((json_t *)(uintptr_t)value, key, inner) {
      fprintf(out, "{%s:", key);
      shape(inner, out, depth + 1);
    }
    fputc('}', out);
  } else if (json_is_array(value)) {
    json_array_foreach(value, index, inner) shape(inner, out, depth + 1);
    fputc(']', out);
  }
}

void pp_bones_of_json(const char *rule, const char *text, FILE *out) {
  json_error_t error;
  json_t *value = json_loads(text, 0, &error);
  if (value == NULL) pp_fuzz_found(rule, "is no JSON: %s", error.text);
  shape(value, out, 0);
  json_decref(value);
}
