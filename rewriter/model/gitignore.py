"""The .gitignore files of a tree as patterns for its .dockerignore. The rules are those of git's dir.c and wildmatch.c.

Git asks of each folder from the top whether it is ignored, by the last pattern that matches it, and never looks below
an ignored one. BuildKit lets the last pattern decide that matches the path or a folder above it. So a list taken over
as it is never ignores too much, but a `!` may bring back what lies below an ignored folder, or all of a folder that git
only looks into. What is done against that, and only where it can't ignore a file that git has:

- a `!` is dropped if no pattern before it can match the same path (`build/`, `!keep.txt`), or if it is for something
  below a folder that is ignored as a whole;
- so is one for folders alone, behind a `*`, which ignores each file in them anyway (`*`, `!*/`, `!*.py`);
- a pattern moves behind each `!` after it that can't match the same path (of `build/`, `*.log`, `!a.log` the first);
- if all files are ignored by `*`, and only then some brought back, a `!` without a slash is one for its own folder.

Where that is not enough, more is sent than git would track: `*`, `!*.py` and a folder called x.py.

A pattern that ends in `/` is for folders alone, which a .dockerignore can't say. It is translated as one for files too,
unless the entries have a file that it would match: then `/**` behind it spares that file, and leaves an empty folder.
Without entries nobody looks, and such a file is ignored, too. Two things are beyond all this: git goes by bytes, so `?`
is half an `é`; and a file that git tracks already is tracked whatever the patterns say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import takewhile
from typing import NamedTuple

from .context import Entry, Kind
from .ignore import CLASSES, SPACE, found, matcher

_ASCII = "".join(map(chr, range(1, 128)))
_CLASSES = frozenset(CLASSES) - {"word", "ascii"}  # Git knows all but these two.


class _Part(NamedTuple):
    """A piece of a pattern for BuildKit; `char` is what it stands for if that is one character, else empty."""

    text: str
    char: str = ""
    loose: bool = False  # it matches more than git's


_STAR, _STARS, _ANY, _SLASH = _Part("*"), _Part("**"), _Part("?"), _Part("/", "/")
_LOOSE = _Part("?", loose=True)  # for what can't stand in a .dockerignore


class _Rule(NamedTuple):
    """A pattern of git's, for BuildKit (`text`, from the root, without `!`).

    All that it matches starts with `lead`, and its last part starts and ends with `ends` (`whole`: it is the first).
    """

    negative: bool
    folders: bool
    base: str
    text: str
    lead: str
    ends: tuple[str, str]
    whole: bool
    matches: Callable[[str], bool]

    @property
    def universal(self) -> bool:
        """Whether it matches every file below its .gitignore file."""
        return not self.folders and self.text in (self.base + "**", self.base + "**/*")

    def misses(self, other: _Rule) -> bool:
        """Whether no path is matched by both, as far as their ends show."""
        if not self.lead.startswith(other.lead) and not other.lead.startswith(self.lead):
            return True
        (start, end), (first, last) = self.ends, other.ends
        if self.whole and other.whole:
            return start != first
        if self.whole or other.whole:
            name, start, end = (start, first, last) if self.whole else (first, start, end)
            return not (name.startswith(start) and name.endswith(end))
        starts = start.startswith(first) or first.startswith(start)
        return not (starts and (end.endswith(last) or last.endswith(end)))


def translated(texts: Mapping[str, bytes], entries: Mapping[str, Entry] | None = None) -> list[str]:
    """The .dockerignore patterns for .gitignore files, given by the folder they stand in ("" for the root).

    `entries` are those of the tree, by which patterns for folders alone are told from others. No file is ignored that
    git does not ignore; the module says where that needs the entries.
    """
    blocks: list[list[_Rule]] = []
    for folder in sorted(texts, key=lambda name: (len(name.split("/")) if name else 0, name)):
        known = [rule for block in blocks for rule in block]
        if not any(_ignored(known, above) for above in _above(folder + "/")):
            blocks.append(list(_rules(folder, texts[folder])))
    rules = [rule for block in blocks for rule in block]
    files, folders = _kinds([rule.text for rule in rules], entries or {})
    kept: list[tuple[_Rule, bool]] = []
    before: list[_Rule] = []
    for block in blocks:
        live = [rule for rule in block if not rule.negative or not any(_ignored(rules, at) for at in _above(rule.lead))]
        needed = []
        for rule in live:
            only_folders = rule.folders or (rule.text in folders and rule.text not in files)
            idle = all(one.misses(rule) or (only_folders and one.universal) for one in before)
            if not (rule.negative and idle):
                needed.append(rule)
            before += [] if rule.negative else [rule]
        closed = len(needed) == len(live) and _closed(live, blocks)
        kept += [(rule, closed) for rule in needed]
    return list(_lines(_sunk(kept), files))


def _above(path: str) -> list[str]:
    """The folders above a path; those of `a/b/` are a and a/b."""
    return [path[: match.start()] for match in re.finditer("/", path) if match.start()]


def _ignored(rules: Sequence[_Rule], folder: str) -> bool:
    """Whether git ignores a folder by a pattern of its own."""
    last = next((rule for rule in reversed(rules) if rule.matches(folder)), None)
    return last is not None and not last.negative


def _kinds(patterns: Sequence[str], entries: Mapping[str, Entry]) -> tuple[frozenset[str], frozenset[str]]:
    """Which patterns match something that is no folder, and which match a folder."""
    folders = [path for path, entry in entries.items() if entry.kind is Kind.FOLDER]
    files = [path for path, entry in entries.items() if entry.kind is not Kind.FOLDER]
    return found(patterns, files), found(patterns, folders)


def _closed(block: Sequence[_Rule], blocks: Sequence[Sequence[_Rule]]) -> bool:
    """Whether all is ignored, then some brought back, and no .gitignore file below has a say.

    A file is then brought back only if the topmost folder above it is, so that is where a `!` must match.
    """
    signs = [rule.negative for rule in block]
    base = block[0].base if block else ""
    deeper = any(other and other[0].base != base and other[0].base.startswith(base) for other in blocks)
    return signs == sorted(signs) and any(rule.universal for rule in block if not rule.negative) and not deeper


def _sunk(rules: Sequence[tuple[_Rule, bool]]) -> list[tuple[_Rule, bool]]:
    """Each pattern behind all `!` after it up to the first that might match the same path, or stands in a closed file.

    What it then ignores at last, no `!` after it in the .gitignore files matches, so git ignores that, too.
    """
    result: list[tuple[_Rule, bool]] = []
    for rule, closed in reversed(rules):
        place = 0
        if not rule.negative:
            for at, (other, is_closed) in enumerate(result):
                if other.negative and (is_closed or not rule.misses(other)):
                    break
                place = at + 1 if other.negative else place
        result.insert(place, (rule, closed))
    return result


def _lines(rules: Sequence[tuple[_Rule, bool]], files: frozenset[str]) -> Iterator[str]:
    spared: list[_Rule] = []  # These match what is in a folder instead of it.
    for rule, closed in rules:
        text = rule.text
        if rule.negative:
            yield _again(_pinned(rule) if closed else text)
            # A `!` that has nothing to say of a folder is not asked again below it, so it must match there itself.
            if not _is_deep(text) and not all(rule.misses(other) for other in spared):
                yield _again(text + "/**")
            continue
        if rule.folders and text in files:
            spared.append(rule)
            text = (text[:-1] if _is_deep(text) else text) + "/**"  # `a/**/**` would match the files of a, too.
        yield "\\" + text if text[0] in "#!" else text


def _is_deep(text: str) -> bool:
    return text.endswith("**") and not text.endswith("\\**")


def _pinned(rule: _Rule) -> str:
    """The pattern without the `**/` that stands for a missing slash."""
    rest = rule.text[len(rule.base) :].removeprefix("**/")
    return rule.text if "/" in rest else rule.base + rest


def _again(text: str) -> str:
    # fsutil takes `!a/*/**` for one about a/ alone, and stays out of an ignored a/x.
    return f"!{text}/*" if text.endswith("/*/**") else f"!{text}"


def _rules(folder: str, text: bytes) -> Iterator[_Rule]:
    """The patterns of a file, without those that match nothing, as git reads it."""
    base = [_character(char) for char in folder + "/"] if folder else []
    for line in text.removeprefix(b"\xef\xbb\xbf").split(b"\n"):
        pattern = _trimmed(line.removesuffix(b"\r").decode("utf-8", "surrogateescape"))
        if pattern and not pattern.startswith("#"):
            rule = _rule(base, pattern.removeprefix("!"), pattern.startswith("!"))
            if rule is not None:
                yield rule


def _trimmed(line: str) -> str:
    """A line without the spaces at its end that no backslash keeps."""
    at = end = 0
    while at < len(line):
        if line[at] == "\\":
            if at + 1 == len(line):
                return line
            at += 1
        at += 1
        end = at if line[at - 1] != " " or line[at - 2 : at - 1] == "\\" else end
    return line[:end]


def _rule(base: Sequence[_Part], pattern: str, negative: bool) -> _Rule | None:
    """The rule that a pattern is, without its `!`; None for one that matches nothing, or can't be written safely."""
    body = pattern.removesuffix("/")
    floating = "/" not in body
    parts = _parts(body.removeprefix("/"), floating)
    if not parts or (not negative and ("\\/" in body or any(part.loose for part in [*base, *parts]))):
        return None
    segments: list[list[_Part]] = [[]]
    for part in parts:
        segments = [*segments, []] if part == _SLASH else [*segments[:-1], [*segments[-1], part]]
    if any("".join(part.text for part in segment) in ("", ".", "..") for segment in segments):
        return None
    last = segments[-1]
    # `b**/c` of git is `b**/c` here: it matches bc.
    hazy = _STARS in last or any(_STARS in segment and len(segment) > 1 for segment in segments)
    ends = ("", "") if hazy else (_start(last), _start(last[::-1])[::-1])
    base = [*map(_spaced, base[:1]), *base[1:]]
    spaced = [*map(_spaced, parts[:1]), *parts[1:-1], *map(_spaced, parts[1:][-1:])]
    text = "".join(part.text for part in [*base, *([_STARS, _SLASH] if floating else []), *spaced])
    return _Rule(
        negative,
        folders=pattern.endswith("/"),
        base="".join(part.text for part in base),
        text=text,
        lead=_start(base) + ("" if floating else _start(parts)),
        ends=ends,
        whole=not hazy and all(part.char for part in last),
        matches=matcher(text),
    )


