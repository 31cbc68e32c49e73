"""Whether two neighbouring steps make the same image in either order.

They do if neither writes what the other one reads or writes (Bernstein's conditions), of files, of variables and of
the image's configuration. Times of files do not count, nor which layer holds them.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..context import Context
from .copies import LINKED
from .paths import EVERYTHING, covers, overlap, shown
from .places import matching, stands
from .step import Step
from .touch import touched
from .touched import Touched


def objection(first: Step, second: Step, context: Context | None = None) -> str:
    """Why `first; second` and `second; first` may not make the same image; empty if they do."""
    return disagreement(first, touched(first, context), second, touched(second, context))


def disagreement(first: Step, one: Touched, second: Step, other: Touched) -> str:
    """The same for steps of which it is known already what they touch."""
    if first.stage != second.stage:
        return "they are of different stages"
    return next(_objections(first, one, second, other), "")


def _objections(first: Step, one: Touched, second: Step, other: Touched) -> Iterator[str]:
    for step, found in ((first, one), (second, other)):
        if found.fixed:
            yield f"{step.name} stays where it is: {found.fixed}"
    sides = ((first, one, second, other), (second, other, first, one))
    for side in sides:
        yield from _of_configuration(*side)
    yield from _of_caches(one, other)
    for writer, writes, reader, reads in sides:
        yield from _of_paths(writes, reads)
        yield from _of_folders(writer, writes, reader, reads)


def _of_configuration(writer: Step, writes: Touched, reader: Step, reads: Touched) -> Iterator[str]:
    for name in sorted(writes.sets):
        text = name.decode("utf-8", "replace")
        if name in reads.sets:
            yield f"both set {text}"
        if matching(name, reads.env):
            why = f" ({reads.why[0]})" if reads.why else ""
            yield f"{writer.name} sets {text}, which {reader.name} may read{why}"
    for field in sorted(writes.changes & (reads.changes | reads.asks)):
        if field in reads.changes:
            yield f"both decide {_FIELDS.get(field, field)}"
        yield f"{writer.name} sets {_FIELDS.get(field, field)}, which {reader.name} goes by"


_FIELDS = {"user": "the user", "workdir": "the working directory", "shell": "the shell"}


def _of_caches(one: Touched, other: Touched) -> Iterator[str]:
    for cache in sorted(one.caches & other.caches):
        yield f"both use the cache mount {cache.decode('utf-8', 'replace')}"


def _of_paths(writes: Touched, reads: Touched) -> Iterator[str]:
    """Trees that one side writes, and what the other one reads or writes."""
    for tree, who in writes.writes.items():
        for verb, trees in (("writes", reads.writes), ("reads", reads.reads)):
            for path, whose in trees.items():
                if not overlap(tree, path):
                    continue
                if tree == EVERYTHING:
                    yield f"{who} may write anything"
                else:
                    yield f"{who} writes {shown(tree)}, and {whose} {verb} {_named(path, tree)}"
    for tree in sorted(writes.replaces):
        for path in sorted(reads.relies):
            if overlap(tree, path):
                yield f"{_who(writes, tree)} writes {shown(tree)}, where {shown(path)} may be replaced"


def _named(path: bytes, tree: bytes) -> str:
    return "it, too" if path == tree else shown(path)


def _who(writes: Touched, tree: bytes) -> str:
    return writes.writes.get(tree, "one of them")


def _of_folders(writer: Step, writes: Touched, reader: Step, reads: Touched) -> Iterator[str]:
    """Folders that one side makes where they are missing, and what the other side does there."""
    for tree, who in writes.writes.items():
        for folder in sorted(reads.needs | {reads.stands_in}):
            if folder and covers(tree, folder):
                yield f"{who} writes {shown(tree)}, and {reader.name} needs {shown(folder)} as it is"
        for folder in reads.makes:
            if covers(tree, folder):
                yield f"{who} writes {shown(tree)}, and {reader.name} makes {shown(folder)}"
    for folder, owner in writes.makes.items():
        if stands(folder, writer.config) and LINKED not in owner:
            continue
        if folder in reads.needs or any(covers(tree, folder) for tree in reads.reads):
            yield f"{writer.name} makes the folder {shown(folder)}, which {reader.name} needs or reads"
        if reads.makes.get(folder, owner) != owner:
            yield f"both make the folder {shown(folder)}, each in its own way ({owner}; {reads.makes[folder]})"
