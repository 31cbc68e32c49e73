"""What the copies of a stage put where: the tree that an application finds, by paths of the image."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ...syntax.words import operands
from ..context import Context, Kind
from ..facts import Facts
from ..image import value
from ..manifests.asked import NotTold
from ..sources import from_root, matches, sources_of
from ..stages import ancestors, layout, references
from ..steps.paths import canonical, is_below, is_plain
from ..steps.step import step_at
from .libraries import BUILT

# Official images that set no WORKDIR.
_AT_ROOT = re.compile(rb"(?:docker\.io/)?(?:library/)?(?:python|pypy|debian|ubuntu|alpine|buildpack-deps)(?:[:@].*)?")

Names = Mapping[str, Sequence[str]]


class Placed(NamedTuple):
    """`files` are paths of the context by path of the image, and `empty` such of folders that nothing is in.

    `folders` are those of the image, with whether the context knows them by that name (`/app` of `COPY . /app` it does
    not). `top` is where the copy that is asked about goes to; `names` are all paths by their last part.
    """

    files: Mapping[str, str]
    folders: Mapping[str, bool]
    empty: Mapping[str, str]
    top: str
    names: Names

    def below(self, folder: str) -> Iterator[str]:
        """The files and empty folders in a folder, at any depth."""
        start = folder.rstrip("/") + "/"
        for found in (self.files, self.empty):
            yield from (path for path in found if path.startswith(start) or path == folder)


def instructions_before(facts: Facts, number: int) -> list[int]:
    """The indices of all instructions that make a stage, those of the stages that it is built from first."""
    stages = facts.of(layout).stages
    chain = [stages[number], *ancestors(stages, stages[number])]
    return [index for stage in reversed(chain) for index in range(stage.first + 1, stage.last)]


def placed(facts: Facts, index: int, top: bytes, context: Context) -> Placed:
    """What lies where, if the copy at `index` is one of a whole folder to `top`; raises NotTold."""
    files: dict[str, str] = {}
    folders: dict[str, str] = {}
    for at in instructions_before(facts, facts.of(layout).stage_of[index]):
        instruction = facts.instructions[at]
        if instruction.keyword not in ("COPY", "ADD"):
            continue
        if any(True for _ in references(instruction)):
            _of_stage(facts, at, top)
            continue
        for path, source in _brought(facts, at, context):
            kind = context.entries[source].kind if source else Kind.FOLDER
            if kind is Kind.LINK:
                raise NotTold(f"{source} is a link, and where it leads is not followed")
            (folders if kind is Kind.FOLDER else files)[path] = source
    known = {path: _last(path) == _last(source) for path, source in folders.items()}
    for path, source in (*files.items(), *folders.items()):
        _above(path, source, known)
    names: defaultdict[str, list[str]] = defaultdict(list)
    for path in (*files, *known):
        names[_last(path)].append(path)
    filled = {posixpath.dirname(path) for path in (*files, *known)}
    empty = {path: source for path, source in folders.items() if path not in filled}
    return Placed(files, known, empty, _str(top), names)


def _above(path: str, source: str, known: dict[str, bool]) -> None:
    """The folders above a path, with whether the context has them by the same name."""
    same = True
    while path != "/":
        path, source = posixpath.dirname(path), posixpath.dirname(source)
        same = same and _last(path) == _last(source)
        known[path] = known.get(path, False) or same


def _last(path: str) -> str:
    return path.rpartition("/")[2]


def _of_stage(facts: Facts, at: int, top: bytes) -> None:
    """Raises NotTold for what another stage or image brings into the folder, and may import what is in it."""
    instruction, config = facts.instructions[at], facts.of(layout).before[at]
    try:
        *taken, destination = operands(instruction.rest, facts.source.escape)
    except ValueError:
        raise NotTold("what another stage brings is not understood") from None
    path = value(config, destination, facts.source.escape)
    path = path if path.startswith(b"/") else (config.workdir or b"") + b"/" + path
    where = canonical(path)
    if not (where == top or is_below(where, top) or is_below(top, where)):
        return
    ends = {_str(source).rstrip("/").rpartition("/")[2] for source in taken} | {_str(where).rpartition("/")[2]}
    if where == top or is_below(top, where) or ends.isdisjoint(BUILT):
        raise NotTold("another stage brings files to the same place, and what they import is not known")


def _brought(facts: Facts, at: int, context: Context) -> Iterator[tuple[str, str]]:
    """Where each entry of the context comes to lie by a COPY or ADD; one too many, where it depends on the image."""
    instruction, config = facts.instructions[at], facts.of(layout).before[at]
    taken = sources_of(facts, at)
    try:
        *given, destination = operands(instruction.rest, facts.source.escape)
    except ValueError:
        raise NotTold("the words of a copy are not understood") from None
    path = value(config, destination, facts.source.escape)
    if not path.startswith(b"/"):
        path = (config.workdir or (b"/" if _AT_ROOT.fullmatch(config.base) else b"$")) + b"/" + path
    if instruction.bodies or len(taken) < len(given) or not is_plain(path) or not all(s.known for s in taken):
        raise NotTold("what another copy brings is not known")
    if step_at(facts, at).links and any(is_below(canonical(path), link) for link in step_at(facts, at).links):
        raise NotTold("a copy goes by way of a symbolic link")
    into = _str(canonical(path))
    for source in taken:
        for name in _named(source.pattern, source.exact or source.whole, context):
            entry = context.entries.get(name)
            if not name or (entry is not None and entry.kind is Kind.FOLDER):
                yield into, name
                start = name + "/" if name else ""
                for inner in context.entries:
                    if inner.startswith(start):
                        yield f"{into.rstrip('/')}/{inner[len(start) :]}", inner
                continue
            yield f"{into.rstrip('/')}/{name.rpartition('/')[2]}", name
            if not path.endswith(b"/"):
                yield into, name


def _named(pattern: str, exact: bool, context: Context) -> Iterator[str]:
    if pattern in ("", "."):
        yield ""
    elif exact and pattern != "*":
        if pattern in context.entries:
            yield pattern
    else:
        yield from (path for path in context.entries if matches(from_root(pattern), path))


def _str(path: bytes) -> str:
    return path.decode("utf-8", "surrogateescape")
