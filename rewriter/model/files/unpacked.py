"""A fetch whose archive leaves nothing but one folder: stages `download` and `expand` can do it, and hand that over.

What `COPY --from` takes keeps mode, owner, time and hard links, but for the top folder, which is root's with mode 0755
(seen). So it has to be that, too, where tar has made it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ...syntax.instruction import Instruction
from ...syntax.script import Word, texts
from ..facts import Facts
from ..mounting import unfit
from ..runs import Run, runs
from ..stage_names import free_name
from ..stages import layout, references
from ..steps.gathering import NotKnown
from ..steps.paths import EVERYTHING, canonical
from ..steps.places import is_root
from .deleted import deletions
from .fetches import FETCHERS, UNPACKERS, fetched_by, path_of
from .located import Located, located
from .one_run import OneRun
from .origin import origin
from .phases import parts_of, phases

_STRIPS = re.compile(rb"--strip(?:-components)?(?:=[1-9]|$)")
# Options of tar that change neither where nor how it writes: tar(1).
_HARMLESS = re.compile(rb"-?[xzjJvf]+|--(?:extract|get|gzip|gunzip|bzip2|xz|zstd|verbose|no-same-owner|file)(?:=.*)?")
_QUIET = re.compile(rb"-[qon]+")


class Unpacked(NamedTuple):
    """RUNs that fetch, unpack and delete, as the scripts of two stages, and the folder that is left.

    The third script, which may be empty, is what is done after that. `names` are those of the stages: what is above,
    the fetch, the unpacking. `removed` are the words of the deletions.
    """

    chain: tuple[Run, ...]
    folder: bytes
    scripts: tuple[bytes, bytes, bytes]
    names: tuple[str, str, str]
    removed: tuple[tuple[bytes, ...], ...]
    unsure: str


class NotUnpacked(NamedTuple):
    """Why the RUNs do not become stages."""

    at: int
    why: str


def unpacked(facts: Facts, found: OneRun) -> Unpacked | NotUnpacked:
    """The stages that RUNs which fetch and delete can become."""
    try:
        return _plan(facts, found.chain)
    except NotKnown as unknown:
        return NotUnpacked(found.chain[0].position, str(unknown))


def fetches_alone(facts: Facts) -> Iterator[OneRun]:
    """Single RUNs of shipped stages that fetch and delete."""
    for index, run in facts.of(runs).items():
        here = located(facts, index) if run.stage.shipped else None
        if here is None:
            continue
        gone = {path_of(o.word.text, d.one.place) for d in deletions(index, here) for o in d.operands}
        names = [path for one in here.commands if one.name in FETCHERS for path in fetched_by(one) if path in gone]
        if names:
            yield OneRun((run,), tuple(name.rpartition(b"/")[2].decode("utf-8", "replace") for name in names))


def _check(facts: Facts, chain: Sequence[Run]) -> None:
    """Whether the file and the builder get along with more stages; raises NotKnown."""
    stage = chain[0].stage
    above = range(stage.first + 1, chain[0].position)
    why = unfit(facts)
    if why:
        raise NotKnown(why.replace("cache mounts", "such stages"))
    if any(is_shifted(one, stage.number) for one in facts.instructions):
        raise NotKnown("a stage is called by its number, which new stages would shift")
    if any(facts.instructions[index].keyword == "ONBUILD" for index in above):
        raise NotKnown("ONBUILD above would run in the new stages")
    if any(run.instruction.flags for run in chain):
        raise NotKnown("it has flags")


def _plan(facts: Facts, chain: Sequence[Run]) -> Unpacked:
    _check(facts, chain)
    unsure: list[str] = []
    if not is_root(chain[0].config):
        if chain[0].config.user is not None:
            raise NotKnown("it is not known to run as root, whose the copied folder would be")
        unsure.append("the copied folder is root's")
    parts = [part for run in chain for part in parts_of(facts, run)]
    order = phases(parts)
    found = [[one for part, at in zip(parts, order, strict=True) if at == n for one in part.commands] for n in range(3)]
    if order != sorted(order) or not {0, 1} <= set(order):
        raise NotKnown("it does more than to fetch, to unpack and to delete, in this order")
    archives = {path for part in parts for one in part.commands if one.name in FETCHERS for path in fetched_by(one)}
    gone = {path_of(word.text, one.place) for one in found[2] for word in one.raw[1:] if word.text[:1] != b"-"}
    if not archives or archives != gone:
        raise NotKnown("something else stays of it than what is unpacked, or more is deleted")
    folder = _folder(found[1], archives, unsure)
    unsure += _held(facts, chain[0], folder, archives)
    if any(one.name == b"wget" and b"--no-hsts" not in one.words for one in found[0]):
        unsure.append("what wget notes down in ~/.wget-hsts no longer comes along")
    scripts = [b" && ".join(part.text for part, at in zip(parts, order, strict=True) if at == n) for n in range(4)]
    names = (free_name(facts, "base"), free_name(facts, "download"), free_name(facts, "expand"))
    removed = tuple(texts(one.command) for one in found[2])
    return Unpacked(
        tuple(chain), folder, (scripts[0], scripts[1], scripts[3]), names, removed, "; ".join(dict.fromkeys(unsure))
    )


def _held(facts: Facts, run: Run, folder: bytes, archives: set[bytes]) -> Iterator[str]:
    """What is not known of who else may have put something there; raises NotKnown."""
    for tree in (folder, *archives):
        where = origin(facts, run.stage, tree, [run.position])
        if where.refused or not tree.startswith(b"/"):
            raise NotKnown(where.refused.replace("the COPY", "it") or "where it fetches to is not known")
        if where.unsure and tree == folder:
            raise NotKnown(f"{where.unsure}, with another owner or mode")
        if where.unsure:
            yield where.unsure


def is_shifted(instruction: Instruction, number: int) -> bool:
    """Whether it calls a stage by its number, from this one on."""
    return any(reference.isdecimal() and int(reference) >= number for reference in references(instruction))


def _folder(found: Sequence[Located], archives: set[bytes], unsure: list[str]) -> bytes:
    """The folder that is made and unpacked into, and nothing else."""
    made = {one.place.tree(word.text) for one in found if one.name == b"mkdir" for word in _operands(one)}
    into: set[bytes] = set()
    for one in (one for one in found if one.name in UNPACKERS):
        paths = fetched_by(one)
        into |= {canonical(path) for path in paths if path.startswith(b"/") and b"$" not in path}
        if len(paths) != 1 or not _is_plain_unpacking(one, archives):
            raise NotKnown(f"it is not known what {one.name.decode()} unpacks, and to where")
        if one.name == b"unzip":
            # It makes the folder that is missing.
            made |= into
        if not any(_STRIPS.match(word) for word in one.words):
            unsure.append("an archive that has an entry for `./` sets the owner and mode of the folder")
    if len(made) != 1 or into != made or EVERYTHING in made:
        raise NotKnown("what it unpacks is not in one folder that it makes")
    return next(iter(made))


def _is_plain_unpacking(one: Located, archives: set[bytes]) -> bool:
    """Whether it unpacks all of one of the archives, with options that change neither where nor how it writes."""
    read = False
    words = iter(one.words[1:])
    for word in words:
        if word in (b"-C", b"--directory", b"-d"):
            next(words, b"")
        elif word in (b"--strip-components", b"--strip"):
            if next(words, b"0") == b"0":
                return False
        elif path_of(word, one.place) in archives and not read:
            read = True
        elif not (_STRIPS.match(word) or (_QUIET if one.name == b"unzip" else _HARMLESS).fullmatch(word)):
            return False
    return read


def _operands(one: Located) -> Iterator[Word]:
    for word in one.raw[1:]:
        if word.text in (b"-p", b"--parents"):
            continue
        if word.text.startswith(b"-"):
            raise NotKnown("the folder gets a mode of its own")
        yield word


def stage_lines(facts: Facts, plan: Unpacked) -> tuple[bytes, ...]:
    """The instructions that come where the chain stands, with the FROM line of what follows."""
    found = facts.of(layout)
    stage = found.stages[found.stage_of[plan.chain[0].position]]
    base, download, expand = (name.encode() for name in plan.names)
    given = facts.instructions[stage.first].rest.split()
    name = [b"AS", given[2]] if len(given) > 2 else []
    return (
        b" ".join([b"FROM", base, b"AS", download]),
        b"RUN " + plan.scripts[0],
        b" ".join([b"FROM", download, b"AS", expand]),
        b"RUN " + plan.scripts[1],
        b" ".join([b"FROM", base, *name]),
        b" ".join([b"COPY", b"--from=" + expand, plan.folder, plan.folder]),
        *([b"RUN " + plan.scripts[2]] if plan.scripts[2] else []),
    )
