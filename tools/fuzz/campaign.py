"""One campaign: what it starts from, how it is watched, and its end."""
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time

import finds
from engines import ENGINES, files
from variants import (BUILD, HARNESSES, RELEASE, ROOT, Trouble, Variant,
                      build_ordinary, environment, mutator, replayer)

REGRESSIONS = (os.path.join(ROOT, 'corpus'),
               os.path.join(ROOT, 'corpus', 'regressions'))


def place(folder, name, data):
    """Whole or not at all, whenever we are killed."""
    path = os.path.join(folder, name)
    if not os.path.exists(path):
        fresh = os.path.join(folder, f'.{name}.{os.getpid()}')
        with open(fresh, 'wb') as out:
            out.write(data)
        os.rename(fresh, path)
    return path


def place_by_sum(folder, data):
    return place(folder, hashlib.sha1(data).hexdigest(), data)


def drop_halves(folder):
    """An engine names inputs by their sum; one that has another was being
    written when it was killed."""
    for file in files(folder):
        name = os.path.basename(file)
        with open(file, 'rb') as opened:
            data = opened.read()
        if len(name) == 40 and hashlib.sha1(data).hexdigest() != name:
            os.unlink(file)
            place_by_sum(folder, data)  # any bytes are an input


class Work:
    """The folder of a harness, and how it is run there."""

    def __init__(self, name, options, canary=None):
        self.name, self.options = name, options
        self.canary, self.until_found = canary, canary is not None
        self.engine = options.get('engine', 'libfuzzer')
        self.folder = os.path.join(BUILD, 'fuzz', name)
        if canary:
            self.folder = os.path.join(BUILD, 'fuzz', 'canaries', self.engine,
                                       name)
            shutil.rmtree(self.folder, ignore_errors=True)
        self.corpus, self.raw, self.finds, self.seeds = (
            os.path.join(self.folder, part)
            for part in ('corpus', 'raw', 'finds', 'seeds'))
        for folder in (self.corpus, self.raw, self.finds):
            os.makedirs(folder, exist_ok=True)
        self.sync = os.path.abspath(options['sync']) if 'sync' in options \
            else os.path.join(self.folder, 'afl')
        self.lives_on = name in ('subject', 'lockstep')
        self.environment = environment(options)
        self.dictionary = None

    def build(self):
        variant = Variant(self.engine, self.options.get('sanitize', False))
        target, self.program = variant.harness(
            self.name, bool(self.canary and self.canary.program))
        targets = [target]
        self.mutator = mutator()
        if self.canary:
            self.plant(variant, targets)
        variant.build(targets)
        self.inputs = [self.corpus]

    def plant(self, variant, targets):
        """A faulty subject; AFL++ takes none that is instrumented, for it is
        loaded late."""
        if self.engine == 'afl':
            build_ordinary(self.canary.targets())
            folder = RELEASE
        else:
            targets += self.canary.targets()
            folder = variant.folder
        self.environment.update(self.canary.environment(folder))

    def start_from_the_corpus(self):
        """The corpus of the tree and the edges, anew each time."""
        shutil.rmtree(self.seeds, ignore_errors=True)
        made = subprocess.run(
            [replayer(self.name), '--write', self.seeds]
            + [folder for folder in REGRESSIONS if os.path.isdir(folder)],
            env=self.environment, capture_output=True, check=False)
        if made.returncode != 0:
            raise Trouble(5, made.stderr.decode('utf-8', 'replace'))
        drop_halves(self.corpus)
        self.inputs = [self.corpus, self.seeds]
        words = os.path.join(ROOT, 'fuzz', f'fuzz_{self.name}.dict')
        self.dictionary = words if os.path.exists(words) else None

    def start_from(self):
        """One folder, for AFL++."""
        folder = os.path.join(self.folder, 'afl-inputs')
        os.makedirs(folder, exist_ok=True)
        for file in [file for part in self.inputs for file in files(part)]:
            with open(file, 'rb') as opened:
                place_by_sum(folder, opened.read())
        if not files(folder):
            place_by_sum(folder, bytes(16))
        return folder

    def harvest(self):
        """What AFL++ has in its queues, into the corpus."""
        for name in sorted(os.listdir(self.sync)
                           if os.path.isdir(self.sync) else []):
            for file in files(os.path.join(self.sync, name, 'queue')):
                if os.path.isfile(file):
                    with open(file, 'rb') as opened:
                        place_by_sum(self.corpus, opened.read())


