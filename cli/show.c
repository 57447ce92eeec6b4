/* Judgements for a person: a table with a row a subject, and below it what was
 * found, each finding with the trace that shows it and the command that
 * repeats it. */
#include <inttypes.h>
#include <string.h>

#include "check/driver.h"
#include "cli/cli.h"

const char *grouped(uint64_t number) {
  static char texts[8][32];
  static unsigned next;
  char *text = texts[next++ % 8];
  char digits[24];
  int length = snprintf(digits, sizeof digits, "%" PRIu64, number);
  int at = 0;
  for (int i = 0; i < length; i++) {
    if (i > 0 && (length - i) % 3 == 0) text[at++] = ',';
    text[at++] = digits[i];
  }
  text[at] = '\0';
  return text;
}

/* "97.4M": four characters or five, for a column. */
static const char *rounded(uint64_t number) {
  static const char units[] = " kMGTPE";
  static char texts[8][16];
  static unsigned next;
  char *text = texts[next++ % 8];
  double value = (double)number;
  size_t unit = 0;
  while (value >= 1000 && units[unit + 1] != '\0') {
    value /= 1000;
    unit++;
  }
  if (unit == 0) {
    snprintf(text, sizeof texts[0], "%" PRIu64, number);
  } else {
    snprintf(text, sizeof texts[0], "%.1f%c", value, units[unit]);
  }
  return text;
}

/* The end of a long path says more than its start. */
static const char *shortened(const char *name, size_t most) {
  static char text[64];
  size_t length = strlen(name);
  if (length <= most) return name;
  snprintf(text, sizeof text, "..%s", name + length - most + 2);
  return text;
}

void show_why(FILE *out, const char *name, const char *why) {
  size_t length = strlen(name);
  bool named = strncmp(why, name, length) == 0;
  fprintf(out, "%s%s%s\n", named ? "" : name, named ? "" : ": ", why);
}

enum { NAME_WIDTH = 30 };

void show_table_head(FILE *out) {
  fprintf(out, "%-*s %-18s %-7s %6s %7s %7s %8s %10s %6s  %s\n", NAME_WIDTH,
          "subject", "is", "profile", "ops", "checks", "clauses", "deviates",
          "violations", "time", "verdict");
}

void show_row(FILE *out, const struct pp_judgement *judgement) {
  unsigned armed = pp_judgement_armed(judgement);
  char clauses[24];
  snprintf(clauses, sizeof clauses, "%u/%u",
           armed - pp_judgement_silent(judgement), armed);
  const char *profile = judgement->profile[0] ? judgement->profile : "-";
  fprintf(out, "%-*s %-18.18s %-7s %6s %7s %7s %8u %10u %5.1fs  %s\n",
          NAME_WIDTH, shortened(judgement->name, NAME_WIDTH),
          judgement->title[0] ? judgement->title : "-", profile,
          rounded(judgement->operations),
          rounded(pp_judgement_checks(judgement)), clauses,
          pp_judgement_deviations(judgement),
          judgement->verdict == PP_VERDICT_VIOLATION, judgement->seconds,
          pp_verdict_names[judgement->verdict]);
}

void show_memory(FILE *out, const struct pp_judgement *judgement) {
  if (judgement->blocks_peak == 0) return;
  fprintf(out,
          "\n%s: at most %s blocks of %s bytes out at once, %s of %s at the "
          "end of a round; resident %s bytes at most\n",
          judgement->name, grouped(judgement->blocks_peak),
          grouped(judgement->live_peak), grouped(judgement->blocks_left),
          grouped(judgement->live_left), grouped(judgement->resident_peak));
}

static void show_subject_options(FILE *out,
                                 const struct pp_judgement *judgement,
                                 const struct settings *settings) {
  if (settings->profile != NULL) {
    fprintf(out, " --profile %s", settings->profile->name);
  }
  if (settings->prefix[0] != '\0') {
    fprintf(out, " --prefix %s", settings->prefix);
  }
  if (settings->preload) fprintf(out, " --preload");
  if (settings->reference != NULL) {
    fprintf(out, " --reference %s", settings->reference);
  }
  if (settings->against != NULL) {
    fprintf(out, " --against %s", settings->against);
  }
  if (settings->level != PP_LEVEL_OBJECT) {
    fprintf(out, " --level %s",
            settings->level == PP_LEVEL_NONE    ? "none"
            : settings->level == PP_LEVEL_CHEAP ? "cheap"
                                                : "heap");
  }
  enum pp_clause clause = judgement->finding.clause;
  if (!pp_strength_decides(pp_clause_texts[clause].strength))
    fprintf(out, " --promised %s", pp_clause_texts[clause].id);
  char refusals[64];
  pp_refusals_text(&judgement->refusals, refusals, sizeof refusals);
  fprintf(out, "%s", refusals);
}

