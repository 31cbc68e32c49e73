"""What of a tree a Python application uses: the closure of its imports, and of the paths that it names.

Too much is never wrong here, too little is: a literal counts as a path wherever one ends in it, an import as one from
each folder in which Python may look. What cannot be told so is refused. Sources: Python's reference of the import
system (https://docs.python.org/3/reference/import.html), and the manuals of the libraries in `libraries`.
"""

from __future__ import annotations

import posixpath
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from ..context import Context
from ..manifests.asked import NotTold
from .libraries import CONVENTIONS, UNTOLD
from .placed import Placed

if TYPE_CHECKING:
    from .source import Imported, Source

_COMPILED = re.compile(r"\.(?:so|pyd|dylib|pyx|pxd)$")
_DATA = re.compile(r"\.(?:ya?ml|json|toml|ini|cfg|conf|env|properties)$")
_MODULE = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?::[\w.]+)?")
_TOKEN = re.compile(r"[\w./@+-]{2,200}")
_MOST = 1_000  # modules: a larger application is not copied by names
_MOST_DATA = 200_000  # bytes of settings that are looked through


class Closure:
    """Grows by what it is told to load or read, until there is nothing more."""

    def __init__(self, tree: Placed, context: Context, roots: Iterable[str]) -> None:
        """`roots` are the folders of the image in which Python looks for modules."""
        self.used: set[str] = set()
        self._tree = tree
        self._context = context
        self._roots = tuple(dict.fromkeys(root.rstrip("/") for root in roots))
        self._waiting: list[str] = []
        self._sources: dict[str, Source] = {}
        self._compiled: defaultdict[str, list[str]] = defaultdict(list)
        for path in tree.files:
            if _COMPILED.search(path):
                self._compiled[posixpath.dirname(path)].append(path)

    def load(self, module: str) -> bool:
        """A module by its dotted name; False where nothing of the tree is called so."""
        found = [self._load_from(root, module.split(".")) for root in self._roots]
        return any(found)

    def take(self, path: str) -> None:
        """A file, or all that is in a folder."""
        for inner in [path] if path in self._tree.files else self._tree.below(path):
            self._add(inner)

    def mark(self, text: str, folder: str = "", *, whole: bool = True) -> None:
        """A literal may name files, folders and modules; `folder` is that of the file that says it.

        One that names the `whole` tree uses all of it, unless it is known only to say where to look.
        """
        tokens = [text, *(word for word in text.split() if re.search(r"[/.]", word) and word != text)]
        for token in tokens:
            path = token.strip("'\"`,;()[]<>")
            if path.rstrip("/") != self._tree.top:
                self._mark_path(path)
            elif whole:
                self.take(self._tree.top)
            if _MODULE.fullmatch(token):
                dotted = token.partition(":")[0]
                self.load(dotted)
                if folder and "." not in dotted:
                    self._load_from(folder, [dotted])

    def grow(self) -> None:
        """Read all that is used; raises NotTold."""
        while self._waiting:
            path = self._waiting.pop()
            if _COMPILED.search(path):
                raise NotTold(f"{self._told(path)} is compiled, and what it imports is not known")
            if path.endswith(".py"):
                self._read(path)
            elif _DATA.search(path) and path in self._tree.files:
                text = self._context.read(self._tree.files[path]) or b""
                if len(text) <= _MOST_DATA:
                    for token in set(_TOKEN.findall(text.decode("utf-8", "replace"))):
                        self.mark(token)
        self._check_anchors()

    def _add(self, path: str) -> None:
        if path not in self.used:
            self.used.add(path)
            self._waiting.append(path)
            above = posixpath.dirname(path)
            while above != "/" and path.endswith(".py"):
                package = f"{above}/__init__.py"
                if package in self._tree.files:
                    self._add(package)
                above = posixpath.dirname(above)

    def _load_from(self, folder: str, parts: Sequence[str]) -> bool:
        """Whether a module is found there; a folder without one is a package only where no library is called so."""
        found = False
        for part in parts:
            inner = f"{folder}/{part}"
            compiled = [path for path in self._compiled.get(folder, ()) if path.startswith(f"{inner}.")]
            for path in (f"{inner}.py", f"{inner}/__init__.py", *compiled):
                if path in self._tree.files:
                    self._add(path)
                    found = True
            folder = inner
        return found

    def _read(self, path: str) -> None:
        from .source import read_source  # It brings libcst, which takes long to load: most folders hold no Python.

        text = self._context.read(self._tree.files[path])
        if text is None:
            raise NotTold(f"{self._told(path)} cannot be read")
        if len(self._sources) >= _MOST:
            raise NotTold(f"it has more than {_MOST:,} modules")
        source = self._sources[path] = read_source(text)
        if source.problem:
            raise NotTold(f"{self._told(path)}: {source.problem}")
        for imported in source.imports:
            self._import(path, imported)
        folder = posixpath.dirname(path)
        for literal in source.strings:
            self.mark(literal, folder)
        for tail in source.tails:
            for name in self._tree.files:
                if name.endswith(tail):
                    self._add(name)

    def _import(self, path: str, imported: Imported) -> None:
        level, module, names = imported
        parts = [part for part in module.split(".") if part]
        if level:
            folder = posixpath.dirname(path)
            for _ in range(level - 1):
                folder = posixpath.dirname(folder)
            for name in names or ("*",):
                self._load_from(folder, [*parts, *([] if name == "*" else [name])])
            if not parts and f"{folder}/__init__.py" in self._tree.files:
                self._add(f"{folder}/__init__.py")
            return
        own = posixpath.dirname(path)  # Python 2 looks there first.
        tails: list[list[str]] = [[], *([name] for name in names if name != "*")]
        found = [self._load_from(root, [*parts, *tail]) for tail in tails for root in (*self._roots, own)]
        if not any(found):
            self._elsewhere(path, parts, names)

    def _elsewhere(self, path: str, parts: Sequence[str], names: Sequence[str]) -> None:
        """A library, or Python's own."""
        dotted = [".".join(parts[:end]) for end in range(1, len(parts) + 1)]
        for name in (*dotted, *(f"{dotted[-1]}.{name}" for name in names)):
            if name in UNTOLD:
                raise NotTold(f"{self._told(path)} imports {name}: {UNTOLD[name]}")
            for convention in CONVENTIONS.get(name, "").split():
                self._mark_path(convention)
        top = parts[0]
        if top in sys.stdlib_module_names:
            return
        inside = [p for p in self._tree.names.get(top, ()) if any(i.endswith(".py") for i in self._tree.below(p))]
        if inside or self._tree.names.get(f"{top}.py"):
            raise NotTold(f"{self._told(path)} imports {top}, which is not where Python is known to look for it")

    def _mark_path(self, text: str) -> None:
        parts = [part for part in re.split(r"[/\\]+", text) if part not in ("", ".", "..")]
        for start in range(len(parts)):
            for end in range(len(parts), start, -1):
                found = list(self._ending(parts[start:end]))
                for path in found:
                    self.take(path)
                if found:
                    break
            if found and end == len(parts):
                return

    def _ending(self, parts: Sequence[str]) -> Iterator[str]:
        """The paths in the tree that end in these parts; those with a pattern are matched by their last one."""
        if set(parts[-1]) & set("*?["):
            return
        tail = "/" + "/".join(parts)
        for path in self._tree.names.get(parts[-1], ()):
            if path.endswith(tail) and self._tree.folders.get(path, True):
                yield path

    def _check_anchors(self) -> None:
        """Raises NotTold where a file takes another one's name for a folder: what it reads there is not told."""
        for path, source in self._sources.items():
            for other, user in self._sources.items():
                taken = source.anchors & user.names if other != path else frozenset[str]()
                if taken:
                    name = min(taken)
                    raise NotTold(f"{self._told(other)} uses {name}, a folder of the project named as a whole")

    def _told(self, path: str) -> str:
        return self._tree.files.get(path, path)
