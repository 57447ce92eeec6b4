"""Planted faults that have to be found, and what finds them sooner."""
import os
import shutil
import statistics
import subprocess
import time

import campaign
import finds
from engines import ENGINES, files
from variants import BUILD, HARNESSES, ROOT, Trouble, Variant, environment, \
    replayer

LIMIT = 60  # seconds, for one


class Canary:
    """A fault: how it is planted, and as which clause it is found."""

    def __init__(self, clause, variable=None, module=None):
        self.clause, self.variable, self.module = clause, variable, module
        self.program = variable is None  # linked with the harness

    def targets(self):
        return [] if self.program else [self.module]

    def environment(self, folder):
        if self.program:
            return {}
        return {self.variable: os.path.join(folder, self.module)}


def subject(clause, module):
    return Canary(clause, 'POOLPROOF_SUBJECT', f'mutants/{module}.so')


CANARIES = {
    'heap': subject('POOL-08', 'libmutant-pool-08-back-of-ring'),
    'subject': subject('API-12', 'api-12-last-word-not-copied'),
    'lockstep': Canary('HEAP-12', 'POOLPROOF_REFERENCE',
                       'mutants/libmutant-block-05-oldest-first.so'),
    'objects': subject('TUPLE-01',
                       'objects/libobjects-tuple-01-last-item-missing'),
    'statements': Canary('OPS-11'),
    'trace': Canary('OPS-05'),
    'literal': Canary('VALUE-description'),
    'report': Canary('REPORT-junit REPORT-html'),
}


def search(name, canary, options):
    """(seconds, executions, id) of one search that begins with nothing."""
    work = campaign.Work(name, options, canary)
    work.build()
    job = ENGINES[work.engine](work, 0)
    begun = time.time()
    if campaign.watch(work, [job], options.get('time', LIMIT)):
        raise Trouble(130, 'interrupted')
    spent = time.time() - begun
    if not job.found():
        return None, job.executed, 'nothing'
    raw = job.found()[0]
    if work.engine == 'libfuzzer':
        with open(job.log, encoding='utf-8', errors='replace') as log:
            match = finds.BROKEN.search(log.read())
        clause = match[1] if match else finds.told(work, raw)[0]
    else:
        clause = finds.told(work, raw)[0]
    return spent, job.executed, clause


def searches(name, engine, options, more=None):
    """For each seed."""
    found = []
    for seed in range(1, options.get('seeds', 1) + 1):
        found.append(search(name, CANARIES[name],
                            dict(options, engine=engine, seed=seed,
                                 **(more or {}))))
    return found


def canaries(names, options):
    names = names or list(CANARIES)
    chosen = [options['engine']] if 'engine' in options else list(ENGINES)
    missed = 0
    print(f'{"harness":11} {"engine":10} {"wanted":18} {"found as":18} '
          f'{"median s":>8} {"executions":>11}')
    for name in names:
        wanted = CANARIES[name].clause
        for engine in chosen:
            results = searches(name, engine, options)
            good = [result for result in results
                    if result[0] is not None and result[2] in wanted.split()]
            missed += len(results) - len(good)
            times = [result[0] for result in good]
            told = sorted({str(result[2]) for result in results})
            median = f'{statistics.median(times):.1f}' if times else '-'
            executed = int(statistics.median(result[1] for result in results))
            print(f'{name:11} {engine:10} {wanted:18} {" ".join(told):18} '
                  f'{median:>8} {executed:>11}')
    if missed:
        print(f'{missed} were missed')
    return 1 if missed else 0


def effect(names, options):
    """Median executions to the fault, by the mutations at work."""
    names = names or [name for name in CANARIES if HARNESSES[name][1]]
    print(f'{"harness":11} {"engine":10} {"ours too":>10} {"engine alone":>12} '
          f'  (median executions of {options.get("seeds", 1)} seeds; missed '
          'ones count as the most that any took)')
    for name in names:
        for engine in ENGINES:
            row = []
            for plain in (False, True):
                results = searches(name, engine, options,
                                   {'plain-mutator': plain})
                row.append(int(statistics.median(r[1] for r in results)))
                row.append(sum(r[0] is None for r in results))
            print(f'{name:11} {engine:10} {row[0]:>10} {row[2]:>12}   missed '
                  f'{row[1]} and {row[3]}')
    return 0


# ---- rates ----

def fixed_corpus(name, work):
    """Inputs of 64 statements on the average, or the seeds."""
    work.start_from_the_corpus()
    chosen = files(work.seeds)
    if HARNESSES[name][1]:
        chosen = [file for file in chosen
                  if os.path.getsize(file) == 65 * 8] or chosen
    return chosen


def rate(program, inputs, variables):
    """Executions a second of processor time, of a fixed corpus."""
    times = 1
    while True:
        before = os.times()
        done = subprocess.run(
            [program, f'-runs={times}', '-malloc_limit_mb=1048576',
             '-rss_limit_mb=4096'] + inputs, env=variables,
            capture_output=True, check=False)
        after = os.times()
        if done.returncode != 0:
            raise Trouble(1, f'{program} finds something in its corpus')
        spent = (after.children_user + after.children_system
                 - before.children_user - before.children_system)
        if spent > 2:
            return times * len(inputs) / spent
        times *= 4


def rates(names, options):
    options = dict(options, engine='libfuzzer')
    variant = Variant('libfuzzer', options.get('sanitize', False))
    empty = 'fuzz/fuzz_nothing'
    variant.build([empty])
    print(f'{"harness":11} {"a second":>9} {"empty target":>12}   '
          '(executions by processor time)')
    for name in names or list(HARNESSES):
        work = campaign.Work(name, options)
        work.build()
        inputs = fixed_corpus(name, work)
        own = rate(work.program, inputs, work.environment)
        beside = rate(os.path.join(variant.folder, empty), inputs,
                      work.environment)
        print(f'{name:11} {own:9.0f} {beside:12.0f}')
    return 0
