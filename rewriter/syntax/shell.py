"""Masked view -> shell tree; the only file that knows tree-sitter.

What is not fully understood has no tree and a reason.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from .grammar import parser
from .mask import Text
from .script import (
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
    Word,
    ascii_only,
)

if TYPE_CHECKING:
    from tree_sitter import Node as Tree

# What bash and other shells read differently, without either of them calling it an error.
_BASH_ONLY = {
    b"&>": "`&>` starts a background process in shells other than bash",
    b"|&": "`|&` is bash syntax in a shell that may not be bash",
    b"\\'": "an escaped single quote in `$'...'` is bash syntax in a shell that may not be bash",
}
# tree-sitter passes over it as if it were no word.
_LONE_BLANK = re.compile(rb"[ \t]\\[ \t]")


class Shell(NamedTuple):
    """A script as the shell reads it; `script` is None where it is opaque, and `reason` says why.

    `comment` is the offset of a shell comment: it swallows whatever is put behind it.
    """

    text: Text
    script: Script | None
    reason: str = ""
    comment: int | None = None


def read(text: Text, bash: bool) -> Shell:
    """Parse a script; `bash` says that bash is known to run it."""
    if _LONE_BLANK.search(text.masked):
        return Shell(text, None, "an escaped blank stands alone, which is easily misread")
    if not bash:
        for token, reason in _BASH_ONLY.items():
            if token in text.masked and (token != b"\\'" or b"$'" in text.masked):
                return Shell(text, None, reason)
    masked = ascii_only(text.masked)
    root = parser().parse(masked).root_node
    if root.has_error:
        return Shell(text, None, "its shell text is not understood")
    try:
        script = _Reader(text, bash).sequence(root)
    except _NotUnderstood as reason:
        return Shell(text, None, str(reason))
    except RecursionError:
        return Shell(text, None, "its shell text is nested too deeply")
    comment = next((child.start_byte for child in root.children if child.type == "comment"), None)
    if comment is not None and b"\n" in masked[comment:]:
        return Shell(text, None, "a shell comment runs on over a continuation")
    if script is None:
        return Shell(text, None, "it holds no command")
    return Shell(text, script, "", comment)


class _NotUnderstood(Exception):
    """A construct without a place in the shell tree."""


_OPERATORS = {"list", "pipeline", "negated_command", "redirected_statement"}
_RESERVED = frozenset(b"{ } ! if then elif else fi for while until do done case esac function select in".split())
_SEPARATORS = {";", "\n", ";;", "comment"}
_DEEPEST = 40  # statements inside of statements
_TESTS = {"test_command", "variable_assignments", "declaration_command", "unset_command", "variable_assignment"}
_LOOPS = {"while_statement", "for_statement", "c_style_for_statement", "case_statement", "function_definition"}


class _Bang(NamedTuple):
    """A `!` between statements, and where it stands."""

    start: int


_Part = Script | str | _Bang


class _Reader:
    """Turns tree-sitter nodes into the shell tree."""

    def __init__(self, text: Text, bash: bool) -> None:
        self._text = text
        self._bash = bash
        self._depth = 0

    def sequence(self, tree: Tree, skip: frozenset[str] = frozenset()) -> Script | None:
        return self._statements([child for child in tree.children if child.type not in skip])

    def _statements(self, trees: list[Tree]) -> Script | None:
        items: list[Script] = []
        ended = False
        for tree in trees:
            if tree.type == "&":
                items[-1] = Background(items[-1].start, tree.end_byte, items[-1])
            elif tree.type in _SEPARATORS:
                ended = ended or tree.type == ";"
                continue
            else:
                items.append(self.statement(tree))
            ended = False
        if not items:
            return None
        if len(items) == 1 and not ended:
            return items[0]
        return Sequence(items[0].start, items[-1].end, tuple(items), ended)

    def statement(self, tree: Tree) -> Script:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _NotUnderstood("its shell text is nested too deeply")
        script = _and_or(self._flat(tree)) if tree.type in _OPERATORS else self._leaf(tree)
        self._depth -= 1
        return script

    def _flat(self, tree: Tree) -> list[_Part]:
        """Statements and the operators between them, in the order in which they are written.

        tree-sitter's nesting of lists, pipelines, `!` and redirects is not the shell's: it hangs `> f` of
        `a && b > f` on the list (its issue 345), `!` of `! a | b` on `a`, and reads `a | b && c` as `a | (b && c)`
        inside longer lists.
        """
        if tree.type == "negated_command":
            return [_Bang(tree.start_byte), *self._flat(tree.children[1])]
        if tree.type == "redirected_statement" and not tree.children[0].type.endswith("_redirect"):
            words = tuple(self._word(c.start_byte, c.end_byte) for c in tree.children if c.type.endswith("_redirect"))
            flat = self._flat(tree.children[0])
            flat[-1] = _redirected(flat[-1], tree.end_byte, words)
            return flat
        if tree.type in ("list", "pipeline"):
            return [part for child in tree.children for part in self._flat_part(child)]
        return [self._leaf(tree)]

    def _flat_part(self, tree: Tree) -> list[_Part]:
        if tree.type in ("&&", "||", "|"):
            return [tree.type]
        if tree.type == "|&":
            return ["|"]
        return [] if tree.type == "comment" else self._flat(tree)

    def _leaf(self, tree: Tree) -> Script:
        kind = tree.type
        if kind == "command":
            return self._command(tree)
        if kind == "redirected_statement":
            words = tuple(self._word(child.start_byte, child.end_byte) for child in tree.children)
            return Command(tree.start_byte, tree.end_byte, (), (), words)
        if kind in ("subshell", "compound_statement"):
            return self._block(tree)
        if kind == "if_statement":
            return self._if(tree.children, tree.start_byte, tree.end_byte)
        if kind in _TESTS:
            return self._whole(tree)
        if kind in _LOOPS:
            return self._compound(tree)
        raise _NotUnderstood(f"it holds a {kind.replace('_', ' ')}, which is not understood")

    def _word(self, start: int, end: int) -> Word:
        return Word(start, end, self._text.clean(start, end))

    def _command(self, tree: Tree) -> Command:
        assigns: list[Word] = []
        words: list[Word] = []
        redirects: list[Word] = []
        for child in tree.children:
            start, end = child.start_byte, child.end_byte
            if child.type.endswith("_redirect"):
                redirects.append(self._word(start, end))
            elif child.type == "variable_assignment" and not words:
                assigns.append(self._word(start, end))
            elif words and words[-1].end == start:
                words[-1] = self._word(words[-1].start, end)
            else:
                words.append(self._word(start, end))
        if words and words[0].text in _RESERVED:
            # tree-sitter reads `{` behind `!`, or a stray `done`, as the name of a command.
            raise _NotUnderstood(f"it holds a misplaced {words[0].text.decode()}")
        return Command(tree.start_byte, tree.end_byte, tuple(assigns), tuple(words), tuple(redirects))

    def _whole(self, tree: Tree) -> Command:
        if tree.type == "variable_assignment":
            return Command(tree.start_byte, tree.end_byte, (self._word(tree.start_byte, tree.end_byte),), ())
        words = tuple(self._word(child.start_byte, child.end_byte) for child in tree.children)
        if tree.type == "variable_assignments":
            return Command(tree.start_byte, tree.end_byte, words, ())
        if tree.type == "test_command":
            if not self._bash and re.search(rb"\[\[.*(?:&&|\|\|)", self._text.masked[tree.start_byte : tree.end_byte]):
                raise _NotUnderstood("`[[` with `&&` or `||` is two commands to a shell that may not be bash")
            words = (self._word(tree.start_byte, tree.end_byte),)
        return Command(tree.start_byte, tree.end_byte, (), words)

    def _block(self, tree: Tree) -> Script:
        opening = tree.children[0].type
        if opening == "((":
            return Command(tree.start_byte, tree.end_byte, (), (self._word(tree.start_byte, tree.end_byte),))
        body = self._statements(tree.children[1:-1])
        if body is None:
            raise _NotUnderstood("it holds an empty group")
        return Block(tree.start_byte, tree.end_byte, opening == "(", body)

    def _if(self, trees: list[Tree], start: int, end: int) -> Script:
        then = next(index for index, tree in enumerate(trees) if tree.type == "then")
        tail = next(
            (i for i, tree in enumerate(trees) if tree.type in ("elif_clause", "else_clause", "fi")), len(trees)
        )
        condition = self._statements(trees[1:then])
        body = self._statements(trees[then + 1 : tail])
        if condition is None or body is None:
            raise _NotUnderstood("it holds an empty branch")
        otherwise: Script | None = None
        if tail < len(trees) and trees[tail].type == "elif_clause":
            clause = trees[tail]
            otherwise = self._if([*clause.children, *trees[tail + 1 :]], clause.start_byte, end)
        elif tail < len(trees) and trees[tail].type == "else_clause":
            otherwise = self._statements(trees[tail].children[1:])
        return If(start, end, condition, body, otherwise)

    def _compound(self, tree: Tree) -> Script:
        bodies: list[Script] = []
        self._collect(tree, bodies)
        text = self._text.clean(tree.start_byte, tree.end_byte)
        return Compound(tree.start_byte, tree.end_byte, tree.type, text, tuple(bodies))

    def _collect(self, tree: Tree, bodies: list[Script]) -> None:
        """The scripts of a loop's condition and body, a function's body, a case's branches."""
        if tree.type == "while_statement":
            bodies += [self.statement(child) for child in tree.children[1:-1] if child.type not in _SEPARATORS]
        for child in tree.children:
            if child.type == "do_group":
                body = self.sequence(child, frozenset({"do", "done"}))
            elif child.type == "case_item":
                close = next(i for i, part in enumerate(child.children) if part.type == ")")
                body = self._statements([c for c in child.children[close + 1 :] if c.type not in (";&", ";;&")])
            elif tree.type == "function_definition" and child.type in ("compound_statement", "subshell"):
                body = self.statement(child)
            else:
                continue
            if body is not None:
                bodies.append(body)


