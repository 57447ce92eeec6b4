"""Builds of the harnesses, each in a folder of its own under build/, and the
ordinary one beside them, whose programs replay and shrink."""
import os
import shutil
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BUILD = os.path.join(ROOT, 'build')
RELEASE = os.path.join(BUILD, 'release')
POOLPROOF = os.path.join(RELEASE, 'cli', 'poolproof')
QUIET = os.path.join(ROOT, 'fuzz', 'quiet.txt')

# Longest input in bytes, and whether it is made of statements.
HARNESSES = {
    'heap': (1032, True), 'subject': (1032, True), 'lockstep': (1032, True),
    'objects': (1032, True), 'statements': (1032, True),
    'trace': (4096, False), 'literal': (512, False), 'report': (1024, False)}


class Trouble(Exception):
    """What keeps us from working, and the exit status for it."""

    def __init__(self, status, text):
        super().__init__(text)
        self.status = status


def tool(name, package):
    if shutil.which(name) is None:
        raise Trouble(3, f'{name} is missing; run: apt-get install {package}')
    return name


class Variant:
    """A build for an engine."""

    def __init__(self, engine, sanitize=False):
        self.engine, self.sanitize = engine, sanitize
        self.folder = os.path.join(BUILD, f'fuzz-{engine}'
                                   + ('-sanitize' if sanitize else ''))
        self.environment = dict(os.environ)
        if engine == 'afl':
            compiler = tool('afl-clang-fast', 'afl++')
            tool('afl-fuzz', 'afl++')
            self.environment.update(AFL_QUIET='1', AFL_LLVM_DENYLIST=QUIET)
        else:
            compiler = tool('clang', 'clang')
        self.environment.update(CC=compiler, CXX=compiler + '++')

    def options(self):
        found = ['-Dtests=false', '-Dfuzz_engine=-fsanitize=fuzzer']
        arguments = []
        if self.engine == 'libfuzzer':
            arguments.append('-fsanitize=fuzzer-no-link')
        if self.sanitize:
            found += ['-Db_sanitize=address,undefined', '-Db_lundef=false']
            arguments.append('-fno-sanitize-recover=all')
        return found + [f'-Dc_args={arguments}']

    def build(self, targets):
        """Makes the targets of ninja; what is up to date is left alone."""
        log = self.folder + '.log'
        os.makedirs(BUILD, exist_ok=True)
        commands = []
        if not os.path.exists(os.path.join(self.folder, 'build.ninja')):
            shutil.rmtree(self.folder, ignore_errors=True)
            commands.append(['meson', 'setup', self.folder, ROOT]
                            + self.options())
        commands.append(['ninja', '-C', self.folder] + list(targets))
        for command in commands:
            with open(log, 'w', encoding='utf-8') as out:
                status = subprocess.run(
                    command, env=self.environment, stdin=subprocess.DEVNULL,
                    stdout=out, stderr=subprocess.STDOUT, check=False)
            if status.returncode != 0:
                raise Trouble(5, f'{self.folder} does not build (log: {log})')

    def harness(self, name, canary=False):
        program = f'fuzz/fuzz_{name}' + ('-canary' if canary else '')
        return program, os.path.join(self.folder, program)


def build_ordinary(targets):
    """More of the build that ./dev keeps up to date."""
    if not targets:
        return
    log = os.path.join(BUILD, 'release-more.log')
    with open(log, 'w', encoding='utf-8') as out:
        status = subprocess.run(['ninja', '-C', RELEASE] + list(targets),
                                stdin=subprocess.DEVNULL, stdout=out,
                                stderr=subprocess.STDOUT, check=False)
    if status.returncode != 0:
        raise Trouble(5, f'{RELEASE} does not build (log: {log})')


def mutator():
    """For afl-fuzz, which loads it; so it is not instrumented."""
    return os.path.join(RELEASE, 'fuzz', 'fuzz-mutator.so')


def replayer(name):
    """The harness of the ordinary build."""
    program = os.path.join(RELEASE, 'fuzz', f'fuzz_{name}')
    if not os.path.exists(program) or not os.path.exists(POOLPROOF):
        raise Trouble(5, f'{program} is not built; run ./dev build')
    return program


def environment(options):
    """What a harness is told, and what it needs."""
    found = dict(os.environ)
    tunables = found.get('GLIBC_TUNABLES', '')
    if 'optional_static_tls' not in tunables:
        found['GLIBC_TUNABLES'] = (tunables + ':' if tunables else '') \
            + 'glibc.rtld.optional_static_tls=16384'
    found['MALLOC_PERTURB_'] = '0'
    found['ASAN_OPTIONS'] = ('allocator_may_return_null=1:detect_leaks=0:'
                             'quarantine_size_mb=16:abort_on_error=1:'
                             'symbolize=0')
    found['UBSAN_OPTIONS'] = 'abort_on_error=1:print_stacktrace=1'
    for key in ('subject', 'reference'):
        if options.get(key):
            found['POOLPROOF_' + key.upper()] = os.path.abspath(options[key]) \
                if os.path.exists(options[key]) else options[key]
    if options.get('plain-mutator'):
        found['POOLPROOF_MUTATOR'] = 'off'
    return found
