"""Reads the reports of one run in every form, by parsers that are not ours, and
says whether they agree.

usage: read_reports.py FOLDER, with a.json a.jsonl a.tap a.xml a.sarif a.md and,
where there is one, a.txt

Prints a line for each subject that has no clean verdict: its name and the
clauses found broken. Exit status: 0 they agree, 1 they do not, with what."""
import json
import os
import re
import sys
import urllib.parse
import xml.etree.ElementTree as xml

folder = sys.argv[1]


def read(name):
    with open(f"{folder}/{name}", encoding="utf-8", newline="") as file:
        return file.read()


def agree(what, one, other):
    if one != other:
        sys.exit(f"{what}:\n{one}\n{other}")


def shown(text):
    """What is left of a text where control characters cannot be shown."""
    return re.sub("[\x00-\x20\x7f\ufffe\uffff?]", "?", text)


document = json.loads(read("a.json"))
subjects = document["subjects"]
CLEAN = ("conforms", "violation")


def broken(subject):
    found = subject["violation"]
    return [found["clause"]] if subject["verdict"] == "violation" else []


def deviating(subject):
    """(subject, clause, why) of what it differs in and may."""
    return sorted((shown(subject["subject"]), d["clause"], d["by"])
                  for d in subject["deviations"])


deviations = sorted(d for s in subjects for d in deviating(s))
wanted = [(shown(s["subject"]), broken(s), s["verdict"] not in CLEAN)
          for s in subjects]

# A line a subject, and one for the run.
lines = [json.loads(line) for line in read("a.jsonl").splitlines()]
agree("jsonl", lines[:-1], subjects)
agree("jsonl, the run", lines[-1], {**document, "subjects": len(subjects)})

# TAP: the failures that are not to do.
failed, plan, taken, latest = {}, None, [], None
for line in read("a.tap").split("\n"):
    point = re.fullmatch(r"(not )?ok (\d+) - (.*?): (\S+) (.*)", line)
    if re.fullmatch(r"1\.\.\d+", line):
        plan = int(line[3:])
    if point:
        name = shown(re.sub(r"\\(.)", r"\1", point[3]))
        failures = failed.setdefault(name, [])
        latest = (name, point[4])
        if " # TODO" in point[5]:
            taken.append((*latest, "declared"))
        elif point[1]:
            failures.append(point[4])
            latest = None
    told = re.fullmatch(r'  message: "(.*)"', line)
    if told and latest:
        taken.append((*latest, told[1]))
agree("TAP, deviations", sorted(taken), deviations)
agree("TAP, the plan", plan, sum(
    bool(re.match("(not )?ok ", line)) for line in read("a.tap").split("\n")))
agree("TAP", [(name, [f for f in failed[name] if f in clauses], error)
              for name, clauses, error in wanted], wanted)
agree("TAP, errors", [name for name, _, error in wanted if error],
      [name for name, fails in failed.items() if "verdict" in fails])

# JUnit's XML.
suites = xml.fromstring(read("a.xml"))
found, taken = [], []
for suite in suites:
    cases = suite.findall("testcase")
    for kind in ("failure", "error", "skipped"):
        counted = suite.get({"skipped": kind}.get(kind, kind + "s"))
        agree(f"JUnit, {kind}", counted,
              str(sum(case.find(kind) is not None for case in cases)))
    agree("JUnit, tests", suite.get("tests"), str(len(cases)))
    for case in cases:
        why = case.findtext("system-out")
        if case.find("skipped") is not None:
            why = case.find("skipped").get("message")
        if why and why != "never evaluated":
            taken.append((shown(suite.get("name")),
                          case.get("name").split()[0], why))
    found.append((shown(suite.get("name")),
                  [case.find("failure").get("type") for case in cases
                   if case.find("failure") is not None],
                  any(case.find("error") is not None
                      and case.find("error").get("type") == "verdict"
                      for case in cases)))
