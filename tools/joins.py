"""Where each clause is asserted, tested, fuzzed and broken on purpose.

What is found is read off the sources, with comments blanked out: a name in a
comment asserts nothing. Faults are known by what they say at their top.

What a text holds is known by the text: a tree that differs from the last one
in a single file is looked through in no time.
"""
import functools
import os
import re

from clauses import LIST, read

# Areas whose clauses need no assertion: the language is tested from outside.
ASSERTED_NOWHERE = ('OPS',)
# Areas that are judged from outside: an oracle in check/ is needed.
JUDGED = ('API', 'GRAPH')
# Areas of the objects of an interpreter.
OF_OBJECTS = ('OBJ', 'INT', 'STR', 'BYTES', 'REF', 'INTERN', 'LIST', 'TUPLE',
              'DICT', 'SET', 'ARRAY', 'HASH', 'GC', 'GRAPH')
# These say which oracles to expect and which may be declared, and are none.
LISTING = ('check/armed.c', 'check/declared.c')

# What the preprocessor leaves out; none of ours are nested.
LEFT_OUT = re.compile(r'^#if 0\b.*?^#(?:endif|else)\b',
                      re.DOTALL | re.MULTILINE)
DISABLED = re.compile(r'\.disabled\s*=\s*(?!false\b)')
COMMENT = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', re.DOTALL)
ASSERTION = re.compile(
    r'\b(PP_(?:REQUIRE|ENSURE|FACT|CHECK|ASSERT|ORACLE)\w*'
    r'|(?:_S|s)tatic_assert)\s*\(')
LATITUDE = re.compile(r'\bPP_LATITUDE_TAKEN\(\w+,\s*([A-Z]+_\d\d)')
TOLD = re.compile(r'(?<![=!]= )\bPP_([A-Z]+_\d\d)\b')
ID = re.compile(r'\b([A-Z]+)[-_](\d\d)\b')
SUITE = re.compile(r'\b(?:\w*Test\(|ParameterizedTest\([^,]*,'
                   r'|Theory\(\([^)]*\),)\s*([A-Z]+_\d\d)\s*,\s*(\w+)')
WATCHES = re.compile(r'/\* Watches: ([^*]*)\*/')
HARNESS = re.compile(r'^int LLVMFuzzerTestOneInput\(.*\{$', re.MULTILINE)
FOUND_AS = re.compile(r'Found as ([A-Z]+-\d\d)(, because \w+)?')
HEAD = re.compile(r'/\*\s*([^:]*):')
TAKES = re.compile(r'takes the latitude of ([A-Z]+-\d\d)')
# Sources beside the faulty mallocs that are no faults.
NO_FAULT = re.compile(r'sound.*|hostile\.c')


def blank(match):
    """A comment as so many line ends; a string stays, for static_assert."""
    if match[0].startswith('"'):
        return match[0]
    return '\n' * match[0].count('\n')


@functools.lru_cache(None)
def uncommented(text):
    text = COMMENT.sub(blank, text)
    return LEFT_OUT.sub(lambda match: '\n' * match[0].count('\n'), text)


def code(root, file):
    return uncommented(read(root, file))


def files(root, folder, ending):
    """Those in the folder and below, by name."""
    found = []
    for path, folders, names in os.walk(os.path.join(root, folder)):
        folders.sort()
        below = os.path.relpath(path, root)
        found += [os.path.join(below, name)
                  for name in sorted(names) if name.endswith(ending)]
    return found


def line_of(text, at):
    return text.count('\n', 0, at) + 1


def arguments(text, start):
    """From behind the opening parenthesis to the one that closes it."""
    depth, at = 1, start
    while depth > 0 and at < len(text):
        depth += {'(': 1, ')': -1}.get(text[at], 0)
        at += 1
    return text[start:at - 1]


@functools.lru_cache(None)
def assertions(text):
    """(line, verb, what stands in the parentheses), of code."""
    found = []
    for match in ASSERTION.finditer(text):
        before = text[text.rfind('\n', 0, match.start()) + 1:match.start()]
        if '#define' not in before:
            found.append((line_of(text, match.start()), match[1],
                          arguments(text, match.end())))
    return found


def comes_as(match):
    return f'{match[1]}-{match[2]}'


@functools.lru_cache(None)
def sites_in(text, judges):
    """(id, line) of what asserts a clause."""
    found = set()
    for line, _, inside in assertions(text):
        found |= {(comes_as(match), line) for match in ID.finditer(inside)}
    if judges:
        for pattern in (LATITUDE, TOLD):
            found |= {(match[1].replace('_', '-'), line_of(text, match.start()))
                      for match in pattern.finditer(text)}
    return sorted(found)


