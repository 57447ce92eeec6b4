"""All mutants of a file in one text, each behind a switch at run time."""
import re
import subprocess
from dataclasses import dataclass, field

ORDER = {"statement": 0, "condition": 1, "expression": 1, "place": 2}


@dataclass
class Site:
    """A stretch of text with the mutants that change just this."""
    begin: int
    end: int
    order: int
    mutants: list = field(default_factory=list)
    inner: list = field(default_factory=list)


def nested(mutants):
    """The sites as a forest, outer ones first."""
    sites = {}
    for mutant in mutants:
        key = (mutant.begin, mutant.end, ORDER[mutant.how])
        sites.setdefault(key, Site(*key)).mutants.append(mutant)
    top, open_sites = [], []
    for site in sorted(sites.values(),
                       key=lambda s: (s.begin, -s.end, s.order)):
        while open_sites and open_sites[-1].end <= site.begin:
            open_sites.pop()
        if open_sites and open_sites[-1].end < site.end:
            raise RuntimeError(f"sites overlap at {site.begin}")
        (open_sites[-1].inner if open_sites else top).append(site)
        open_sites.append(site)
    return top


def within(text, begin, end, sites):
    """text[begin:end] with the sites in it switched."""
    parts, at = [], begin
    for site in sites:
        parts += [text[at:site.begin], switched(text, site)]
        at = site.end
    return "".join(parts) + text[at:end]


def switched(text, site):
    inner = within(text, site.begin, site.end, site.inner)
    if site.order == 0:
        numbers = " || ".join(f"PP_M({m.number})" for m in site.mutants)
        return f"{{ if (!({numbers})) {{ {inner} }} }}"
    if site.order == 2:
        choices = "".join(f"PP_M({m.number}) ? &({m.text}) : "
                          for m in site.mutants)
        return f"(*({choices}&({inner})))"
    # A condition may be a pointer, its negation never is.
    truth = "!!" if any(m.how == "condition" for m in site.mutants) else ""
    choices = "".join(f"PP_M({m.number}) ? {truth}({m.text}) : "
                      for m in site.mutants)
    return f"({choices}{truth}({inner}))"


def rewrite(text, path, mutants):
    return f'#line 1 "{path}"\n' + within(text, 0, len(text), nested(mutants))


def compiling(text, path, mutants, target, flags):
    """Writes the schemata of those mutants that compile; answers them."""
    while True:
        new = rewrite(text, path, mutants)
        with open(target, "w", encoding="latin-1", newline="") as file:
            file.write(new)
        done = subprocess.run(
            ["gcc", "-std=c11", "-w", "-fmax-errors=0", "-fsyntax-only",
             *flags, "-x", "c", target],
            stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, check=False)
        if done.returncode == 0:
            return mutants
        lines = new.split("\n")
        wrong = set()
        for line, column in re.findall(
                rf"^{re.escape(path)}:(\d+):(\d+): error",
                done.stderr.decode(), re.M):
            # The switch that stands closest before the error.
            before = lines[int(line)][:int(column)]
            numbers = re.findall(r"PP_M\((\d+)\)", before)
            if numbers:
                wrong.add(int(numbers[-1]))
        if not wrong:
            raise RuntimeError(f"{path}: {done.stderr.decode()[:2000]}")
        mutants = [m for m in mutants if m.number not in wrong]