/* The subject, as it is named to be judged again. */
static const char *typed(const struct pp_judgement *judgement) {
  return judgement->typed[0] != '\0' ? judgement->typed : judgement->name;
}

static void show_replay(FILE *out, const struct pp_judgement *judgement,
                        const struct settings *settings) {
  fprintf(out, "%s replay --subject %s", program_name, typed(judgement));
  show_subject_options(out, judgement, settings);
  if (pp_loops_have(judgement->finding.clause)) fprintf(out, " --loops");
  fprintf(out, " -");
}

/* The same plan, which is the first that such a command carries out. */
static void show_plan(FILE *out, const struct pp_judgement *judgement,
                      const struct settings *settings) {
  const struct pp_threads_plan *plan = &judgement->threads;
  fprintf(out, "%s check %s --threads %u", program_name, typed(judgement),
          plan->count);
  if (plan->forks > 0) fprintf(out, " --forks %" PRIu64, plan->forks);
  fprintf(out, " --seed %" PRIu64 " --ops %" PRIu64, plan->seed,
          plan->count * plan->turns * PP_TURN_STATEMENTS);
  show_subject_options(out, judgement, settings);
}

/* How to come to the same finding when the trace is too long to show. */
static void show_search(FILE *out, const struct pp_judgement *judgement,
                        const struct settings *settings) {
  if (judgement->threads.count > 0) {
    show_plan(out, judgement, settings);
    return;
  }
  fprintf(out, "%s check %s --seed %" PRIu64, program_name, typed(judgement),
          judgement->seed);
  if (settings->operations != 0) {
    fprintf(out, " --ops %" PRIu64, settings->operations);
  }
  show_subject_options(out, judgement, settings);
}

void show_repeat(FILE *out, const struct pp_judgement *judgement,
                 const struct settings *settings) {
  if (judgement->trace_count > 0) {
    show_replay(out, judgement, settings);
  } else {
    show_search(out, judgement, settings);
  }
}

void show_violation(FILE *out, const struct pp_judgement *judgement,
                    const struct pp_ops *trace,
                    const struct settings *settings) {
  const struct pp_finding *finding = &judgement->finding;
  const struct pp_clause_text *clause = &pp_clause_texts[finding->clause];
  char line[128] = "";
  if (finding->step > 0 && finding->step <= trace->count) {
    pp_op_print(&trace->at[finding->step - 1], line, sizeof line);
  }
  fprintf(out, "%s breaks %s: %s\n", judgement->name, clause->id,
          clause->sentence);
  fprintf(out, "  at statement %" PRIu64 "%s%s", finding->step,
          line[0] == '\0' ? "" : ", ", line);
  if (finding->part > 0) fprintf(out, " (part %" PRIu64 ")", finding->part);
  fprintf(out, ": %s\n", finding->what);
  if (judgement->why[0] != '\0') fprintf(out, "  %s\n", judgement->why);
  if (judgement->output[0] != '\0') {
    const char *newline = strchr(judgement->output, '\n');
    int length = newline == NULL ? 200 : (int)(newline - judgement->output);
    fprintf(out, "  the subject wrote: %.*s\n", length < 200 ? length : 200,
            judgement->output);
  }
  fprintf(out, "reproduce with:\n");
  show_replay(out, judgement, settings);
  fprintf(out, " <<'END'\n");
  pp_trace_print(out, trace->at, trace->count);
  fprintf(out, "END\n");
}

const char *show_deviates_by(const struct pp_judgement *judgement,
                             enum pp_clause clause) {
  enum pp_strength strength = pp_clause_texts[clause].strength;
  bool decides = pp_strength_decides(strength) || judgement->declared[clause];
  return decides ? "declared" : pp_strength_names[strength];
}

static const char *phrase_of(const char *by) {
  if (strcmp(by, "declared") == 0) return "is not kept, as declared";
  if (strcmp(by, "latitude") == 0) return "has latitude, taken";
  return "is of quality, and not kept";
}

