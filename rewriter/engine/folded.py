"""The witness of SetFlag and DropChange: the facts say that these flags do what these commands did, and no more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from ..model.facts import Facts
from ..model.runs import read_run, runs
from ..syntax.instruction import Instruction
from ..syntax.script import Script, commands, skeleton, texts
from ..syntax.source import Source
from .licences import DropChange, Licence, SetFlag
from .reordered import plain


def moved(
    facts: Facts,
    first: int | None,
    old: Sequence[Instruction],
    after: Source,
    new: Sequence[Instruction],
    may: Sequence[Licence],
) -> Iterator[str]:
    """What is wrong with the instructions from the index `first` on, which were `old` and are `new`."""
    from ..model.folding.fold import folds  # Most files come to none.

    last = -1 if first is None else first + len(old) - 1
    fold = facts.of(folds).folds.get(last)
    if first is None or fold is None or any(index < first for index, flags in fold.flags.items() if flags):
        yield "no flag is known to do what goes"
        return
    set_flags = Counter(SetFlag(*flag) for flags in fold.flags.values() for flag in flags)
    dropped = Counter(DropChange(texts(command)) for command in fold.dropped)
    if set_flags + dropped != Counter(may):
        yield "other flags come, or other commands go, than do the same"
    if len(new) != len(old) - (fold.rest is None):
        yield "instructions come or go"
        return
    for index, (was, now) in enumerate(zip(old, new, strict=False), first):
        if index == last:
            yield from _shortened(facts, index, after, was, now, fold.rest)
        elif plain(now) != (was.keyword, _with(was.flags, fold.flags.get(index, ())), was.rest, was.bodies):
            yield "something else than a flag of a copy changes"


def _with(flags: tuple[bytes, ...], changes: Sequence[tuple[bytes, bytes]]) -> tuple[bytes, ...]:
    """The flags behind the changes: in the place of the one before, or at the end."""
    result = list(flags)
    for before, after in changes:
        if before:
            result[result.index(before)] = after
        else:
            result.append(after)
    return tuple(result)


def _shortened(
    facts: Facts, index: int, after: Source, was: Instruction, now: Instruction, rest: Script | None
) -> Iterator[str]:
    """What is wrong with the RUN that has lost its first commands, and of which `rest` is to be left."""
    run = facts.of(runs)[index]
    parsed, _ = read_run(after, now, run.shell, facts.shells)
    if (now.keyword, now.flags, now.bodies) != (was.keyword, was.flags, was.bodies):
        yield "something else than the first commands of the RUN changes"
    elif rest is None or parsed is None or parsed.script is None:
        yield "what is left of the RUN is not understood"
    elif skeleton(parsed.script) != skeleton(rest) or _words(parsed.script) != _words(rest):
        yield "something else than its first commands is missing in the RUN"


def _words(script: Script) -> list[tuple[bytes, ...]]:
    return [texts(command) for command in commands(script)]
