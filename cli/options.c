/* Options: one table for all subcommands, from which getopt_long is fed and
 * the help is written. */
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check/exhaust.h"
#include "cli/cli.h"

static const struct {
  char letter;
  const char *name;
  const char *argument; /* NULL: takes none */
  const char *help;
} table[] = {
    /* clang-format off */
    {'p', "profile", "P",
     "rules to judge by: 3.6, 3.7.3, 3.7 ... 3.13, tiny, small"},
    {'E', "profile", "P", "rules and sizes to search: tiny, small"},
    {'n', "ops", "N",
     "operations per subject (k, M, G); default 2M, of objects 1M, at level "
     "heap 150k"},
    {'t', "time", "S", "seconds instead, for each; of a selftest, in all"},
    {'s', "seed", "N", "seed of the generated histories; default 1"},
    {'j', "jobs", "N", "how many work at the same time; default: all cores"},
    {'l', "level", "L", "how closely to watch: none, cheap, object, heap"},
    {'c', "contents", "C", "what to write into blocks: full, header, none"},
    {'J', "json", "FILE", "also write it as JSON (- for stdout)"},
    {'O', "report", "FORM[:FILE]",
     "write as human, tap, junit, sarif, json, jsonl, markdown, card, html"},
    {'D', "traces", "DIR", "keep the traces of findings there"},
    {'x', "prefix", "SYM", "prefix of the malloc family's symbols, as mi_"},
    {'L', "preload", NULL, "load it by LD_PRELOAD, as programs do"},
    {'S', "subject", "S", "the subject; default: reference"},
    {'q', "refuse-call", "N[:COUNT]",
     "refuse the N-th call for memory, or COUNT from there on"},
    {'y', "refuse-every", "K", "refuse each K-th call for memory"},
    {'u', "refuse-random", "SEED:PERCENT",
     "refuse so many of a hundred calls for memory"},
    {'N', "calls", "N", "refuse the first N calls in turn; default 10,000"},
    {'W', "threads", "N", "by so many threads at the same time, up to 64"},
    {'K', "forks", "K", "by threads: fork so often while the others call"},
    {'X', "strict", NULL, "clauses of latitude and of quality decide, too"},
    {'Q', "promised", "ID[,ID]", "only these of them do"},
    {'U', "loops", NULL, "then go on with the loops of API-89 to API-91"},
    {'P', "placements", NULL, "print where every block lies"},
    {'o', "output", "FILE", "where to write the trace; .zst: packed"},
    {'R', "reference", "LIB", "judge by another build of the reference"},
    {'M', "mutants", "DIR", "where the faults are; default: beside poolproof"},
    {'m', "matrix", NULL, "each clause with its assertions, tests and faults"},
    {'H', "html", "FILE", "write the matrix as a page (- for stdout)"},
    {'V', "verdicts", "FILE",
     "evaluations of a run, as check --json wrote them"},
    {'A', "arenas", "N", "only with so many arenas"},
    {'C', "classes", "N", "only with so many classes that are asked for"},
    {'d', "depth", "N", "operations from the empty heap, at most"},
    {'Y', "memory", "SIZE", "memory for states (k, M, G); default 2G"},
    {'T', "state", "FILE", "where the search is kept, and gone on with"},
    {'w', "profile", "P", "rules to lay out by: 3.7 ... 3.13; default 3.13"},
    {'z', "size", NULL, "print what sys.getsizeof answers, and nothing else"},
    {'G', "against", "PYTHON", "compare with this interpreter or libpython"},
    {'f', "list", "FILE", "also judge what it lists, a line each: NAME PATH"},
    {'i', "profile-out", "FILE",
     "declare there what the one SUBJECT deviates in; or a folder"},
    {'a', "markdown", NULL, "as Markdown, as it is anyway"},
    {'b', "html", NULL, "as a page instead"},
    {'g', "hardening", NULL, "see what becomes of misuse, too"},
    {'k', "c", NULL, "as a C program that needs no poolproof"},
    {'h', "help", NULL, "this text"},
    /* clang-format on */
};

