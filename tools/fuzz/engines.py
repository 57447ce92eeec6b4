"""Engines at work: processes, how far they are, and what they left behind."""
import ctypes
import os
import re
import shutil
import signal
import socket
import subprocess
import time

from variants import HARNESSES, Trouble

PULSE = re.compile(r'#(\d+)\s+\w+.*? cov: (\d+) ft: (\d+) corp: (\d+)'
                   r'(?:.*?exec/s: (\d+))?')
FINAL = re.compile(r'stat::number_of_executed_units: (\d+)')
ARTIFACT = re.compile(r'(crash|timeout|oom|leak)-')
ATTEMPTS = 20  # of one job, after finds


def die_with_us():
    """An engine does not outlive whoever started it."""
    PR_SET_PDEATHSIG = 1
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def start(command, log, environment, folder):
    """Its own group, so that ^C is ours to answer."""
    with open(log, 'ab') as out:
        return subprocess.Popen(
            command, env=environment, cwd=folder, stdin=subprocess.DEVNULL,
            stdout=out, stderr=subprocess.STDOUT, start_new_session=True,
            preexec_fn=die_with_us)


def end(process, number=signal.SIGINT):
    """Asks, waits, and does not ask again."""
    for sent in (number, signal.SIGKILL):
        try:
            os.killpg(process.pid, sent)
        except ProcessLookupError:
            pass
        try:
            process.wait(10)
            break
        except subprocess.TimeoutExpired:
            continue
    try:
        os.killpg(process.pid, signal.SIGKILL)  # children that it left
    except ProcessLookupError:
        pass


def files(folder):
    try:
        return sorted(os.path.join(folder, name) for name in os.listdir(folder)
                      if not name.startswith('.') and name != 'README.txt')
    except FileNotFoundError:
        return []


class LibFuzzer:
    """A job; several share one corpus."""

    def __init__(self, work, number):
        self.work, self.number, self.starts = work, number, 0
        self.log = os.path.join(work.folder, f'libfuzzer-{number}.log')
        self.raw = work.raw
        self.process, self.read, self.executed = None, 0, 0
        self.state = {'rate': 0, 'cov': 0, 'ft': 0, 'corpus': 0}
        self.before = 0  # executions of the processes that ended
        self.history = os.path.join(work.folder, f'history-{number}')
        open(self.log, 'wb').close()

    def launch(self, left):
        longest, statements = HARNESSES[self.work.name]
        options = self.work.options
        command = [self.work.program, f'-artifact_prefix={self.raw}/',
                   f'-max_len={longest}', '-reload=1', '-timeout=20',
                   '-rss_limit_mb=4096', '-malloc_limit_mb=1048576',
                   '-print_final_stats=1', '-use_value_profile=0',
                   '-seed=%d' % (options.get('seed', 1) * 1000
                                 + self.number * 100 + self.starts)]
        if statements:
            command.append('-len_control=0')
        if left is not None:
            command.append(f'-max_total_time={max(1, int(left))}')
        if self.work.dictionary:
            command.append(f'-dict={self.work.dictionary}')
        environment = dict(self.work.environment)
        if self.work.lives_on:
            shutil.rmtree(self.history, ignore_errors=True)
            os.makedirs(self.history)
            environment['POOLPROOF_HISTORY'] = self.history
        self.starts += 1
        self.begun = time.time()
        self.process = start(command + self.work.inputs, self.log, environment,
                             self.work.folder)

    def look(self):
        """Reads on in the log."""
        with open(self.log, 'rb') as log:
            log.seek(self.read)
            text = log.read()
        cut = text.rfind(b'\n') + 1
        self.read += cut
        for line in text[:cut].decode('utf-8', 'replace').splitlines():
            pulse, final = PULSE.match(line), FINAL.match(line)
            if pulse:
                self.executed = self.before + int(pulse[1])
                spent = max(0.1, time.time() - self.begun)
                self.state = {'rate': int(int(pulse[1]) / spent),
                              'cov': int(pulse[2]), 'ft': int(pulse[3]),
                              'corpus': int(pulse[4])}
            if final:
                self.executed = self.before + int(final[1])

    def keep_history(self):
        """Beside what was found with it."""
        found = [file for file in files(self.raw)
                 if ARTIFACT.match(os.path.basename(file))
                 and not file.endswith('.history')
                 and os.path.getmtime(file) >= self.begun - 1]
        for file in files(self.history):
            if found and file.endswith(f'{self.process.pid}.history'):
                shutil.copy(file, found[-1] + '.history')

    def ended(self, deadline):
        """True once it is over: a find only begins it anew."""
        self.look()
        if self.process.poll() is None:
            return False
        self.before = self.executed
        tail = open(self.log, 'rb').read()[-3000:].decode('utf-8', 'replace')
        if 'this harness cannot run here' in tail:
            raise Trouble(3, tail.strip().splitlines()[-1])
        if self.process.returncode == 0:
            return True
        if not re.search('Test unit written to', tail):
            raise Trouble(5, f'the engine ended with status '
                             f'{self.process.returncode} (log: {self.log})')
        if self.work.lives_on:
            self.keep_history()
        left = None if deadline is None else deadline - time.time()
        if self.work.until_found or self.starts == ATTEMPTS \
                or (left is not None and left < 1):
            return True
        self.launch(left)
        return False

    def stop(self):
        if self.process.poll() is None:
            end(self.process)
        self.look()

    def found(self):
        return [file for file in files(self.raw)
                if ARTIFACT.match(os.path.basename(file))
                and not file.endswith('.history')]