def _start(parts: Sequence[_Part]) -> str:
    """The characters before the first wildcard."""
    return "".join(part.char for part in takewhile(lambda part: part.char, parts))


def _spaced(part: _Part) -> _Part:
    """BuildKit trims white space at both ends of a pattern, but not in brackets."""
    return _Part(f"[{part.char}]", part.char) if part.char and part.text in SPACE else part


def _character(char: str) -> _Part:
    if char == "\n" or "\udc80" <= char <= "\udcff":
        return _LOOSE
    return _Part("\\" + char if char in "*?[]\\^|{}" else char, char)


def _parts(pattern: str, floating: bool) -> list[_Part]:
    """The pieces of a pattern; none if it matches nothing."""
    parts: list[_Part] = []
    at = 0
    while at < len(pattern):
        char = pattern[at]
        at += 1
        if char == "*":
            start = at - 1
            at += len(pattern[at:]) - len(pattern[at:].lstrip("*"))
            # Git cuts off what stands before the first wildcard, so that `**` is seen as one at the start.
            opens = pattern[:start].endswith("/") or (all(part.char for part in parts) and "\\" not in pattern[:start])
            closes = pattern[at : at + 2].removeprefix("\\")[:1] in ("", "/")
            parts.append(_STARS if at - start > 1 and opens and closes and not floating else _STAR)
        elif char == "?":
            parts.append(_ANY)
        elif char == "[":
            part, at = _set(pattern, at)
            if part is None:
                return []
            parts.append(part)
        elif char == "\\":
            if at == len(pattern):
                return []
            parts.append(_character(pattern[at]))
            at += 1
        else:
            parts.append(_character(char))
    return parts


