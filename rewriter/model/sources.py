"""What a Dockerfile takes from its build context: the sources of COPY, ADD and bind mounts.

The rules are those of https://docs.docker.com/reference/dockerfile/#copy and of BuildKit's dockerfile2llb: a source is
a path from the context's root, cleaned, which `..` does not leave; a folder stands for what is in it; wildcards are
those of Go's filepath.Match, each within one part of the path.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from ..syntax.instruction import Instruction
from ..syntax.words import mount_fields, operands
from .facts import Facts
from .image import Configuration, value
from .stages import Layout, layout

_REMOTE = re.compile(rb"https?://|git@|git://|ssh://|[\w.-]+@[\w.-]+:", re.IGNORECASE)
_WILD = frozenset("*?[\\")
_KEYWORDS = ("COPY", "ADD", "RUN")


class Source(NamedTuple):
    """A path of the context that the instruction at `position` takes.

    `pattern` is cleaned, without a leading slash; empty for the whole context. `known` is False where a build argument
    or an unknown variable is part of it: then its default stands in its place, or `*`. `later`: it is ONBUILD's, taken
    when an image is built FROM this one. `excluded` are the patterns of --exclude.
    """

    position: int
    pattern: str
    known: bool
    later: bool = False
    excluded: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether it is the whole context."""
        return self.pattern in ("", "*")

    @property
    def exact(self) -> bool:
        """Whether it names one path, without wildcards."""
        return not self.whole and _WILD.isdisjoint(self.pattern)


def sources(facts: Facts) -> tuple[Source, ...]:
    """All that the file takes from the context, in the order in which it is written."""
    found: Layout = facts.of(layout)
    result: list[Source] = []
    for index, instruction in enumerate(facts.instructions):
        if found.stage_of[index] < 0:
            continue
        for inner in _inner(instruction):
            later = inner is not instruction
            for text, excluded in _texts(inner, facts.source.escape):
                config = Configuration() if later else found.before[index]
                pattern, known = _pattern(config, text, facts.source.escape)
                if inner.keyword == "ADD" and _REMOTE.match(value(config, text, facts.source.escape)):
                    continue
                if b"--parents" in inner.flags and "**" in pattern:
                    pattern = ""  # It reaches into all folders.
                result.append(Source(index, pattern, known, later, excluded))
    return tuple(result)


def sources_of(facts: Facts, index: int) -> tuple[Source, ...]:
    """What the instruction itself takes: nothing of what it leaves for later."""
    return facts.of(_by_position).get(index, ())


def may_be_whole(facts: Facts, index: int) -> bool:
    """Whether a COPY or ADD may be of a whole folder of the context: one source, from there."""
    taken = sources_of(facts, index)
    return len(taken) == 1 and (taken[0].whole or taken[0].exact)


def _by_position(facts: Facts) -> Mapping[int, tuple[Source, ...]]:
    own = (source for source in facts.of(sources) if not source.later)
    return {index: tuple(taken) for index, taken in groupby(own, lambda source: source.position)}


def _inner(instruction: Instruction) -> Iterator[Instruction]:
    """The instruction that takes something: itself, or what ONBUILD holds."""
    if instruction.keyword in _KEYWORDS:
        yield instruction
    elif instruction.keyword == "ONBUILD":
        keyword, rest = _first_word(instruction.rest)
        name = keyword.decode("ascii", "replace").upper()
        if name in _KEYWORDS:
            flags = []
            while rest.startswith(b"--"):
                flag, rest = _first_word(rest)
                flags.append(flag)
            yield instruction._replace(keyword=name, flags=tuple(flags), rest=rest)


def _first_word(text: bytes) -> tuple[bytes, bytes]:
    found = text.split(None, 1)
    return (found[0], found[1]) if len(found) == 2 else (text.strip(), b"")


_Text = tuple[bytes, tuple[str, ...]]