def _and_or(flat: list[_Part]) -> Script:
    """Group by the shell's precedence: `|` binds first, then `!`, then `&&` and `||` from left to right."""
    result: Script | None = None
    operator = ""
    at = 0
    while at < len(flat):
        if flat[at] in ("&&", "||"):
            operator = str(flat[at])
            at += 1
        pipe, at = _pipeline(flat, at)
        result = pipe if result is None else Binary(result.start, pipe.end, operator, result, pipe)
    if result is None:
        raise _NotUnderstood("it holds an empty list")
    return result


def _pipeline(flat: list[_Part], at: int) -> tuple[Script, int]:
    bang = flat[at]
    at += isinstance(bang, _Bang)
    members: list[Script] = []
    while at < len(flat):
        part = flat[at]
        if isinstance(part, str | _Bang):
            raise _NotUnderstood("it holds a misplaced operator")
        members.append(part)
        at += 1
        if at == len(flat) or flat[at] != "|":
            break
        at += 1
    script = members[0] if len(members) == 1 else Pipe(members[0].start, members[-1].end, tuple(members))
    return (Not(bang.start, script.end, script) if isinstance(bang, _Bang) else script), at


def _redirected(script: _Part, end: int, words: tuple[Word, ...]) -> Script:
    if isinstance(script, Command | Block | If | Compound):
        return script._replace(end=end, redirects=(*script.redirects, *words))
    raise _NotUnderstood("it redirects something that is not understood")
