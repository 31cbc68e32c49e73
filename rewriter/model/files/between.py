"""Whether a step may have to do with what lies in a tree."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ...syntax.instruction import Instruction
from ...syntax.script import Command
from ...syntax.words import json_form
from ..commands import MANAGERS, OS_TOOLS, PROCESS_STATE, QUIET
from ..facts import Facts
from ..steps import step_at, touched_at
from ..steps.gathering import is_answered
from ..steps.paths import canonical, covers, overlap
from .located import Located, LocatedRun, located
from .names import in_folder, names, redirected

_NO_FILES = frozenset(
    "ARG CMD ENTRYPOINT ENV EXPOSE HEALTHCHECK LABEL MAINTAINER ONBUILD SHELL STOPSIGNAL USER".split()
)
# Besides those that only print or set something in the shell.
_SHELL = frozenset({b":", b"cd", b"exit", b"printf", b"source"}) | PROCESS_STATE.keys()


def stranger(facts: Facts, index: int, tree: bytes, aside: Collection[Command] = ()) -> str:
    """Why the step at the index may read or write something in the tree; empty where it is known not to.

    Commands that are `aside` do not count.
    """
    instruction = facts.instructions[index]
    if instruction.keyword in _NO_FILES:
        return ""
    if instruction.keyword == "VOLUME":
        return "VOLUME names it" if any(_may_be(path, tree) for path in _volumes(instruction)) else ""
    step = step_at(facts, index)
    found = touched_at(facts, index)
    trees = (*found.writes, *found.reads, *found.relies)
    if not found.why and not found.fixed and not aside:
        touches = any(overlap(path, tree) for path in trees) or any(covers(tree, folder) for folder in found.makes)
        return f"{step.name} has to do with it" if touches else ""
    if instruction.keyword != "RUN":
        return f"{step.name} may have to do with it ({(found.why or (found.fixed,))[0]})"
    run = located(facts, index)
    if run is None:
        return "an opaque RUN may use it"
    if redirected(run, tree):
        return "a redirect names it"
    return next((why for one in run.commands if one.command not in aside and (why := _may(one, tree))), "")


def _volumes(instruction: Instruction) -> Sequence[bytes]:
    try:
        form = json_form(instruction.rest)
    except ValueError:
        return [b"/"]
    return [path.encode() for path in form] if form is not None else instruction.rest.split()


def _may_be(path: bytes, tree: bytes) -> bool:
    return b"$" in path or not path.startswith(b"/") or overlap(canonical(path), tree)


def named_by(run: LocatedRun, tree: bytes) -> tuple[Located, ...]:
    """The commands of a RUN that name something in the tree, or run in it."""
    return tuple(one for one in run.commands if one.words and (_named(one, tree) or _inside(one, tree)))


def _named(one: Located, tree: bytes) -> bool:
    if one.name in (b"cd", b"pushd"):
        # Above the tree, it only passes by.
        return any(covers(tree, one.place.tree(word.text)) for word in one.raw[1:])
    return one.name not in (b"echo", b"printf") and bool(names(one, tree))


def _inside(one: Located, tree: bytes) -> bool:
    """Whether it runs in the tree: then it may look around there, unless it is one that goes by its words alone."""
    return in_folder(one, tree) and bool(one.place.folder) and one.name not in OS_TOOLS | _SHELL


def _may(one: Located, tree: bytes) -> str:
    shown = (one.name or b"an assignment").decode("utf-8", "replace")
    if not all(is_answered(word.text) for word in (*one.command.assigns, *one.command.words)):
        return f"what `{shown}` is given is not known"
    if not one.words:
        return ""
    if _named(one, tree) or _inside(one, tree):
        return f"`{shown}` uses it"
    if one.name in OS_TOOLS | QUIET | MANAGERS | _SHELL and b"/" not in one.words[0]:
        return ""
    return f"`{shown}` may use it, of which nothing is known"