@functools.lru_cache(None)
def tests_in(text):
    """(id, line, title) of the tests that run."""
    found = []
    for match in SUITE.finditer(text):
        # Of a theory's data the first parenthesis has no options.
        head = arguments(text, text.index('(', match.start()) + 1)
        if not DISABLED.search(head):
            found.append((match[1].replace('_', '-'),
                          line_of(text, match.start()), match[2]))
    return found


class Join:
    """id: places, for each kind of place; a place is (file, line, title)."""

    def __init__(self, root, wanted):
        self.root, self.wanted, self.findings = root, wanted, []
        self.read = []  # the files
        self.harnessed = False  # there are fuzz harnesses
        self.sites, self.tests, self.harnesses, self.faults = (
            {name: [] for name in wanted} for _ in range(4))
        self.collect_sites()
        self.collect_tests()
        self.collect_harnesses()
        self.collect_faults()

    def add(self, where, name, file, line, title=''):
        if name in self.wanted:
            where[name].append((file, line, title))
            return True
        self.findings.append((file, line, f'{name} is no clause; name one of '
                                          'include/poolproof/clauses.def'))
        return False

    def collect_sites(self):
        for folder in ('reference', 'check'):
            for file in files(self.root, folder, ('.c', '.h')):
                self.read.append(file)
                if file in LISTING:
                    continue
                judges = folder == 'check' and file.endswith('.c')
                for name, line in sites_in(code(self.root, file), judges):
                    self.add(self.sites, name, file, line)

    def collect_tests(self):
        for file in files(self.root, 'proptests', '.c'):
            self.read.append(file)
            for name, line, title in tests_in(code(self.root, file)):
                self.add(self.tests, name, file, line, title)

    def collect_harnesses(self):
        """A harness says what it watches: areas, ids, or both."""
        for file in files(self.root, 'fuzz', '.c'):
            self.read.append(file)
            text = read(self.root, file)
            if HARNESS.search(text) and not WATCHES.search(text):
                self.findings.append((file, 1, 'does not say what it watches; '
                                               'write "/* Watches: AREA ... */"'
                                      ))
            for match in WATCHES.finditer(text):
                self.harnessed = True
                line = line_of(text, match.start())
                for word in re.findall(r'[A-Z]+(?:-\d\d)?', match[1]):
                    watched = [name for name in self.wanted
                               if word in (name, name.split('-')[0])]
                    for name in watched or [word]:
                        self.add(self.harnesses, name, file, line)

    def collect_faults(self):
        for file in files(self.root, 'mutants/alloc', '.sed'):
            self.collect_script(file, ('reference/alloc', 'reference'))
        for file in files(self.root, 'mutants/objects', '.sed'):
            self.collect_script(file, ('reference/objects', 'reference'))
        for file in files(self.root, 'mutants/ops', '.sed'):
            self.collect_script(file, ('check', 'check/objects'))
        for file in files(self.root, 'mutants/mallocs', '.c'):
            self.read.append(file)
            name = os.path.basename(file)
            if name.startswith('odd-'):
                self.collect_odd(file)
            elif not NO_FAULT.fullmatch(name):
                self.collect_malloc(file)

    def collect_script(self, file, folders):
        """A sed script that changes one file of one of the folders."""
        self.read.append(file)
        lines = read(self.root, file).splitlines()
        head = [line for line in lines if line.startswith('#')]
        text = ' '.join(line.lstrip('# ') for line in head)
        said = dict(re.findall(r'^# (clause|file): (\S+)$', '\n'.join(head),
                               re.MULTILINE))
        for key in ('clause', 'file'):
            if key not in said:
                self.findings.append((file, 1, f'has no line "# {key}: ..."; '
                                               'write it at the top'))
        self.check_found_as(file, text)
        changed = said.get('file')
        if changed and not any(
                os.path.exists(os.path.join(self.root, folder, changed))
                for folder in folders):
            self.findings.append((file, 1, f'{changed} is no file of '
                                           f'{folders[0]}/; name one'))
        if 'clause' in said:
            slug = os.path.basename(file)[:-len('.sed')]
            self.add_fault(said['clause'], file, slug)

    def add_fault(self, name, file, slug):
        if not self.add(self.faults, name, file, 1, slug):
            return
        begins = re.match(r'[a-z]+-\d\d', slug)
        if begins and begins[0].upper() != name:
            self.findings.append((file, 1, f'breaks {name} and is called '
                                           f'{slug}; rename it'))

    def check_found_as(self, file, text):
        for match in FOUND_AS.finditer(text):
            if match[1] not in self.wanted:
                self.findings.append((file, 1, f'is found as {match[1]}, which '
                                               'is no clause; name one'))
            if not match[2]:
                self.findings.append((file, 1, f'is found as {match[1]}; say '
                                               '", because ..."'))

    def first_comment(self, file):
        text = read(self.root, file)
        match = re.match(r'/\*.*?\*/', text, re.DOTALL)
        return ' '.join(match[0].split()).replace(' * ', ' ') if match else ''

    def collect_odd(self, file):
        for match in TAKES.finditer(self.first_comment(file)):
            slug = os.path.basename(file)[:-2]
            if not self.add(self.faults, match[1], file, 1, slug):
                continue
            if self.wanted[match[1]].strength != 'LATITUDE':
                self.findings.append((file, 1, f'{match[1]} leaves no latitude '
                                               'to take; name one that does'))

    def collect_malloc(self, file):
        comment = self.first_comment(file)
        head = HEAD.match(comment)
        named = []
        if head:
            text = re.sub(r'([A-Z]+)-(\d\d) to \1-(\d\d)', spell_out, head[1])
            named = [comes_as(match) for match in ID.finditer(text)]
        if not named:
            self.findings.append((file, 1, 'does not say what it breaks; begin '
                                           'with "/* API-NN: what is wrong"'))
        self.check_found_as(file, comment)
        for name in named:
            self.add_fault(name, file, os.path.basename(file)[:-2])


