r"""What a .dockerignore keeps out of the build context, by BuildKit's rules.

The file is read as by github.com/moby/patternmatcher/ignorefile, a pattern becomes what patternmatcher makes of it (a
comparison, or a regular expression of Go's, with all that follows from it: `[^a]` matches a slash, `\d` a digit), and
what of a tree is sent is decided as by the walker of github.com/tonistiigi/fsutil (filter.go).

`e2b_dockerfile_utils.dockerignore` is a port, too, but reads brackets, escapes and `^` otherwise than Go, and takes
`!/` and `/!a` otherwise: the surprises in tests/ignore_vectors.py.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, lru_cache
from typing import NamedTuple

from .context import Entry, Kind

SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))  # of Go
SPECIAL = frozenset("*?[]\\^")  # what may mean something else than itself in a pattern
_ODD = frozenset("[]\\^|{}")  # of that and of what an expression has besides, what may be wrong
BOM = b"\xef\xbb\xbf"  # skipped at the start of a file
_LONGEST = 65_535  # bytes of a line: bufio.Scanner's limit
_MEMBER = r"(?:\\[^\udc80-\udcff]|[^]\\\udc80-\udcff-])"
_GOOD = rf"(?s)(?:[^[\\]|\\.|\[\^?+(?:{_MEMBER}(?:-{_MEMBER})?)+\])*+"  # for filepath.Match
_COUNT = r"(?:0|[1-9][0-9]*)"
_OUTSIDE = re.compile(
    rf"\\(?P<escape>.)|(?P<open>\[\^?\]?)|(?P<times>\{{(?P<least>{_COUNT})(?:,(?P<most>{_COUNT}?))?\}})|.", re.DOTALL
)
_INSIDE = re.compile(r"\\(?P<escape>.)|\[:(?P<name>.*?):\]|(?P<close>\])|.", re.DOTALL)
_CONTROLS = dict(zip("afnrtv", (r"\a", r"\f", r"\n", r"\r", r"\t", r"\v"), strict=True))
_EDGES = {"A": r"(\A)", "z": r"(\Z)", "b": r"(\b)", "B": r"(\B)"}
_SETS = {"d": "0-9", "s": r"\t\n\f\r ", "w": "0-9A-Za-z_"}  # ASCII all of them, and \s has no \v.
_SETS |= {"D": r"\x00-/:-\U0010ffff", "W": r"\x00-/:-@\[-\^`{-\U0010ffff", "S": r"\x00-\x08\x0b\x0e-\x1f!-\U0010ffff"}
_NAMES = (
    r"alnum=0-9A-Za-z alpha=A-Za-z ascii=\x00-\x7f blank=\t\x20 cntrl=\x00-\x1f\x7f digit=0-9 graph=!-~ lower=a-z "
    r"print=\x20-~ punct=!-/:-@\[-`{-~ space=\t-\r\x20 upper=A-Z word=0-9A-Za-z_ xdigit=0-9A-Fa-f"
)
CLASSES = dict(pair.split("=", 1) for pair in _NAMES.split(" "))


class BadPattern(ValueError):
    """A pattern that fails the build, or a line too long; `line` is its number, from 1. The text is a sentence."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(f"line {line}: {why}")
        self.line = line


class Ignore:
    """The rules of a .dockerignore: its patterns, cleaned, `!` kept in front; the last one that matches decides."""

    def __init__(self, patterns: tuple[str, ...]) -> None:
        """The patterns must be good ones."""
        self.patterns = patterns

    @staticmethod
    def parse(text: bytes) -> Ignore:
        """The rules that a file's contents are. Raises BadPattern.

        BuildKit looks at a pattern only as far as it has to (not at the end of `x*[a-]`); here, all of it must be good.
        """
        patterns = []
        for number, line in enumerate(text.removeprefix(BOM).split(b"\n"), 1):
            if len(line) > _LONGEST:
                raise BadPattern(number, "the line is longer than 64 KiB, which BuildKit does not read")
            pattern = _read(line.removesuffix(b"\r").decode("utf-8", "surrogateescape"))
            if pattern:
                _rule(0, number, pattern)
                patterns.append(pattern)
        return Ignore(tuple(patterns))

    def ignores(self, path: str) -> bool:
        """Whether the builder leaves a path out, be it there or not.

        This is about what is sent (MatchesUsingParentResults of patternmatcher). After `*`, `!d/f`, `d` the path d/f is
        sent, although MatchesOrParentMatches, which other builders ask, has it ignored.
        """
        cleaned = _clean(path).lstrip("/")
        return cleaned not in ("", ".") and not _Walk(self._rules).sends(cleaned, is_folder=False)

    def left(self, entries: Mapping[str, Entry]) -> dict[str, Entry]:
        """The entries that the builder sends, in their order: those not ignored, and the folders above them.

        A folder stands before what is in it. What is neither file nor folder nor link is never sent.
        """
        walk = _Walk(self._rules)
        sent: set[str] = set()
        for path, entry in entries.items():
            if walk.sends(path, entry.kind is Kind.FOLDER) and entry.kind is not Kind.OTHER:
                above = path
                while above and above not in sent:
                    sent.add(above)
                    above = above.rpartition("/")[0]
        return {path: entry for path, entry in entries.items() if path in sent}

    @cached_property
    def _rules(self) -> tuple[_Rule, ...]:
        rules = [_rule(1 << at, at + 1, pattern) for at, pattern in enumerate(self.patterns)]
        return tuple(rule for rule in rules if rule is not None)