enum { OPTION_COUNT = sizeof table / sizeof table[0] };

static bool takes(const struct command *command, char letter) {
  return letter == 'h' || strchr(command->options, letter) != NULL;
}

void print_help(const struct command *command, FILE *out) {
  fprintf(out, "usage: poolproof %s %s\n\n%s\n\n", command->name,
          command->arguments, command->details);
  for (int i = 0; i < OPTION_COUNT; i++) {
    if (!takes(command, table[i].letter)) continue;
    char left[40];
    snprintf(left, sizeof left, "--%s%s%s", table[i].name,
             table[i].argument == NULL ? "" : " ",
             table[i].argument == NULL ? "" : table[i].argument);
    fprintf(out, "  %-18s %s\n", left, table[i].help);
  }
}

/* ---- values ---- */

static bool read_number(const char *text, const char *suffixes,
                        const uint64_t *factors, uint64_t *number) {
  char *end;
  if (!isdigit((unsigned char)text[0])) return false;
  errno = 0;
  *number = strtoull(text, &end, 0);
  if (errno != 0) return false;
  if (*end == '\0') return true;
  const char *suffix = strchr(suffixes, *end);
  if (suffix == NULL || end[1] != '\0') return false;
  uint64_t factor = factors[suffix - suffixes];
  if (*number > UINT64_MAX / factor) return false;
  *number *= factor;
  return true;
}

static bool read_count(const char *text, uint64_t *number) {
  static const uint64_t factors[] = {1000, 1000000, 1000000000};
  return read_number(text, "kMG", factors, number);
}

static bool read_seconds(const char *text, double *seconds) {
  static const uint64_t factors[] = {1, 60, 3600};
  uint64_t number;
  if (!read_number(text, "smh", factors, &number)) return false;
  *seconds = (double)number;
  return number > 0;
}

static int index_of(const char *text, const char *const *names, int count) {
  for (int i = 0; i < count; i++) {
    if (strcmp(text, names[i]) == 0) return i;
  }
  return -1;
}

static bool read_level(const char *text, struct settings *settings) {
  static const char *const names[] = {"none", "cheap", "object", "heap"};
  int level = index_of(text, names, PP_LEVEL_COUNT);
  if (level >= 0) settings->level = (enum pp_level)level;
  return level >= 0;
}

static bool read_contents(const char *text, struct settings *settings) {
  static const char *const names[] = {"none", "header", "full"};
  int contents = index_of(text, names, 3);
  if (contents >= 0) settings->contents = (enum pp_contents)contents;
  return contents >= 0;
}

static bool read_report(const char *text, struct settings *settings) {
  static const char *const names[REPORT_FORMS] = {
      [REPORT_HUMAN] = "human",       [REPORT_TAP] = "tap",
      [REPORT_JUNIT] = "junit",       [REPORT_SARIF] = "sarif",
      [REPORT_JSON] = "json",         [REPORT_LINES] = "jsonl",
      [REPORT_MARKDOWN] = "markdown", [REPORT_CARD] = "card",
      [REPORT_HTML] = "html"};
  const char *colon = strchr(text, ':');
  size_t length = colon == NULL ? strlen(text) : (size_t)(colon - text);
  const char *path = colon == NULL ? "-" : colon + 1;
  bool taken = false;
  for (int i = 0; i < REPORT_FORMS; i++) {
    const char *other = settings->reports[i];
    taken = taken || (other != NULL && strcmp(other, path) == 0);
  }
  for (int i = 0; i < REPORT_FORMS; i++) {
    if (strlen(names[i]) != length || strncmp(text, names[i], length) != 0)
      continue;
    if (settings->reports[i] != NULL || taken) return false;
    settings->reports[i] = path;
    return path[0] != '\0';
  }
  return false;
}

