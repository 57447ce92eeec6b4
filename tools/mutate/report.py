"""The mutants that change nothing, and the table of the others."""
import collections
import os
import sys

EQUIVALENT = os.path.join("tools", "mutate", "equivalent.txt")
DUTIES = {"": "plain code", "require": "assertions of the caller's duty",
          "ensure": "assertions of one's own duty",
          "fact": "facts of predicates and oracles"}


def load_equivalent():
    """The entries, as {name of the mutant: reason}."""
    entries = {}
    if not os.path.exists(EQUIVALENT):
        return entries
    with open(EQUIVALENT, encoding="utf-8") as file:
        text = "".join(line for line in file if not line.startswith("#"))
    for paragraph in text.split("\n\n"):
        lines = paragraph.strip("\n").split("\n")
        if lines == [""]:
            continue
        if len(lines) < 4:
            sys.exit(f"{EQUIVALENT}: no reason for: {lines[0]}")
        entries["\n".join(lines[:3])] = " ".join(lines[3:]).strip()
    return entries


def share(part, whole):
    return f"{100 * part / whole:5.1f} %" if whole else "      -"


class Tally:
    def __init__(self):
        self.all = self.killed = self.equivalent = self.silent = 0

    def row(self, name):
        judged = self.all - self.equivalent
        return (f"{name:38}{self.all:8}{self.killed:8}"
                f"{judged - self.killed:9}{self.silent:10}"
                f"{self.equivalent:11}  {share(self.killed, judged)}")


def report(group, mutants, verdicts, reached, equivalent, options):
    """Prints what was found; answers the part of them, in percent."""
    files, duties = collections.OrderedDict(), {}
    total, survivors = Tally(), []
    for mutant in sorted(mutants, key=lambda m: (m.path, m.line, m.number)):
        same = mutant.name() in equivalent
        killed = not same and "killed" in verdicts[mutant.number]
        silent = not same and mutant.number not in reached
        for tally in (total, files.setdefault(mutant.path, Tally()),
                      duties.setdefault(mutant.duty, Tally())):
            tally.all += 1
            tally.equivalent += same
            tally.killed += killed
            tally.silent += silent
        if not same and not killed:
            survivors.append((mutant, silent))
    for mutant, silent in survivors:
        note = " (no test reaches it)" if silent else ""
        print(mutant.name().replace(
            f"{mutant.path}:", f"{mutant.path}:{mutant.line}:", 1) + note)
        print()
    print(f"{group.name:38} mutants   found  survive unreached equivalent"
          "    score")
    for path, tally in files.items():
        print(tally.row("  " + path))
    for duty, name in DUTIES.items():
        if duty in duties:
            print(duties[duty].row("  of " + name))
    print(total.row("  all"))
    apart = sum(n for p, n in group.constants.items() if p in files)
    refused = sum(n for p, n in group.refused.items() if p in files)
    print(f"  not made: {apart} in constant expressions, "
          f"{refused} that do not compile")
    more = sum("more" in verdicts.get(m.number, {}) for m in mutants)
    if more:
        print(f"  {more} that survive were not shown to all the tests that "
              f"reach them (--budget {options.budget})")
    if options.tests:
        print(f"  asked alone: {' '.join(options.tests)}")
    if options.sample:
        print(f"  a sample of {len(mutants)} of {group.candidates}, "
              f"seed {options.seed}")
    judged = total.all - total.equivalent
    return 100 * total.killed / judged if judged else 100
