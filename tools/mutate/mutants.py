"""The mutants of a file: one small change each, found by its syntax tree."""
import collections
import re
from dataclasses import dataclass, field

from syntax import STOOD_FOR, next_token

BINARY = {
    "<": ["<=", ">"], "<=": ["<", ">"], ">": [">=", "<"], ">=": [">", "<"],
    "==": ["!="], "!=": ["=="],
    "+": ["-"], "-": ["+"], "*": ["/"], "/": ["*"], "%": ["*"],
    "<<": [">>"], ">>": ["<<"], "&": ["|"], "|": ["&"], "^": ["&"],
    "&&": ["||"], "||": ["&&"],
    "+=": ["-="], "-=": ["+="], "*=": ["/="], "/=": ["*="], "%=": ["*="],
    "<<=": [">>="], ">>=": ["<<="], "&=": ["|="], "|=": ["&="], "^=": ["&="],
}
RELATIONAL = {"<", "<=", ">", ">=", "==", "!="}
# Words of which one end of something is called by the one, one by the other.
ENDS = [("next", "prev"), ("first", "last"), ("head", "tail"), ("hi", "lo"),
        ("high", "low"), ("left", "right"), ("begin", "end"), ("start", "end"),
        ("front", "back"), ("min", "max"), ("from", "to"), ("top", "bottom"),
        ("smallest", "largest"), ("least", "most"), ("before", "after"),
        ("address", "base"), ("count", "size"), ("free", "total")]
# Whose duty an assertion is, by the macro that makes it.
DUTIES = {
    "PP_ENSURE": "ensure", "PP_ENSURE_SLOWLY": "ensure", "PP_CHECK": "ensure",
    "PP_ASSERT_": "ensure", "PP_REQUIRE": "require", "PP_FACT": "fact",
    "PP_PART": "fact", "PP_ORACLE": "fact", "PP_LATITUDE_TAKEN": "fact",
}
# What the compiler has to know: its value is no expression that can be chosen
# at run time.
CONSTANT = {"ConstantExpr", "UnaryExprOrTypeTraitExpr", "OffsetOfExpr",
            "StaticAssertDecl", "EnumDecl", "RecordDecl", "TypedefDecl",
            "StringLiteral", "PredefinedExpr"}
STATEMENTS = {"CallExpr", "CompoundAssignOperator", "BreakStmt",
              "ContinueStmt"}
LOOPS = {"WhileStmt", "ForStmt", "DoStmt"}


@dataclass
class Mutant:
    path: str
    function: str
    begin: int
    end: int
    how: str       # expression, condition, place or statement
    text: str      # what stands there instead, "" for a deletion
    was: str       # for the reader, on one line
    becomes: str
    line: int
    source: str    # the text of that line
    duty: str      # "", or whose assertion it is in
    clauses: frozenset = frozenset()  # that it names
    near: frozenset = frozenset()     # that its function names
    number: int = 0
    which: int = 1  # of those that read the same

    def name(self):
        which = f" ({self.which})" if self.which > 1 else ""
        return (f"{self.path}: {self.function}\n  {self.source}\n"
                f"  {self.was} => {self.becomes}{which}")


def clauses_of(text):
    return frozenset(re.findall(r"\b[A-Z]+_\d\d\b", text))


def one_line(text):
    text = re.sub(r"//[^\n]*|/\*.*?\*/", " ", text, flags=re.S)
    return re.sub(r"\s+", " ", text).strip()


@dataclass
class Context:
    function: str = ""
    function_text: str = ""
    constant: bool = False
    duty: str = ""
    call: str = ""  # the assertion
    names: dict = field(default_factory=dict)  # variables so far: their types


