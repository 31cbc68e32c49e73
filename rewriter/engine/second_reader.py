"""A second, independent reading of before and after: by dockerfile-parse, on the text that it can read.

It knows nothing of our tree, of the shell or of BuildKit's finer rules, which is the point: what it sees as
base images, ENV, LABEL, CMD and instructions must move as the licence says, and no word of a RUN may come or go.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache, cached_property, lru_cache
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any, cast

from .licences import (
    AppendCommand,
    ChangeCall,
    CopyFirst,
    DeleteSooner,
    DropChange,
    DropCleanup,
    DropFetched,
    DropRefresh,
    JoinCalls,
    Licence,
    MountCopied,
    MoveStep,
    NarrowCopy,
    PrependCommand,
    SetFlag,
    SplitStage,
    UseCopy,
)

if TYPE_CHECKING:
    from dockerfile_parse import DockerfileParser

_GLUE = re.compile(r"&&|[(){};]")
_COPIES = ("COPY", "ADD")
_FLAGS = re.compile(r"^(?:--\S+\s+)+")
# What dockerfile-parse is known to misread: heredocs, blank lines inside a continuation, a last line that goes on,
# other escape characters, text that is not UTF-8.
_BLANK_CONTINUATION = re.compile(rb"\\[ \t]*\r?\n[ \t]*\r?\n")
_FRAME = b"FROM scratch\n"


def moved(before: bytes, after: bytes, may: Sequence[Licence]) -> Iterator[str]:
    """What the second reader sees moving that the licence does not allow; nothing where it can't read the text."""
    if not (_readable(before) and _readable(after)):
        return
    old, new = _read(before), _read(after)
    if any(isinstance(licence, SplitStage) for licence in may):
        yield from _cut(old, new)
        return
    # Most changes are to texts that name no image.
    if b"from" in (before + after).lower() and old.parent_images != new.parent_images:
        yield "the second reader sees other base images"
    if _settings(old) != _settings(new):
        yield "the second reader sees another ENV, LABEL or CMD"
    yield from _other_instructions(old, new, may)
    yield from _other_words(old, new, may)


def _other_instructions(old: DockerfileParser, new: DockerfileParser, may: Sequence[Licence]) -> Iterator[str]:
    """What moves besides RUNs."""
    kinds = {type(licence) for licence in may}
    was, now = _others(old), _others(new)
    if CopyFirst in kinds:
        now = _without_new_copies(old, new)
    if MountCopied in kinds:
        was = _without_new_copies(new, old)
    if UseCopy in kinds:
        was, now = _as_copies(was), _as_copies(now)
    if NarrowCopy in kinds:
        was, now = _without_copies(was), _without_copies(now)
    if DropChange in kinds:
        was, now = _without_flags(was), _without_flags(now)
        if _flags(old, may) != _flags(new, ()):
            yield "the second reader sees other flags of copies"
    if kinds & {MoveStep, CopyFirst}:
        was, now = sorted(was), sorted(now)
    if was != now:
        yield "the second reader sees other instructions"


def _other_words(old: DockerfileParser, new: DockerfileParser, may: Sequence[Licence]) -> Iterator[str]:
    """What moves of the words of RUNs."""
    expected = _expected(_run_words(old), may)
    found = _run_words(new)
    for licence in may:
        if isinstance(licence, DeleteSooner):
            expected = _replaced(expected, licence.before, licence.left)
        if isinstance(licence, DeleteSooner | DropFetched):
            found = _replaced(found, (licence.command,), ())
    if DropRefresh() in may:
        expected, found = _without_refreshes(expected), _without_refreshes(found)
    moves = any(isinstance(licence, MoveStep | CopyFirst) for licence in may)
    if (sorted(expected) if moves else expected) != (sorted(found) if moves else found):
        yield "the second reader sees other words in RUN"


def _cut(old: DockerfileParser, new: DockerfileParser) -> Iterator[str]:
    """What is wrong with a stage that was cut in two: nothing of it may be lost, and the image says what it said."""
    if new.parent_images != [*old.parent_images, old.parent_images[-1]]:
        yield "the second reader sees other base images"
    lost = Counter(item for item in _others(old) if item[0] != "FROM")
    lost -= Counter(_others(new))
    if lost or not _is_part(_run_words(old), _run_words(new)):
        yield "the second reader sees that instructions are lost"
    if old.cmd and new.cmd != old.cmd:
        yield "the second reader sees another CMD"


def _is_part(part: list[str], words: list[str]) -> bool:
    """Whether the words begin with these."""
    return words[: len(part)] == part


