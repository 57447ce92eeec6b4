/* poolproof show: a trace as text, or as a C program. */
#include "cli/cli.h"

static int run(const struct settings *settings, int count, char **arguments) {
  if (count != 1) {
    fprintf(stderr, "poolproof show: one TRACE is wanted\n");
    return EXIT_USAGE;
  }
  struct pp_trace *trace = chosen_trace(arguments[0]);
  struct pp_ops ops = pp_trace_all(trace);
  int code = EXIT_CONFORMS;
  if (!settings->program) {
    pp_trace_print(stdout, ops.at, ops.count);
  } else if (program_can_show(&ops, arguments[0])) {
    program_print(stdout, &ops);
  } else {
    code = EXIT_USAGE;
  }
  pp_ops_free(&ops);
  pp_trace_close(trace);
  return code;
}

const struct command command_show = {
    .name = "show",
    .arguments = "[--c] TRACE",
    .summary = "a trace as text, or as a C program without poolproof",
    .options = "k",
    .details = "Prints TRACE (text or packed, - for standard input) as text; "
               "with --c, as\n"
               "a C program that makes the same calls, and says what is "
               "broken without\n"
               "poolproof: compile it with cc, and run it on the allocator.",
    .run = run,
};
