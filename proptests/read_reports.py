"""Reads the reports of one run in every form, by parsers that are not ours, and
says whether they agree.

usage: read_reports.py FOLDER, with a.json a.jsonl a.tap a.xml a.sarif a.md

Prints a line for each subject that has no clean verdict: its name and the
clauses found broken. Exit status: 0 they agree, 1 they do not, with what."""
import json
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


wanted = [(shown(s["subject"]), broken(s), s["verdict"] not in CLEAN)
          for s in subjects]

# A line a subject, and one for the run.
lines = [json.loads(line) for line in read("a.jsonl").splitlines()]
agree("jsonl", lines[:-1], subjects)
agree("jsonl, the run", lines[-1], {**document, "subjects": len(subjects)})

# TAP: the failures that are not to do.
failed, plan = {}, None
for line in read("a.tap").split("\n"):
    point = re.fullmatch(r"(not )?ok (\d+) - (.*?): (\S+) (.*)", line)
    if re.fullmatch(r"1\.\.\d+", line):
        plan = int(line[3:])
    if point:
        name = shown(re.sub(r"\\(.)", r"\1", point[3]))
        failures = failed.setdefault(name, [])
        if point[1] and " # TODO" not in point[5]:
            failures.append(point[4])
agree("TAP, the plan", plan, sum(
    bool(re.match("(not )?ok ", line)) for line in read("a.tap").split("\n")))
agree("TAP", [(name, [f for f in failed[name] if f in clauses], error)
              for name, clauses, error in wanted], wanted)
agree("TAP, errors", [name for name, _, error in wanted if error],
      [name for name, fails in failed.items() if "verdict" in fails])

# JUnit's XML.
suites = xml.fromstring(read("a.xml"))
found = []
for suite in suites:
    cases = suite.findall("testcase")
    for kind in ("failure", "error", "skipped"):
        counted = suite.get({"skipped": kind}.get(kind, kind + "s"))
        agree(f"JUnit, {kind}", counted,
              str(sum(case.find(kind) is not None for case in cases)))
    agree("JUnit, tests", suite.get("tests"), str(len(cases)))
    found.append((shown(suite.get("name")),
                  [case.find("failure").get("type") for case in cases
                   if case.find("failure") is not None],
                  any(case.find("error") is not None
                      and case.find("error").get("type") == "verdict"
                      for case in cases)))
agree("JUnit", found, wanted)

# SARIF 2.1.0: what it requires, and nothing that it does not know.
log = json.loads(read("a.sarif"))
agree("SARIF", (log["version"], len(log["runs"])), ("2.1.0", 1))
run = log["runs"][0]
agree("SARIF, run", set(run), {"tool", "invocations", "results"})
rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
agree("SARIF, rules", len(rules), len(set(rules)))
for rule in run["tool"]["driver"]["rules"]:
    agree("SARIF, rule", set(rule), {"id", "shortDescription", "help",
                                     "defaultConfiguration"})
open_results = []
for result in run["results"]:
    agree("SARIF, rule of a result", rules[result["ruleIndex"]],
          result["ruleId"])
    agree("SARIF, message", set(result["message"]), {"text"})
    place = result["locations"][0]["physicalLocation"]
    uri = place["artifactLocation"]["uri"]
    if not re.fullmatch(r"[A-Za-z0-9/._~%:-]+", uri):
        sys.exit(f"SARIF: {uri} is no URI")
    if "suppressions" in result:
        agree("SARIF, suppression", result["suppressions"][0]["kind"],
              "external")
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
invocation = run["invocations"][0]
agree("SARIF, notifications", len(invocation["toolExecutionNotifications"]),
      sum(error for _, _, error in wanted))
agree("SARIF, success", invocation["executionSuccessful"],
      document["exit_code"] in (0, 1))

# Markdown: a row a subject, a heading a finding.
page = read("a.md")
rows = [line for line in page.split("\n") if line.startswith("| ")][1:]
agree("Markdown, rows", len(rows), len(subjects))
for row, subject in zip(rows, subjects):
    cells = re.split(r"(?<!\\)(?:\\\\)*\|", row)
    agree("Markdown, cells", len(cells), 8)
    agree("Markdown, verdict", cells[6].split("**")[1], subject["verdict"])
agree("Markdown, findings", re.findall("^## ([A-Z]+-[0-9]+): ", page, re.M),
      [c for _, cs, _ in wanted for c in cs])

for name, clauses, error in wanted:
    if clauses or error:
        print(name, *clauses)
