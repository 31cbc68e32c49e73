"""What an image starts: the programs and paths of its ENTRYPOINT, CMD and HEALTHCHECK, and of scripts among them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from typing import NamedTuple

from ...syntax.instruction import Instruction
from ...syntax.words import json_form
from ..commands import OS_TOOLS
from ..facts import Facts
from ..image import Configuration, after
from ..stages import Stage, layout
from .split import NotTold

SHELLS = frozenset(b"sh bash dash ash zsh fish".split())
# Programs that start what stands behind them, with the number of words that they take themselves, options aside.
_STARTERS = {b"exec": 0, b"env": 0, b"tini": 0, b"dumb-init": 0, b"sudo": 0, b"nice": 0, b"gosu": 1, b"su-exec": 1,
             b"setuidgid": 1, b"chpst": 0, b"xvfb-run": 0, b"stdbuf": 0, b"timeout": 1}  # fmt: skip
# Servers and tools for which the folder that they are started in is nothing.
_HEEDLESS = frozenset(b"nginx apache2ctl apachectl apache2 httpd lighttpd supervisord sleep tail cron crond".split())
# What only builds: an image that starts it needs all that it was built with.
BUILDERS = frozenset(
    b"make cmake ninja gcc g++ cc go cargo mvn gradle gradlew mvnw ant rake dotnet stack cabal sbt javac tox jekyll"
    b" hugo webpack vite ng gulp grunt".split()
)
_WORD = re.compile(r"""'[^']*'|"[^"]*"|[^\s'"]+""")
_SHELL_TEXT = re.compile(r"[`(){}<>|*?\[\]\\]|\$\(|\b(?:if|for|while|case)\b")
_PATH = re.compile(rb"/[\w./@+-]+")


class Started(NamedTuple):
    """`programs` as they are called, `paths` that are named (absolute), `words` that may be paths, too.

    `stays`: the folder in which it starts matters.
    """

    programs: tuple[bytes, ...]
    paths: tuple[bytes, ...]
    words: tuple[bytes, ...]
    stays: bool


def end_of(facts: Facts, stage: Stage) -> Configuration:
    """The configuration with which the stage ends."""
    last = stage.last - 1
    return after(facts.of(layout).before[last], facts.instructions[last], facts.source.escape)


def started(facts: Facts, stage: Stage, config: Configuration) -> Started:
    """What the image of the stage starts, in the configuration with which it ends. Raises NotTold."""
    last: dict[str, Instruction] = {}
    for instruction in facts.instructions[stage.first : stage.last]:
        if instruction.keyword in ("CMD", "ENTRYPOINT", "HEALTHCHECK"):
            last[instruction.keyword] = instruction
    main = [last[keyword] for keyword in ("ENTRYPOINT", "CMD") if keyword in last]
    if not main:
        raise NotTold("it does not say what it starts")
    lines = _words(main[0])
    if len(main) == 2 and json_form(main[0].rest) is not None:
        lines = [[*lines[0], *(word for part in _words(main[1]) for word in part)]] if lines else _words(main[1])
    found = _Found(config)
    for line in lines:
        found.start(line)
    if not found.programs:
        raise NotTold("it does not say what it starts")
    stays = not all(program.rpartition(b"/")[2] in _HEEDLESS for program in found.programs)
    health = last.get("HEALTHCHECK")
    if health is not None and not health.rest.upper().startswith(b"NONE"):
        rest = re.sub(rb"(?i)^CMD\s+", b"", health.rest)
        for line in _words(health._replace(rest=rest)):
            found.start(line)
    programs, paths, words = (tuple(dict.fromkeys(one)) for one in (found.programs, found.paths, found.words))
    return Started(programs, paths, words, stays)


def _words(instruction: Instruction) -> list[list[str]]:
    """The words of each command that it names."""
    try:
        listed = json_form(instruction.rest)
    except ValueError:
        raise NotTold(f"its {instruction.keyword} is not understood") from None
    if listed is not None:
        if len(listed) > 2 and posixpath.basename(listed[0]).encode() in SHELLS and "c" in listed[1]:
            return _of_shell(listed[2], instruction.keyword)
        return [list(listed)]
    return _of_shell(instruction.rest.decode("utf-8", "surrogateescape"), instruction.keyword)


def _of_shell(text: str, keyword: str) -> list[list[str]]:
    text = re.sub(r"\\\r?\n", " ", text)
    text = re.sub(r"\s(?:\d?>&\d|\d?>+\s*/dev/null)", " ", text)
    if _SHELL_TEXT.search(re.sub(r"\$\{?\w+\}?", "x", re.sub(r"'[^']*'|\"[^\"]*\"", "x", text))):
        raise NotTold(f"what its {keyword} runs is not understood")
    parts = []
    for part in re.split(r"&&|\|\||[;\n&]", text):
        words = [word.strip("'\"") for word in _WORD.findall(part)]
        while words and re.match(r"\w+=", words[0]):
            words.pop(0)
        if words:
            parts.append(words)
    return parts


class _Found:
    """What the commands start and name, gathered up."""

    def __init__(self, config: Configuration) -> None:
        self.programs: list[bytes] = []
        self.paths: list[bytes] = []
        self.words: list[bytes] = []
        self._config = config

    def start(self, words: Sequence[str]) -> None:
        rest = [word.encode("utf-8", "surrogateescape") for word in words]
        if rest and rest[0] == b"cd":
            raise NotTold("it changes its folder before it starts")
        while rest:
            name = posixpath.basename(rest[0])
            if name.removesuffix(b".js") in BUILDERS:
                raise NotTold(f"it starts `{name.decode()}`, which builds")
            if b"$" in rest[0]:
                raise NotTold("a variable names what it starts")
            self.programs.append(rest[0])
            if b"/" in rest[0]:
                self.paths.append(_absolute(rest[0], self._config))
            if name not in _STARTERS:
                break
            rest = _behind(rest[1:], _STARTERS[name])
        if rest and posixpath.basename(rest[0]) in SHELLS and all(word.startswith(b"-") for word in rest[1:]):
            raise NotTold("it starts a shell: an image to work in needs its tools")
        for word in rest[1:]:
            self._name(word)

    def _name(self, word: bytes) -> None:
        """The paths that an argument may be, or that are in it behind `=` or between colons."""
        text = word.partition(b"=")[2] if word.startswith(b"-") and b"=" in word else word
        if b"://" in text:
            return
        for one in text.split(b":"):
            if not re.fullmatch(rb"[\w./@+][\w./@+-]*", one):
                continue
            has_path = b"/" in one or re.search(rb"\.[a-z][a-z0-9]{0,5}$", one) is not None
            (self.paths if has_path else self.words).append(_absolute(one, self._config))


def _behind(words: list[bytes], taken: int) -> list[bytes]:
    """The words behind those that a starter takes itself."""
    at = 0
    while at < len(words) and (words[at].startswith(b"-") or b"=" in words[at] or taken):
        taken -= not words[at].startswith(b"-") and b"=" not in words[at]
        at += 1
    return words[at:]


def _absolute(path: bytes, config: Configuration) -> bytes:
    workdir = config.workdir or b"/"
    return posixpath.normpath(path if path.startswith(b"/") else workdir + b"/" + path)


def mentioned(text: bytes) -> frozenset[bytes]:
    """The paths that a text names."""
    return frozenset(posixpath.normpath(path) for path in _PATH.findall(text))


def is_base_tool(program: bytes) -> bool:
    """Whether it is a program that any image of a distribution has."""
    return program in OS_TOOLS or program in SHELLS