def _texts(instruction: Instruction, escape: bytes) -> Iterator[_Text]:
    if instruction.keyword == "RUN":
        for flag in instruction.flags:
            if flag.startswith(b"--mount="):
                yield from _mounted(flag[len(b"--mount=") :])
        return
    if any(flag.startswith(b"--from=") for flag in instruction.flags):
        return
    excluded = tuple(
        f[10:].decode("utf-8", "surrogateescape") for f in instruction.flags if f.startswith(b"--exclude=")
    )
    try:
        parts = operands(instruction.rest, escape)
    except ValueError:
        return
    for part in parts[:-1]:
        heredoc = part.lstrip(b"0123456789").startswith(b"<<")
        if not heredoc and not (instruction.keyword == "ADD" and _REMOTE.match(part)):
            yield part, excluded


def _mounted(mount: bytes) -> Iterator[_Text]:
    """The source of a bind mount from the context, which is the default kind: its root, where it names none."""
    fields = mount_fields(mount)
    if fields[b"type"] == b"bind" and not fields.get(b"from"):
        yield fields.get(b"source", fields.get(b"src", b"")), ()


def _pattern(config: Configuration, text: bytes, escape: bytes) -> tuple[str, bool]:
    expanded = value(config, text, escape).decode("utf-8", "surrogateescape")
    pattern = _UNKNOWN.sub(lambda found: found["default"] or "*", expanded)
    return from_root(pattern), pattern == expanded


def from_root(path: str) -> str:
    """A path of the context from its root, which `..` does not leave; empty for the root itself."""
    return posixpath.normpath("/" + path).lstrip("/")


def sample(source: Source) -> str:
    """A path that the source names: itself, or one with an `x` for each wildcard; empty for a whole context."""
    return _PLACEHOLDER.sub(lambda found: found["member"] or "x", source.pattern) if not source.whole else ""


def literal(path: str) -> str:
    """The pattern, of a source or of an ignore file, that matches this path alone."""
    return re.sub(r"[\\*?\[\]]", lambda found: "\\" + found[0], path)


_PLACEHOLDER = re.compile(r"\[(?P<member>[^\]^])[^\]]*\]|\[[^\]]*\]|[*?]")
# What the model of the configuration writes for a build argument, and variables that nothing sets.
_UNKNOWN = re.compile(r"<ARG [^>=]*(?:=(?P<default>[^>]*))?>|\$\{[^}]*\}|\$\w+")


def takes(source: Source, path: str) -> bool:
    """Whether the source takes this path of the context: it names it, or a folder that it is in."""
    if not (source.whole or _names(source, path)):
        return False
    return not (source.excluded and _is_excluded(source, path))


def _names(source: Source, path: str) -> bool:
    if source.exact:
        return path == source.pattern or path.startswith(source.pattern + "/")
    parts = path.split("/")
    depth = source.pattern.count("/") + 1
    return len(parts) >= depth and matches(source.pattern, "/".join(parts[:depth]))


def _is_excluded(source: Source, path: str) -> bool:
    """What --exclude leaves out: https://docs.docker.com/reference/dockerfile/#copy---exclude."""
    from .ignore import Ignore

    root = source.pattern if source.exact or source.whole else source.pattern.rpartition("/")[0]
    return Ignore(source.excluded).ignores(path.removeprefix(root).lstrip("/"))


def matches(pattern: str, path: str) -> bool:
    """Whether a path matches, as https://pkg.go.dev/path/filepath#Match has it; a bad pattern matches nothing."""
    expression = _expression(pattern)
    return expression is not None and expression.fullmatch(path) is not None


@lru_cache(256)
def _expression(pattern: str) -> re.Pattern[str] | None:
    parts = []
    at = 0
    while at < len(pattern):
        char = pattern[at]
        at += 1
        if char == "*":
            parts.append("[^/]*")
        elif char == "?":
            parts.append("[^/]")
        elif char == "\\" and at < len(pattern):
            parts.append(re.escape(pattern[at]))
            at += 1
        elif char == "[":
            end = pattern.find("]", at + 1)
            if end < 0:
                return None
            inner = pattern[at:end]
            negated = inner.startswith("^")
            parts.append(f"[{'^' if negated else ''}{_class(inner[negated:])}]")
            at = end + 1
        else:
            parts.append(re.escape(char))
    try:
        return re.compile("".join(parts), re.DOTALL)
    except re.error:
        return None


def _class(inner: str) -> str:
    return re.sub(r"[\[\]^&~|]", lambda found: "\\" + found[0], inner)
