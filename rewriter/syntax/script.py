"""The shell tree: what any shell parser must tell us of a script, and no more.

A tree comes from `shell.py` (tree-sitter) or, as second opinion, from another parser; `skeleton` reduces
it to what both must agree on. Offsets are bytes of the text that was parsed.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from .once import once


class Word(NamedTuple):
    """A word, assignment or redirect as written, continuations taken out."""

    start: int
    end: int
    text: bytes


class Command(NamedTuple):
    """A simple command; a test (`[ ]`, `[[ ]]`, `(( ))`) is one too, whole in its first word."""

    start: int
    end: int
    assigns: tuple[Word, ...]
    words: tuple[Word, ...]
    redirects: tuple[Word, ...] = ()


class Binary(NamedTuple):
    """`left && right` or `left || right`."""

    start: int
    end: int
    operator: str
    left: "Script"
    right: "Script"


class Pipe(NamedTuple):
    """`a | b | c`; each member runs in a process of its own."""

    start: int
    end: int
    members: tuple["Script", ...]


class Not(NamedTuple):
    start: int
    end: int
    body: "Script"


class Sequence(NamedTuple):
    """Statements, each ended by `;` or a line end; `ended` says that the last one is too."""

    start: int
    end: int
    items: tuple["Script", ...]
    ended: bool


class Background(NamedTuple):
    start: int
    end: int
    body: "Script"


class Block(NamedTuple):
    """`{ ...; }`, or with `subshell` `( ... )`."""

    start: int
    end: int
    subshell: bool
    body: "Script"
    redirects: tuple[Word, ...] = ()


class If(NamedTuple):
    start: int
    end: int
    condition: "Script"
    then: "Script"
    otherwise: "Script | None"
    redirects: tuple[Word, ...] = ()


class Compound(NamedTuple):
    """A loop, `case` or function, as written without its redirects, and the scripts inside it."""

    start: int
    end: int
    kind: str
    text: bytes
    bodies: tuple["Script", ...]
    redirects: tuple[Word, ...] = ()


Script = Command | Binary | Pipe | Not | Sequence | Background | Block | If | Compound
Skeleton = tuple["str | bytes | Skeleton", ...]


def skeleton(script: Script) -> Skeleton:
    """The tree with all blanks and offsets taken out, for comparison of two parsers."""
    if isinstance(script, Command):
        parts = sorted((*script.assigns, *script.words, *script.redirects))
        return ("command", _squeezed(b"".join(word.text for word in parts)))
    if isinstance(script, Compound):
        return (script.kind, _squeezed(script.text), *_redirects(script.redirects))
    if isinstance(script, Sequence) and len(script.items) == 1:
        return skeleton(script.items[0])
    return _nested(script)


def _nested(script: Script) -> Skeleton:
    match script:
        case Binary():
            return (script.operator, skeleton(script.left), skeleton(script.right))
        case Pipe():
            return ("|", *(skeleton(member) for member in script.members))
        case Not():
            return ("!", skeleton(script.body))
        case Sequence():
            return (";", *(skeleton(item) for item in script.items))
        case Background():
            return ("&", skeleton(script.body))
        case Block():
            mark = "()" if script.subshell else "{}"
            return (mark, skeleton(script.body), *_redirects(script.redirects))
        case If():
            otherwise = skeleton(script.otherwise) if script.otherwise else ()
            branches = (skeleton(script.condition), skeleton(script.then), otherwise)
            return ("if", *branches, *_redirects(script.redirects))
    raise TypeError(f"not a compound script: {script!r}")


def _redirects(redirects: tuple[Word, ...]) -> Skeleton:
    return tuple(_squeezed(word.text) for word in redirects)


def ascii_only(text: bytes) -> bytes:
    """The text with every byte of another script as an `x`: no shell gives them a meaning, but parsers reject some."""
    return text.translate(_ASCII)


_ASCII = bytes(range(128)) + b"x" * 128


def _squeezed(text: bytes) -> bytes:
    return b"".join(ascii_only(text).replace(b"\\\n", b"").split())


def commands(script: Script) -> Iterator[Command]:
    """All simple commands in it, in the order in which they are written."""
    waiting = [script]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Command):
            yield one
        else:
            waiting += reversed(children(one))


@once
def in_compounds(script: Script) -> frozenset[int]:
    """The starts of the commands inside of loops, `case` and functions, whose text is taken as a whole."""
    found: set[int] = set()
    waiting = [script]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Compound):
            found.update(command.start for command in commands(one))
        else:
            waiting += children(one)
    return frozenset(found)


def always_run(script: Script, succeeds: bool = True) -> Iterator[Command]:
    """The simple commands that run in any build in which the script runs; `succeeds`: and in which it succeeds."""
    waiting = [(script, succeeds)]
    while waiting:
        one, succeeds = waiting.pop()
        match one:
            case Command():
                yield one
            case Binary(operator="&&"):
                waiting += [(one.right, True)] if succeeds else []
                waiting.append((one.left, succeeds))
            case Binary():
                waiting.append((one.left, False))
            case Sequence():
                waiting.append((one.items[-1], succeeds))
                waiting += [(item, False) for item in reversed(one.items[:-1])]
            case Block():
                waiting.append((one.body, succeeds))
            case If():
                waiting.append((one.condition, False))


def fatal(script: Script, errexit: bool) -> Iterator[Command]:
    """The simple commands whose failure is that of the script; `errexit`: it is in force."""
    match script:
        case Command():
            yield script
        case Binary(operator="&&"):
            yield from fatal(script.left, errexit)
            yield from fatal(script.right, errexit)
        case Binary():
            yield from fatal(script.right, errexit)
        case Sequence():
            # Under errexit, too, only the last command of an `&&` list ends the script.
            ends = (last_of(item) for item in script.items[:-1])
            yield from (command for command in ends if command is not None and errexit)
            yield from fatal(script.items[-1], errexit)
        case Pipe():
            yield from fatal(script.members[-1], errexit)
        case Block():
            yield from fatal(script.body, errexit)
        case If():
            yield from fatal(script.then, errexit)
            if script.otherwise is not None:
                yield from fatal(script.otherwise, errexit)


def children(script: Script) -> tuple[Script, ...]:
    """The scripts directly inside."""
    match script:
        case Command():
            return ()
        case Binary():
            return (script.left, script.right)
        case Pipe():
            return script.members
        case Sequence():
            return script.items
        case Compound():
            return script.bodies
        case If():
            branches = (script.condition, script.then)
            return (*branches, script.otherwise) if script.otherwise else branches
        case Not() | Background() | Block():
            return (script.body,)


def neighbours(script: Script) -> Iterator[tuple[Command, Command]]:
    """Each two commands of which the second one runs right after the first: by `&&`, or as the next statement."""
    waiting = [script]
    while waiting:
        one = waiting.pop()
        pairs: Iterable[tuple[Script, Script]] = ()
        match one:
            case Binary(operator="&&"):
                pairs = [(one.left, one.right)]
            case Sequence():
                pairs = pairwise(one.items)
        for before, behind in pairs:
            left, right = last_of(before), first_of(behind)
            if left is not None and right is not None:
                yield left, right
        waiting += reversed(children(one))


def last_of(script: Script) -> Command | None:
    """The command that a script ends with, if its success is that of the script."""
    if isinstance(script, Binary) and script.operator == "&&":
        return last_of(script.right)
    return script if isinstance(script, Command) else None


def first_of(script: Script) -> Command | None:
    """The command that a script begins with."""
    if isinstance(script, Binary) and script.operator == "&&":
        return first_of(script.left)
    return script if isinstance(script, Command) else None


def texts(command: Command) -> tuple[bytes, ...]:
    """The words of the command as written, assignments and redirects aside."""
    return tuple(word.text for word in command.words)


def same_variables(first: Command, second: Command) -> bool:
    """Whether the two set the same variables for themselves (`A=b make`)."""
    return [word.text for word in first.assigns] == [word.text for word in second.assigns]