/* One clause, and the subjects that deviate from it for one reason. */
static void show_deviation(FILE *out, enum pp_clause clause, const char *by,
                           const struct pp_judgement *const *judgements,
                           size_t count) {
  bool declared = strcmp(by, "declared") == 0;
  const char *between = "";
  for (size_t i = 0; i < count; i++) {
    if (judgements[i]->deviated[clause] == 0) continue;
    if (strcmp(show_deviates_by(judgements[i], clause), by) != 0) continue;
    if (between[0] == '\0') {
      fprintf(out, "%s %s: %s\n  ", pp_clause_texts[clause].id, phrase_of(by),
              pp_clause_texts[clause].sentence);
    }
    fprintf(out, "%s%s", between, shortened(judgements[i]->name, NAME_WIDTH));
    if (declared) {
      const char *slash = strrchr(judgements[i]->declared_in, '/');
      fprintf(out, " (%s)",
              slash == NULL ? judgements[i]->declared_in : slash + 1);
    }
    between = ", ";
  }
  if (between[0] != '\0') fprintf(out, "\n");
}

void show_deviations(FILE *out, const struct pp_judgement *const *judgements,
                     size_t count) {
  bool any = false;
  for (size_t i = 0; i < count; i++) {
    any = any || pp_judgement_deviations(judgements[i]) > 0;
  }
  if (any) fprintf(out, "\n");
  for (int i = 1; i < PP_CLAUSE_COUNT; i++) {
    enum pp_clause clause = (enum pp_clause)i;
    enum pp_strength strength = pp_clause_texts[clause].strength;
    if (!pp_strength_decides(strength))
      show_deviation(out, clause, pp_strength_names[strength], judgements,
                     count);
    show_deviation(out, clause, "declared", judgements, count);
  }
}

/* In how much two interpreters agreed, where two there were. */
static void show_agreed(FILE *out, const struct pp_judgement *judgement) {
  if (judgement->agreed[PP_AGREED_VALUES] == 0) return;
  fprintf(out, "\n%s and %s agreed:", judgement->name, judgement->title);
  for (int i = 0; i < PP_AGREED_COUNT; i++) {
    fprintf(out, "%s %s %s", i == 0 ? "" : ",", pp_agreed_names[i],
            grouped(judgement->agreed[i]));
  }
  fprintf(out, "\n");
}

/* A finding without a trace. What is nobody's statement among threads, or came
 * before the first one, has none. */
static void show_unshrunk(FILE *out, const struct pp_judgement *judgement) {
  const struct pp_finding *finding = &judgement->finding;
  bool none = finding->step == 0 ||
              (judgement->threads.count > 0 && finding->thread == 0);
  char line[128];
  pp_op_print(&finding->op, line, sizeof line);
  fprintf(out, "%s breaks %s: %s\n  ", judgement->name,
          pp_clause_texts[finding->clause].id,
          pp_clause_texts[finding->clause].sentence);
  if (none) {
    fprintf(out, "in round %" PRIu64 ": %s\n", judgement->round, finding->what);
  } else {
    fprintf(out, "at statement %" PRIu64 " of round %" PRIu64 ", %s: %s\n",
            finding->step, judgement->round, line, finding->what);
  }
}

void show_findings(FILE *out, const struct pp_judgement *judgement,
                   const struct settings *settings) {
  show_agreed(out, judgement);
  switch (judgement->verdict) {
  case PP_VERDICT_VIOLATION:
  case PP_VERDICT_OWN_FAULT: {
    if (judgement->finding.clause == PP_HOLDS) {
      fprintf(out,
              "\n%s: its judge ended early: our own fault, unless the subject "
              "ended it\n",
              judgement->name);
      break;
    }
    struct pp_ops trace = {.count = judgement->trace_count};
    struct pp_op kept[PP_TRACE_KEPT];
    memcpy(kept, judgement->trace, sizeof kept);
    trace.at = kept;
    fprintf(out, "\n");
    if (trace.count > 0) {
      show_violation(out, judgement, &trace, settings);
      fprintf(out,
              "found at statement %s of round %" PRIu64 ", seed %" PRIu64
              "; shrunk in %s trials%s\n",
              grouped(judgement->found_at), judgement->round, judgement->seed,
              grouped(judgement->trials),
              judgement->unfinished ? "; it may go further" : "");
    } else {
      show_unshrunk(out, judgement);
      fprintf(out, "reproduce with:\n");
      show_search(out, judgement, settings);
      fprintf(out, "\n");
      if (judgement->threads.count > 0)
        fprintf(out, "seen again in %u of %u more runs of it\n",
                judgement->repeated, judgement->again);
    }
    break;
  }
  case PP_VERDICT_NOT_LOADED:
  case PP_VERDICT_INCONCLUSIVE:
    fprintf(out, "\n");
    show_why(out, judgement->name, judgement->why);
    break;
  default: break;
  }
}
