/* Reports: verdicts in the forms that people and programs read them in. All
 * forms but the human one are written from one document, the JSON of
 * verdicts.c, so that none can say what another does not. */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include <jansson.h>

#include "cli/cli.h"

/* Writes the trace of each finding into the folder, as CLAUSE-SUBJECT.trace,
 * and notes the name in the document ("trace_file"). False, with a message,
 * when one could not be written. */
bool keep_traces(json_t *document, const char *folder);

/* One thing of a subject that holds or does not: a clause with an oracle, or
 * what kept it from being judged. */
enum case_outcome {
  CASE_HOLDS,
  CASE_BROKEN,
  CASE_DECLARED, /* not kept, and the allocator says so */
  CASE_DEVIATES, /* latitude was taken, or it is of quality and was not kept */
  CASE_UNSEEN,   /* the run ended before its oracle had anything to look at */
  CASE_ERROR     /* there is no verdict */
};

struct report_case {
  const char *id; /* of a clause, or "verdict" */
  const char *sentence;
  const char *why; /* of all but CASE_HOLDS */
  enum case_outcome outcome;
  json_int_t evaluated;
};

/* The cases of one subject of a document, in the order of the clauses. Returns
 * how many; there is room for REPORT_CASES. */
enum { REPORT_CASES = PP_CLAUSE_COUNT + 1 };
size_t report_cases(const json_t *subject,
                    struct report_case cases[REPORT_CASES]);

/* Why the subject may deviate from the clause of this id, as show_deviates_by
 * has it; "": it does not. */
const char *report_deviates_by(const json_t *subject, const char *id);

/* "" where there is none. */
const char *report_text(const json_t *object, const char *key);
json_int_t report_number(const json_t *object, const char *key);
/* The last part of a path. */
const char *report_base(const char *path);
/* The trace of a violation, a statement a line, each behind an indent. */
void report_trace(FILE *out, const json_t *violation, const char *indent);

/* The forms. */
void report_as_tap(FILE *out, const json_t *document);
void report_as_junit(FILE *out, const json_t *document);
void report_as_sarif(FILE *out, const json_t *document);
void report_as_markdown(FILE *out, const json_t *document);
void report_as_card(FILE *out, const json_t *document);
void report_as_html(FILE *out, const json_t *document);

/* Text that is only text in Markdown, and in XML or HTML. */
void report_markdown_text(FILE *out, const char *text);
void report_escaped(FILE *out, const char *text);
/* Each violation with its trace, and why others have no verdict. */
void report_markdown_findings(FILE *out, const json_t *document);

/* One of them but the human one, into a file; false, with a message, when it
 * could not be written. */
bool write_report(enum report_form form, const char *path,
                  const json_t *document);

/* ---- verdicts.c ---- */

/* Where the human form goes: standard output unless other forms are wanted
 * and it is not, or it is to be a file, in which case it is kept until then. */
struct human {
  FILE *out;
  char *text; /* NULL: it is standard output */
  size_t length;
};
void human_open(struct human *human, const struct settings *settings);
/* False, with a message, when it could not be written. */
bool human_close(struct human *human, const struct settings *settings);

/* Whether all files could be written; to be asked before what takes long. */
bool reports_can_be_written(const struct settings *settings);
/* Writes all reports that were asked for, but for the human one. The trace is
 * the user's own, or NULL. False when one could not be. */
bool write_reports(const struct settings *settings,
                   const struct pp_judgement *const *judgements, size_t count,
                   const char *trace, int exit_code);

#endif
