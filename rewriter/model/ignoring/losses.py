"""What the Dockerfiles of a context would no longer get if their ignore file said something else."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from ...syntax.edit import line_of
from ..context import Entry, Kind
from ..facts import Facts
from ..ignore import Ignore
from ..sources import Source, from_root, literal, sample, sources, takes
from ..together import Together, files, rules, sent, unknown


class Use(NamedTuple):
    """Something that a Dockerfile takes from the context; `shown` is where: `Dockerfile:12`.

    `mounted`: a RUN sees it, and no layer has it.
    """

    shown: str
    source: Source
    mounted: bool = False


class Losses(NamedTuple):
    """What would be lost: patterns of sources that name it (whether or not it is there today), and paths.

    A path stands for all that is below it; it is taken by a copy of a folder above it, or of the whole context.
    """

    named: tuple[Use, ...]
    paths: tuple[str, ...]


def uses(together: Together) -> tuple[Use, ...]:
    """All that the Dockerfiles take, in the order in which they are written, with what links lead to."""
    found = [use for facts in together.of(files) for use in _uses(facts)]
    entries = together.context.entries
    return tuple(followed for use in found for followed in (use, *_followed(use, entries)))


def is_sure(together: Together) -> bool:
    """Whether it is known what all take who are built in the context."""
    return all(use.source.known for use in together.of(uses)) and not together.of(unknown)


def _followed(use: Use, entries: Mapping[str, Entry], most: int = 10) -> Iterator[Use]:
    """What the links among the parts of a source lead to; BuildKit follows them, inside of the context.

    Links that are in a copied folder are copied as they are.
    """
    named = [use.source.pattern] if use.source.exact else [path for path in entries if is_named(use.source, path)]
    for path in named if most and not use.source.whole else ():
        parts = path.split("/")
        for end in range(1, len(parts) + 1):
            link = entries.get("/".join(parts[:end]))
            if link is not None and link.kind is Kind.LINK:
                target = posixpath.join("/", *parts[: end - 1], link.target, *parts[end:])
                pattern = literal(from_root(target))
                further = use._replace(source=use.source._replace(pattern=pattern, excluded=()))
                yield further
                yield from _followed(further, entries, most - 1)


def is_named(source: Source, path: str) -> bool:
    """Whether the source names this path itself, not only a folder that it is in."""
    return path.count("/") == source.pattern.count("/") and takes(source, path)


def _uses(facts: Facts) -> Iterator[Use]:
    for source in facts.of(sources):
        instruction = facts.instructions[source.position]
        place = f"{facts.path}:{line_of(facts.source.text, instruction.node.start)}"
        yield Use(place, source, instruction.keyword == "RUN")


def losses(together: Together, after: Ignore) -> Losses:
    """What is lost once the ignore file has the patterns of `after`."""
    before = together.of(rules)
    now = together.of(sent)
    gone = roots(now, after.left(now))
    named = [use for use in together.of(uses) if _is_lost(use.source, before, after, gone)]
    taken = [path for path in gone if any(takes(use.source, path) for use in together.of(uses))]
    return Losses(tuple(named), tuple(taken))


def _is_lost(source: Source, before: Ignore, after: Ignore, gone: Iterable[str]) -> bool:
    """Whether something is lost that the source names: a path like its pattern, or one that matches it today."""
    name = sample(source)
    if after.ignores(name) and not before.ignores(name):
        return True
    return not (source.whole or source.exact) and any(is_named(source, path) for path in gone)


def roots(before: Mapping[str, Entry], after: Mapping[str, Entry]) -> tuple[str, ...]:
    """The topmost paths that are in `before` and not in `after`."""
    # A folder of which something is kept is kept, too.
    return tuple(path for path in before if path not in after and ("/" not in path or _parent(path) in after))


def _parent(path: str) -> str:
    return path.rpartition("/")[0]


class Weight(NamedTuple):
    """How much there is: bytes and files."""

    size: int = 0
    files: int = 0


def weights(entries: Mapping[str, Entry], tops: Iterable[str]) -> dict[str, Weight]:
    """For each of these paths, what is at it and below it."""
    found = dict.fromkeys(tops, Weight())
    for path, entry in entries.items():
        if entry.kind is Kind.FOLDER:
            continue
        at = path
        while at and at not in found:
            at = at.rpartition("/")[0]
        if at:
            found[at] = Weight(found[at].size + entry.size, found[at].files + 1)
    return found
