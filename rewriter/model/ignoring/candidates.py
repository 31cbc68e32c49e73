"""Which patterns would keep something out of a context, each with its reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import NamedTuple

from ..context import Context, Entry, Kind
from ..gitignore import translated
from ..ignore import Ignore, matcher
from ..sources import literal
from ..stages import layout
from ..together import Together, files, sent
from .history import asked_for
from .losses import roots
from .rows import GROUPS, HISTORY, VERSION_CONTROL, Row


class Candidate(NamedTuple):
    """A pattern, the heading that it stands under, and what of it is sent today.

    `may_be_tracked`: a repository may well hold what it matches.
    """

    pattern: str
    heading: str
    matched: tuple[str, ...] = ()
    may_be_tracked: bool = False

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
    matchers = [(i, matcher(candidate.pattern)) for i, candidate in enumerate(proposed) if not candidate.is_kept]
    matched: dict[int, list[str]] = {}
    for path in gone:
        # Where several patterns match, the first one is named.
        above = [path, *_folders_above(path)]
        index = next((i for i, match in matchers if any(map(match, above))), None)
        if index is not None:
            matched.setdefault(index, []).append(path)
    told = [candidate._replace(matched=tuple(matched.get(i, ()))) for i, candidate in enumerate(proposed)]
    return tuple(candidate for candidate in told if not _holds_tracked(candidate, together))


def _folders_above(path: str) -> list[str]:
    parts = path.split("/")[:-1]
    return ["/".join(parts[:end]) for end in range(len(parts), 0, -1)]


def _holds_tracked(candidate: Candidate, together: Together) -> bool:
    """Whether git keeps something that the pattern matches: of a kind that no repository should hold.

    Where a step asks for the history, nothing that git keeps may go: the version would be a dirty one.
    """
    kept = together.of(_tracked)
    if candidate.is_kept or not kept or (candidate.may_be_tracked and not together.of(asked_for)):
        return False
    return len(Ignore((candidate.pattern,)).left(kept)) < len(kept)


def _tracked(together: Together) -> Mapping[str, Entry]:
    return dict.fromkeys(together.context.tracked() or (), Entry(Kind.FILE))


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
                    yield Candidate(pattern, group.heading, (), group.tracked)
    patterns = translated(_gitignores(together.context), together.context.entries)
    if _EVERYTHING.isdisjoint(patterns):
        # The order counts among these, so a repeated one is only left out where none of them is an exception.
        yield from (Candidate(pattern, GITIGNORE) for pattern in patterns if pattern not in seen)


# What is installed there has ignore files of its own.
_FOREIGN = frozenset({".git", ".venv", "bower_components", "node_modules", "site-packages", "vendor", "venv"})


def _gitignores(context: Context) -> dict[str, bytes]:
    """The .gitignore files by the folder that they stand in."""
    found = {}
    for path, entry in context.entries.items():
        folder, _, name = path.rpartition("/")
        if name == ".gitignore" and entry.kind is Kind.FILE and _FOREIGN.isdisjoint(folder.split("/")):
            text = context.read(path)
            if text is not None:
                found[folder] = text
    return found


def _patterns(row: Row, together: Together, entries: Mapping[str, Entry]) -> Iterable[str]:
    if row.where and not _stands(row.where, together):
        return ()
    # Without its manifest, nobody could have made it for the image.
    is_wanted = row.made_by and _stands((*row.beside, *row.where), together)
    if is_wanted and not any(re.search(row.made_by, text) for text in together.of(_runs)):
        return ()
    if row.unless_told:
        return [pattern for pattern in row.patterns if not _is_told(pattern, together)]
    if not row.says:
        return row.patterns
    left = Ignore(row.patterns).left(entries)
    files = (path for path, entry in entries.items() if entry.kind is Kind.FILE and path not in left)
    return [literal(path) for path in files if _holds(together.context.read(path), row.says)]


def _runs(together: Together) -> tuple[bytes, ...]:
    """The texts of all RUNs."""
    every = (instruction for facts in together.of(files) for instruction in facts.instructions)
    return tuple(b" ".join((i.rest, *i.bodies)) for i in every if i.keyword == "RUN")


def _stands(names: Iterable[str], together: Together) -> bool:
    """Whether one of these files is at the root of the context, or one folder below."""
    return any(fnmatchcase(path, name) for path in together.of(_near) for name in names)


def _near(together: Together) -> tuple[str, ...]:
    return tuple(path for path in together.context.entries if path.count("/") < 2)


# Manifests that may name files which the build then wants: a readme for the index, a folder of tests, embedded files.
_MANIFESTS = """
    pyproject.toml setup.py setup.cfg MANIFEST.in *.gemspec Cargo.toml package.json *.csproj mkdocs.yml *.cabal mix.exs
    *.sln *.slnx CMakeLists.txt meson.build Makefile Makefile.am GNUmakefile pom.xml settings.gradle* build.gradle*
    pnpm-workspace.yaml lerna.json nx.json turbo.json docusaurus.config.* go.work composer.json Taskfile.y*ml justfile
""".split()
# Commands that need a folder without naming it.
_IMPLIED = {
    "test tests spec __tests__ e2e cypress": re.compile(rb"\b(?:py|c|r|vi)?tests?\b|jest|rspec|tox|cypress|playwright"),
    "doc docs": re.compile(rb"mkdocs|sphinx|docusaurus|vitepress|hugo|jekyll|typedoc|\bdocs?\b"),
}
# Images that hand out what is copied into them.
_SERVERS = re.compile(r"(?:^|/)(?:nginx|httpd|caddy|lighttpd|php|openresty)(?:[:@-]|$)|apache|unprivileged")


def _is_told(pattern: str, together: Together) -> bool:
    """Whether a manifest, or an instruction that is no copy, names what the pattern matches."""
    if any(pattern in names.split() and any(map(used.search, together.of(_runs))) for names, used in _IMPLIED.items()):
        return True
    stages = (stage for facts in together.of(files) for stage in facts.of(layout).stages)
    if any(stage.shipped and _SERVERS.search(stage.base) for stage in stages):
        return True
    names = [path for path in together.of(_near) if "/" not in path and fnmatchcase(path, pattern)]
    parts = (re.escape(name.encode("utf-8", "surrogateescape")) for name in names)
    words = [re.compile(rb"(?<![\w-])" + part + rb"(?![\w-])") for part in parts]
    return any(word.search(text) for text in together.of(_telling) for word in words)


def _telling(together: Together) -> tuple[bytes, ...]:
    read = together.context.read
    found = [p for p in together.of(_near) if "/" not in p and any(fnmatchcase(p, name) for name in _MANIFESTS)]
    manifests = (text for text in map(read, found) if text is not None)
    every = (instruction for facts in together.of(files) for instruction in facts.instructions)
    return (*manifests, *(b" ".join((i.rest, *i.bodies)) for i in every if i.keyword not in ("COPY", "ADD", "LABEL")))


def _holds(text: bytes | None, says: Iterable[bytes]) -> bool:
    return text is not None and any(part in text for part in says)


def expected(rows: Iterable[Row], together: Together) -> frozenset[str]:
    """The patterns of rows of which a file beside them tells that what they match will be there."""
    telling = (row for row in rows if _stands((*row.beside, *row.where), together))
    return frozenset(pattern for row in telling for pattern in row.patterns)