class Finder:
    """Walks a tree and collects the mutants of its functions."""

    def __init__(self, tree):
        self.tree = tree
        self.mutants = []
        self.constants = []  # lines of what only a compiler may change
        self.functions = {}  # their texts
        self.seen = set()

    def run(self):
        for node in self.tree.root.get("inner", []):
            if not self.tree.is_ours(node.get("loc", {})):
                continue
            if node["kind"] == "VarDecl":
                self.walk(node, Context(function="(file)", constant=True))
            if node["kind"] != "FunctionDecl" or "inner" not in node:
                continue
            # As it is written: it may be a macro that names the level.
            place = self.tree.point(node["loc"], False)
            name = self.tree.word(place[0]) if place[0] else node["name"]
            context = Context(function=name)
            extent = self.tree.extent(node)
            if extent and node["inner"][-1]["kind"] == "CompoundStmt":
                text = self.tree.text[extent[0]:extent[1]]
                self.functions[name] = text
                for child in node["inner"]:
                    self.walk(child, context)
        alike = collections.Counter()
        for mutant in sorted(self.mutants, key=lambda m: m.begin):
            mutant.near = clauses_of(self.functions[mutant.function])
            name = mutant.name()
            alike[name] += 1
            mutant.which = alike[name]
        return self

    # ---- one node ----

    def walk(self, node, context):
        kind = node.get("kind")
        if kind is None or kind == "BuiltinAttr":
            return
        if kind in CONSTANT:
            context = Context(**{**context.__dict__, "constant": True})
            return
        if kind in ("VarDecl", "ParmVarDecl"):
            if node.get("storageClass") in ("static", "extern"):
                context = Context(**{**context.__dict__, "constant": True})
            elif "name" in node:
                context.names[node["name"]] = node["type"]["qualType"]
        call = self.tree.enclosing_call(node.get("range", {}).get("begin", {}))
        duty = DUTIES.get(re.match(r"\w*", call).group())
        if duty:
            context = Context(**{**context.__dict__, "duty": duty,
                                 "call": call})
        extent = self.tree.extent(node) if "range" in node else None
        if extent:
            method = getattr(self, "of_" + kind, None)
            if method and not (extent[2] and kind != "DoStmt"):
                method(node, extent, context)
            elif extent[2]:
                self.of_macro(node, extent, context)
        self.conditions(node, context)
        self.statements(node, context)
        for child in node.get("inner", []):
            self.walk(child, context)

    def add(self, context, begin, end, how, changes, becomes=None):
        """changes: (begin, end, text) within [begin, end)."""
        text, at = "", begin
        for first, last, new in changes:
            text += self.tree.text[at:first] + new
            at = last
        text = one_line(text + self.tree.text[at:end])
        was = one_line(self.tree.text[begin:end])
        if context.constant:
            self.constants.append(self.tree.line(begin))
            return
        if (begin, end, how, text) in self.seen or \
                re.search(r"^\s*#", self.tree.text[begin:end], re.M):
            return
        self.seen.add((begin, end, how, text))
        self.mutants.append(Mutant(
            self.tree.path, context.function, begin, end, how, text, was,
            becomes or text, self.tree.line(begin), self.tree.line_text(begin),
            context.duty, clauses_of(was + context.call)))

    # ---- operators ----

    def operator(self, node, extent):
        """Where a binary operator's own token is."""
        left, right = node["inner"]
        left = self.tree.extent(left)
        if left is None:
            return None
        begin, end = next_token(self.tree.text, left[1])
        if self.tree.text[begin:end] != node["opcode"]:
            return None
        return begin, end

    def of_BinaryOperator(self, node, extent, context):
        token = self.operator(node, extent)
        if token is None:
            return
        for other in BINARY.get(node["opcode"], []):
            self.add(context, extent[0], extent[1], "expression",
                     [(*token, other)])

    of_CompoundAssignOperator = of_BinaryOperator

    def of_UnaryOperator(self, node, extent, context):
        begin, end, _ = extent
        other = {"++": "--", "--": "++"}.get(node["opcode"])
        if other:
            token = (end - 2, end) if node.get("isPostfix") else \
                (begin, begin + 2)
            if self.tree.text[slice(*token)] == node["opcode"]:
                self.add(context, begin, end, "expression", [(*token, other)])
        if node["opcode"] in "!~-" and \
                self.tree.text[begin] == node["opcode"]:
            self.add(context, begin, end, "expression",
                     [(begin, begin + 1, "")])

    # ---- constants ----

    def around(self, extent, context, steps):
        begin, end, _ = extent
        old = self.tree.text[begin:end]
        for step in steps:
            self.add(context, begin, end, "expression",
                     [(begin, end, f"({old}) {step} 1")], f"{old} {step} 1")

    def of_IntegerLiteral(self, node, extent, context):
        self.around(extent, context, "+-")

    def of_CharacterLiteral(self, node, extent, context):
        self.around(extent, context, "+")

    def of_macro(self, node, extent, context):
        """An object-like macro that is a number."""
        begin, end, _ = extent
        if not re.fullmatch(r"[A-Z]\w+", self.tree.text[begin:end]):
            return
        if ("macro", begin) in self.seen:
            return
        self.seen.add(("macro", begin))
        number = re.fullmatch(
            r"(const )?(unsigned |signed )?(char|short|int|long|long long|"
            r"u?int\d+_t|size_t|unsigned int|u?intptr_t)",
            node.get("type", {}).get("qualType", ""))
        if number and node.get("valueCategory") != "lvalue":
            self.around(extent, context, "+-")

    # ---- names ----

    def of_DeclRefExpr(self, node, extent, context):
        begin, end, _ = extent
        to = node["referencedDecl"]
        if to["name"] in STOOD_FOR:
            other = {"true": "false", "false": "true"}.get(
                STOOD_FOR[to["name"]])
            if other:
                self.add(context, begin, end, "expression",
                         [(begin, end, other)])
        elif to["kind"] == "EnumConstantDecl":
            named = self.tree.enums.get(to["id"]) is not None
            self.around(extent, context, "+" if named else "+-")
        elif to["kind"] in ("VarDecl", "ParmVarDecl"):
            self.swaps(extent, context, to["name"], context.names,
                       node["type"]["qualType"])

    def of_MemberExpr(self, node, extent, context):
        fields = self.tree.members.get(node.get("referencedMemberDecl"))
        if fields:
            self.swaps(extent, context, node["name"], fields,
                       fields.get(node["name"]))

    def swaps(self, extent, context, name, others, kind):
        begin, end, _ = extent
        if self.tree.text[end - len(name):end] != name:
            return
        for pair in ENDS:
            for one, other in (pair, pair[::-1]):
                new = re.sub(rf"(?<![a-z]){one}|{one}(?![a-z])", other, name)
                if new != name and others.get(new) == kind:
                    self.add(context, begin, end, "place",
                             [(end - len(name), end, new)])

    # ---- conditions ----

    def conditions(self, node, context):
        kind, inner = node["kind"], node.get("inner", [])
        at = {"IfStmt": 0, "WhileStmt": 0, "ConditionalOperator": 0,
              "ForStmt": 2, "DoStmt": 1}.get(kind)
        if at is None or len(inner) <= at or "kind" not in inner[at]:
            return
        condition = inner[at]
        extent = self.tree.extent(condition)
        if extent is None or extent[2]:
            return
        begin, end, _ = extent
        plain = self.bare(condition)
        if plain["kind"] == "BinaryOperator" and \
                plain["opcode"] in RELATIONAL:
            # == and != have this one already.
            if plain["opcode"] in ("==", "!="):
                return
        if plain["kind"] == "UnaryOperator" and plain["opcode"] == "!":
            return
        old = self.tree.text[begin:end]
        self.add(context, begin, end, "condition",
                 [(begin, end, f"!({old})")])

    @staticmethod
    def bare(node):
        while node["kind"] in ("ImplicitCastExpr", "ParenExpr"):
            node = node["inner"][0]
        return node

    # ---- statements ----

    def statements(self, node, context):
        """Deletes what stands where a statement may."""
        kind, inner = node["kind"], node.get("inner", [])
        if kind == "CompoundStmt":
            bodies = inner
        elif kind == "IfStmt":
            # Without else, the body is deleted with the whole.
            bodies = inner[1:] if node.get("hasElse") else []
        elif kind in LOOPS:
            bodies = inner[:1] if kind == "DoStmt" else inner[-1:]
        elif kind in ("CaseStmt", "DefaultStmt", "LabelStmt"):
            bodies = inner[-1:]
        else:
            return
        for body in bodies:
            if "kind" in body:
                self.deletion(body, context)

    def deletion(self, node, context):
        kind = node["kind"]
        macro = False
        extent = self.tree.extent(node)
        if extent is None:
            return
        begin, end, macro = extent
        assigns = kind == "BinaryOperator" and node["opcode"] in "=,"
        counts = kind == "UnaryOperator" and node["opcode"] in ("++", "--")
        bare_return = kind == "ReturnStmt" and not node.get("inner")
        whole_if = kind == "IfStmt" and not node.get("hasElse")
        asserts = kind == "DoStmt" and macro
        void = kind == "CStyleCastExpr"
        if not (kind in STATEMENTS or assigns or counts or bare_return or
                whole_if or asserts or void):
            return
        if asserts:
            word = re.match(r"\w+", self.tree.text[begin:end]).group()
            context = Context(**{**context.__dict__,
                                 "duty": DUTIES.get(word, "")})
        if whole_if:
            if self.tree.text[end - 1] not in ";}":
                end = next_token(self.tree.text, end)[1]
        else:
            semicolon = next_token(self.tree.text, end)
            if self.tree.text[slice(*semicolon)] != ";":
                return
            end = semicolon[1]
        if self.tree.text[end - 1] not in ";}":
            return
        old = one_line(self.tree.text[begin:end])
        self.add(context, begin, end, "statement", [(begin, end, "")],
                 "nothing" if old else "nothing")
