"""A C file as clang sees it: its syntax tree, with every node's place in the
text of the file itself, also where it is written as a macro's argument."""
import json
import re
import subprocess
import sys

sys.setrecursionlimit(20000)

# Macros of the standard headers lose their place when they stand in an
# argument of another macro; enumerators of the same length do not.
STAND_INS = {"NULL": "Nil_", "true": "Tru_", "false": "Fals_"}
PRELUDE = "enum { Nil_ = 0, Fals_ = 0, Tru_ = 1 };\n"
STOOD_FOR = {new: old for old, new in STAND_INS.items()}

TOKEN = re.compile(
    r"\s+|//[^\n]*|/\*.*?\*/|\w+|\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'"
    r"|<<=|>>=|\.\.\.|->|\+\+|--|<<|>>|[-+*/%&|^=!<>]=|&&|\|\||.",
    re.S)


def next_token(text, at):
    """Where the next token that is no space or comment begins and ends."""
    while at < len(text):
        token = TOKEN.match(text, at)
        if not token.group().isspace() and token.group()[:2] not in ("//", "/*"):
            return token.start(), token.end()
        at = token.end()
    return at, at


def past_call(text, at):
    """The end of the macro call NAME or NAME(...) that begins here."""
    end = next_token(text, at)[1]
    start, after = next_token(text, end)
    if text[start:after] != "(":
        return end
    depth = 0
    while start < len(text):
        depth += {"(": 1, ")": -1}.get(text[start:after], 0)
        if depth == 0:
            return after
        start, after = next_token(text, after)
    return end


class Tree:
    """The tree of one file; text is bytes decoded one to one."""

    def __init__(self, path, flags, scratch):
        with open(path, encoding="latin-1", newline="") as file:
            self.text = file.read()
        self.path = path
        shadow = re.sub(r"\b(NULL|true|false)\b",
                        lambda word: STAND_INS[word.group()], self.text)
        # A column for a column: what the scratch file says is true of ours.
        with open(scratch, "w", encoding="latin-1", newline="") as file:
            file.write(shadow)
        prelude = scratch + ".prelude.h"
        with open(prelude, "w", encoding="ascii") as file:
            file.write(PRELUDE)
        dump = subprocess.run(
            ["clang", "-std=c11", "-w", *flags, "-include", prelude, "-x", "c",
             "-Xclang", "-ast-dump=json", "-fsyntax-only", scratch],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        if dump.returncode != 0:
            raise RuntimeError(f"{path}: {dump.stderr.decode()}")
        self.scratch = scratch
        self.root = json.loads(dump.stdout)
        self.file = None
        self.enums = {}    # of an enumerator: the name of its enum or None
        self.members = {}  # of a field: the name and type of its siblings
        self._settle(self.root)

    def _settle(self, node):
        """Says in every place its file, which the dump omits if unchanged."""
        if isinstance(node, list):
            for child in node:
                self._settle(child)
            return
        if not isinstance(node, dict):
            return
        if "offset" in node and "tokLen" in node:
            self.file = node.get("file", self.file)
            node["file"] = self.file
            node.pop("includedFrom", None)
            return
        kind = node.get("kind")
        if kind == "EnumDecl":
            for child in node.get("inner", []):
                self.enums[child["id"]] = node.get("name")
        if kind == "RecordDecl":
            fields = [f for f in node.get("inner", [])
                      if f["kind"] == "FieldDecl" and "name" in f]
            names = {f["name"]: f["type"]["qualType"] for f in fields}
            for field in fields:
                self.members[field["id"]] = names
        for child in node.values():
            self._settle(child)

    def is_ours(self, place):
        place = place.get("expansionLoc", place)
        return place.get("file") == self.scratch

    def point(self, place, end):
        """The offset of a place, and the macro call around it if it is in a
        macro's own text."""
        if not place:
            return None, None
        if "expansionLoc" not in place:
            if place["file"] != self.scratch:
                return None, None
            return place["offset"] + (place["tokLen"] if end else 0), None
        outer, inner = place["expansionLoc"], place["spellingLoc"]
        if outer.get("file") != self.scratch:
            return None, None
        if outer.get("isMacroArgExpansion") and \
                inner.get("file") == self.scratch:
            return inner["offset"] + (inner["tokLen"] if end else 0), None
        at = outer["offset"]
        return (past_call(self.text, at) if end else at), at

    def extent(self, node):
        """(begin, end, macro): where a node is written; macro is true when it
        is all that a macro makes, None when it is no text of its own."""
        begin, macro = self.point(node["range"]["begin"], False)
        end, end_macro = self.point(node["range"]["end"], True)
        if begin is None or end is None or end <= begin:
            return None
        # A macro within another's argument says only where the other begins.
        if macro is None and end_macro is not None and end_macro < begin:
            return None
        if macro is not None and end_macro is None and \
                past_call(self.text, macro) > end:
            return None
        return begin, end, macro is not None and macro == end_macro

    def line(self, at):
        return self.text.count("\n", 0, at) + 1

    def line_text(self, at):
        begin = self.text.rfind("\n", 0, at) + 1
        end = self.text.find("\n", at)
        return self.text[begin:end if end >= 0 else None].strip()

    def word(self, at):
        return re.compile(r"\w*").match(self.text, at).group()

    def enclosing_call(self, place):
        """The macro call that a place is an argument of, or ''."""
        if not place.get("expansionLoc", {}).get("isMacroArgExpansion"):
            return ""
        at = place["expansionLoc"].get("offset")
        if at is None or place["expansionLoc"].get("file") != self.scratch:
            return ""
        # The outermost call begins where the expansion does.
        return self.text[at:past_call(self.text, at)]
