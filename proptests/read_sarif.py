"""Reads a report in SARIF as those that take one do, by what the standard
(SARIF 2.1.0, chapter 3) requires of the objects in it, and by what code
scanning needs besides.

usage: read_sarif.py FILE [SCHEMA]

SCHEMA is the JSON schema of the standard (sarif-schema-2.1.0.json, of OASIS),
which is held against the file as well, where python3-jsonschema is installed.

Exit status: 0 it is sound, 1 it is not, with what; 2 a wrong call."""
import json
import re
import sys

URI = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*:)?"
                 r"([A-Za-z0-9/._~@!$&'()*+,;=:-]|%[0-9A-F]{2})+")
LEVELS = {"none", "note", "warning", "error"}
KINDS = {"notApplicable", "pass", "fail", "review", "open", "informational"}


class Unsound(Exception):
    """What is wrong, and where."""


def at_least(number):
    return lambda value: type(value) is int and value >= number


def is_uri(value):
    return isinstance(value, str) and URI.fullmatch(value) is not None


def is_text(value):
    return isinstance(value, str) and value != ""


# Objects: a name with "!" is required, and no other names are known. A list is
# an array of one kind, a set says which values, a function whether it is one.
MESSAGE = {"text!": is_text}
LOCATION = {"physicalLocation!": {"artifactLocation!": {"uri!": is_uri},
                                  "region": {"startLine!": at_least(1)}}}
RULE = {"id!": is_text, "shortDescription!": MESSAGE, "help!": MESSAGE,
        "defaultConfiguration!": {"level!": LEVELS}}
RESULT = {"ruleId!": is_text, "ruleIndex!": at_least(0), "message!": MESSAGE,
          "level!": LEVELS, "kind": KINDS, "locations!": [LOCATION],
          "partialFingerprints": {"poolproof/v1!": is_text},
          "suppressions": [{"kind!": {"inSource", "external"},
                            "justification!": str}]}
INVOCATION = {"executionSuccessful!": bool, "exitCode!": int,
              "toolExecutionNotifications!": [{"level!": LEVELS,
                                               "message!": MESSAGE}]}
LOG = {"$schema!": is_uri, "version!": {"2.1.0"},
       "runs!": [{"tool!": {"driver!": {"name!": is_text, "version!": is_text,
                                        "rules!": [RULE]}},
                  "invocations!": [INVOCATION], "results!": [RESULT]}]}


def check_object(value, shape, path):
    if not isinstance(value, dict):
        raise Unsound(f"{path} is no object")
    known = {name.rstrip("!"): part for name, part in shape.items()}
    for name in shape:
        if name.endswith("!") and name[:-1] not in value:
            raise Unsound(f"{path} has no {name[:-1]}")
    for name, part in value.items():
        if name not in known:
            raise Unsound(f"{path} has {name}, which is not known there")
        check(part, known[name], f"{path}.{name}")


def check(value, shape, path):
    if isinstance(shape, dict):
        check_object(value, shape, path)
    elif isinstance(shape, list):
        if not isinstance(value, list):
            raise Unsound(f"{path} is no array")
        for number, part in enumerate(value):
            check(part, shape[0], f"{path}[{number}]")
    elif isinstance(shape, set):
        if value not in shape:
            raise Unsound(f"{path} is {value!r}")
    elif isinstance(shape, type):
        if type(value) is not shape:
            raise Unsound(f"{path} is {value!r}")
    elif not shape(value):
        raise Unsound(f"{path} is {value!r}")


def check_result(result, rules, path):
    """What two members of a result say of each other."""
    number = result["ruleIndex"]
    if number >= len(rules) or rules[number]["id"] != result["ruleId"]:
        raise Unsound(f"{path}.ruleIndex is not that of {result['ruleId']}")
    fails = result.get("kind", "fail") == "fail"
    if not fails and result["level"] != "none":
        raise Unsound(f"{path} is no failure and has a level")
    if fails and result["level"] == "none":
        raise Unsound(f"{path} is a failure of no level")
    if len(result["locations"]) != 1:
        raise Unsound(f"{path} has not one location")
    if result["level"] == "error" and "partialFingerprints" not in result:
        raise Unsound(f"{path} cannot be known again")


def check_log(log):
    check(log, LOG, "log")
    for number, run in enumerate(log["runs"]):
        rules = run["tool"]["driver"]["rules"]
        ids = [rule["id"] for rule in rules]
        if len(set(ids)) != len(ids):
            raise Unsound(f"run {number} has a rule twice")
        for place, result in enumerate(run["results"]):
            check_result(result, rules, f"log.runs[{number}].results[{place}]")


def check_schema(log, path):
    import jsonschema  # where it is asked for
    with open(path, encoding="utf-8") as file:
        schema = json.load(file)
    kind = jsonschema.validators.validator_for(schema)
    for error in kind(schema).iter_errors(log):
        raise Unsound(f"{error.json_path}: {error.message}")


def main(words):
    if len(words) not in (1, 2):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        with open(words[0], encoding="utf-8") as file:
            log = json.load(file)
        check_log(log)
        if len(words) == 2:
            check_schema(log, words[1])
    except (Unsound, OSError, ValueError) as error:
        print(f"{words[0]}: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
