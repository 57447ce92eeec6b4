"""Reads a job of GitHub or of GitLab from examples/ci as its server would, and
does what it says of poolproof.

usage: read_jobs.py FILE POOLPROOF, in a folder with libmine.so, which conforms
to nothing

Every step is one that the server knows, the command judges libmine.so, and what
the job hands on afterwards is what the command wrote.

Exit status: 0 so it is, 1 it is not, with what, 77 there is no python3-yaml."""
import os
import re
import subprocess
import sys

try:
    import yaml
except ImportError:
    sys.exit(77)

PROGRAM = "poolproof/build/release/cli/poolproof"


def want(fact, what):
    if not fact:
        sys.exit(what)


def judged(commands, program):
    """Runs the one command that judges; answers the files that it names."""
    ours = [c for c in commands if PROGRAM in c]
    want(len(ours) == 1, f"{len(ours)} commands judge")
    ran = subprocess.run(["sh", "-ec", ours[0].replace(PROGRAM, program)],
                         env={**os.environ, "GITHUB_STEP_SUMMARY": "summary"},
                         capture_output=True, text=True, check=False)
    want(ran.returncode == 1, f"{ran.returncode}: {ran.stdout}{ran.stderr}")
    want("./libmine.so breaks " in ran.stdout, ran.stdout)
    forms = dict(re.findall(r"-O ([a-z]+):(\S+)", ours[0]))
    traces = re.search(r"--traces (\S+)", ours[0])[1]
    want(os.listdir(traces), f"{traces} is empty")
    return forms, traces


def holds(path):
    want(os.path.getsize(path) > 0, f"{path} is empty")


def github(job, program):
    want(True in job or "on" in job, "nothing starts it")  # YAML's "on"
    steps = [s for j in job["jobs"].values() for s in j["steps"]]
    want(all(j.get("runs-on") for j in job["jobs"].values()), "it runs nowhere")
    for step in steps:
        want(("uses" in step) != ("run" in step), f"{step}: uses or run")
        want(re.fullmatch(r"[\w.-]+(/[\w.-]+)+@v\d+", step.get("uses", "a/b@v1")),
             f"{step}: no release is named")
        want(set(step) <= {"name", "uses", "run", "with", "env", "if"}, step)
    forms, traces = judged([s["run"] for s in steps if "run" in s], program)
    holds("summary")
    behind = {s["uses"].split("@")[0]: s for s in steps if "uses" in s}
    scan = behind["github/codeql-action/upload-sarif"]
    keep = behind["actions/upload-artifact"]
    want(job["permissions"]["security-events"] == "write", "it may not scan")
    want(scan["with"]["sarif_file"] == forms["sarif"], "another file is scanned")
    want(keep["with"]["path"] == traces, "other traces are kept")
    want(scan["if"] == keep["if"] == "always()", "a finding ends the job")
    holds(forms["sarif"])


def gitlab(job, program):
    want(len(job) == 1, "one job is wanted")
    (job,) = job.values()
    want(job.get("image"), "it runs nowhere")
    forms, traces = judged(job["script"], program)
    kept = job["artifacts"]
    want(kept["when"] == "always", "a finding leaves nothing")
    want(kept["reports"]["junit"] == forms["junit"], "another file is read")
    want(kept["paths"] == [traces + "/"], "other traces are kept")
    holds(forms["junit"])


def main(words):
    if len(words) != 2:
        sys.exit(__doc__)
    with open(words[0], encoding="utf-8") as file:
        job = yaml.safe_load(file)
    (github if "jobs" in job else gitlab)(job, words[1])


main(sys.argv[1:])