def matcher(pattern: str) -> Callable[[str], bool]:
    """Whether one pattern, cleaned and without `!`, matches a path itself, not by a folder above. Raises ValueError."""
    is_plain = _ODD.isdisjoint(pattern)
    if not is_plain and not re.fullmatch(_GOOD, pattern):
        raise ValueError("a backslash ends it, or a bracket expression has no good end")
    kind, expression = _expression(pattern)
    if kind == "exact":
        return lambda path: path == pattern
    if kind == "prefix":
        start = pattern[:-2]
        return lambda path: path.startswith(start)
    if kind == "suffix":
        end = pattern[2:]
        return lambda path: path.endswith(end) or (end[:1] == "/" and path == end[1:])
    if is_plain:
        # It cannot be a bad one, and most never get as far as to be asked.
        return lambda path: _compiled(expression).match(path) is not None
    compiled = _compiled(expression)
    search = compiled.search if "|" in expression else compiled.match
    return lambda path: search(path) is not None


@lru_cache(4096)
def _compiled(expression: str) -> re.Pattern[str]:
    try:
        return re.compile(_translated(expression) + r"\Z", re.ASCII)
    except re.error as error:
        raise ValueError(str(error)) from error


def found(patterns: Iterable[str], paths: Iterable[str]) -> frozenset[str]:
    """Which of some patterns, cleaned and without `!`, match at least one of the paths itself."""
    rules = tuple(_ruled(1 << at, False, pattern, matcher(pattern)) for at, pattern in enumerate(patterns))
    walk = _Walk(rules)
    unnamed = tuple(rule for rule in rules if not rule.name)
    bits = 0
    for path in paths:
        bits |= walk.own(path, path[path.rfind("/") + 1 :], unnamed)
    return frozenset(rule.text for rule in rules if rule.bit & bits)


def _clean(path: str) -> str:
    """filepath.Clean of Go."""
    return posixpath.normpath(re.sub("^/+", "/", path))


def _read(line: str) -> str:
    """The pattern of a line as ignorefile.ReadAll has it; empty for a comment and a blank line."""
    pattern = line.strip(SPACE)
    if line.startswith("#") or not pattern:
        return ""
    exception = "!" if pattern[0] == "!" else ""
    pattern = pattern[len(exception) :].strip(SPACE)
    if pattern:
        pattern = _clean(pattern)
        pattern = pattern[1:] if len(pattern) > 1 and pattern[0] == "/" else pattern
    return exception + pattern


class _Rule(NamedTuple):
    """A pattern, and what is quickly known of it: whatever it matches starts with `head` and holds `needle`.

    `name` is a pattern for the last part of a path, where that alone decides (`*.pyc` of `**/*.pyc`), else empty.
    """

    bit: int
    exception: bool
    text: str
    match: Callable[[str], bool]
    head: str
    needle: str
    name: str


def _rule(bit: int, line: int, cleaned: str) -> _Rule | None:
    """What patternmatcher.New makes of a pattern, which it cleans once more; None where nothing is left of it."""
    pattern = cleaned.strip(SPACE)
    if not pattern:
        return None
    pattern = _clean(pattern)
    exception = pattern[0] == "!"
    pattern = pattern[exception:]
    if not pattern:
        raise BadPattern(line, "nothing stands after the `!`, and the build fails")
    try:
        match = matcher(pattern)
    except ValueError as error:
        raise BadPattern(line, f"the pattern `{cleaned}` fails the build: {error}") from error
    return _ruled(bit, exception, pattern, match)


def _ruled(bit: int, exception: bool, pattern: str, match: Callable[[str], bool]) -> _Rule:
    shape = re.sub(r"\[[A-Za-z0-9-]+\]", "?", pattern)
    odd = not SPECIAL.isdisjoint(pattern) and not _ODD.isdisjoint(shape)  # It might match anything.
    parts = [""] if odd else re.split(r"\*\*/?|[*?]", shape)
    head = parts[0] if parts[0] == pattern else parts[0][: parts[0].rfind("/") + 1]
    name = pattern[3:] if pattern.startswith("**/") and not odd else ""
    name = "" if "/" in name or "**" in name else name
    return _Rule(bit, exception, pattern, match, head, max(parts, key=len), name)


