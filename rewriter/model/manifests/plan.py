"""Which copy of a whole project can be parted: the manifests, what installs by them, and then the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from ...syntax.edit import Edit
from ...syntax.script import Command, commands
from ..context import Context
from ..facts import Facts
from ..moves import around
from ..packages.call import call_of, unwrapped
from ..packages.manager import Does
from ..runs import runs
from ..stages import Stage
from ..steps.order import Order
from ..steps.paths import canonical
from . import is_known
from .asked import Needs
from .project import Copied, copied, reading, refusal

_MOST_LINES = 12
# What a COPY takes as it is written.
_PLAIN = re.compile(r"[\w./@+-]+")


class Parted(NamedTuple):
    """The edits; the paths that are copied first; the install; and what makes it a change for review."""

    edits: tuple[Edit, ...]
    paths: tuple[str, ...]
    install: int
    unsure: str


class NotParted(NamedTuple):
    """Why the copy stays as it is."""

    why: str


def installs_of_project(facts: Facts, span: range) -> Iterator[int]:
    """The RUNs of the span that may install what a file of the project names."""
    for index in span:
        run = facts.of(runs).get(index)
        if run is not None and run.script is not None and any(map(_is_install, commands(run.script))):
            yield index


def _is_install(command: Command) -> bool:
    call = call_of(command)
    if call is None:
        return unwrapped(command)[:2] == (b"mix", b"deps.get")
    if not is_known(call.manager.name):
        return False
    named = call.has(b"-r", b"--requirement") or any(option.startswith(b"-r") for option in call.options)
    return call.does is Does.RESTORE or (call.does is Does.INSTALL and (not call.arguments or named))


def parted(facts: Facts, stage: Stage, index: int, install: int, context: Context) -> Parted | NotParted | None:
    """How the copy at `index` and the install below it can change places; None where there is nothing of a project."""
    order = Order(facts, stage, context)
    at = index - stage.first - 1
    whole = copied(order.step(at), context)
    if whole is None or whole.source is None:
        return None
    for move in order.lowered([index], ()):
        if move.below == install:
            break
        if move.why:
            return NotParted(f"the copy stays above another step: {move.why}")
    step = order.step(order.indices.index(install))
    read = reading(step, whole, context)
    if read.found.why:
        return NotParted(read.found.why[0])
    paths = tuple(dict.fromkeys(path for needs in read.project.needs for path in needs.files))
    if not paths:
        return None
    first = {placed: path for placed, path in whole.files.items() if path in paths}
    why = refusal(read, whole, first, context)
    if why:
        return NotParted(why)
    lines = _lines(facts, index, whole, paths)
    if isinstance(lines, NotParted):
        return lines
    return Parted(around(facts, index, install, lines), paths, install, _unsure(read.project.needs, context))


def _unsure(found: Sequence[Needs], context: Context) -> str:
    for needs in found:
        if needs.unsure:
            return needs.unsure
        for path in needs.outputs:
            if not (context.ignores(path) and context.ignores(f"{path}/x")):
                return f".dockerignore does not keep out {path}, which would come to lie over what is installed"
    return ""


def _lines(facts: Facts, index: int, whole: Copied, paths: Sequence[str]) -> list[bytes] | NotParted:
    """The COPYs of the manifests, without line ends: one for each folder, written as that of the whole is."""
    if not all(map(_PLAIN.fullmatch, paths)) or b" " in whole.destination:
        return NotParted("the names of its manifests have blanks or signs in them")
    keyword = facts.source.text[facts.instructions[index].node.start :][:1].islower()
    head = [b"copy" if keyword else b"COPY", *whole.flags]
    found = []
    for folder, group in groupby(sorted(paths, key=_folder_first), key=lambda path: path.rpartition("/")[0]):
        names = [path.encode() for path in group]
        found.append(b" ".join([*head, *names, _into(whole, folder)]))
    if len(found) > _MOST_LINES:
        return NotParted(f"its manifests lie in {len(found)} folders")
    return found


def _folder_first(path: str) -> tuple[str, str]:
    return path.rpartition("/")[0], path


def _into(whole: Copied, folder: str) -> bytes:
    """The destination for files of a folder of the context."""
    inside = folder.removeprefix(whole.source or "").strip("/").encode()
    base = whole.destination.rstrip(b"/")
    base = b"" if base in (b".", b"") and not whole.destination.startswith(b"/") else base + b"/"
    return base + inside + b"/" if inside else base or b"./"


def brought(whole: Copied, paths: Mapping[bytes, str]) -> bool:
    """Whether files lie where the copy of the whole puts them, too."""
    return all(whole.files.get(canonical(placed)) == path for placed, path in paths.items())
