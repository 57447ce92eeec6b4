/* poolproof report-card: what check finds, as a table of subjects by clauses.
 * It is that command, with another form of report. */
#include "cli/cli.h"

static int run(const struct settings *settings, int count, char **arguments) {
  struct settings own = *settings;
  if (own.card_text && own.card_page) {
    fprintf(stderr, "poolproof report-card: --markdown or --html: one of them "
                    "is written\n");
    return EXIT_USAGE;
  }
  own.reports[own.card_page ? REPORT_HTML : REPORT_CARD] = "-";
  return command_check.run(&own, count, arguments);
}

const struct command command_report_card = {
    .name = "report-card",
    .arguments = "[--markdown | --html] [SUBJECT...] [options]",
    .summary = "subjects by clauses: holds, declared, latitude, violated",
    .options = "abgpntsjlcDxLRGfXQ",
    .details =
        "Judges each SUBJECT as check does, or all that are found, and prints\n"
        "what became of each clause with each of them, in all and by area,\n"
        "and the trace of each violation. The exit code is that of check.\n"
        "A clause is not armed where it has no oracle, and not seen where the\n"
        "run ended before it had anything to look at: a violation ends it.\n"
        "With --hardening, six kinds of misuse are made of each malloc, each "
        "in\n"
        "a process of its own, and what comes of them is shown: detected, "
        "silent\n"
        "or corrupts, when well-formed calls behind it break a clause. "
        "Nothing\n"
        "is promised about misuse, and the exit code does not depend on it. A\n"
        "malloc that has a program of its own (--preload, runner:) has none.",
    .run = run,
};
