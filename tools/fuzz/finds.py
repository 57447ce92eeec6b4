"""What was found: judged by itself, shrunk, told apart, and kept."""
import hashlib
import os
import re
import shutil
import subprocess

from engines import files
from variants import HARNESSES, POOLPROOF, ROOT, Trouble, replayer

BROKEN = re.compile(r'poolproof: broken: (\S+): (.*)\npoolproof: (.*)')
SHRUNK = re.compile(r'^([A-Z]+-\d\d): (.*)$', re.MULTILINE)
SHRINK_SECONDS = 120


def run(command, environment, limit=60):
    """(status, output, errors); a status of None: it took too long."""
    try:
        done = subprocess.run(command, env=environment, capture_output=True,
                              stdin=subprocess.DEVNULL, timeout=limit,
                              check=False)
    except subprocess.TimeoutExpired:
        return None, '', ''
    return (done.returncode, done.stdout.decode('utf-8', 'replace'),
            done.stderr.decode('utf-8', 'replace'))


class Find:
    """One that is kept, with the way to see it again."""

    def __init__(self, clause, what, path, again, program=None, length=None):
        self.clause, self.what, self.path = clause, what, path
        self.again, self.program, self.length = again, program, length

    def __str__(self):
        lines = [f'{self.clause}: {self.what}', f'  {self.path}'
                 + (f', {self.length} statements' if self.length else ''),
                 f'  shows with: {self.again}']
        if self.program:
            lines.append(f'  as a C program: {self.program}')
        return '\n'.join(lines)


def place(path, data):
    with open(path + '.new', 'wb') as out:
        out.write(data)
    os.rename(path + '.new', path)


def gather(work, found):
    """From the folders of AFL++ to what is to be judged."""
    for file in found:
        with open(file, 'rb') as opened:
            data = opened.read()
        kind = 'timeout' if '/hangs/' in file else 'crash'
        path = os.path.join(work.raw,
                            f'{kind}-{hashlib.sha1(data).hexdigest()}')
        if not os.path.exists(path):
            place(path, data)


def told(work, raw):
    """(id, sentence) by the harness itself, performing the find alone."""
    programs = [work.program] if work.canary else [replayer(work.name),
                                                   work.program]
    for program in programs:
        status, _, errors = run([program, raw], work.environment)
        if 'this harness cannot run here' not in errors:
            break
    if status == 0:
        return None, ''
    match = BROKEN.search(errors)
    if match:
        return match[1], match[3]
    if status is None:
        return 'hang', 'it does not end within a minute'
    return 'crash', (f'signal {-status}' if status < 0 else
                     f'status {status}: {errors.strip()[-200:]}')


def shrunk(work, trace):
    """(clause, sentence, the trace's text) of a trace, or None."""
    with open(trace, encoding='utf-8') as opened:
        options = opened.readline().partition('poolproof replay ')[2].split()
    out = trace + '.shrunk'
    status, _, errors = run([POOLPROOF, 'shrink', trace, '-o', out] + options,
                            work.environment, SHRINK_SECONDS)
    match = SHRUNK.search(errors)
    if status != 1 or not match:
        return None
    with open(out, encoding='utf-8') as opened:
        text = opened.read()
    os.unlink(out)
    return match[1], match[2], text, ' '.join(options)


def traces_of(work, raw):
    """The input as a trace, and with all that came before it."""
    trace = raw + '.trace'
    status, text, _ = run([replayer(work.name), '--show', raw],
                          work.environment)
    if status == 0:
        place(trace, text.encode())
        yield trace
    if os.path.exists(raw + '.history'):
        head = text.partition('\n')[0]
        status, text, _ = run([replayer(work.name), '--history',
                               raw + '.history'], work.environment)
        place(trace, (head + '\n' + text).encode())
        yield trace


def as_trace(work, raw):
    """A find of statements, as short as it gets; None: no trace shows it."""
    for trace in traces_of(work, raw):
        result = shrunk(work, trace)
        os.unlink(trace)
        if result is None:
            continue
        clause, sentence, text, options = result
        name = f'{clause}-{hashlib.sha1(text.encode()).hexdigest()[:8]}'
        path = os.path.join(work.finds, name + '.trace')
        fresh = not os.path.exists(path)
        if fresh:
            place(path, text.encode())
        short = os.path.relpath(path, ROOT)
        status, program, _ = run([POOLPROOF, 'show', '--c', path],
                                 work.environment)
        if status == 0:
            place(path[:-len('.trace')] + '.c', program.encode())
        return Find(clause, sentence, short,
                    f'{os.path.relpath(POOLPROOF, ROOT)} replay {short} '
                    f'{options}',
                    short[:-len('.trace')] + '.c' if status == 0 else None,
                    len(text.splitlines()) - 2)
    return None


def as_input(work, raw, clause, what):
    """A find that no trace shows, as the input that it was."""
    with open(raw, 'rb') as opened:
        data = opened.read()
    name = f'{clause}-{hashlib.sha1(data).hexdigest()[:8]}'
    path = os.path.join(work.finds, name)
    place(path, data)
    short = os.path.relpath(path, ROOT)
    return Find(clause, what, short,
                f'build/release/fuzz/fuzz_{work.name} {short}')


def judge(work):
    """All that is raw, each told once for its clause and its trace. What is
    judged is kept before the raw one goes, so that a kill loses nothing."""
    found, seen = [], set()
    for raw in files(work.raw):
        if not re.match(r'(crash|timeout|oom|leak)-[0-9a-f]+$',
                        os.path.basename(raw)):
            continue
        find = None
        if HARNESSES[work.name][1] and work.name != 'statements':
            find = as_trace(work, raw)
        if find is None:
            clause, what = told(work, raw)
            if clause is None:
                clause, what = 'unshown', ('it was found once, and does not '
                                           'show when it is performed alone')
            if (clause, what) in seen and clause != 'unshown':
                clean(raw)
                continue
            seen.add((clause, what))
            find = as_input(work, raw, clause, what)
        if find.path not in seen:
            seen.add(find.path)
            found.append(find)
        clean(raw)
    return found


def clean(raw):
    for file in (raw + '.history', raw + '.trace', raw + '.trace.shrunk', raw):
        if os.path.exists(file):
            os.unlink(file)


def keep(path):
    """Into the tree: a trace among the regressions, an input beside them."""
    name = os.path.basename(path)
    if not os.path.isfile(path):
        raise Trouble(2, f'there is no file {path}')
    if not re.match(r'[A-Z]+-(\d\d|[a-z]+)-', name):
        raise Trouble(2, f'{name} is named after no clause, as finds are')
    folder = os.path.join(ROOT, 'corpus', 'regressions')
    if not name.endswith('.trace'):
        harness = os.path.basename(os.path.dirname(os.path.dirname(
            os.path.abspath(path))))
        if harness not in HARNESSES:
            raise Trouble(2, f'{path} lies in no finds/ of a harness')
        folder = os.path.join(ROOT, 'fuzz', 'regressions', harness)
    os.makedirs(folder, exist_ok=True)
    shutil.copy(path, os.path.join(folder, name))
    print(os.path.relpath(os.path.join(folder, name), ROOT))
    return 0
