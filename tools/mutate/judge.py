"""Runs the tests on mutants: what each test reaches, and which one fails.

The most promising cases that reach a mutant are run one by one, then the
others, program by program, up to the first failure: all the short ones, then
those that take longer, then the longest, each by itself."""
import bisect
import ctypes
import os
import re
import resource
import shutil
import signal
import subprocess
import tempfile
import time

ROOM = 1 << 20           # bytes of the map of what is reached, as in runtime.h
ALONE = 8                # cases that are run one by one, the best ones
LENGTHS = [0.1, 0.5]     # seconds: what is short, and what is not long
SPECIFIC = 500           # mutants of all that a specific case reaches
MEMORY = 4 << 30         # bytes resident in all processes of one run
FILE_LARGEST = 1 << 30
SUBREAPER = 36           # PR_SET_CHILD_SUBREAPER


# ---- one run ----

def descendants():
    """The processes that descend from this one."""
    found, todo = [], [os.getpid()]
    while todo:
        one = todo.pop()
        try:
            for thread in os.listdir(f"/proc/{one}/task"):
                with open(f"/proc/{one}/task/{thread}/children",
                          encoding="ascii") as file:
                    children = [int(word) for word in file.read().split()]
                found += children
                todo += children
        except OSError:
            continue
    return found


def resident(processes):
    pages = 0
    for process in processes:
        try:
            with open(f"/proc/{process}/statm", encoding="ascii") as file:
                pages += int(file.read().split()[1])
        except (OSError, IndexError):
            continue
    return pages * resource.getpagesize()


def end_all():
    """Ends whatever a run has left, also what wanted to escape."""
    while True:
        left = descendants()
        if not left:
            return
        for process in left:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                pass
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(0.002)


def adopt():
    """What is orphaned below this process becomes its child."""
    ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})


class Family:
    """The processes of one run, orphans too, which are reaped as by init."""

    def __init__(self, process):
        self.process = process
        self.code = None   # of the first, once it has ended
        self.busy = 0.0

    def reap(self):
        """Waits up to half a second."""
        signal.sigtimedwait({signal.SIGCHLD}, 0.5)
        try:
            while True:
                ended, status, usage = os.wait4(-1, os.WNOHANG)
                if ended == 0:
                    return
                self.busy += usage.ru_utime + usage.ru_stime
                if ended == self.process.pid:
                    self.code = os.waitstatus_to_exitcode(status)
                    self.process.returncode = self.code
        except ChildProcessError:
            return


def run(program, cases, extra, wall, busy):
    """(verdict, wall, busy): the verdict is ok, failed or late."""
    scratch = tempfile.mkdtemp(prefix="run-", dir=os.environ["PP_SCRATCH"])
    limit = int(busy * 3 + 2)

    def limits():
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_LARGEST, FILE_LARGEST))

    libraries = [os.environ["PP_RUNNER"],
                 program.environment.get("LD_LIBRARY_PATH", "")]
    environment = {**os.environ, **program.environment, **extra,
                   "LD_LIBRARY_PATH": ":".join(libraries), "TMPDIR": scratch}
    begun = time.monotonic()
    family = Family(subprocess.Popen(
        [program.command, *program.arguments(cases)], env=environment,
        cwd=scratch, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, start_new_session=True, preexec_fn=limits))
    late, looked = False, begun
    while family.code is None and not late:
        family.reap()
        now = time.monotonic()
        if now - looked > 0.5:
            looked = now
            late = now - begun > 15 + 5 * wall or \
                resident(descendants()) > MEMORY
    taken = time.monotonic() - begun
    end_all()
    family.process.returncode = family.code or 0
    shutil.rmtree(scratch, ignore_errors=True)
    verdict = "late" if late else "failed" if family.code else "ok"
    return verdict, taken, family.busy


# ---- what each case reaches ----