def _expression(pattern: str) -> tuple[str, str]:
    """How patternmatcher compares a pattern, and its regular expression, in Go's dialect.

    It heeds no brackets while it writes (`[*]` becomes `[[^/]*]`), and leaves `|{}` as they are: its map of what to
    escape has eight bits for sixteen. Two `(.*/)?` in a row are one here, to be quicker.
    """
    kind, found, at = "exact", "^", 0
    while at < len(pattern):
        char = pattern[at]
        first = at == 0
        at += 1
        if char == "*" and pattern.startswith("*", at):
            at += 2 if pattern.startswith("/", at + 1) else 1
            if at < len(pattern):
                kind, part = "regex", "(.*/)?"
            else:
                kind, part = "prefix" if kind == "exact" else "regex", ".*"
            kind = "suffix" if first else kind
            found = found.removesuffix("(.*/)?") + part
            continue
        if char == "\\":
            char += pattern[at]
            at += 1
        kind = "regex" if char in "*?[]" or len(char) > 1 else kind
        found += {"*": "[^/]*", "?": "[^/]"}.get(char, "\\" + char if char in ".+()$" else char)
    return kind, found


def _translated(expression: str) -> str:
    """An expression of Go's in Python's dialect, as far as patternmatcher can write such. Raises ValueError."""
    found, at, inside = "", 0, False
    while token := (_INSIDE if inside else _OUTSIDE).match(expression, at):
        kind, at = token.lastgroup, token.end()
        if kind == "escape":
            found += _escape(token["escape"], inside)
        elif kind == "name":
            if token["name"] not in CLASSES:
                raise ValueError(f"`{token[0]}` is no class of characters that is known here")
            found += CLASSES[token["name"]]
        elif kind is None:
            raw = "-" if inside else "(.*)?|"
            found += "(^)" if not inside and token[0] == "^" else token[0] if token[0] in raw else re.escape(token[0])
        elif kind == "times":
            if max(int(token["least"]), int(token["most"] or 0)) > 1000:
                raise ValueError(f"`{token[0]}` repeats too often")
            found += token[0]
        else:
            found += token[0]
            inside = kind == "open"
    return found


def _escape(char: str, inside: bool) -> str:
    """What a backslash and a character mean in Go, inside of a bracket expression or outside."""
    if char in _SETS:
        return _SETS[char] if inside else f"[{_SETS[char]}]"
    if char.isascii() and not char.isalnum():
        return re.escape(char)
    known = _CONTROLS if inside else _CONTROLS | _EDGES
    if char not in known:
        raise ValueError(f"`\\{char}` means nothing, or nothing that is known here")
    return known[char]


class _Folder(NamedTuple):
    """What is known of a folder: the rules that match it (bits), and those that may match something below it."""

    matched: int
    ignored: bool
    rules: tuple[_Rule, ...]


class _Walk:
    """A walk down a tree: what is decided of its folders (None: not gone into), and which rules match which names.

    A path that no rule matches anew is decided as its folder is, so most cost little more than a look at their names.
    """

    def __init__(self, rules: tuple[_Rule, ...]) -> None:
        self.rules = rules
        below = [rule.text.removesuffix("/**").removesuffix("/*") for rule in rules if rule.exception]
        self.below = tuple(text + "/" for text in below) if SPECIAL.isdisjoint("".join(below)) else None
        self.named = [(rule.bit, rule.needle, matcher(rule.name)) for rule in rules if rule.name]
        self.names: dict[str, int] = {}
        self.decided: dict[tuple[int, int], tuple[int, bool]] = {}
        self.folders: dict[str, _Folder | None] = {"": _Folder(0, False, tuple(r for r in rules if not r.name))}

    def sends(self, path: str, is_folder: bool) -> bool:
        """Whether a path is not ignored; a folder is remembered for what is in it."""
        above, _, name = path.rpartition("/")
        if above not in self.folders:
            self.sends(above, is_folder=True)
        here = self.folders[above]
        if here is None:
            if is_folder:
                self.folders[path] = None
            return False
        own = self.own(path, name, here.rules)
        matched, ignored = self._decide(here, own) if own | here.matched != here.matched else here[:2]
        if is_folder:
            start = path + "/"
            rules = tuple(r for r in here.rules if r.head.startswith(start) or start.startswith(r.head))
            # Of `*` and `!a/*/**` only a/ counts here, so fsutil stays out of a/x.
            pruned = ignored and self.below is not None and not any(text.startswith(start) for text in self.below)
            self.folders[path] = None if pruned else _Folder(matched, ignored, rules)
        return not ignored

    def own(self, path: str, name: str, rules: tuple[_Rule, ...]) -> int:
        """The rules that match a path itself."""
        if "\n" in path:  # `.` of an expression does not match it, so the last part of the path alone decides nothing.
            return sum(rule.bit for rule in self.rules if rule.match(path))
        own = self.names.get(name)
        if own is None:
            own = self.names[name] = sum(bit for bit, needle, matches in self.named if needle in name and matches(name))
        for rule in rules:
            if rule.needle in path and rule.match(path):
                own |= rule.bit
        return own

    def _decide(self, here: _Folder, own: int) -> tuple[int, bool]:
        """Which rules have had a say, and the last one's word. One that could change nothing is not asked, nor kept."""
        key = here.matched, own
        if key not in self.decided:
            matched, ignored = 0, False
            for rule in self.rules:
                if rule.bit & here.matched or (rule.bit & own and rule.exception == ignored):
                    matched, ignored = matched | rule.bit, not rule.exception
            self.decided[key] = matched, ignored
        return self.decided[key]
