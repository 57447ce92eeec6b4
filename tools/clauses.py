"""The clauses as the tree's checks read them: the list, SPEC.md, history.

A finding is (file, line, what is wrong; what to do).
"""
import functools
import os
import re
import subprocess

SPEC, LIST = 'SPEC.md', 'include/poolproof/clauses.def'
WITHDRAWN = 'withdrawn'  # as the source: the id stays, and means no more

# What SPEC.md calls the masks that clauses.def defines.
PROFILES = {
    0x000: 'any subject',
    0x7ff: 'all',
    0x1ff: 'all but the scaled-down',
    0x41f: 'up to 3.9 and small',
    0x3e0: '3.10 on and tiny',
    0x7f8: '3.8 on, tiny and small',
    0x40f: 'up to 3.8 and small',
    0x3f0: '3.9 on and tiny',
    0x001: '3.6',
    0x7fe: 'all but 3.6',
    0x004: '3.7',
    0x00c: '3.7 and 3.8',
    0x01c: '3.7 to 3.9',
    0x03c: '3.7 to 3.10',
    0x040: '3.11',
    0x07c: '3.7 to 3.11',
    0x080: '3.12',
    0x0fc: '3.7 to 3.12',
    0x100: '3.13',
    0x17c: '3.7 to 3.13 but 3.12',
    0x180: '3.12 and 3.13',
    0x1bc: '3.7 to 3.13 but 3.11',
    0x1c0: '3.11 to 3.13',
    0x1e0: '3.10 to 3.13',
    0x1f0: '3.9 to 3.13',
    0x1f8: '3.8 to 3.13',
    0x1fc: '3.7 to 3.13',
}
# The profiles whose objects are known, bit by bit.
OF_OBJECTS = {2 + bit: f'3.{7 + bit}' for bit in range(7)}


def words_of(mask):
    """What SPEC.md calls a mask; of objects "3.7 to 3.11 and 3.13"."""
    if mask is None or mask in PROFILES or mask & ~0x1fc:
        return PROFILES.get(mask)
    runs = []
    for bit, name in OF_OBJECTS.items():
        if mask >> bit & 1 and mask >> (bit - 1) & 1 and runs:
            runs[-1][1] = name
        elif mask >> bit & 1:
            runs.append([name, name])
    return ' and '.join(first if first == last else f'{first} to {last}'
                        for first, last in runs)


DEFINE = re.compile(r'#define (PP_\w+) (0x[0-9a-f]+)')
STRENGTHS = 'MUST|BOUND|LATITUDE|QUALITY'
CLAUSE = re.compile(rf'PP_CLAUSE\((\w+), (\d\d), PP_({STRENGTHS}), '
                    r'(PP_\w+), "([^"]+)", "([^"]+)"\)')
SENTENCE = re.compile(r'\*\*([A-Z]+-\d\d)\*\* (.*)')
ATTRIBUTES = re.compile(rf'\*({STRENGTHS})\. Profiles: (.*)\. '
                        r'Source: (.*)\. Tests: (\w+)\.\*')


class Clause:
    """One clause, as one of its two places has it."""

    def __init__(self, line, strength, profiles, source, sentence):
        self.line, self.strength, self.profiles = line, strength, profiles
        self.source, self.sentence = source, sentence
        self.withdrawn = source == WITHDRAWN


@functools.lru_cache(None)
def read(root, file):
    with open(os.path.join(root, file), encoding='utf-8') as text:
        return text.read()


def enter(clauses, file, name, clause):
    """An id stands once; yields a finding when it does not."""
    if name in clauses:
        yield (file, clause.line,
               f'{name} stands in line {clauses[name].line} already; give '
               'this clause the next free number')
    clauses.setdefault(name, clause)


def listed(root, clauses):
    """Fills id: Clause from clauses.def; yields findings."""
    masks = {}
    for line, text in enumerate(read(root, LIST).splitlines(), 1):
        define = DEFINE.match(text)
        if define:
            masks[define[1]] = int(define[2], 16)
        if not text.startswith('PP_CLAUSE('):
            continue
        match = CLAUSE.fullmatch(text)
        if not match:
            yield (LIST, line,
                   'not a clause in one line; write PP_CLAUSE(AREA, NN, '
                   'strength, profiles, "source", "sentence")')
            continue
        area, number, strength, mask, source, sentence = match.groups()
        if words_of(masks.get(mask)) is None:
            yield (LIST, line, f'{mask} has no words; add them to '
                               'tools/clauses.py and to the table in SPEC.md')
            continue
        yield from enter(clauses, LIST, f'{area}-{number}',
                         Clause(line, strength, words_of(masks[mask]), source,
                                sentence))


