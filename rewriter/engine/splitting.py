"""The witness of SplitStage: what each of the two stages holds, and that the image says of itself what it said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..model.artefacts.cutting import METADATA
from ..model.artefacts.plan import plan
from ..model.artefacts.split import NotTold, Piece, Split
from ..model.facts import Facts
from ..model.packages.call import call_of
from ..model.packages.managers import Does
from ..model.runs import runs
from ..model.stages import Layout, layout
from ..syntax.edit import Edit
from ..syntax.instruction import Instruction
from ..syntax.script import Command, Script, commands
from .licences import SplitStage
from .reordered import plain


def moved(facts: Facts, edits: Sequence[Edit], licence: SplitStage) -> Iterator[str]:
    """What is wrong with the text after the edits."""
    try:
        split = plan(facts)
    except NotTold as why:
        yield f"the stage cannot be cut: {why}"
        return
    if split is None:
        yield "there is nothing to cut"
        return
    if tuple(one.path for one in split.carried) != licence.carried or split.gone != licence.gone:
        yield "it is not said rightly what comes along and what does not"
    if tuple(name for name, _ in split.added) != licence.added:
        yield "it is not said rightly which packages are named now"
    new = facts.edited(edits)
    stages = new.of(layout).stages
    if len(stages) != 2 or new.problems:
        yield "there are not two stages, one behind the other"
        return
    yield from _heads(facts, new)
    yield from _builder(facts, new, split)
    yield from _runtime(facts, new, split)
    yield from _configuration(facts, new)
    yield from _packages(facts, new, licence)


def _heads(facts: Facts, new: Facts) -> Iterator[str]:
    """Both stages are built from the image that the one was built from; its name is that of the last one."""
    old = facts.of(layout).stages[0]
    builder, runtime = new.of(layout).stages
    bases = {stage.base for stage in (old, builder, runtime)}
    flags = {new.instructions[stage.first].flags for stage in (builder, runtime)} | {
        facts.instructions[old.first].flags
    }
    if len(bases) != 1 or len(flags) != 1 or runtime.parent is not None or builder.parent is not None:
        yield "a stage is built from another image"
    if runtime.name != old.name or not builder.name or builder.name == runtime.name:
        yield "a stage has the wrong name"
    if [plain(i) for i in facts.instructions[: old.first]] != [plain(i) for i in new.instructions[: builder.first]]:
        yield "something before the first stage changes"


def _builder(facts: Facts, new: Facts, split: Split) -> Iterator[str]:
    """The builder has all that there was up to the cut, in its order, but for what only says something of the image."""
    old, builder = facts.of(layout).stages[0], new.of(layout).stages[0]
    moving = {piece.at for piece in (*split.before, *split.behind) if piece.moves}
    if any(facts.instructions[index].keyword not in METADATA for index in moving):
        yield "a step leaves the builder"
    expected = [plain(facts.instructions[at]) for at in range(old.first + 1, split.last + 1) if at not in moving]
    if expected != [plain(i) for i in new.instructions[builder.first + 1 : builder.last]]:
        yield "the builder does not build as the stage did"


def _runtime(facts: Facts, new: Facts, split: Split) -> Iterator[str]:
    """The runtime stage has what the plan says, in its order, and then all that stood behind the cut."""
    old, (builder, runtime) = facts.of(layout).stages[0], new.of(layout).stages
    found = list(range(runtime.first + 1, runtime.last))
    head: list[Piece | bytes] = [*split.before, *(one.path for one in split.carried), *split.behind]
    rest = [plain(i) for i in facts.instructions[split.last + 1 : old.last]]
    if [plain(new.instructions[at]) for at in found[len(head) :]] != rest or len(found) != len(head) + len(rest):
        yield "what stood behind the cut is not what stands there now"
        return
    for what, at in zip(head, found, strict=False):
        instruction = new.instructions[at]
        if isinstance(what, bytes):
            if not _carries(instruction, builder.name.encode(), what):
                yield f"{what.decode('utf-8', 'replace')} does not come along as it is"
        elif not _is_piece(facts, new, what, at):
            yield f"{instruction.keyword} is not what there was, nor a part of it"


def _carries(instruction: Instruction, builder: bytes, path: bytes) -> bool:
    """Whether it copies the path from the builder to the same path."""
    return (instruction.keyword, instruction.flags, instruction.rest.split()) == (
        "COPY",
        (b"--from=" + builder,),
        [path, path],
    )


def _is_piece(facts: Facts, new: Facts, piece: Piece, at: int) -> bool:
    """Whether the instruction is the one of before, or runs of its commands those that the piece names."""
    was, now = facts.instructions[piece.at], new.instructions[at]
    if piece.commands is None:
        return plain(was) == plain(now)
    run = new.of(runs).get(at)
    if run is None or run.script is None or was.flags != now.flags:
        return False
    wanted = b"&&".join(piece.commands)
    return b"".join(now.rest.split()) == b"".join(wanted.split()) and _is_of(facts, piece.at, run.script)


def _is_of(facts: Facts, index: int, script: Script) -> bool:
    """Whether each command is one of the RUN's, in its order, or an install that names other packages."""
    run = facts.of(runs)[index]
    if run.script is None:
        return False
    waiting = list(commands(run.script))
    for one in commands(script):
        while waiting:
            command = waiting.pop(0)
            if _whole(command) == _whole(one) or (_installs(command) and _installs(one)):
                break
        else:
            return False
    return True


def _whole(command: Command) -> tuple[bytes, ...]:
    """The command as written, without blanks inside of redirects."""
    return tuple(b"".join(word.text.split()) for word in (*command.assigns, *command.words, *command.redirects))


def _installs(command: Command) -> bool:
    call = call_of(command)
    return call is not None and call.does is Does.INSTALL


def _configuration(facts: Facts, new: Facts) -> Iterator[str]:
    """The image is configured as it was; which ARGs a stage knows is no part of that."""
    was, now = _end(facts), _end(new)
    if was != now:
        yield "the image configuration"


def _end(facts: Facts) -> object:
    from ..model.image import after

    found: Layout = facts.of(layout)
    last = len(facts.instructions) - 1
    config = after(found.before[last], facts.instructions[last], facts.source.escape)
    metadata = frozenset(config.metadata.items())
    return config._replace(args=type(config.args)()), metadata


def _packages(facts: Facts, new: Facts, licence: SplitStage) -> Iterator[str]:
    """The runtime stage installs what the one did, but for what is gone, and with what is added."""
    stages = new.of(layout).stages
    was = {name for index in facts.of(runs) for name in _named(facts, index)}
    now = {name for index in new.of(runs) if index > stages[1].first for name in _named(new, index)}
    if not now <= (was - set(licence.gone)) | set(licence.added) or not was - set(licence.gone) <= now:
        yield "other packages are installed than is said"


def _named(facts: Facts, index: int) -> Iterator[str]:
    """The packages that a RUN installs with apt."""
    run = facts.of(runs)[index]
    for command in commands(run.script) if run.script is not None else ():
        call = call_of(command)
        if call is not None and call.manager.name == "apt-get" and call.does is Does.INSTALL:
            yield from (name.decode("utf-8", "replace") for name in call.arguments)