/* "FIRST:SECOND"; without the second, its place keeps what it had. */
static bool read_pair(const char *text, bool whole, uint64_t *first,
                      uint64_t *second) {
  char start[32];
  const char *colon = strchr(text, ':');
  if (colon == NULL) return !whole && read_count(text, first);
  size_t length = (size_t)(colon - text);
  if (length >= sizeof start) return false;
  memcpy(start, text, length);
  start[length] = '\0';
  return read_count(start, first) && read_count(colon + 1, second);
}

static bool read_refusals(char letter, const char *text,
                          struct settings *settings) {
  struct pp_refusals *refusals = &settings->refusals;
  settings->refusals_given++;
  *refusals = (struct pp_refusals){.count = 1};
  if (letter == 'y') {
    refusals->which = PP_REFUSE_EVERY;
    return read_count(text, &refusals->every) && refusals->every > 0;
  }
  if (letter == 'u') {
    refusals->which = PP_REFUSE_RANDOM;
    return read_pair(text, true, &refusals->seed, &refusals->percent) &&
           refusals->percent >= 1 && refusals->percent <= 100;
  }
  refusals->which = PP_REFUSE_CALLS;
  return read_pair(text, false, &refusals->first, &refusals->count) &&
         refusals->first > 0 && refusals->count > 0;
}

/* What decides anyway needs no promise. */
static bool is_promise(enum pp_clause clause) {
  return clause != PP_HOLDS &&
         !pp_strength_decides(pp_clause_texts[clause].strength);
}

static bool read_strict(struct settings *settings) {
  settings->strict = true;
  for (int i = 1; i < PP_CLAUSE_COUNT; i++)
    settings->promised[i] = is_promise((enum pp_clause)i);
  return true;
}

static bool read_promised(const char *text, struct settings *settings) {
  settings->strict = true;
  for (;;) {
    char id[16];
    size_t length = strcspn(text, ",");
    if (length >= sizeof id) return false;
    memcpy(id, text, length);
    id[length] = '\0';
    enum pp_clause clause = pp_clause_find(id);
    if (!is_promise(clause)) return false;
    settings->promised[clause] = true;
    if (text[length] == '\0') return true;
    text += length + 1;
  }
}

static bool read_jobs(const char *text, struct settings *settings) {
  uint64_t jobs;
  if (!read_count(text, &jobs) || jobs < 1 || jobs > 1024) return false;
  settings->jobs = (unsigned)jobs;
  return true;
}

/* A bare name is that of a file here, if there is one, and else the loader's to
 * find. */
static const char *library_path(const char *text) {
  static char here[4096];
  if (strchr(text, '/') != NULL) return text;
  snprintf(here, sizeof here, "./%s", text);
  return access(here, F_OK) == 0 ? here : text;
}

static bool read_value(char letter, const char *text,
                       struct settings *settings) {
  switch (letter) {
  case 'p':
  case 'E':
    settings->profile = pp_exhaust_profile_find(text);
    return settings->profile != NULL;
  case 'n':
    return read_count(text, &settings->operations) && settings->operations > 0;
  case 't':
    settings->timed = true;
    return read_seconds(text, &settings->seconds);
  case 's': /* up to what a number in JSON holds */
    return read_count(text, &settings->seed) && settings->seed <= INT64_MAX;
  case 'j': return read_jobs(text, settings);
  case 'l': return read_level(text, settings);
  case 'c': return read_contents(text, settings);
  case 'J': settings->json = text; return text[0] != '\0';
  case 'O': return read_report(text, settings);
  case 'D': settings->traces = text; return text[0] != '\0';
  case 'x': settings->prefix = text; return true;
  case 'S': settings->subject = text; return text[0] != '\0';
  case 'o': settings->output = text; return text[0] != '\0';
  case 'M': settings->mutants = text; return text[0] != '\0';
  case 'A': return read_count(text, &settings->arenas) && settings->arenas > 0;
  case 'C':
    return read_count(text, &settings->classes) && settings->classes > 0;
  case 'd': return read_count(text, &settings->depth) && settings->depth > 0;
  case 'Y': return read_count(text, &settings->memory) && settings->memory > 0;
  case 'T': settings->state = text; return text[0] != '\0';
  case 'R': settings->reference = library_path(text); return text[0] != '\0';
  case 'w':
    settings->profile = pp_profile_find(text);
    return settings->profile != NULL;
  case 'L': settings->preload = true; return true;
  case 'z': settings->size = true; return true;
  case 'G': settings->against = text; return text[0] != '\0';
  case 'f': settings->list = text; return text[0] != '\0';
  case 'i': settings->profile_out = text; return text[0] != '\0';
  case 'a': settings->card_text = true; return true;
  case 'b': settings->card_page = true; return true;
  case 'g': settings->hardening = true; return true;
  case 'k': settings->program = true; return true;
  case 'W':
    return read_count(text, &settings->threads) && settings->threads > 0 &&
           settings->threads <= PP_THREADS_MOST;
  case 'K': return read_count(text, &settings->forks) && settings->forks > 0;
  case 'q':
  case 'y':
  case 'u': return read_refusals(letter, text, settings);
  case 'X': return read_strict(settings);
  case 'Q': return read_promised(text, settings);
  case 'N': return read_count(text, &settings->calls) && settings->calls > 0;
  case 'U': settings->loops = true; return true;
  case 'm': settings->matrix = true; return true;
  case 'H': settings->html = text; return text[0] != '\0';
  case 'V': settings->verdicts = text; return text[0] != '\0';
  default: settings->placements = true; return true;
  }
}