def _set(pattern: str, start: int) -> tuple[_Part | None, int]:
    """A bracket expression from behind its `[`, and where it ends; None for one that matches nothing.

    A slash is taken out: BuildKit would let it match. So are characters beyond ASCII, of which git sees bytes.
    """
    negated = pattern[start : start + 1] in ("!", "^")
    at = first = start + negated
    chars: set[str] = set()
    before = ""
    while at == first or pattern[at : at + 1] != "]":
        char = pattern[at : at + 1]
        end = pattern.find("]", at + 2)
        low, before = before, ""
        if char == "[" and pattern[at + 1 : at + 2] == ":" and (end < 0 or pattern[at + 2 : end][-1:] == ":"):
            name = pattern[at + 2 : end - 1]
            if end < 0 or name not in _CLASSES:
                return None, at
            chars.update(re.findall(f"[{CLASSES[name]}]", _ASCII))
            at = end + 1
            continue
        spread = char == "-" and low and pattern[at + 1 : at + 2] not in ("", "]")
        at += bool(spread)
        at += pattern[at : at + 1] == "\\"
        char = pattern[at : at + 1]
        if not char:
            return None, at
        chars.update(map(chr, range(ord(low), min(ord(char), 127) + 1)) if spread else char)
        before = "" if spread else char
        at += 1
    kept = sorted(chars & set(_ASCII) - {"/", "\n"})
    if not kept and not negated:
        return None, at
    return _Part(f"[{'^/' if negated else ''}{_runs(kept)}]"), at + 1


def _runs(chars: Sequence[str]) -> str:
    """Characters as BuildKit takes them in brackets, three and more in a row as a range."""
    found_runs: list[list[str]] = []
    for char in chars:
        if found_runs and ord(char) == ord(found_runs[-1][-1]) + 1:
            found_runs[-1].append(char)
        else:
            found_runs.append([char])
    texts = [["\\" + char if char in "*?[]^-\\" else char for char in run] for run in found_runs]
    return "".join("".join(run) if len(run) < 3 else f"{run[0]}-{run[-1]}" for run in texts)
