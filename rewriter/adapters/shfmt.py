"""mvdan/sh as the second opinion on shell text, through the `shfmt` program of the shfmt-py wheel."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence as Items
from typing import TypedDict

from ..syntax.glue import glued
from ..syntax.script import (
    Background,
    Binary,
    Block,
    Command,
    Compound,
    If,
    Not,
    Pipe,
    Script,
    Sequence,
    Skeleton,
    Word,
    skeleton,
)

_TIMEOUT = 30  # seconds; one call takes 2-4 ms
_PIPE = 1 << 20  # bytes that shfmt can print before it waits for its reader, where the system lets us choose (Linux)
_ERROR_LINE = re.compile(rb"(?:^|:)(\d+):\d+: ")
_COMPOUNDS = {"WhileClause": "while_statement", "CaseClause": "case_statement", "FuncDecl": "function_definition"}


class ShfmtMissing(Exception):
    """The shfmt program is not installed beside dockfix."""


class _At(TypedDict):
    Offset: int


class _Span(TypedDict):
    Pos: _At
    End: _At


class _Command(_Span, total=False):
    Type: str
    Op: str
    X: _Statement
    Y: _Statement
    Args: list[_Span]
    Assigns: list[_Span]
    Stmts: list[_Statement]
    Body: _Statement
    Loop: _Command
    Cond: list[_Statement]
    Then: list[_Statement]
    Else: _Command


class _Statement(_Span, total=False):
    Cmd: _Command
    Negated: bool
    Background: bool
    Redirs: list[_Span]


class Shfmt:
    """Answers for each script with its skeleton, None where shfmt does not parse it; answers are remembered."""

    def __init__(self) -> None:
        self._program: str | None = None
        self._known: dict[bytes, Skeleton | None] = {}

    def __call__(self, scripts: Iterable[bytes]) -> list[Skeleton | None]:
        """The answers for these scripts. Raises ShfmtMissing."""
        return self.ask(scripts)()

    def ask(self, scripts: Iterable[bytes]) -> Callable[[], list[Skeleton | None]]:
        """Start shfmt on all scripts not seen before; call what comes back for the answers. Raises ShfmtMissing."""
        scripts = list(scripts)
        unknown = [script for script in dict.fromkeys(scripts) if script not in self._known]
        process = self._start(unknown) if unknown else None

        def answers() -> list[Skeleton | None]:
            if process is not None:
                self._learn(unknown, process)
            return [self._known[script] for script in scripts]

        return answers

    def _learn(self, scripts: list[bytes], process: subprocess.Popen[bytes]) -> None:
        """Note the answers; shfmt runs again only after a script that it rejects."""
        while (rejected := self._finish(scripts, process)) is not None:
            self._known[scripts.pop(rejected)] = None
            if not scripts:
                return
            process = self._start(scripts)

    def _start(self, scripts: Items[bytes]) -> subprocess.Popen[bytes]:
        self._program = self._program or _program()
        process = subprocess.Popen(
            [self._program, "-ln", "bash", "--to-json"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pipesize=_PIPE,
            env={**os.environ, "GOGC": "off"},  # It ends before collecting garbage would pay.
        )
        if process.stdin is not None:
            # It reads to the end before it writes; what it makes of that is seen when it ends.
            with contextlib.suppress(BrokenPipeError), process.stdin as script:
                script.write(glued(_joined(scripts)))
            process.stdin = None
        return process

    def _finish(self, scripts: Items[bytes], process: subprocess.Popen[bytes]) -> int | None:
        """Note what shfmt reads in the scripts, or give the index of one that it rejects."""
        try:
            output, errors = process.communicate(timeout=_TIMEOUT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            self._known.update(dict.fromkeys(scripts))
            return None
        if process.returncode == 0:
            self._read(scripts, _skeletons(output, _joined(scripts), len(scripts)))
            return None
        match = _ERROR_LINE.search(errors)
        line = int(match[1]) if match else 1
        for index, script in enumerate(scripts):
            line -= script.count(b"\n") + 3
            if line <= 0:
                return index
        return len(scripts) - 1

    def _read(self, scripts: Items[bytes], found: Items[Skeleton] | None) -> None:
        if found is not None:
            self._known.update(zip(scripts, found, strict=True))
        elif len(scripts) == 1:
            self._known[scripts[0]] = None
        else:
            # One of them ends the function that it stands in: `a; }; b() { c`.
            for script in scripts:
                self._learn([script], self._start([script]))


def _program() -> str:
    beside = os.path.join(os.path.dirname(sys.executable), "shfmt")
    if os.access(beside, os.X_OK):
        return beside
    from shutil import which

    found = which("shfmt")
    if not found:
        raise ShfmtMissing("shfmt is not installed; reinstall dockfix with pip, which brings it")
    return found


def _joined(scripts: Items[bytes]) -> bytes:
    return b"".join(b"f%d() {\n%s\n}\n" % (index, script) for index, script in enumerate(scripts))


def _skeletons(output: bytes, text: bytes, count: int) -> list[Skeleton] | None:
    """The skeletons of `count` functions; None where the output holds something else than them."""
    try:
        tree: _Command = json.loads(output)
    except RecursionError:  # substitutions inside of substitutions, hundreds deep
        return None
    functions = [statement.get("Cmd") for statement in tree.get("Stmts", [])]
    if len(functions) != count or any(cmd is None or cmd["Type"] != "FuncDecl" for cmd in functions):
        return None
    reader = _Reader(text)
    return [skeleton(reader.statements(cmd["Body"]["Cmd"].get("Stmts", []))) for cmd in functions if cmd]


class _Reader:
    """Turns shfmt's tree into the shell tree."""

    def __init__(self, text: bytes) -> None:
        self._text = text

    def _words(self, spans: Iterable[_Span]) -> tuple[Word, ...]:
        pairs = ((span["Pos"]["Offset"], span["End"]["Offset"]) for span in spans)
        return tuple(Word(start, end, self._text[start:end]) for start, end in pairs)

    def statements(self, statements: Items[_Statement]) -> Script:
        return Sequence(0, 0, tuple(self._statement(statement) for statement in statements), False)

    def _statement(self, statement: _Statement) -> Script:
        redirects = self._words(statement.get("Redirs", ()))
        cmd = statement.get("Cmd")
        script = self._command(cmd) if cmd else Command(0, 0, (), ())
        if redirects and isinstance(script, Command | Block | If | Compound):
            script = script._replace(redirects=redirects)
        if statement.get("Negated"):
            script = Not(0, 0, script)
        return Background(0, 0, script) if statement.get("Background") else script

    def _command(self, cmd: _Command) -> Script:
        kind = cmd["Type"]
        if kind == "CallExpr":
            return Command(0, 0, self._words(cmd.get("Assigns", ())), self._words(cmd.get("Args", ())))
        if kind == "BinaryCmd" and cmd["Op"] in ("|", "|&"):
            return Pipe(0, 0, tuple(self._members(cmd)))
        if kind == "BinaryCmd":
            return Binary(0, 0, cmd["Op"], self._statement(cmd["X"]), self._statement(cmd["Y"]))
        if kind in ("Block", "Subshell"):
            return Block(0, 0, kind == "Subshell", self.statements(cmd["Stmts"]))
        if kind == "IfClause":
            return self._if(cmd)
        whole = self._words([cmd])
        if kind == "ForClause":
            name = "for_statement" if cmd["Loop"]["Type"] == "WordIter" else "c_style_for_statement"
            return Compound(0, 0, name, whole[0].text, ())
        if kind in _COMPOUNDS:
            return Compound(0, 0, _COMPOUNDS[kind], whole[0].text, ())
        return Command(0, 0, (), whole)

    def _members(self, cmd: _Command) -> Iterable[Script]:
        left = cmd["X"]
        inner = left.get("Cmd")
        plain = not left.get("Negated") and not left.get("Redirs")
        if plain and inner and inner["Type"] == "BinaryCmd" and inner["Op"] in ("|", "|&"):
            yield from self._members(inner)
        else:
            yield self._statement(left)
        yield self._statement(cmd["Y"])

    def _if(self, cmd: _Command) -> Script:
        otherwise = cmd.get("Else")
        branch: Script | None = None
        if otherwise:
            branch = self._if(otherwise) if otherwise.get("Cond") else self.statements(otherwise["Then"])
        return If(0, 0, self.statements(cmd["Cond"]), self.statements(cmd["Then"]), branch)
