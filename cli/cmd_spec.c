/* poolproof spec: the clauses, all of them, an area, or one; or the matrix of
 * what asserts, tests and breaks each. */
#include <string.h>
#include <strings.h>

#include "cli/cli.h"
#include "cli/matrix.h"

/* "  asserted  reference/alloc/pool.c:44", one a line. */
static void print_places(enum pp_clause clause) {
  static const char *const verbs[MATRIX_KINDS] = {"asserted", "tested",
                                                  "watched", "broken"};
  static struct matrix matrix;
  matrix_open(&matrix);
  int former = MATRIX_KINDS;
  for (size_t i = 0; i < matrix.place_count; i++) {
    const struct matrix_place *place = &matrix.places[i];
    int kind = (int)place->kind;
    if (place->clause != clause) continue;
    printf("  %-9s %s:%u%s%s\n", kind == former ? "" : verbs[kind], place->file,
           place->line, *place->title == '\0' ? "" : " ", place->title);
    former = kind;
  }
}

static void print_clause(enum pp_clause clause, bool whole) {
  const struct pp_clause_text *text = &pp_clause_texts[clause];
  const char *strength = pp_strength_names[text->strength];
  if (!whole) {
    printf("%-10s %-8s %s\n", text->id, strength, text->sentence);
    return;
  }
  printf("%-10s %s\n", text->id, text->sentence);
  printf("  strength  %s\n  profiles  ", strength);
  matrix_print_profiles(stdout, text->profiles);
  const char *number = strchr(text->id, '-');
  printf("\n  source    %s\n  tests     %s_%s\n", text->source, text->area,
         number == NULL ? "" : number + 1);
  print_places(clause);
}

static int print_area(const char *area) {
  int found = 0;
  for (int i = 1; i < PP_CLAUSE_COUNT; i++) {
    if (area != NULL && strcasecmp(pp_clause_texts[i].area, area) != 0) {
      continue;
    }
    print_clause((enum pp_clause)i, false);
    found++;
  }
  return found;
}

/* ---- the matrix ---- */

/* False when the evaluations that were asked for are not to be had. */
static bool read_evaluations(const struct settings *settings,
                             struct matrix *matrix) {
  char path[4096];
  char why[4600];
  const char *file = settings->verdicts;
  if (file == NULL) {
    if (!matrix_default_verdicts(path, sizeof path)) return true;
    file = path;
  }
  if (matrix_read_verdicts(matrix, file, why, sizeof why)) return true;
  fprintf(stderr, "poolproof spec: %s\n", why);
  /* What lies in the build folder was not asked for. */
  return settings->verdicts == NULL;
}

static bool is_stdout(const char *path) {
  return path != NULL && strcmp(path, "-") == 0;
}

static int show_matrix(const struct settings *settings) {
  static struct matrix matrix;
  if (is_stdout(settings->html) && is_stdout(settings->json)) {
    fprintf(stderr, "poolproof spec: --html and --json cannot both be -\n");
    return EXIT_USAGE;
  }
  matrix_open(&matrix);
  if (!read_evaluations(settings, &matrix)) return EXIT_USAGE;
  bool written = true;
  if (settings->html != NULL) {
    written = matrix_write_html(settings->html, &matrix);
  }
  if (settings->json != NULL) {
    written = matrix_write_json(settings->json, &matrix) && written;
  }
  if (!is_stdout(settings->html) && !is_stdout(settings->json)) {
    matrix_print(stdout, &matrix);
  }
  if (!written) return EXIT_OWN_FAULT;
  return matrix.holes == 0 ? EXIT_CONFORMS : EXIT_VIOLATION;
}

static int run(const struct settings *settings, int count, char **arguments) {
  bool of_matrix = settings->html != NULL || settings->json != NULL ||
                   settings->verdicts != NULL;
  if (of_matrix && !settings->matrix) {
    fprintf(stderr, "poolproof spec: --html, --json and --verdicts go with "
                    "--matrix\n");
    return EXIT_USAGE;
  }
  if (settings->matrix && count > 0) {
    fprintf(stderr,
            "poolproof spec: --matrix is of all clauses; %s is one "
            "argument too many\n",
            arguments[0]);
    return EXIT_USAGE;
  }
  if (settings->matrix) return show_matrix(settings);
  if (count > 1) {
    fprintf(stderr, "poolproof spec: one ID or AREA is wanted\n");
    return EXIT_USAGE;
  }
  if (count == 0) {
    print_area(NULL);
    return EXIT_CONFORMS;
  }
  enum pp_clause clause = pp_clause_find(arguments[0]);
  if (clause != PP_HOLDS) {
    print_clause(clause, true);
    return EXIT_CONFORMS;
  }
  if (print_area(arguments[0]) > 0) return EXIT_CONFORMS;
  fprintf(stderr, "poolproof spec: %s is no clause and no area\n",
          arguments[0]);
  return EXIT_USAGE;
}

const struct command command_spec = {
    .name = "spec",
    .arguments = "[ID|AREA] | --matrix [options]",
    .summary = "a clause with its text, profiles, source and tests",
    .options = "mHVJ",
    .details = "Prints every clause, those of an area, or all about one: "
               "where it is\nasserted, tested and broken on purpose, too.\n"
               "With --matrix, prints for each clause how many assertions, "
               "tests, fuzz\n"
               "harnesses and faults it has and how often the last run "
               "evaluated it;\n"
               "the exit code is 1 when a clause lacks one that it must have.",
    .run = run,
};