def record(job):
    """Runs one case without a mutant and sees which mutants it reaches."""
    program, case = job
    seen = tempfile.NamedTemporaryFile(dir=os.environ["PP_SCRATCH"])
    for _ in range(3):  # the machine may be busy
        seen.truncate(0)
        seen.truncate(ROOM)
        verdict, wall, busy = run(
            program, [case], {"PP_MUTANTS_REACHED": seen.name}, 60, 60)
        if verdict == "ok":
            seen.seek(0)
            marks = seen.read(ROOM)
            reached = [m.start() for m in re.finditer(b"\x01", marks)]
            return program.name, case.name, wall, busy, reached
    return program.name, case.name, None, None, []


# ---- one mutant ----

class Judge:
    """Which cases to ask first is learned from what they found: a case that
    found a mutant of a function finds most of that function's."""

    def __init__(self, all_programs, budget):
        self.programs = all_programs
        self.budget = budget
        self.asked = {}
        self.found = {}

    def learn(self, mutant, case, found):
        for key in ((mutant.path, mutant.function, case), (mutant.path, case)):
            self.asked[key] = self.asked.get(key, 0) + 1
            self.found[key] = self.found.get(key, 0) + found

    def hope(self, mutant, program, case):
        """How likely it is to find it: what is known of it, for a start by
        its clause, by the file that it is named after, and by how little it
        reaches, and then by what it found."""
        hope = 0.5 if case.suite in mutant.clauses else \
            0.2 if case.suite in mutant.near else 0.1
        stem = os.path.splitext(os.path.basename(mutant.path))[0]
        hope += 0.2 * program.name.startswith(stem)
        hope += 0.2 * min(1, SPECIFIC / len(case.reached))
        for key in ((mutant.path, case.name),
                    (mutant.path, mutant.function, case.name)):
            asked, found = self.asked.get(key, 0), self.found.get(key, 0)
            hope = (found + 2 * hope) / (asked + 2)
        # Tests that start programs wait for them, and fail where it is late.
        return hope * (1 if program.alone else 0.25)

    def runs(self, mutant, passed, before):
        """What to ask, in order."""
        left = [(c.name != before, self.hope(mutant, p, c), p, c)
                for p in self.programs for c in p.cases
                if mutant.number in c.reached and
                passed.get(f"{p.name} {c.name}") != c.source]
        left.sort(key=lambda e: (e[0], (e[3].seconds + 0.02) / e[1]))
        for _, _, program, case in left[:ALONE]:
            yield program, [case]
        rest = {}
        for _, hope, program, case in left[ALONE:]:
            length = bisect.bisect_left(LENGTHS, case.seconds)
            single = program.apart or length == len(LENGTHS)
            key = (length, program.name, case.name if single else "")
            run = rest.setdefault(key, [program, [], 0.02, 0])
            run[1].append(case)
            run[2] += case.seconds
            run[3] += hope
        for key in sorted(rest, key=lambda k: (k[0], rest[k][2] / rest[k][3])):
            yield rest[key][:2]

    def fails(self, mutant, program, cases):
        """How, or None. What may fail because the machine is busy has to fail
        twice."""
        for _ in range(1 if program.alone else 2):
            verdict, _, _ = run(
                program, cases, {"PP_MUTANT": str(mutant.number)},
                sum(case.wall for case in cases),
                sum(case.busy for case in cases))
            if verdict != "failed":
                break
        return None if verdict == "ok" else verdict

    def judge(self, mutant, known):
        """known: the verdict on it when something was different, or nothing;
        with the cases that are known not to find it, and their digests."""
        passed = known.get("passed", {})
        now_passed = dict(passed)
        spent = 0
        for program, cases in self.runs(mutant, passed, known.get("case")):
            if spent > self.budget:
                return {"passed": now_passed, "more": True}
            spent += sum(case.busy for case in cases)
            how = self.fails(mutant, program, cases)
            if len(cases) == 1:
                self.learn(mutant, cases[0].name, how is not None)
            if how:
                return {"killed": program.name, "digest": cases[0].source,
                        "case": cases[0].name, "how": how}
            for case in cases:
                now_passed[f"{program.name} {case.name}"] = case.source
        return {"passed": now_passed}