class Afl:
    """A job; all of them sync over one folder."""

    def __init__(self, work, number):
        self.work, self.number = work, number
        self.out = work.sync
        self.name = f'{socket.gethostname()}-{number}'.replace('.', '-')
        self.log = os.path.join(work.folder, f'afl-{number}.log')
        self.process, self.executed = None, 0
        self.state = {'rate': 0, 'cov': 0, 'ft': 0, 'corpus': 0}
        open(self.log, 'wb').close()

    def is_main(self):
        """One of them is, in all of the folder."""
        others = [name for name in os.listdir(self.out)
                  if os.path.exists(os.path.join(self.out, name,
                                                 'is_main_node'))]
        return self.number == 0 and others in ([], [self.name])

    def launch(self, left):
        longest, statements = HARNESSES[self.work.name]
        environment = dict(
            self.work.environment, AFL_SKIP_CPUFREQ='1', AFL_NO_UI='1',
            AFL_NO_AFFINITY='1', AFL_AUTORESUME='1',
            AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES='1',
            AFL_FORKSRV_INIT_TMOUT='60000')
        if statements and not self.work.options.get('plain-mutator'):
            environment['AFL_CUSTOM_MUTATOR_LIBRARY'] = self.work.mutator
        if self.work.until_found:
            environment['AFL_BENCH_UNTIL_CRASH'] = '1'
        os.makedirs(self.out, exist_ok=True)
        command = ['afl-fuzz', '-i', self.work.start_from(), '-o', self.out,
                   '-M' if self.is_main() else '-S', self.name,
                   '-t', '10000', '-m', 'none', '-G', str(longest),
                   '-s', str(self.work.options.get('seed', 1) + self.number)]
        if left is not None:
            command += ['-V', str(max(1, int(left)))]
        if self.work.dictionary:
            command += ['-x', self.work.dictionary]
        self.process = start(command + ['--', self.work.program], self.log,
                             environment, self.work.folder)

    def stats(self):
        try:
            with open(os.path.join(self.out, self.name, 'fuzzer_stats'),
                      encoding='utf-8') as file:
                pairs = [line.split(':', 1) for line in file if ':' in line]
        except FileNotFoundError:
            return {}
        return {key.strip(): value.strip() for key, value in pairs}

    def look(self):
        stats = self.stats()
        if not stats:
            return
        self.executed = int(stats.get('execs_done', 0))
        self.state = {'rate': int(min(1e9, float(
            stats.get('execs_per_sec', 0)))),
                      'cov': int(stats.get('edges_found', 0)), 'ft': 0,
                      'corpus': int(stats.get('corpus_count', 0))}

    def ended(self, _):
        self.look()
        if self.process.poll() is None:
            return False
        if self.process.returncode != 0:
            tail = open(self.log, 'rb').read()[-4000:].decode('utf-8',
                                                              'replace')
            if 'this harness cannot run here' in tail:
                raise Trouble(3, 'the harness cannot run here '
                                 f'(log: {self.log})')
            raise Trouble(5, f'afl-fuzz ended with status '
                             f'{self.process.returncode} (log: {self.log})')
        return True

    def stop(self):
        if self.process.poll() is None:
            end(self.process)
        self.look()

    def found(self):
        """Whatever the status of the engine said."""
        return [file for kind in ('crashes', 'hangs')
                for file in files(os.path.join(self.out, self.name, kind))]


ENGINES = {'libfuzzer': LibFuzzer, 'afl': Afl}
