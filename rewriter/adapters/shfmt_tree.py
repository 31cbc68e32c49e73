"""What `shfmt --to-json` prints -> the shell tree: https://pkg.go.dev/mvdan.cc/sh/v3/syntax/typedjson."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence as Items
from typing import TypedDict

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

_COMPOUNDS = {"WhileClause": "while_statement", "CaseClause": "case_statement", "FuncDecl": "function_definition"}


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


def skeletons(output: bytes, text: bytes, count: int) -> list[Skeleton] | None:
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