def specified(root, clauses):
    """The same, from SPEC.md."""
    if not os.path.isfile(os.path.join(root, SPEC)):
        yield SPEC, 1, f'is not there; write what {LIST} lists'
        return
    lines = read(root, SPEC).splitlines() + ['']
    for line, text in enumerate(lines[:-1], 1):
        match = SENTENCE.fullmatch(text)
        if not match:
            continue
        name, sentence = match.groups()
        suite = name.replace('-', '_')
        attributes = ATTRIBUTES.fullmatch(lines[line])
        if not attributes:
            yield (SPEC, line + 1,
                   f'{name} lacks its second line; write "*STRENGTH. '
                   'Profiles: WORDS. Source: SOURCE. Tests: SUITE.*"')
            attributes = ('', None, None, None, suite)
        if attributes[4] != suite:
            yield (SPEC, line + 1, f'{name} has its tests in the suite '
                                   f'{suite}, not {attributes[4]}; write that')
        yield from enter(clauses, SPEC, name,
                         Clause(line, *(attributes[i] for i in (1, 2, 3)),
                                sentence))


def compare(wanted, found):
    """The list with SPEC.md, word for word."""
    for name, want in wanted.items():
        if name not in found:
            yield LIST, want.line, f'{name} is missing in {SPEC}; write it there'
            continue
        have = found[name]
        if have.sentence != want.sentence:
            yield (SPEC, have.line,
                   f'{name} differs from {LIST}:{want.line}; write the same '
                   f'in both, there it is "{want.sentence}"')
        for label in ('strength', 'profiles', 'source'):
            there, here = getattr(want, label), getattr(have, label)
            if here is not None and there != here:
                yield (SPEC, have.line + 1,
                       f'{name}: {label} "{here}" differs from '
                       f'{LIST}:{want.line}; write the same in both, there '
                       f'it is "{there}"')
    for name, have in found.items():
        if name not in wanted:
            yield (SPEC, have.line, f'{name} is missing in {LIST}; add it '
                                    'there or remove it here')


# ---- history ----

def git(root, *arguments):
    """What git says, or None when it cannot or is not there."""
    try:
        run = subprocess.run(['git', '-C', root, *arguments],
                             capture_output=True, text=True, check=False)
    except OSError:
        return None
    return run.stdout if run.returncode == 0 else None


def past_lists(root):
    """(commit, text of clauses.def) of all that stood; or why not."""
    top = git(root, 'rev-parse', '--show-toplevel')
    if top is None or os.path.realpath(top.strip()) != os.path.realpath(root):
        return 'not a checkout of git'
    if git(root, 'rev-parse', '--is-shallow-repository') != 'false\n':
        return 'a shallow clone'
    commits = git(root, 'log', '--format=%h', '--', LIST)
    if not commits:
        return 'no commit has the list'
    return [(commit, git(root, 'show', f'{commit}:{LIST}') or '')
            for commit in commits.split()]


# Sentences that say in other words what they said: the id, and what it was.
REWORDED = {
    # "as it was" is now spelled out
    ('ARENA-17', 'A refused arena leaves the heap as it was.'),
    ('OPS-06', 'Zero bytes decode to the smallest story, and a short tail is '
               'dropped.'),
}


def words(sentence):
    return re.findall(r'\w+', sentence.lower())


def is_another(former, sentence):
    """Whether more than half of the words are not those that were there."""
    left = words(sentence)
    kept = 0
    for word in words(former):
        if word in left:
            left.remove(word)
            kept += 1
    return 2 * kept < max(len(words(former)), len(words(sentence)))


def ids_that_stood(root, wanted):
    """Ids are for ever: findings where one is gone or means something else.
    When there is no history to hold the list against, answers why."""
    past = past_lists(root)
    if isinstance(past, str):
        return past, []
    findings, told = [], set()
    for commit, text in past:
        for match in re.finditer(CLAUSE, text):
            name = f'{match[1]}-{match[2]}'
            clause, former = wanted.get(name), match[6]
            if name in told:
                continue
            if clause is None:
                what = (f'{name} stood here in commit {commit}; put it back, '
                        f'with the source "{WITHDRAWN}" if it holds no more')
            elif match[5] == WITHDRAWN and not clause.withdrawn:
                what = (f'{name} was withdrawn in commit {commit} and is used '
                        'again; give this clause the next free number')
            elif ((name, former) not in REWORDED and not clause.withdrawn
                  and is_another(former, clause.sentence)):
                what = (f'{name} was "{former}" in commit {commit}; withdraw '
                        'that, and give this sentence the next free number')
            else:
                continue
            told.add(name)
            findings.append((LIST, clause.line if clause else 1, what))
    return None, findings
