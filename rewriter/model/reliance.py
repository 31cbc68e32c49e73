"""What a file relies on of the packages that `--no-install-recommends` leaves out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ..syntax.script import Command, commands
from .facts import Facts
from .later import is_known
from .packages.call import Call, call_of, calls_in, unwrapped
from .packages.kept import IMPLIED, KEPT, Kept
from .packages.managers import Does
from .recommends import Lost, lost
from .recommends.images import base_packages, holds
from .runs import Run, root_of, runs
from .stages import Layout, Stage, layout

_COMPILERS = frozenset({"gcc", "g++", "make", "build-essential", "cpp", "dpkg-dev", "libc6-dev"})


class Uses(NamedTuple):
    """What the instructions from a RUN on do: their texts, the words of their commands, a command that is unknown."""

    texts: tuple[bytes, ...]
    commands: tuple[tuple[bytes, ...], ...]
    unknown: str


class Reliance(NamedTuple):
    """What an install loses without recommendations (None: not known, and why), and what of that is kept by name."""

    lost: Lost | None
    release: str
    kept: tuple[tuple[str, str], ...]
    unknown: str


def reliance(facts: Facts, run: Run, call: Call, kept_before: tuple[str, ...] = ()) -> Reliance:
    """What this install of apt's loses, and what must be kept because the file relies on it.

    `kept_before` are packages that changes of earlier installs in the stage keep by name.
    """
    image = root_of(facts.of(layout), run.stage).base
    names = tuple(name.decode("utf-8", "replace").split("=")[0].split("/")[0] for name in call.arguments)
    earlier = (*_installed_before(facts, run, call), *kept_before)
    base = base_packages(image)
    gone = lost(base[0], (*base[1], *earlier), names) if base else None
    uses = uses_from(facts, run)
    kept: dict[str, str] = {}
    for rule in (*KEPT, *(_by_name(name) for name, _ in (gone.packages if gone else ()))):
        there = rule.package in (*names, *earlier, *kept) or any(rule.package in IMPLIED.get(name, ()) for name in kept)
        if not there and not holds(image, rule.package) and _applies(rule, names, gone, uses):
            kept[rule.package] = rule.reason
            gone = lost(base[0], (*base[1], *earlier), (*names, *kept)) if base else None
    risky = gone is None or any(name in _COMPILERS for name, _ in gone.packages)
    return Reliance(gone, base[0] if base else "", tuple(kept.items()), uses.unknown if risky else "")


def _by_name(package: str) -> Kept:
    """The rule for a program that has the name of its package."""
    return Kept(package, "it is called", programs=frozenset({package.encode()}))


def _applies(rule: Kept, names: tuple[str, ...], gone: Lost | None, uses: Uses) -> bool:
    """Whether the rule's package would be lost, and the file uses it."""
    has_use = bool(rule.programs or rule.texts)
    if gone is not None and rule.package not in {name for name, _ in gone.packages}:
        return False
    if (gone is None or not has_use) and rule.brought_by.isdisjoint(names):
        return False
    if not has_use or any(part in text for part in rule.texts for text in uses.texts):
        return True
    for words in uses.commands:
        if not _called(words).isdisjoint(rule.programs) and (not rule.words or not rule.words.isdisjoint(words[1:])):
            return True
    return False


def _called(words: tuple[bytes, ...]) -> set[bytes]:
    """The names by which the program of a command may be known."""
    return {words[0], words[0].rpartition(b"/")[2]} if words else set()


def _installed_before(facts: Facts, run: Run, call: Call) -> Iterator[str]:
    """The packages that earlier installs of the stage, or of those that it is built from, name."""
    places = facts.of(layout)
    stages: set[int] = set()
    stage: Stage | None = run.stage
    while stage is not None:
        stages.add(stage.number)
        stage = places.stages[stage.parent] if stage.parent is not None else None
    for other in facts.of(runs).values():
        if other.position > run.position or other.stage.number not in stages or other.script is None:
            continue
        for earlier in calls_in(other.script):
            if earlier.command is call.command:
                return
            if earlier.manager.name == "apt-get" and earlier.does is Does.INSTALL:
                yield from (name.decode("utf-8", "replace").split("=")[0] for name in earlier.arguments)


def uses_from(facts: Facts, run: Run) -> Uses:
    """What the file does in the RUN's stage, in those it is built from and in those built from it.

    Commands count from the RUN on, texts anywhere: an ENV may stand above.
    """
    places = facts.of(layout)
    family = _family(places, run.stage)
    texts: list[bytes] = []
    called: list[tuple[bytes, ...]] = []
    unknown = ""
    for index, instruction in enumerate(facts.instructions):
        if places.stage_of[index] not in family:
            continue
        texts += [instruction.rest, *instruction.flags, *instruction.bodies]
        other = facts.of(runs).get(index)
        if index < run.position:
            continue
        if other is None:
            called.append(_exec_words(instruction.rest))
        elif other.script is None:
            unknown = unknown or f"a RUN that is opaque ({other.refused})"
        else:
            for command in commands(other.script):
                called += _names_of(command)
                if not unknown and not is_known(command):
                    unknown = b" ".join(unwrapped(command)[:2]).decode("utf-8", "replace")
    return Uses(tuple(texts), tuple(called), unknown)


def _family(places: Layout, stage: Stage) -> set[int]:
    """The numbers of the stage, of those that it is built from, and of those that are built from it."""
    found = {stage.number}
    for later in places.stages:
        if later.parent in found:
            found.add(later.number)
    while stage.parent is not None:
        stage = places.stages[stage.parent]
        found.add(stage.number)
    return found


def _names_of(command: Command) -> Iterator[tuple[bytes, ...]]:
    """The command's words, and those of `python -m pip install` and its like as the manager's own."""
    words = unwrapped(command)
    yield words
    call = call_of(command)
    if call is not None:
        yield (call.manager.name.encode(), *call.verb.split(), *call.arguments)


def _exec_words(rest: bytes) -> tuple[bytes, ...]:
    """The words of a CMD or ENTRYPOINT, whichever form it has."""
    return tuple(word.strip(b'",[]') for word in rest.split())


def brought_along(facts: Facts, call: Call) -> frozenset[bytes]:
    """What the install brings along today as a recommendation, as far as the bases of the file's stages tell."""
    names = [name.decode("utf-8", "replace") for name in call.arguments]
    bases = {base_packages(stage.base) for stage in facts.of(layout).stages}
    found = [lost(base[0], (), names) for base in bases if base is not None]
    return frozenset(name.encode() for gone in found if gone is not None for name, _ in gone.packages)
