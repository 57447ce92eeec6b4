"""What no compiler and no formatter counts: the shape of the sources.

The numbers are those of CONTRIBUTING.md. Exceptions have a reason here, or a
comment in the line: a number that is none of the geometry's is followed by
`/* not geometry: ... */`.
"""
import functools
import os
import re
import shlex
import shutil
import subprocess
import tempfile

from joins import assertions, code, files, line_of
from clauses import read

FOLDERS = ('reference', 'check', 'cli', 'include', 'proptests', 'mutants')
BESIDE = ('bench', 'allocators', 'fuzz')  # sources of another kind
FILE_MOST, FUNCTION_MOST, WIDTH_MOST = 400, 60, 80
ASSERTIONS_LEAST = 15  # for 100 lines of code in reference/

# ---- files, functions, lines ----

DEFINES = re.compile(r'[a-zA-Z_].*\(')


def long_functions(lines):
    """(line, what is wrong)"""
    begun = None
    for number, line in enumerate(lines, 1):
        if begun is None or DEFINES.match(line):
            begun = number if DEFINES.match(line) else None
        elif line.startswith('}'):
            length = number - begun + 1
            if length > FUNCTION_MOST:
                yield begun, (f'is a function of {length} lines; cut it to '
                              f'{FUNCTION_MOST} or fewer')
            begun = None
        elif line.endswith(';') and not line.startswith((' ', '\t')):
            begun = None


@functools.lru_cache(None)
def too_long(text):
    """(line, what is wrong)"""
    lines = text.splitlines()
    found = list(long_functions(lines))
    if len(lines) > FILE_MOST:
        found.append((len(lines), f'is the last of {len(lines)} lines; cut '
                                  f'the file to {FILE_MOST} or fewer'))
    for number, line in enumerate(lines, 1):
        if len(line) > WIDTH_MOST:
            found.append((number, f'is {len(line)} columns wide; break it at '
                                  f'{WIDTH_MOST}'))
    return found


def lengths(root):
    for folder in FOLDERS:
        for file in files(root, folder, ('.c', '.h')):
            for line, what in too_long(read(root, file)):
                yield file, line, what


# ---- assertions ----

def single_facts(root):
    for folder in ('reference', 'check', 'include'):
        for file in files(root, folder, ('.c', '.h')):
            for line, verb, inside in assertions(code(root, file)):
                if '&&' in inside:
                    yield (file, line, f'{verb} holds &&; make it one '
                                       'assertion for each fact')


MACRO = re.compile(r'^[ \t]*#(?:[^\n]*\\\n)*[^\n]*', re.MULTILINE)


def density(root):
    """Over the lines that do something; macros are counted where used."""
    lines = asserted = 0
    for file in files(root, 'reference', ('.c', '.h')):
        text = code(root, file)
        lines += sum(1 for line in MACRO.sub('', text).splitlines()
                     if line.strip())
        asserted += sum(1 for _ in assertions(text))
    if lines and 100 * asserted < ASSERTIONS_LEAST * lines:
        yield ('reference', 1,
               f'{asserted} assertions in {lines} lines of code are fewer '
               f'than {ASSERTIONS_LEAST} for 100; assert what is assumed')


# ---- the geometry's numbers ----

# Files of reference/ where they are defined.
AT_HOME = ('reference/alloc/geometry.h', 'reference/levels.h',
           'reference/profile.c')
NOT_BARE = {0, 1, 2}
# In check/, where other things have sizes too, only these are suspicious:
# header, small limit, pool and arena sizes.
GEOMETRY = {48, 512, 1 << 12, 1 << 14, 1 << 18, 1 << 20}
# Lines that may have a bare number, and why.
EXCUSED = (
    # the rule is three quarters, and REALLOC-03 spells it so
    ('reference/alloc/heap.c', r'4 \* size (>|<=) 3 \* \(size_t\)'),
    # requests that any malloc is asked; they mean sizes and alignments
    ('check/edges.c', r'\{PP_OP_'),
    # numbers that a person finds simple
    ('check/shrink.c', r'simple\[\] = \{'),
    # of a person's machine: pages, and bursts that stay small
    ('check/sizes.c', r'beside\(random, 4096\)'),
    ('check/generate.c', r'size > 4096|size > UINT64_C\(1\) << 20'),
)
NAMED = re.compile(r'enum\s*(?:\w+\s*)?\{[^}]*\}|^[ \t]*#(?:[^\n]*\\\n)*[^\n]*'
                   r'|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\])*\'',
                   re.MULTILINE | re.DOTALL)
SHIFTED = re.compile(r'(?:UINT64_C\(1\)|\b1[uUlL]*)\s*<<\s*(\d+)\b')
NUMBER = re.compile(r'(?<![\w.])(0[xX][0-9a-fA-F]+|\d+)[uUlL]*\b(?!\.)')
ARRAY = re.compile(r'^\s*(?:static |const |struct )*\w+ \**\w+\[(?:\d+|1 << \d+)\]')


