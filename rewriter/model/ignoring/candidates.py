"""Which patterns would keep something out of a context, each with its reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import NamedTuple

from ..context import Context, Entry, Kind
from ..gitignore import translated
from ..ignore import Ignore
from ..together import Together, files, sent
from .history import asked_for
from .losses import roots
from .rows import GROUPS, HISTORY, VERSION_CONTROL, Row


class Candidate(NamedTuple):
    """A pattern, the heading that it stands under, why nobody misses what it matches, and what of it is sent today."""

    pattern: str
    heading: str
    reason: str
    matched: tuple[str, ...] = ()

    @property
    def is_kept(self) -> bool:
        """Whether it is an exception, which keeps what others would ignore."""
        return self.pattern.startswith("!")


GITIGNORE = "what .gitignore names"
# Who tells git so has forced in what the repository holds.
_EVERYTHING = frozenset({"*", "**", "**/*"})


def candidates(together: Together) -> tuple[Candidate, ...]:
    """The patterns that match something that is sent today, or that will once somebody has worked in the folder."""
    entries = together.of(sent)
    proposed = list(_proposed(together, entries))
    left = Ignore(tuple(c.pattern for c in proposed)).left(entries)
    gone = roots(entries, left)
    singles = [_single(candidate.pattern.removeprefix("!")) for candidate in proposed]
    matched: dict[int, list[str]] = {}
    for path in gone:
        # Where several patterns match, the first one is named.
        index = next((i for i, single in enumerate(singles) if not proposed[i].is_kept and single.ignores(path)), None)
        if index is not None:
            matched.setdefault(index, []).append(path)
    told = [candidate._replace(matched=tuple(matched.get(i, ()))) for i, candidate in enumerate(proposed)]
    return tuple(candidate for candidate in told if not _is_forced_in(candidate, together.context))


def _is_forced_in(candidate: Candidate, context: Context) -> bool:
    """Whether git keeps something of it although .gitignore names it."""
    if candidate.heading != GITIGNORE or not candidate.matched:
        return False
    tracked = context.tracked()
    below = tuple(f"{path}/" for path in candidate.matched)
    return tracked is not None and any(path in candidate.matched or path.startswith(below) for path in tracked)


@lru_cache(1024)
def _single(pattern: str) -> Ignore:
    return Ignore((pattern,))


def _proposed(together: Together, entries: Mapping[str, Entry]) -> Iterator[Candidate]:
    seen: set[str] = set()
    history = together.of(asked_for)
    for group in (VERSION_CONTROL, *GROUPS):
        for row in group.rows:
            if row is HISTORY and history:
                continue
            for pattern in _patterns(row, together, entries):
                if pattern not in seen:
                    seen.add(pattern)
                    yield Candidate(pattern, group.heading, row.reason)
    patterns = translated(_gitignores(together.context), together.context.entries)
    if _EVERYTHING.isdisjoint(patterns):
        # The order counts among these, so a repeated one is only left out where none of them is an exception.
        yield from (Candidate(p, GITIGNORE, "git does not keep it either") for p in patterns if p not in seen)


def _gitignores(context: Context) -> dict[str, bytes]:
    """The .gitignore files by the folder that they stand in."""
    found = {}
    for path, entry in context.entries.items():
        folder, _, name = path.rpartition("/")
        if name == ".gitignore" and entry.kind is Kind.FILE and (text := context.read(path)) is not None:
            found[folder] = text
    return found


def _patterns(row: Row, together: Together, entries: Mapping[str, Entry]) -> Iterable[str]:
    context = together.context
    if row.where and not _stands(row.where, context):
        return ()
    if row.unless_told:
        return [pattern for pattern in row.patterns if not _is_told(pattern, together)]
    if not row.says:
        return row.patterns
    matching = Ignore(row.patterns)
    files = (path for path, entry in entries.items() if entry.kind is Kind.FILE and matching.ignores(path))
    return [_literal(path) for path in files if _holds(context.read(path), row.says)]


def _literal(path: str) -> str:
    """The pattern that matches this path alone."""
    return re.sub(r"[\\*?\[\]]", lambda found: "\\" + found[0], path)


def _stands(names: Iterable[str], context: Context) -> bool:
    """Whether one of these files is at the root of the context, or one folder below."""
    near = (path for path in context.entries if path.count("/") < 2)
    return any(fnmatchcase(path, name) for path in near for name in names)


# Manifests that may name files which the build then wants: a readme for the index, a folder of tests, embedded files.
_MANIFESTS = """
    pyproject.toml setup.py setup.cfg MANIFEST.in *.gemspec Cargo.toml package.json *.csproj mkdocs.yml *.cabal mix.exs
""".split()


def _is_told(pattern: str, together: Together) -> bool:
    """Whether a manifest, or an instruction that is no copy, names what the pattern matches."""
    names = [path for path in together.context.entries if "/" not in path and fnmatchcase(path, pattern)]
    parts = (re.escape(name.encode("utf-8", "surrogateescape")) for name in names)
    words = [re.compile(rb"(?<![\w-])" + part + rb"(?![\w-])") for part in parts]
    return any(word.search(text) for text in together.of(_telling) for word in words)


def _telling(together: Together) -> tuple[bytes, ...]:
    read = together.context.read
    near = [p for p in together.context.entries if "/" not in p and any(fnmatchcase(p, name) for name in _MANIFESTS)]
    manifests = (text for text in map(read, near) if text is not None)
    every = (instruction for facts in together.of(files) for instruction in facts.instructions)
    return (*manifests, *(b" ".join((i.rest, *i.bodies)) for i in every if i.keyword not in ("COPY", "ADD", "LABEL")))


def _holds(text: bytes | None, says: Iterable[bytes]) -> bool:
    return text is not None and any(part in text for part in says)


def expected(rows: Iterable[Row], context: Context) -> frozenset[str]:
    """The patterns of rows of which a file beside them tells that what they match will be there."""
    telling = (row for row in rows if _stands((*row.beside, *row.where), context))
    return frozenset(pattern for row in telling for pattern in row.patterns)