class Status:
    """One line on a terminal, and silence in a pipe."""

    def __init__(self, work, jobs):
        self.work, self.jobs, self.begun = work, jobs, time.time()
        self.shown = sys.stderr.isatty()

    def ages(self):
        times = sorted(os.path.getmtime(file)
                       for job in self.jobs for file in job.found())
        if not times:
            return 'no find'
        now = time.time()
        return (f'{len(times)} finds, oldest {now - times[0]:.0f}s, '
                f'newest {now - times[-1]:.0f}s ago')

    def show(self):
        if not self.shown:
            return
        states = [job.state for job in self.jobs]
        spent = int(time.time() - self.begun)
        print(f'\r\x1b[K{self.work.name} {spent // 60}:{spent % 60:02} '
              f'{sum(state["rate"] for state in states)}/s '
              f'cov {max(state["cov"] for state in states)} '
              f'ft {max(state["ft"] for state in states)} '
              f'corpus {max(state["corpus"] for state in states)}, '
              f'{self.ages()}', end='', file=sys.stderr, flush=True)

    def clear(self):
        if self.shown:
            print('\r\x1b[K', end='', file=sys.stderr, flush=True)


def watch(work, jobs, limit):
    """Until the time is over, all jobs are, or ^C: then True."""
    deadline = None if limit is None else time.time() + limit
    status = Status(work, jobs)
    stopped = []
    former = {number: signal.signal(number, lambda *_: stopped.append(1))
              for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        for job in jobs:
            job.launch(limit)
        while not stopped:
            if all([job.ended(deadline) for job in jobs]):
                break
            if work.until_found and any(job.found() for job in jobs):
                break
            if deadline is not None and time.time() > deadline + 2:
                break
            status.show()
            time.sleep(0.2 if work.until_found else 0.5)
    finally:
        for job in jobs:
            if job.process is not None:
                job.stop()
        status.clear()
        for number, handler in former.items():
            signal.signal(number, handler)
    return bool(stopped)


def minimise(work):
    """The corpus keeps what covers something; another one takes its place."""
    if work.engine == 'afl':
        work.harvest()
    folder = os.path.join(work.folder, 'minimised')
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    program = work.program
    if work.engine == 'afl':
        command = ['afl-cmin', '-t', '10000', '-m', 'none', '-i', work.corpus,
                   '-o', folder, '--', program]
    else:
        command = [program, '-merge=1', '-rss_limit_mb=4096', folder,
                   work.corpus]
    run = subprocess.run(command, env=dict(work.environment, AFL_ALLOW_TMP='1'),
                         capture_output=True, check=False)
    kept = files(folder)
    if run.returncode != 0 or not kept:
        raise Trouble(5, 'the corpus could not be minimised: '
                      + run.stderr.decode('utf-8', 'replace')[-500:])
    before = len(files(work.corpus))
    former = work.corpus + '.former'
    shutil.rmtree(former, ignore_errors=True)
    os.rename(work.corpus, former)
    os.rename(folder, work.corpus)
    shutil.rmtree(former)
    print(f'{before} inputs became {len(kept)}')


def recover(work):
    """A run that was killed between two names of the corpus."""
    former = work.corpus + '.former'
    if os.path.isdir(former):
        for file in files(former):
            with open(file, 'rb') as opened:
                place_by_sum(work.corpus, opened.read())
        shutil.rmtree(former)


def run(name, options):
    work = Work(name, options)
    recover(work)
    work.build()
    if work.engine == 'afl' and 'sync' not in options \
            and os.path.isdir(work.sync):
        work.harvest()
        finds.gather(work, [file for path in sorted(os.listdir(work.sync))
                            for kind in ('crashes', 'hangs')
                            for file in files(os.path.join(work.sync, path,
                                                           kind))])
        if not options.get('resume'):
            shutil.rmtree(work.sync)
    work.start_from_the_corpus()
    jobs = [ENGINES[work.engine](work, number)
            for number in range(options.get('jobs', 1))]
    interrupted = watch(work, jobs, options.get('time'))
    if work.engine == 'afl':
        work.harvest()
        finds.gather(work, [file for job in jobs for file in job.found()])
    found = finds.judge(work)
    executed = sum(job.executed for job in jobs)
    print(f'{name}: {executed} executions, {len(files(work.corpus))} inputs '
          f'in the corpus, {len(found)} finds')
    for find in found:
        print(find)
    if options.get('minimise'):
        minimise(work)
    if found:
        return 1
    return 130 if interrupted and 'time' in options else 0
