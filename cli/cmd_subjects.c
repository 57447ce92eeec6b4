/* poolproof subjects: what can be judged on this machine, and what would have
 * to be installed for more. */
#include "check/discover.h"
#include "cli/cli.h"

static int run(const struct settings *settings, int count, char **arguments) {
  (void)settings;
  (void)arguments;
  if (count != 0) {
    fprintf(stderr, "poolproof subjects: takes no arguments\n");
    return EXIT_USAGE;
  }
  struct pp_found_list found = pp_discover();
  for (size_t i = 0; i < found.count; i++) {
    if (found.at[i].install != NULL) continue;
    printf("%-28s %s\n", found.at[i].title, found.at[i].name);
  }
  for (size_t i = 0; i < found.count; i++) {
    if (found.at[i].install == NULL) continue;
    printf("%-28s not here; apt-get install %s\n", found.at[i].title,
           found.at[i].install);
  }
  pp_found_list_free(&found);
  return EXIT_CONFORMS;
}

const struct command command_subjects = {
    .name = "subjects",
    .arguments = "",
    .summary = "what can be judged on this machine",
    .options = "",
    .details = "Lists what `poolproof check` judges without arguments.",
    .run = run,
};
