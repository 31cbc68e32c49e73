"""How what is deleted unused stays out of the image, in the text: --exclude, or a stage that collects the rest."""

from __future__ import annotations

from collections.abc import Iterator

from ...syntax.edit import Edit
from ...syntax.join import line_end
from ...syntax.source import BOM
from ..facts import Facts
from ..runs import runs
from ..stage_names import free_name, named_numbers, unnamed
from ..stages import layout
from .arguments import argued
from .removal import comments_above, without_deletions
from .unused import Unused


def name_of(facts: Facts, plan: Unused) -> str:
    """The name of the collecting stage: what it holds."""
    folder = plan.placed.path.rstrip(b"/").rpartition(b"/")[2].decode("utf-8", "replace")
    return free_name(facts, f"{folder}-files")


def edits_of(facts: Facts, plan: Unused) -> tuple[Edit, ...] | str:
    """The edits; or why the deletions can't be taken out of their RUN."""
    run = facts.of(runs)[plan.deleted[0].deletion.position]
    deletions = without_deletions(facts, run, plan.deleted)
    if isinstance(deletions, str):
        return deletions
    new = _excluding(facts, plan) if plan.excluded else _collecting(facts, plan)
    return tuple(sorted((*deletions, *new)))


def _excluding(facts: Facts, plan: Unused) -> Iterator[Edit]:
    at = facts.instructions[plan.copy.position].rest_at
    yield Edit(at, at, b"".join(b"--exclude=" + pattern + b" " for pattern in plan.excluded))


def _collecting(facts: Facts, plan: Unused) -> Iterator[Edit]:
    """The stage, above the one that it is for; the copy from it; and names for numbers that it would shift."""
    number = facts.of(layout).stage_of[plan.copy.position]
    name = name_of(facts, plan).encode()
    beginning = facts.instructions[facts.of(layout).stages[number].first]
    at = next(iter(comments_above(facts, beginning)), beginning.node).start
    at = max(at, len(BOM)) if facts.source.text.startswith(BOM) else at
    yield Edit(at, at, _stage(facts, plan, name))
    copy_from = b"--from=" + name + b" " + b" ".join([*_owner(plan), plan.placed.path, plan.placed.path])
    yield Edit(_flags_start(facts, plan), _content_end(facts, plan), copy_from)
    yield from named_numbers(facts, number, name.decode())


def declared(facts: Facts, plan: Unused) -> tuple[bytes, ...]:
    """What the ARGs say that the stage needs."""
    given = argued(facts, plan.copy) if "$" in plan.placed.source else None
    return given.declared if given is not None else ()


def _owner(plan: Unused) -> list[bytes]:
    return [b"--chown=" + plan.copy.flags[b"--chown"]] if b"--chown" in plan.copy.flags else []


def _mode(plan: Unused) -> list[bytes]:
    return [b"--chmod=" + plan.copy.flags[b"--chmod"]] if b"--chmod" in plan.copy.flags else []


def _flags_start(facts: Facts, plan: Unused) -> int:
    """Where the flags begin, or the words where there are none."""
    instruction = facts.instructions[plan.copy.position]
    text = facts.source.text[instruction.node.start : instruction.node.end]
    keyword = len(text) - len(text.lstrip()) + len(instruction.keyword)
    rest = text[keyword:]
    return instruction.node.start + keyword + len(rest) - len(rest.lstrip())


def _content_end(facts: Facts, plan: Unused) -> int:
    instruction = facts.instructions[plan.copy.position]
    return instruction.node.start + len(facts.source.text[instruction.node.start : instruction.node.end].rstrip())


def _stage(facts: Facts, plan: Unused, name: bytes) -> bytes:
    """Its text: the base, the COPY without an owner, the deletion, and a blank line."""
    stage = facts.of(layout).stages[facts.of(layout).stage_of[plan.copy.position]]
    beginning = facts.instructions[stage.first]
    end = line_end(facts.source.text, beginning.node.end)
    sources = plan.placed.source.encode("utf-8", "surrogateescape") or b"."
    lines = [
        b" ".join([b"FROM", *beginning.flags, unnamed(beginning.rest), b"AS", name]),
        *(b"ARG " + text for text in declared(facts, plan)),
        b" ".join([b"COPY", *_mode(plan), sources, plan.placed.path]),
        b" ".join([b"RUN rm -rf", *plan.paths]),
        b"",
    ]
    return b"".join(line + end for line in lines)