agree("JUnit", found, wanted)
agree("JUnit, deviations", sorted(taken), deviations)

# SARIF 2.1.0, which read_sarif.py has found sound.
log = json.loads(read("a.sarif"))
agree("SARIF, runs", len(log["runs"]), 1)
run = log["runs"][0]
taken = []
open_results = []
for result in run["results"]:
    place = result["locations"][0]["physicalLocation"]
    uri = place["artifactLocation"]["uri"]
    words = result["message"]["text"]
    if "suppressions" in result:
        taken.append((words.split(" does not keep: ")[0], result["ruleId"],
                      "declared"))
        continue
    if result.get("kind") == "informational":
        name, why = re.fullmatch(r"(.*) deviates \((\w+)\): .*", words,
                                 re.DOTALL).groups()
        taken.append((name, result["ruleId"], why))
        continue
    with open(urllib.parse.unquote(uri).removeprefix("file://"),
              encoding="utf-8") as trace:
        lines = trace.read().splitlines()
    agree("SARIF, region", 1 <= place["region"]["startLine"] <= len(lines),
          True)
    agree("SARIF, level", result["level"], "error")
    agree("SARIF, fingerprint", bool(re.fullmatch(
        "[0-9a-f]{16}", result["partialFingerprints"]["poolproof/v1"])), True)
    open_results.append(result["ruleId"])
agree("SARIF, results", open_results, [c for _, cs, _ in wanted for c in cs])
agree("SARIF, deviations", sorted((shown(name), clause, why)
                                  for name, clause, why in taken), deviations)
invocation = run["invocations"][0]
agree("SARIF, notifications", len(invocation["toolExecutionNotifications"]),
      sum(error for _, _, error in wanted))
agree("SARIF, success", invocation["executionSuccessful"],
      document["exit_code"] in (0, 1))

# Markdown: a row a subject, a heading a finding.
page = read("a.md")


def cells_of(row):
    return [re.sub(r"\\(.)", r"\1", cell) for cell in
            re.findall(r"\| ((?:\\.|[^|\\])*) (?=\|)", row)]


tables = [[cells_of(row) for row in re.findall(r"^\| .*$", part, re.M)[1:]]
          for part in page.split("\n## Deviations\n")]
agree("Markdown, rows", len(tables[0]), len(subjects))
for cells, subject in zip(tables[0], subjects):
    agree("Markdown, cells", len(cells), 6)
    agree("Markdown, verdict", cells[5].split("**")[1], subject["verdict"])
agree("Markdown, deviations",
      sorted((shown(cells[2]), cells[0], cells[1]) for cells in
             (tables[1] if len(tables) > 1 else [])),
      deviations)
agree("Markdown, findings", re.findall("^## ([A-Z]+-[0-9]+): ", page, re.M),
      [c for _, cs, _ in wanted for c in cs])

# What a person reads, with long names cut in front.
PHRASES = {"has latitude, taken": "latitude",
           "is not kept, as declared": "declared",
           "is of quality, and not kept": "quality"}


def cut(name):
    return name if len(name) <= 30 else ".." + name[-28:]


if os.path.exists(f"{folder}/a.txt"):
    text = read("a.txt")
    taken = []
    for clause, phrase, names in re.findall(
            r"^([A-Z]+-[0-9]+) ([a-z, ]+): .*\n  (.*)$", text, re.M):
        if phrase in PHRASES:
            taken += [(re.sub(r" \(\S+\)$", "", name), clause, PHRASES[phrase])
                      for name in names.split(", ")]
    agree("human, deviations", sorted(taken),
          sorted((cut(name), clause, why) for name, clause, why in deviations))
    agree("human, findings", re.findall("^(.*) breaks ([A-Z]+-[0-9]+): ", text,
                                        re.M),
          [(name, c) for name, cs, _ in wanted for c in cs])

for name, clauses, error in wanted:
    if clauses or error:
        print(name, *clauses)