def spell_out(match):
    """API-18 to API-22, one by one."""
    numbers = range(int(match[2]), int(match[3]) + 1)
    return ', '.join(f'{match[1]}-{number:02}' for number in numbers)


def area_of(name):
    return name.split('-')[0]


def lacking(join, name):
    """The kinds of place that a clause must have and has none of."""
    area, sites = area_of(name), join.sites[name]
    if join.wanted[name].withdrawn:
        return
    if area in JUDGED:
        sites = [site for site in sites if site[0].startswith('check/')]
    if not sites and area not in ASSERTED_NOWHERE:
        yield 'SITE'
    if not join.tests[name]:
        yield 'TEST'
    if not join.harnesses[name] and join.harnessed:
        yield 'HARNESS'
    if not join.faults[name]:
        yield 'FAULT'


def remedy(join, name, kind):
    """What is missing, and what to do."""
    area, suite, low = area_of(name), name.replace('-', '_'), name.lower()
    if kind == 'SITE' and area in JUDGED:
        return f'no oracle; write PP_ORACLE(driver, {suite}, ...) in check/'
    if kind == 'SITE':
        return (f'no assertion; write PP_ENSURE or PP_FACT(witness, {suite}, '
                '...) in reference/, or an oracle in check/')
    if kind == 'TEST':
        return f'no test; write Test({suite}, ...) in proptests/*.c'
    if kind == 'HARNESS':
        return (f'no harness; name {area} in a line "/* Watches: ... */" in '
                'fuzz/*.c')
    if join.wanted[name].strength == 'LATITUDE':
        return ('no allocator that takes its latitude; write mutants/mallocs/'
                f'odd-*.c that "takes the latitude of {name}"')
    folder = {'OPS': 'ops', 'API': 'mallocs'}.get(area, 'alloc')
    if area in OF_OBJECTS:
        folder = 'objects'
    ending = 'c' if folder == 'mallocs' else 'sed'
    return (f'no fault that breaks it; write mutants/{folder}/{low}-*.{ending}')


def check(join):
    """What is wrong at a place, and what a clause lacks."""
    yield from join.findings
    for name, clause in join.wanted.items():
        for kind in lacking(join, name):
            yield LIST, clause.line, f'{name} has {remedy(join, name, kind)}'


def write(join, path, depfile):
    """The join as C, and for ninja what it was made of."""
    kinds = (('SITE', join.sites), ('TEST', join.tests),
             ('HARNESS', join.harnesses), ('FAULT', join.faults))
    with open(path, 'w', encoding='utf-8') as out:
        out.write('/* Written by tools/tidy.\n'
                  ' *   PP_JOIN(clause, kind, file, line, title)\n'
                  ' *   PP_HOLE(clause, kind)  has no such place and must */\n')
        for name in join.wanted:
            for kind, places in kinds:
                for file, line, title in places[name]:
                    out.write(f'PP_JOIN({name.replace("-", "_")}, {kind}, '
                              f'"{file}", {line}, "{title}")\n')
        for name in join.wanted:
            for kind in lacking(join, name):
                out.write(f'PP_HOLE({name.replace("-", "_")}, {kind})\n')
    if depfile is None:
        return
    # A folder is newer when a file came or went.
    folders = {os.path.dirname(file) for file in join.read}
    with open(depfile, 'w', encoding='utf-8') as out:
        names = sorted(folders | set(join.read))
        out.write(f'{path}: ' + ' '.join(
            os.path.join(join.root, name).replace(' ', '\\ ')
            for name in names) + '\n')
