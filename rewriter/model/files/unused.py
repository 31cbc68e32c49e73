"""What a COPY brings and a later RUN deletes without anybody having used it: it need not come into the image at all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple

from ...syntax.script import Command
from ..builders import at_least
from ..context import Kind
from ..facts import Facts
from ..stages import Stage, layout
from ..steps.paths import EVERYTHING, is_below
from ..steps.places import is_root
from .arguments import argued
from .between import stranger
from .deleted import Deleted, Deletion, Operand, deletions_of
from .located import located
from .origin import by_others, of_base
from .placed import Copied, Placed, copied
from .shelf import Shelf

# What the shell takes as it stands, but for the wildcards of a pattern.
_PLAIN = re.compile(rb"[\w./@+=,%*?\[\]-]+")
# A copy from the new stage keeps modes; the owner is told to that copy.
_KEPT = (b"--chown", b"--chmod")
# https://docs.docker.com/reference/dockerfile/#copy---exclude
EXCLUDE_SINCE = (1, 19)


class Unused(NamedTuple):
    """A COPY, and of the paths that it brings those that are deleted, absolute, as words of an `rm`.

    `excluded` are the same as patterns of --exclude, where the file's syntax has that; else none. `ignorable` are the
    same as paths of the build context, if the deletions also succeed where these are not there; else none. `unsure`
    says what a person must know; empty where all is known. `size` is in bytes, None where the build context does not
    tell it.
    """

    copy: Copied
    placed: Placed
    deleted: tuple[Deleted, ...]
    paths: tuple[bytes, ...]
    excluded: tuple[bytes, ...]
    ignorable: tuple[str, ...]
    unsure: str
    size: int | None = None


class NotUnused(NamedTuple):
    """The COPY at `position`, of which a later RUN deletes a part, and why it brings that nevertheless."""

    position: int
    why: str


def unused(facts: Facts) -> tuple[Unused | NotUnused, ...]:
    """Those of shipped stages."""
    return tuple(one for stage in facts.of(layout).stages if stage.shipped for one in _of_stage(facts, stage))


def _of_stage(facts: Facts, stage: Stage) -> list[Unused | NotUnused]:
    there: Shelf[tuple[Copied, Placed]] = Shelf()
    results: dict[int, Unused | NotUnused] = {}
    for index in range(stage.first + 1, stage.last):
        copy = _copied(facts, index)
        if copy is not None:
            there.put(copy.placed[0].tree, (copy, copy.placed[0]))
            continue
        deletions = deletions_of(facts, index)
        near = [one for deletion in deletions for operand in deletion.operands for one in there.near(operand.tree)]
        for copy, placed in {one[0].position: one for one in near}.values():
            found = tuple(_inside(deletions, placed))
            if found and not _is_ignored(facts, placed, found):
                there.take(placed.tree, (copy, placed))
                why = _objection(facts, stage, copy, placed, found)
                made = NotUnused(copy.position, why) if why else _made(facts, stage, copy, placed, found)
                results[copy.position] = made
    return [results[position] for position in sorted(results)]


def _copied(facts: Facts, index: int) -> Copied | None:
    """The COPY at the index, if it is one of a single folder, or may be."""
    copy = copied(facts, index) if facts.instructions[index].keyword == "COPY" else None
    given = argued(facts, copy) if copy is not None and copy.refused else None
    copy = given.copy if given is not None else copy
    fits = copy is not None and len(copy.placed) == 1 and copy.placed[0].kind is not Kind.FILE
    return copy if fits else None


def _inside(found: Sequence[Deletion], placed: Placed) -> Iterator[Deleted]:
    """The words of the deletions that name something below the folder."""
    for deletion in found:
        words = tuple(operand.word for operand in deletion.operands if _is_inside(operand, placed))
        if words:
            yield Deleted(deletion, words)


def _is_inside(operand: Operand, placed: Placed) -> bool:
    if operand.exact:
        return is_below(operand.tree, placed.tree)
    # A pattern stands in the folder that is known of it.
    return operand.tree != EVERYTHING and (operand.tree == placed.tree or is_below(operand.tree, placed.tree))


def _is_ignored(facts: Facts, placed: Placed, found: Sequence[Deleted]) -> bool:
    """Whether an ignore file keeps all of it from the builder: then the COPY does not bring it."""
    context = facts.context
    names = _in_context(placed, found) if context is not None else ()
    return context is not None and bool(names) and all(map(context.ignores, names))


def _in_context(placed: Placed, found: Sequence[Deleted]) -> tuple[str, ...]:
    """The paths of the build context that are deleted; none where a pattern is among them."""
    operands = list(_operands(found))
    if placed.kind is not Kind.FOLDER or not all(operand.exact for _, operand in operands):
        return ()
    start = placed.source + "/" if placed.source else ""
    top = placed.tree.rstrip(b"/") + b"/"
    inside = (operand.tree.removeprefix(top) for _, operand in operands)
    return tuple(dict.fromkeys(start + path.decode("utf-8", "surrogateescape") for path in inside))


def _operands(found: Sequence[Deleted]) -> Iterator[tuple[Deletion, Operand]]:
    for deleted in found:
        for operand in deleted.deletion.operands:
            if operand.word in deleted.words:
                yield deleted.deletion, operand


def _objection(facts: Facts, stage: Stage, copy: Copied, placed: Placed, found: Sequence[Deleted]) -> str:
    """Why the deleted paths must come first and go later; empty where nothing speaks for it."""
    if copy.refused:
        return copy.refused
    flag = next((flag for flag in copy.flags if flag not in _KEPT), None)
    if flag is not None:
        return f"`{flag.decode('utf-8', 'replace')}` is nothing that a copy of a copy keeps"
    held = of_base(facts, placed.tree, copy.position).refused
    if held:
        return held
    last = found[0].deletion.position
    for deletion, operand in _operands(found):
        if not _PLAIN.fullmatch(_absolute(deletion, operand)):
            return f"`{operand.word.text.decode('utf-8', 'replace')}` has characters that mean something to a shell"
        # Of a pattern's folder, only what is in it.
        tree = operand.tree if operand.exact else operand.tree + b"/"
        others = by_others(facts, stage, tree, [copy.position])
        if others:
            return others
        for index in range(copy.position + 1, last + 1):
            why = stranger(facts, index, tree, _not_before(facts, found, deletion) if index == last else ())
            if why:
                return f"before it is deleted, {why}"
    return ""


def _not_before(facts: Facts, found: Sequence[Deleted], deletion: Deletion) -> frozenset[Command]:
    """The deletions of the RUN, and its commands that run once this one has deleted something."""
    run = located(facts, deletion.position)
    behind = [one.command for one in run.commands if one.command.start > deletion.one.command.start] if run else []
    return frozenset([*behind, *(deleted.deletion.one.command for deleted in found)])


def _made(facts: Facts, stage: Stage, copy: Copied, placed: Placed, found: tuple[Deleted, ...]) -> Unused | NotUnused:
    held = of_base(facts, placed.tree, copy.position)
    paths = tuple(dict.fromkeys(_absolute(deletion, operand) for deletion, operand in _operands(found)))
    exact = all(operand.exact for _, operand in _operands(found))
    inside = _in_context(placed, found)
    ignorable = inside if all(_is_forced(deleted.deletion) for deleted in found) else ()
    excludes = exact and not placed.source and at_least(facts, EXCLUDE_SINCE)
    if not excludes and not is_root(facts.of(layout).before[stage.first + 1]):
        return NotUnused(copy.position, "whether USER of the base may delete something, is not known")
    if not excludes and "onbuild" in stage.base:
        return NotUnused(copy.position, "the instructions that its base has for later (ONBUILD) would run twice")
    top = placed.path.rstrip(b"/") + b"/"
    excluded = tuple(path.removeprefix(top) for path in paths) if excludes else ()
    return Unused(copy, placed, found, paths, excluded, ignorable, held.unsure, _size(facts, inside))


def _is_forced(deletion: Deletion) -> bool:
    """Whether the `rm` succeeds where there is nothing to delete."""
    texts = takewhile(lambda text: text != b"--", (word.text for word in deletion.one.raw[1:]))
    options = [text for text in texts if text.startswith(b"-")]
    return any(text == b"--force" or (not text.startswith(b"--") and b"f" in text) for text in options)


def _size(facts: Facts, names: Sequence[str]) -> int | None:
    """The bytes at and below these paths, as far as the build context tells them."""
    if facts.context is None or not names:
        return None
    files = ((path, one) for path, one in facts.context.entries.items() if one.kind is Kind.FILE)
    return sum(one.size for path, one in files if any(path == name or path.startswith(name + "/") for name in names))


def _absolute(deletion: Deletion, operand: Operand) -> bytes:
    """The path or pattern from the root."""
    path = operand.path
    return path if path.startswith(b"/") else deletion.one.place.folder.rstrip(b"/") + b"/" + path.removeprefix(b"./")
