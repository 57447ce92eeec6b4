"""What may notice a mutant: the tests and the planted faults, case by case.

A program is run on some of its cases at a time and fails when one of them
does. A case of the property tests is one Criterion test; a case of `poolproof
selftest` is one fault of mutants/, that has to be found under its clause: a
checker that is changed so that it no longer sees the fault is found by it."""
import functools
import glob
import hashlib
import json
import os
import re
import subprocess
from dataclasses import dataclass, field


@dataclass
class Case:
    name: str            # SUITE/test, or that of the fault
    suite: str           # the clause it is about, as in the sources
    source: str          # digest of the sources it is made of
    built: str           # digest of the files that it runs
    wall: float = 0.0    # seconds
    busy: float = 0.0    # seconds of the processor
    reached: frozenset = frozenset()

    @property
    def seconds(self):
        """What it costs: the wall says more about the machine's load."""
        return self.busy + self.wall / 10


@functools.lru_cache(None)
def digest(*paths):
    total = hashlib.sha256()
    for path in paths:
        with open(path, "rb") as file:
            total.update(file.read())
    return total.hexdigest()[:16]


def poolproof_of(tree):
    """Digest of the program, but for its table of tests: that changes with
    each of them, and nothing that is judged hangs on it."""
    return digest(*sorted(
        path for folder in ("reference", "check", "cli")
        for path in glob.glob(f"{tree}/{folder}/*.p/*.o")
        if not os.path.basename(path).startswith("matrix")))


@dataclass
class Program:
    """Of the environment, what it wants to be different."""
    name: str
    command: str
    environment: dict
    cases: list = field(default_factory=list)

    alone = False        # starts no other program
    apart = False        # each case is run by itself
    slowest = 1e9        # seconds above which a case is left out

    def arguments(self, cases):
        raise NotImplementedError


class Criterion(Program):
    """proptests/test_NAME.c"""

    def list(self, tree, root):
        own = os.path.join(root, "proptests", f"test_{self.name}.c")
        source = self.made_of(own, root)
        self.alone = not any(path.endswith(("/programs.h", "/judged.h"))
                             for path in source)
        source, built = digest(*source), digest(self.command)
        if not self.alone:
            built += " " + poolproof_of(tree)
        text = subprocess.run(
            [self.command, "--list"], check=True, stdout=subprocess.PIPE,
            env={**os.environ, "LC_ALL": "C"}).stdout.decode()
        suite = ""
        for line in text.splitlines():
            heading = re.match(r"(\w+): \d+ tests?$", line)
            if heading:
                suite = heading.group(1)
            elif re.match(r"[^\w]+\w+$", line):
                test = re.sub(r"^\W+", "", line)
                self.cases.append(
                    Case(f"{suite}/{test}", suite, source, built))

    @staticmethod
    def made_of(path, root):
        """The source, and what it has from beside it: headers that it
        includes, and the sources that go with them."""
        found, todo = [], [path]
        while todo:
            path = todo.pop()
            if path in found or not os.path.exists(path):
                continue
            found.append(path)
            with open(path, encoding="utf-8") as file:
                names = re.findall(r'"(proptests/\w+)\.h"', file.read())
            todo += [os.path.join(root, name + end)
                     for name in names for end in (".h", ".c")]
        return sorted(found)

    def arguments(self, cases):
        return [case.name for case in cases]


class Selftest(Program):
    """poolproof selftest, on the catalogue of its own build. Allocators that
    are odd and sound are left out: each is called 300,000 times there, and the
    property tests are content with less."""
    apart = True
    slowest = 1.5

    # By kind: the folder of its source, and what is built into each.
    SOURCES = {"alloc": ("alloc", []), "objects": ("objects", []),
               "malloc": ("mallocs", ["sound.c"]),
               "refused": ("mallocs", ["sound.c"]),
               "ops": ("ops", ["probe.c", "probe_forms.c", "probe_runs.c",
                               "probe_search.c"])}
    JUDGES = ("cmd_selftest.c", "court.c", "faults.c", "probe.c")

    def list(self, tree, root):
        built = os.path.join(tree, "mutants")
        judges = [os.path.join(root, "cli", name) for name in self.JUDGES]
        program = poolproof_of(tree)
        with open(os.path.join(built, "faults.tsv"), encoding="utf-8") as file:
            rows = [line.rstrip("\n").split("\t") for line in file]
        for kind, name, clause, found, profile, path in rows:
            if kind == "odd":
                continue
            folder, common = self.SOURCES[kind]
            folder = os.path.join(root, "mutants", folder)
            sources = [self.source_of(name, folder),
                       *(os.path.join(folder, path) for path in common),
                       *judges]
            self.cases.append(Case(
                name, clause.replace("-", "_"),
                f"{digest(*sources)} {clause} {found} {profile}",
                f"{program} {digest(os.path.join(built, path))}"))

    @staticmethod
    def source_of(name, folder):
        """NAME.c or NAME.sed; where one is built for several clauses, the
        rest of NAME."""
        stems = {os.path.splitext(path)[0]: path for path in os.listdir(folder)}
        path = stems.get(name) or stems[re.sub(r"^\w+-\d\d-", "", name)]
        return os.path.join(folder, path)

    def arguments(self, cases):
        return ["selftest", "--jobs", "1", *(case.name for case in cases)]


def programs(tree, root, faults):
    """Those that meson knows; with the faults or without."""
    tests = json.loads(subprocess.run(
        ["meson", "introspect", "--tests", tree], check=True,
        stdout=subprocess.PIPE).stdout)
    kinds = {"poolproof:properties": Criterion}
    if faults:
        kinds["poolproof:selftest"] = Selftest
    found = [kinds[suite](test["name"], test["cmd"][0], test["env"])
             for test in tests for suite in test["suite"] if suite in kinds]
    for program in found:
        program.list(tree, root)
    return found
