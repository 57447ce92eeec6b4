/* The poolproof command: what its subcommands share. Each subcommand is one
 * file, cmd_NAME.c; options are one table, in options.c. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdbool.h>
#include <stdio.h>

#include "check/judge.h"
#include "check/trace.h"

/* The exit codes, as README.md documents them. */
enum {
  EXIT_CONFORMS = 0,
  EXIT_VIOLATION = 1,
  EXIT_USAGE = 2,
  EXIT_NOT_LOADED = 3,
  EXIT_INCONCLUSIVE = 4,
  EXIT_OWN_FAULT = 5,
  EXIT_INTERRUPTED = 130
};

/* The forms that verdicts are written in (report.h). */
enum report_form {
  REPORT_HUMAN,
  REPORT_TAP,
  REPORT_JUNIT,
  REPORT_SARIF,
  REPORT_JSON,
  REPORT_LINES,
  REPORT_MARKDOWN,
  REPORT_CARD,
  REPORT_HTML,
  REPORT_FORMS
};

/* What the options of a subcommand said; each has a default. */
struct settings {
  const struct pp_profile *profile;
  uint64_t operations;
  double seconds;
  bool timed; /* --time was given */
  uint64_t seed;
  unsigned jobs;
  enum pp_level level;
  enum pp_contents contents;
  const char *json; /* file, "-" for standard output, or NULL */
  const char *reports[REPORT_FORMS]; /* likewise */
  const char *traces;                /* a folder for those found, or NULL */
  const char *prefix;
  const char *subject;
  const char *output;
  const char *reference; /* a shared object with a build of the reference */
  const char *mutants;   /* a folder with the faults, or NULL */
  bool preload;
  bool placements;
  bool program; /* show a trace as one */
  bool matrix;
  const char *html;     /* a file for the matrix, or NULL */
  const char *verdicts; /* what check --json wrote, or NULL */
  uint64_t arenas;      /* of an exhaustive search; 0: as the profile has it */
  uint64_t classes;     /* likewise */
  uint64_t depth;
  uint64_t memory;
  const char *state;
  bool size;                      /* of a layout: nothing else */
  const char *against;            /* a CPython to compare with, or NULL */
  bool strict;                    /* or some clauses are promised */
  bool loops;                     /* behind the trace */
  bool promised[PP_CLAUSE_COUNT]; /* of latitude and of quality; they decide */
  uint64_t threads; /* that call at the same time; 0: one, as a trace says */
  uint64_t forks;   /* by them, while the others call */
  struct pp_refusals refusals;
  unsigned refusals_given; /* options that say what to refuse */
  uint64_t calls;          /* of a sweep: to be refused, at most */
  bool card_text;          /* of a report card: as Markdown, as a page */
  bool card_page;
  bool hardening;          /* see what becomes of misuse, too */
  const char *list;        /* a file with subjects, or NULL */
  const char *profile_out; /* where to declare what deviates, or NULL */
};

struct command {
  const char *name;
  const char *arguments; /* for the usage line */
  const char *summary;
  const char *options; /* letters of the table in options.c */
  const char *details; /* for --help */
  int (*run)(const struct settings *settings, int count, char **arguments);
};

/* How the program was called, for commands that are printed to be run. */
extern const char *program_name;

extern const struct command command_check, command_replay, command_shrink,
    command_subjects, command_spec, command_selftest, command_exhaust,
    command_layout, command_show, command_doctor, command_refuse,
    command_report_card;

/* Reads the options of a command. The remaining arguments are at
 * argv + answer; below zero, the program ends with exit code -answer - 1. */
int read_options(const struct command *command, int argc, char **argv,
                 struct settings *settings);
void print_help(const struct command *command, FILE *out);

/* The build of this level, or else another, that settings->reference exports;
 * NULL, and no message, when no reference is named. Ends the program with exit
 * code 3 when it cannot be loaded. */
const struct pp_reference *chosen_reference(const struct settings *settings,
                                            enum pp_level level);

/* What the user typed as a subject. False, with the reason, when it is none. */
bool find_subject(const char *typed, const struct settings *settings,
                  struct pp_subject_spec *spec, char why[PP_WHY_MAX]);
/* The same; ends the program with exit code 3 when it is none. */
struct pp_subject_spec chosen_subject(const char *typed,
                                      const struct settings *settings);

/* The job of performing a trace on settings->subject. */
struct pp_job chosen_job(const struct settings *settings,
                         struct pp_trace *trace);

/* What the job's subject declares is no finding, where memory is refused. */
void chosen_declared(struct pp_job *job);

/* Performs a job once; the judgement is pages (check/pages.h). */
struct pp_judgement *judged(const struct pp_job *job);

/* Opens a trace, or says why not and ends the program with exit code 2. */
struct pp_trace *chosen_trace(const char *path);

/* program.c: whether a C program can do what the statements say, or else a
 * message that names the path; and that program. */
bool program_can_show(const struct pp_ops *ops, const char *path);
void program_print(FILE *out, const struct pp_ops *ops);

/* show.c: judgements for a person. */
void show_table_head(FILE *out);
void show_row(FILE *out, const struct pp_judgement *judgement);
/* What a program of objects took; nothing for other subjects. */
void show_memory(FILE *out, const struct pp_judgement *judgement);
void show_findings(FILE *out, const struct pp_judgement *judgement,
                   const struct settings *settings);
void show_violation(FILE *out, const struct pp_judgement *judgement,
                    const struct pp_ops *trace,
                    const struct settings *settings);
/* Why it may: "declared", "latitude" or "quality". */
const char *show_deviates_by(const struct pp_judgement *judgement,
                             enum pp_clause clause);
/* From what the subjects differ and may, and why. */
void show_deviations(FILE *out, const struct pp_judgement *const *judgements,
                     size_t count);
/* The command that repeats a finding, but for the trace. */
void show_repeat(FILE *out, const struct pp_judgement *judgement,
                 const struct settings *settings);
/* "NAME: WHY", or WHY alone where it begins with the name. */
void show_why(FILE *out, const char *name, const char *why);
/* Writes a number with its thousands apart; the text lives until the eighth
 * next call. */
const char *grouped(uint64_t number);

#endif
