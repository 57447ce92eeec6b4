/* poolproof spec: the clauses, all of them, an area, or one. */
#include <string.h>
#include <strings.h>

#include "cli/cli.h"

static void print_profiles(uint32_t profiles) {
  if (profiles == 0) {
    printf("any subject");
    return;
  }
  const char *between = "";
  for (int i = 0; i < PP_PROFILE_COUNT; i++) {
    if ((profiles >> i & 1) == 0) continue;
    printf("%s%s", between, pp_profiles[i].name);
    between = " ";
  }
}

static void print_clause(enum pp_clause clause, bool whole) {
  static const char *const strengths[] = {"must", "bound", "latitude"};
  const struct pp_clause_text *text = &pp_clause_texts[clause];
  printf("%-10s %s\n", text->id, text->sentence);
  if (!whole) return;
  printf("  strength  %s\n  profiles  ", strengths[text->strength]);
  print_profiles(text->profiles);
  const char *number = strchr(text->id, '-');
  printf("\n  source    %s\n  tests     %s_%s\n", text->source, text->area,
         number == NULL ? "" : number + 1);
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

static int run(const struct settings *settings, int count, char **arguments) {
  (void)settings;
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
    .arguments = "[ID|AREA]",
    .summary = "a clause with its text, profiles, source and tests",
    .options = "",
    .details = "Prints every clause, those of an area, or all about one.",
    .run = run,
};