def _expected(expected: list[str], may: Sequence[Licence]) -> list[str]:
    """The words of all RUNs as the licences let them become."""
    for licence in may:
        if isinstance(licence, AppendCommand):
            expected += _split(licence.command.decode())
        elif isinstance(licence, ChangeCall):
            expected = _replaced(expected, licence.before, licence.after)
        elif isinstance(licence, JoinCalls):
            expected = _replaced(expected, licence.first + licence.second, licence.joined)
        elif isinstance(licence, PrependCommand):
            expected = _split(licence.command.decode()) + expected
        elif isinstance(licence, DropCleanup | DropChange):
            expected = _replaced(expected, licence.words, ())
        elif isinstance(licence, MountCopied):
            for words, left in licence.deletions:
                expected = _replaced(expected, words, left)
    return expected


def _readable(text: bytes) -> bool:
    if b"<<" in text or b"`" in text or not text.isascii() or _BLANK_CONTINUATION.search(text):
        return False
    return not text.rstrip(b"\r\n \t").endswith(b"\\")


# What one change has made is often what the next one changes.
@lru_cache(64)
def _read(text: bytes) -> DockerfileParser:
    # The stubs say str; the parser reads and decodes bytes.
    return _parser()(fileobj=cast("IO[str]", BytesIO(_FRAME + text)))


@cache
def _parser() -> type[DockerfileParser]:
    from dockerfile_parse import DockerfileParser

    class Once(DockerfileParser):
        """dockerfile-parse reads its text anew at every question."""

        @cached_property
        def structure(self) -> Any:
            return super().structure

    return Once


@lru_cache(64)
def _settings(parser: DockerfileParser) -> tuple[object, ...]:
    return (parser.envs, parser.labels, parser.cmd)


def _others(parser: DockerfileParser) -> list[tuple[str, str]]:
    return [
        (item["instruction"], item["value"])
        for item in parser.structure
        if item["instruction"] not in ("RUN", "COMMENT")
    ]


def _as_copies(items: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The instructions with COPY for ADD."""
    return [("COPY" if keyword == "ADD" else keyword, value) for keyword, value in items]


def _without_copies(items: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The instructions but for COPY and ADD: which of these may come and go is for the witness to say."""
    return [item for item in items if item[0] not in ("COPY", "ADD")]


def _without_flags(items: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The instructions, without the flags of copies."""
    return [(keyword, _FLAGS.sub("", value) if keyword in _COPIES else value) for keyword, value in items]


def _flags(parser: DockerfileParser, may: Sequence[Licence]) -> Counter[str]:
    """The flags of all copies, as the licences let them become."""
    values = [value for keyword, value in _others(parser) if keyword in _COPIES]
    found = Counter(flag for value in values for match in _FLAGS.findall(value) for flag in match.split())
    for licence in may:
        if isinstance(licence, SetFlag):
            found[licence.after.decode()] += 1
            found[licence.before.decode()] -= 1 if licence.before else 0
    return +found


def _without_new_copies(old: DockerfileParser, new: DockerfileParser) -> list[tuple[str, str]]:
    """The instructions of the new text, but for COPYs that the old one has not."""
    known = _others(old)
    return [item for item in _others(new) if item[0] != "COPY" or item in known]


def _run_words(parser: DockerfileParser) -> list[str]:
    """The words of all RUNs, without their flags and what joins and groups commands."""
    return list(_words(parser))


@lru_cache(64)
def _words(parser: DockerfileParser) -> tuple[str, ...]:
    values = [item["value"] for item in parser.structure if item["instruction"] == "RUN"]
    return tuple(word for value in values for word in _split(_FLAGS.sub("", value)))


def _split(text: str) -> list[str]:
    return _GLUE.sub(" ", text).split()


def _replaced(words: list[str], before: Sequence[bytes], after: Sequence[bytes]) -> list[str]:
    """The words, with others in the place of each run of such; a redirect may hang on the last one (`x>=1`)."""
    old, new = (_split(" ".join(word.decode() for word in part)) for part in (before, after))
    result: list[str] = []
    at = 0
    while at < len(words):
        last = at + len(old) - 1
        fits = last < len(words) and words[at:last] == old[:-1] and words[last].startswith(old[-1])
        rest = words[last][len(old[-1]) :] if fits else ""
        if fits and rest[:1] in ("", "<", ">"):
            result += [*new[:-1], new[-1] + rest] if new else []
            at = last + 1
        else:
            result.append(words[at])
            at += 1
    return result


def _without_refreshes(words: list[str]) -> list[str]:
    """The words without those of list cleanups and updates: that only pairs of them go is for the flow graph to say."""
    return re.sub(
        r"(?:sudo )?(?:rm -rf /var/lib/apt/lists/\* |apt(?:-get)? (?:-\S+ )*update (?:-\S+ )*)",
        "",
        " ".join([*words, ""]),
    ).split()