def blank_all(match):
    return '\n' * match[0].count('\n')


@functools.lru_cache(None)
def bare_numbers(text):
    """(line, number) outside of enums, macros and strings."""
    text = NAMED.sub(blank_all, text)
    found = [(line_of(text, match.start()), 1 << int(match[1]))
             for match in SHIFTED.finditer(text)]
    for match in NUMBER.finditer(text):
        octal = re.fullmatch(r'0\d+', match[1])
        found.append((line_of(text, match.start()),
                      int(match[1], 8 if octal else 0)))
    return found


def is_excused(file, line):
    if '/* not geometry: ' in line:
        return True
    return any(file == where and re.search(what, line)
               for where, what in EXCUSED)


def constants(root):
    for folder in ('reference', 'check'):
        for file in files(root, folder, ('.c', '.h')):
            if file in AT_HOME:
                continue
            lines = read(root, file).splitlines()
            for line, number in bare_numbers(code(root, file)):
                if folder == 'reference' and number in NOT_BARE:
                    continue
                if folder == 'check' and number not in GEOMETRY:
                    continue
                here = lines[line - 1]
                if folder == 'check' and ARRAY.match(here):
                    continue  # room for a text
                if not is_excused(file, here):
                    yield (file, line, f'{number} stands bare; ask geometry.h, '
                                       'or give it a name in an enum')


# ---- files that nothing uses ----

def unused_sources(root):
    builds = read(root, 'meson.build') + ''.join(
        read(root, file) for folder in FOLDERS + BESIDE
        for file in files(root, folder, 'meson.build'))
    named = set(re.findall(r"'([^'\n]+)'", re.sub('#.*', '', builds)))
    named |= {os.path.basename(name) for name in named}
    sources = ''.join(read(root, file) for folder in
                      FOLDERS + BESIDE + ('examples',)
                      for file in files(root, folder, ('.c', '.h', '.in')))
    included = set(re.findall(r'#include "([^"]+)"', sources))
    for folder in FOLDERS + BESIDE:
        for file in files(root, folder, ('.c', '.h', '.sed')):
            name, ending = os.path.splitext(os.path.basename(file))
            names = {name, name + ending}
            if ending == '.c' and name.startswith('test_'):
                names.add(name[len('test_'):])
            path = file[len('include/'):] if folder == 'include' else file
            if path not in included and not names & named:
                yield (file, 1, 'is in no meson.build'
                       + (' and included nowhere' if ending == '.h' else '')
                       + '; add it to the list, or remove it')


def corpus(root, wanted):
    for file in files(root, 'corpus', ''):
        name = os.path.basename(file)
        if name == 'README.md':
            continue
        begins = re.match(r'[A-Z]+-\d\d(?=-)', name)
        if not begins or begins[0] not in wanted:
            yield (file, 1, 'begins with no clause; call it CLAUSE-SLUG.trace')


# ---- headers ----

def compiler(variable, *names):
    """As a list of words, or None."""
    words = shlex.split(os.environ.get(variable, ''))
    for name in ([words[0]] if words else []) + list(names):
        if shutil.which(name):
            return words if words and name == words[0] else [name]
    return None


@functools.lru_cache(None)
def refusal(command, include, header, _):
    """What the compiler says first against a header alone; last is all that
    it may include, which the answer hangs on."""
    with tempfile.NamedTemporaryFile('w', suffix='.h') as alone:
        alone.write(f'#include "{header}"\n')
        alone.flush()
        run = subprocess.run(
            [*command, '-I', include, alone.name], stdin=subprocess.DEVNULL,
            capture_output=True, text=True, check=False)
    if run.returncode == 0:
        return None
    return next((line for line in run.stderr.splitlines() if 'error' in line),
                'for no stated reason')


def headers(root):
    """Each public one is all that a source has to include."""
    include = os.path.join(root, 'include')
    texts = tuple(read(root, file) for file in files(root, 'include', ''))
    tools = ((compiler('CC', 'cc', 'gcc', 'clang'), 'c', '-std=c11'),
             (compiler('CXX', 'c++', 'g++', 'clang++'), 'c++', '-std=c++11'))
    for file in files(root, 'include', '.h'):
        for command, language, standard in tools:
            if command is None:
                continue
            error = refusal((*command, '-fsyntax-only', '-x', language,
                             standard), include, file[len('include/'):], texts)
            if error:
                yield (file, 1, f'does not compile alone as {language} '
                                f'({error}); include what it needs')


def check(root, wanted):
    yield from lengths(root)
    yield from single_facts(root)
    yield from density(root)
    yield from constants(root)
    yield from unused_sources(root)
    yield from corpus(root, wanted)
    yield from headers(root)