static void defaults(struct settings *settings) {
  long cores = sysconf(_SC_NPROCESSORS_ONLN);
  *settings = (struct settings){.seed = 1,
                                .jobs = cores < 1 ? 1 : (unsigned)cores,
                                .level = PP_LEVEL_OBJECT,
                                .contents = PP_CONTENTS_FULL,
                                .prefix = "",
                                .memory = UINT64_C(2000000000),
                                .calls = 10000,
                                .subject = "reference"};
}

static int refuse(const struct command *command) {
  fprintf(stderr, "poolproof %s: try poolproof %s --help\n", command->name,
          command->name);
  return -EXIT_USAGE - 1;
}

/* What was wrong on the command line, where `last` is the argument before the
 * next: the culprit itself, unless that is one letter of several. */
static const char *culprit(int found, const char *last) {
  static char letter[3] = "-";
  bool has_value = strncmp(last, "--", 2) == 0 && strchr(last, '=') != NULL;
  if (found == ':' || optopt == 0 || has_value) return last;
  letter[1] = (char)optopt;
  return letter;
}

int read_options(const struct command *command, int argc, char **argv,
                 struct settings *settings) {
  struct option options[OPTION_COUNT + 1] = {0};
  char letters[2 * OPTION_COUNT + 2] = ":";
  int count = 0;
  size_t length = 1;
  for (int i = 0; i < OPTION_COUNT; i++) {
    if (!takes(command, table[i].letter)) continue;
    int argument = table[i].argument == NULL ? no_argument : required_argument;
    options[count++] =
        (struct option){table[i].name, argument, NULL, table[i].letter};
    if (strchr("oOh", table[i].letter) == NULL) continue;
    letters[length++] = table[i].letter;
    if (argument == required_argument) letters[length++] = ':';
  }
  defaults(settings);
  opterr = 0;
  int found;
  while ((found = getopt_long(argc, argv, letters, options, NULL)) != -1) {
    if (found == 'h') {
      print_help(command, stdout);
      return -EXIT_CONFORMS - 1;
    }
    if (found == '?' || found == ':') {
      fprintf(stderr, "poolproof %s: %s: %s\n", command->name,
              culprit(found, argv[optind - 1]),
              found == ':' ? "a value is missing" : "no such option");
      return refuse(command);
    }
    if (!read_value((char)found, optarg, settings)) {
      fprintf(stderr, "poolproof %s: %s: not a value for this option\n",
              command->name, optarg);
      return refuse(command);
    }
  }
  if (settings->refusals_given > 1) {
    fprintf(stderr, "poolproof %s: what to refuse is said once\n",
            command->name);
    return refuse(command);
  }
  return optind;
}
