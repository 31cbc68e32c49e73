"""What one Python file imports and names, by libcst, which knows the syntax of Python up to 3.14 under any other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

import libcst as cst

from .libraries import ANCHORS, ATTRIBUTES, BARE, BUILTINS, CALLS, LOADS, NAMES, NO_ALIAS, OPENS
from .opened import is_told
from .paths import ANCHOR, DYNAMIC, is_named, name_of, text_of

_PATHS = (cst.BinaryOperation, cst.Call, cst.FormattedString, cst.Attribute, cst.Name, cst.Subscript)
_BLANKS = (cst.BaseParenthesizableWhitespace, cst.TrailingWhitespace, cst.EmptyLine)
_LONGEST = 4_000  # characters of a constant that may be a path
_TAIL = re.compile(r"[\w.-]*\.\w{1,10}")


class Imported(NamedTuple):
    """An import: dots before it, the module, and the names that are taken from it (`*`: all)."""

    level: int
    module: str
    names: tuple[str, ...] = ()


class Source(NamedTuple):
    """What a file says.

    `strings` are its literals, docstrings left out; `tails` what names that are put together end in. `anchors` are its
    own names for a folder, `names` those that it takes from elsewhere. `problem`: why it is not told what it uses.
    """

    imports: tuple[Imported, ...] = ()
    strings: frozenset[str] = frozenset()
    tails: frozenset[str] = frozenset()
    anchors: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    problem: str = ""


@lru_cache(4096)
def read_source(text: bytes) -> Source:
    """Read a file; what is not understood is its `problem`."""
    try:
        module = cst.parse_module(text)
    except (cst.ParserSyntaxError, UnicodeDecodeError, LookupError, RecursionError):
        return Source(problem="its syntax is not understood")
    reader = _Reader()
    try:
        module.visit(reader)
    except RecursionError:
        return Source(problem="its expressions are nested too deeply")
    return Source(
        tuple(reader.imports),
        frozenset(reader.strings),
        frozenset(reader.tails),
        frozenset(reader.anchors),
        frozenset(reader.names),
        reader.problem,
    )


class _Reader(cst.CSTVisitor):
    """Collects; the first problem counts."""

    def __init__(self) -> None:
        super().__init__()
        self.imports: list[Imported] = []
        self.strings: set[str] = set()
        self.tails: set[str] = set()
        self.anchors: set[str] = set()
        self.names: set[str] = set()
        self.problem = ""
        self._constants: dict[str, str] = {}
        self._imported: set[str] = set()
        self._depth = 0
        self._plain: set[int] = set()  # names that are called, or only told apart: by id, as nodes are equal by that
        self._anchored: cst.CSTNode | None = None

    def on_visit(self, node: cst.CSTNode) -> bool:
        """Look at a node; False where nothing below it matters. Paths are looked at as a whole before their parts."""
        if self.problem or isinstance(node, _BLANKS):
            return False
        if isinstance(node, _PATHS) and self._path(node):
            return False
        self._bound(node)
        self._used(node)
        match node:
            case cst.Import() | cst.ImportFrom():
                self._import(node)
                return False
            case cst.Expr(value=cst.BaseString()):
                return False  # It says something to readers.
            case cst.SimpleString() | cst.ConcatenatedString():
                self._pieces(text_of(node, self._constants))
            case cst.FunctionDef() | cst.ClassDef():
                self._plain.add(id(node.name))
                self._depth += 1
            case cst.Lambda():
                self._depth += 1
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        """What is behind a path is judged anew."""
        if original_node is self._anchored:
            self._anchored = None
        if isinstance(original_node, cst.FunctionDef | cst.ClassDef | cst.Lambda):
            self._depth -= 1

    def _path(self, node: cst.BaseExpression) -> bool:
        """Whether it is a path of which nothing is left to be asked."""
        if isinstance(node, cst.Name) and node.value not in (*ANCHORS, *self.anchors):
            return False
        text = text_of(node, self._constants)
        self._pieces(text)
        if ANCHOR in text and self._anchored is None:
            self._anchored = node
            if not is_named(text):
                self._refuse("it names a folder of the project as a whole, and what is read there is not told")
        return "/" in text and DYNAMIC not in text

    def _pieces(self, text: str) -> None:
        pieces = text.replace(ANCHOR, "").split(DYNAMIC)
        self.strings.update(piece for piece in pieces if piece)
        if not LOADS.isdisjoint(pieces):
            self._refuse(f"`{text}` may load a module by another name")
        last = pieces[-1]
        if (len(pieces) > 1 or last.startswith(".")) and _TAIL.fullmatch(last):
            self.tails.add(last)

    def _import(self, node: cst.Import | cst.ImportFrom) -> None:
        if isinstance(node, cst.Import):
            for alias in node.names:
                self.imports.append(Imported(0, _dotted(alias.name)))
                if alias.asname is not None and _dotted(alias.name).partition(".")[0] in NO_ALIAS:
                    self._refuse(f"`{_dotted(alias.name)}` has another name")
                self._imported.add(alias.evaluated_alias or _dotted(alias.name))
            return
        taken: tuple[str, ...] = ("*",)
        if not isinstance(node.names, cst.ImportStar):
            taken = tuple(_dotted(alias.name) for alias in node.names)
            hidden = [a for a in node.names if a.asname is not None and _dotted(a.name) in {*LOADS, *OPENS, *CALLS}]
            if hidden:
                self._refuse(f"`{_dotted(hidden[0].name)}` has another name")
            here = [alias.evaluated_alias or _dotted(alias.name) for alias in node.names]
            self._imported.update(here)
            self._constants.update(dict.fromkeys(here, DYNAMIC))
        module = _dotted(node.module) if node.module is not None else ""
        self.imports.append(Imported(len(node.relative), module, taken))
        self.names.update(taken)
        for name in taken:
            self._name(f"{module}.{name}")

    def _name(self, name: str, untold: Mapping[str, str] = NAMES) -> None:
        if name in untold:
            self._refuse(f"`{name}`: {untold[name]}")

    def _refuse(self, why: str) -> None:
        self.problem = self.problem or why

    def _assign(self, node: cst.CSTNode, name: str, value: cst.BaseExpression) -> None:
        """A constant of the file: a folder may have a name, if each use of it says what is meant there."""
        if self._depth or name in self._constants:
            self._constants[name] = DYNAMIC  # It is not known which one counts.
            return
        text = text_of(value, self._constants)
        self._constants[name] = text if len(text) < _LONGEST else DYNAMIC
        if ANCHOR in text and not is_named(text):
            self.anchors.add(name)
            self._anchored = node

    def _used(self, node: cst.CSTNode) -> None:
        """What a node calls, and which names it uses."""
        match node:
            case cst.Attribute():
                self._plain.add(id(node.attr))
                self.names.add(node.attr.value)
                self._name(f"{name_of(node.value)}.{node.attr.value}")
                self._name(node.attr.value, {**NAMES, **ATTRIBUTES})
            case cst.Arg(keyword=cst.Name() as keyword):
                self._plain.add(id(keyword))
            case cst.Name():
                self._name(node.value)
                if node.value in BUILTINS and id(node) not in self._plain:
                    self._refuse(f"`{node.value}` is handed on, and what it does there is not told")
            case cst.Call():
                self._plain.add(id(node.func))
                self._call(node)

    def _bound(self, node: cst.CSTNode) -> None:
        """What a node gives names to."""
        match node:
            case cst.Assign(targets=[cst.AssignTarget(target=cst.Name() as target)], value=value):
                self._assign(node, target.value, value)
            case cst.AnnAssign(target=cst.Name() as target, value=cst.BaseExpression() as value):
                self._assign(node, target.value, value)
            case cst.Assign():
                for each in node.targets:
                    self._bind(each.target)
            case cst.For() | cst.CompFor() | cst.NamedExpr() | cst.AugAssign():
                self._bind(node.target)
            case cst.Param() | cst.AsName():
                self._plain.add(id(node.name))
                self._bind(node.name)

    def _bind(self, target: cst.CSTNode) -> None:
        """A name that is set otherwise than as a constant."""
        if isinstance(target, cst.Name):
            self._constants[target.value] = DYNAMIC
        elif isinstance(target, cst.Tuple | cst.List):
            for element in target.elements:
                self._bind(element.value)

    def _call(self, node: cst.Call) -> None:
        """What loads modules or opens files must say which."""
        name = name_of(node.func)
        if name in CALLS and (isinstance(node.func, cst.Name) or name not in BARE):
            self._refuse(f"`{name}`: {CALLS[name]}")
        elif name in LOADS:
            text = text_of(node.args[0].value, self._constants) if node.args else DYNAMIC
            if DYNAMIC in text or ANCHOR in text or text.startswith("."):
                self._refuse(f"`{name}` loads a module that the text does not name")
            self.imports.append(Imported(0, text))
        elif name in OPENS and not is_told(node, self._constants, self._imported):
            self._refuse(f"`{name}` opens what the text does not name")


def _dotted(node: cst.BaseExpression) -> str:
    if isinstance(node, cst.Attribute):
        return f"{_dotted(node.value)}.{node.attr.value}"
    return node.value if isinstance(node, cst.Name) else ""
