/* poolproof: the command. Dispatches to its subcommands; each of them is a
 * row of one table. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check/preload.h"
#include "check/static_tls.h"
#include "cli/cli.h"

#ifdef __clang__
#define PP_COMPILER "clang"
#else
#define PP_COMPILER "gcc"
#endif

const char *program_name = "poolproof";

static const struct command *const commands[] = {
    &command_check,  &command_report_card, &command_replay,   &command_refuse,
    &command_shrink, &command_subjects,    &command_selftest, &command_exhaust,
    &command_layout, &command_show,        &command_doctor,   &command_spec,
};

enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

static void usage(FILE *out) {
  fprintf(out, "poolproof judges memory allocators against an executable "
               "reference.\n\n");
  for (int i = 0; i < COMMAND_COUNT; i++) {
    fprintf(out, "  poolproof %-11s %s\n", commands[i]->name,
            commands[i]->summary);
  }
  fprintf(out,
          "\nEach has --help. Exit codes: 0 conforms, 1 violation, 2 usage, "
          "3 the subject\ncould not be loaded or started, 4 inconclusive, "
          "5 our own fault, 130 interrupted.\n");
}

static const struct command *find_command(const char *name) {
  for (int i = 0; i < COMMAND_COUNT; i++) {
    if (strcmp(commands[i]->name, name) == 0) return commands[i];
  }
  return NULL;
}

/* The command whose name shares the longest start with what was typed. */
static const char *nearest(const char *name) {
  const char *best = commands[0]->name;
  size_t longest = 0;
  for (int i = 0; i < COMMAND_COUNT; i++) {
    size_t same = 0;
    while (name[same] != '\0' && name[same] == commands[i]->name[same])
      same++;
    if (same > longest) {
      longest = same;
      best = commands[i]->name;
    }
  }
  return best;
}

static int no_command(const char *name) {
  fprintf(stderr, "poolproof: no command %s; did you mean %s?\n", name,
          nearest(name));
  return EXIT_USAGE;
}

static int help(const char *name) {
  const struct command *about = name == NULL ? NULL : find_command(name);
  if (name != NULL && about == NULL) return no_command(name);
  if (about == NULL) usage(stdout);
  if (about != NULL) print_help(about, stdout);
  return EXIT_CONFORMS;
}

static void interrupt(int signal_number) {
  (void)signal_number;
  pp_interrupted = 1;
}

static int run(const struct command *command, int argc, char **argv) {
  struct settings settings;
  int first = read_options(command, argc, argv, &settings);
  if (first < 0) return -first - 1;
  return command->run(&settings, argc - first, argv + first);
}

int main(int argc, char **argv) {
  if (argc == 3 && strcmp(argv[1], PP_PRELOAD_ARGUMENT) == 0)
    pp_preload_serve(argv[2]);
  pp_static_tls_reserve(argv);
  if (argc > 0) program_name = argv[0];
  struct sigaction action = {.sa_handler = interrupt};
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  signal(SIGPIPE, SIG_DFL);
  if (argc < 2) {
    usage(stderr);
    return EXIT_USAGE;
  }
  const char *name = argv[1];
  if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
    usage(stdout);
    return EXIT_CONFORMS;
  }
  if (strcmp(name, "help") == 0) {
    return help(argc > 2 ? argv[2] : NULL);
  }
  if (strcmp(name, "--version") == 0) {
    printf("poolproof %s, %d clauses, compiled by " PP_COMPILER " %s\n",
           PP_VERSION, PP_CLAUSE_COUNT - 1, __VERSION__);
    return EXIT_CONFORMS;
  }
  const struct command *command = find_command(name);
  if (command == NULL) return no_command(name);
  int code = run(command, argc - 1, argv + 1);
  if (fflush(stdout) != 0 || ferror(stdout)) {
    fprintf(stderr, "poolproof: standard output: not all was written\n");
    if (code == EXIT_CONFORMS) code = EXIT_OWN_FAULT;
  }
  return code;
}
