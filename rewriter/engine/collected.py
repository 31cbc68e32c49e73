"""The witness of ExcludeCopied and AddStage: but for the copy and the deletions, nothing differs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..model.facts import Facts
from ..model.stage_names import unnamed
from ..model.stages import layout, references
from ..syntax.instruction import Instruction
from .licences import AddStage, ExcludeCopied, Licence
from .reordered import plain
from .undone import otherwise

if TYPE_CHECKING:
    from ..model.files.unused import Unused


def moved(facts: Facts, after: Facts, may: Sequence[Licence]) -> Iterator[str]:
    """What differs in the text `after` that the licence, the only one, does not allow."""
    licence = may[0]
    if len(may) != 1 or not isinstance(licence, AddStage | ExcludeCopied):
        yield "a copy changes together with something else"
        return
    plan = _plan(facts, licence)
    if plan is None:
        yield "it is not known that nobody uses what is deleted"
    elif isinstance(licence, AddStage):
        yield from _with_stage(facts, after, plan, licence)
    else:
        yield from _excluding(facts, after, plan, licence)


def _plan(facts: Facts, licence: AddStage | ExcludeCopied) -> Unused | None:
    """What the licence speaks of, if it is known to be deleted unused."""
    from ..model.files.deleted import words_of
    from ..model.files.unused import Unused, unused
    from ..model.files.unused_edits import name_of  # Few files come to this.

    for one in facts.of(unused):
        if not isinstance(one, Unused):
            continue
        deletions = words_of(one.deleted)
        granted = (
            ExcludeCopied(one.excluded, deletions)
            if one.excluded
            else AddStage(name_of(facts, one), one.paths, deletions)
        )
        if granted == licence:
            return one
    return None


def _excluding(facts: Facts, after: Facts, plan: Unused, licence: ExcludeCopied) -> Iterator[str]:
    flags = tuple(b"--exclude=" + pattern for pattern in licence.patterns)
    position = plan.copy.position
    new = list(after.instructions)
    if len(new) <= position or new[position].flags[-len(flags) :] != flags:
        yield "the COPY leaves out something else than what is deleted"
        return
    new[position] = new[position]._replace(flags=new[position].flags[: -len(flags)])
    yield from _rest(facts, after, plan, new, new, licence.deletions)


def _with_stage(facts: Facts, after: Facts, plan: Unused, licence: AddStage) -> Iterator[str]:
    """The new stage does what the COPY and the deletion did; without it, all is as before."""
    from ..model.files.unused_edits import declared

    number = facts.of(layout).stage_of[plan.copy.position]
    first = facts.of(layout).stages[number].first
    arguments = declared(facts, plan)
    last = first + 3 + len(arguments)
    stage, new = after.instructions[first:last], list(after.instructions)
    del new[first:last]
    name = licence.name.encode()
    path = plan.placed.path
    source = plan.placed.source.encode("utf-8", "surrogateescape") or b"."
    beginning = facts.instructions[first]
    old = facts.instructions[plan.copy.position]
    owner = tuple(flag for flag in old.flags if flag.startswith(b"--chown="))
    wanted = (
        ("FROM", beginning.flags, unnamed(beginning.rest) + b" AS " + name, ()),
        *(("ARG", (), text, ()) for text in arguments),
        ("COPY", tuple(flag for flag in old.flags if flag not in owner), source + b" " + path, ()),
        ("RUN", (), b"rm -rf " + b" ".join(licence.paths), ()),
    )
    if tuple(map(plain, stage)) != wanted:
        yield "the new stage does something else than the COPY and the deletion"
        return
    copy = ("COPY", (b"--from=" + name, *owner), path + b" " + path, ())
    if len(new) <= plan.copy.position or plain(new[plan.copy.position]) != copy:
        yield "what the new stage leaves is copied to somewhere else, or by somebody else"
        return
    new[plan.copy.position] = old
    if facts.targets & {licence.name} or licence.name in {one.name for one in facts.of(layout).stages}:
        yield "the name of the new stage is taken"
    yield from _rest(facts, after, plan, new, [by_number(after, one, number) for one in new], licence.deletions)


def by_number(after: Facts, instruction: Instruction, added: int) -> Instruction:
    """The instruction with the number that a stage had before in the place of its name."""
    names = {stage.name: stage.number for stage in after.of(layout).stages if stage.name}
    flags = []
    for flag in instruction.flags:
        for reference in references(instruction._replace(flags=(flag,))):
            number = names.get(reference, int(reference) if reference.isdecimal() else -1)
            if number >= 0:
                was = b"%d" % (number - (number > added))
                flag = flag.replace(b"from=" + reference.encode(), b"from=" + was)  # noqa: PLW2901
        flags.append(flag)
    return instruction._replace(flags=tuple(flags))


def _rest(
    facts: Facts,
    after: Facts,
    plan: Unused,
    new: Sequence[Instruction],
    numbered: Sequence[Instruction],
    deletions: Sequence[tuple[tuple[bytes, ...], tuple[bytes, ...]]],
) -> Iterator[str]:
    """What else differs: nothing but the RUN that deleted."""
    from ..model.files.deleted import is_emptied
    from ..model.runs import runs

    index = plan.deleted[0].deletion.position
    old = [by_number(facts, one, len(facts.instructions)) for one in facts.instructions]
    run = facts.of(runs)[index]
    emptied = is_emptied(run, plan.deleted)
    if emptied:
        del old[index]
    if len(old) != len(new):
        yield "instructions come or go"
        return
    for position, (one, other) in enumerate(zip(old, numbered, strict=True)):
        if plain(one) != plain(other) and (emptied or position != index) and not is_named(one, other):
            yield "something else than the copy and the deletion changes"
    before = () if emptied else (facts.instructions[index],)
    behind = () if emptied else (new[index],)
    yield from otherwise(facts, index, (facts.source, before), (after.source, behind), deletions)


def is_named(one: Instruction, other: Instruction) -> bool:
    """Whether a FROM line has only got a name."""
    return one.keyword == other.keyword == "FROM" and one.flags == other.flags and one.rest == unnamed(other.rest)
