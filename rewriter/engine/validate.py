"""Before, after, licence -> what moved that should not have. Runs on every change, in production.

Only the instructions that the edits touch are read again: everything else is the same bytes, in the same
configuration. The edits themselves tell which those are, not the transform.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterator, Sequence
from typing import NamedTuple

from ..model.chains import MOST_OF_A_SCRIPT
from ..model.facts import Facts
from ..model.flow import Graph
from ..model.later import later_use
from ..model.packages.call import call_of
from ..model.packages.changed import command_of, difference, joined
from ..model.packages.use import kept_out, store_of
from ..model.reliance import brought_along
from ..model.stages import layout
from ..syntax.check import problems
from ..syntax.edit import Edit, apply, ordered, shifted
from ..syntax.instruction import Instruction, instructions
from ..syntax.source import BOM, NodeKind, Source, parse
from . import mounted, second_reader, witnesses
from .licences import (
    AddMount,
    AppendCommand,
    ChangeCall,
    DropCleanup,
    DropRefresh,
    JoinCalls,
    Licence,
    PrependCommand,
    Regroup,
    SplitStage,
)
from .meaning import Licensed, Opening, differences, meaning, opening_at
from .reordered import plain
from .spoilt import spoilt

_LOCAL: frozenset[type[Licence]] = frozenset({Regroup, AppendCommand, ChangeCall, DropRefresh, JoinCalls})
"""Licences of which the window alone tells whether what moves in it may."""


class _Window(NamedTuple):
    """The nodes that the edits touch (`first` to `last`, exclusive) and the bytes they span."""

    first: int
    last: int
    start: int
    end: int


class _Before(NamedTuple):
    """What stands in a window: the nodes as a part of the whole source, their instructions, and the text."""

    source: Source
    instructions: Sequence[Instruction]
    text: bytes


class _Judgement(NamedTuple):
    """What moved in a window, and how many appended commands were left out of the comparison."""

    wrong: list[str]
    elided: int = 0


def moved(facts: Facts, edits: Sequence[Edit], may: Sequence[Licence]) -> tuple[str, ...]:
    """What the edits move that `may` does not allow, a sentence each; empty: the change is right.

    `edits` are in byte offsets of the facts' text. Raises ValueError where they overlap.
    """
    edits = ordered(edits)
    if not edits:
        return ()
    if _in_head(facts, edits) and _head(apply(facts.source.text, edits)) != _head(facts.source.text):
        return ("a parser directive, or the byte order mark, comes, goes or changes",)
    whole = witnesses.of_file(facts, edits, may)
    if whole is not None:
        return tuple(whole)
    wrong: list[str] = []
    cleaned: list[int] = []
    cut = next((licence for licence in may if isinstance(licence, SplitStage)), None)
    if cut is not None:
        from . import splitting  # Few files are cut.

        wrong += splitting.moved(facts, edits, cut)
    for group in _by_stage(facts, edits):
        window = _window(facts, group)
        judgement = _judged(facts, window, shifted(group, -window.start), may)
        wrong += judgement.wrong
        cleaned += [_last_index(facts, window)] * judgement.elided
    wrong += _append_moved(facts, cleaned, may)
    wrong += _calls_moved(facts, may)
    return tuple(wrong)


def _judged(facts: Facts, window: _Window, edits: Sequence[Edit], may: Sequence[Licence]) -> _Judgement:
    """What moves in the window; what only rests on its text, and on what is in force there, is worked out once."""
    before = _before(facts, window)
    key = _ground(facts, window, before, edits, may)
    if key is None:
        return _judge(facts, window, before, edits, may)
    return facts.lasting((_judge, key), lambda: _judge(facts, window, before, edits, may))


def ground(facts: Facts, edits: Sequence[Edit], may: Sequence[Licence]) -> Hashable | None:
    """What a judgement of the edits rests on: the text that they touch, and what is in force there; None: on more."""
    groups = _by_stage(facts, ordered(edits))
    if len(groups) != 1:
        return None
    window = _window(facts, groups[0])
    return _ground(facts, window, _before(facts, window), shifted(groups[0], -window.start), may)


def _ground(
    facts: Facts, window: _Window, before: _Before, edits: Sequence[Edit], may: Sequence[Licence]
) -> Hashable | None:
    opening = _opening(facts, window, before.instructions) if _LOCAL.issuperset(map(type, may)) else None
    if opening is None:
        return None
    config = opening.config
    source = facts.source
    edges = (source.text[max(0, window.start - 1) : window.start], window.end == len(source.text), source.complete)
    force = (source.escape, opening.stage, opening.root, config.base, config.process())
    return (before.text, tuple(edits), edges, force, tuple(may))


def _before(facts: Facts, window: _Window) -> _Before:
    """What a window holds now: no need to read it again."""
    whole, starts = facts.source, facts.of(_starts)
    part = Source(whole.text, whole.nodes[window.first : window.last], whole.escape, (), whole.complete)
    held = facts.instructions[bisect_left(starts, window.start) : bisect_left(starts, window.end)]
    return _Before(part, held, whole.text[window.start : window.end])


def touched(facts: Facts, edits: Sequence[Edit]) -> range:
    """The indices of the instructions that the edits touch, and of those in between."""
    window = _window(facts, ordered(edits))
    starts: Sequence[int] = facts.of(_starts)
    return range(bisect_left(starts, window.start), bisect_left(starts, window.end))


def _in_head(facts: Facts, edits: Sequence[Edit]) -> bool:
    """Whether an edit stands where the file may have directives."""
    nodes = facts.source.nodes
    first = next((node for node in nodes if node.kind is not NodeKind.DIRECTIVE), None)
    return first is None or edits[0].start <= first.start


def _head(text: bytes) -> tuple[bytes, ...]:
    """The byte order mark and the directives."""
    nodes = parse(text).nodes
    found = (text[node.start : node.end].strip() for node in nodes if node.kind is NodeKind.DIRECTIVE)
    return (text[: len(BOM)] if text.startswith(BOM) else b"", *found)


def _by_stage(facts: Facts, edits: Sequence[Edit]) -> list[list[Edit]]:
    """The edits of each stage apart: a stage begins anew."""
    starts: Sequence[int] = facts.of(_stage_starts)
    groups: dict[int, list[Edit]] = {}
    for edit in edits:
        # What is inserted above a FROM line comes at the end of the stage before.
        side = bisect_left if edit.start == edit.end else bisect_right
        groups.setdefault(side(starts, edit.start), []).append(edit)
    return list(groups.values())


def _stage_starts(facts: Facts) -> list[int]:
    return [facts.instructions[stage.first].node.start for stage in facts.of(layout).stages]


def _window(facts: Facts, edits: Sequence[Edit]) -> _Window:
    """The nodes that the edits reach into; none for an insertion between two nodes."""
    nodes = facts.source.nodes
    starts: Sequence[int] = facts.of(_node_starts)
    first = bisect_right(starts, edits[0].start) - 1
    last = bisect_left(starts, edits[-1].end)
    inserted = edits[0].start == edits[-1].end
    behind = edits[0].start == len(facts.source.text) and facts.source.text.endswith(b"\n")
    if not nodes or (inserted and (behind or edits[0].start == nodes[first].start)):
        return _Window(first, first, edits[0].start, edits[0].start)
    last = max(last, first + 1)
    return _Window(first, last, nodes[first].start, nodes[last - 1].end)


def _node_starts(facts: Facts) -> list[int]:
    return [node.start for node in facts.source.nodes]


def _judge(facts: Facts, window: _Window, before: _Before, edits: Sequence[Edit], may: Sequence[Licence]) -> _Judgement:
    # Only the start of a file may have directives and a byte order mark.
    after = parse(apply(before.text, edits), facts.source.escape if window.start else None)
    at_end = window.end == len(facts.source.text)
    if not at_end and not (after.complete and after.text.endswith(b"\n")) and after.text:
        return _Judgement(["the text no longer ends where an instruction does"])
    if at_end and not after.complete and before.source.complete:
        return _Judgement(["the last instruction goes on behind the end"])
    if window.start and facts.source.text[window.start - 1 : window.start] != b"\n":
        return _Judgement(["it stands behind a line without an end"])
    found = instructions(after)
    problem = next((p for p in problems(after, found) if not p.message.startswith(("no build", "it has no"))), None)
    if problem:
        return _Judgement([f"BuildKit would reject the text: {problem.message}"])
    wrong = list(spoilt(before.source, before.text, after))
    if any(len(new.rest) > MOST_OF_A_SCRIPT for new in found) and len(found) < len(before.instructions):
        wrong.append("the script is too long for one shell")
    compared = _compare(facts, window, before, after, found, may)
    # What was not appended in this window may not appear in it.
    told = [licence for licence in may if compared.elided or not isinstance(licence, AppendCommand)]
    wrong += [*compared.wrong, *second_reader.moved(before.text, after.text, told)]
    return _Judgement(wrong, compared.elided)


def _compare(
    facts: Facts,
    window: _Window,
    before: _Before,
    after: Source,
    new: Sequence[Instruction],
    may: Sequence[Licence],
) -> _Judgement:
    """Whether before and after mean the same, and how many appended commands were left out of that."""
    old = before.instructions
    if [plain(i) for i in old] == [plain(i) for i in new]:
        return _Judgement([])
    first = _index_of(facts, window)
    witnessed = witnesses.moved(facts, first, (before.source, old), (after, new), may)
    if witnessed is not None:
        return _Judgement(list(witnessed))
    if Regroup() not in may and [i.keyword for i in old] != [i.keyword for i in new]:
        return _Judgement(["instructions come or go"])
    opening = _opening(facts, window, old)
    if opening is None:
        return _Judgement(["something before the first stage, or a FROM line, changes"])
    graph = Graph()
    was = meaning(graph, before.source, old, opening, facts.shells, _licensed(may).before)
    now = meaning(graph, after, new, opening, facts.shells, _licensed(may).after)
    wrong = [*mounted.moved(facts, first, old, new, may), *differences(was, now)]
    if any(index != len(new) - 1 for index in now.elided):
        wrong.append("the appended command does not stand in the last instruction that changes")
    return _Judgement(wrong, len(now.elided))


def _licensed(may: Sequence[Licence]) -> Licensed:
    """What the licences let differ between before and after."""
    appended = next((licence.command for licence in may if isinstance(licence, AppendCommand)), None)
    changed = {licence.before: licence.after for licence in may if isinstance(licence, ChangeCall)}
    joins = {(licence.first, licence.second): licence.joined for licence in may if isinstance(licence, JoinCalls)}
    mounts = frozenset(b"--mount=" + licence.mount for licence in may if isinstance(licence, AddMount))
    first = next((licence.command for licence in may if isinstance(licence, PrependCommand)), None)
    dropped = frozenset(licence.words for licence in may if isinstance(licence, DropCleanup))
    return Licensed(appended, DropRefresh() in may, changed, joins, mounts, first, dropped)


def _append_moved(facts: Facts, cleaned: Sequence[int], may: Sequence[Licence]) -> Iterator[str]:
    """The witness of AppendCommand: a known cleanup, once, at the end of a RUN, of what nobody reads later."""
    for licence in may:
        if not isinstance(licence, AppendCommand):
            continue
        store = store_of(licence.command)
        if store is None:
            yield f"{licence.command.decode('utf-8', 'replace')} is not a known cleanup"
            continue
        if len(cleaned) != 1:
            yield "the appended command does not stand once, at the end of a RUN that has succeeded"
        for index in cleaned:
            if later_use(facts, index, store).reader is not None:
                yield f"a later instruction reads {store.what}"
            if kept_out(store, facts.instructions[index].flags, facts.of(layout).before[index]):
                yield f"a mount keeps {store.what} for the next build"


def _calls_moved(facts: Facts, may: Sequence[Licence]) -> Iterator[str]:
    """The witness of ChangeCall and JoinCalls: the tables of package managers say that no more differs."""
    for licence in may:
        if isinstance(licence, ChangeCall):
            wrong = _difference(facts, licence)
            if wrong:
                yield f"{b' '.join(licence.before).decode('utf-8', 'replace')}: {wrong}"
        elif isinstance(licence, JoinCalls) and licence.joined != _both(licence):
            yield "two calls that are not as good as one are joined"


def _difference(facts: Facts, licence: ChangeCall) -> str:
    """What may not differ. A package may be new that a rule or the user keeps, or that comes along today."""
    option = facts.settings.get("keep")
    keep = [name.encode() for name in option] if isinstance(option, tuple) else []
    wrong = difference(licence.before, licence.after, keep).wrong
    call = call_of(command_of(licence.before))
    if wrong and call is not None and call.manager.name == "apt-get" and len(licence.after) > len(licence.before):
        wrong = difference(licence.before, licence.after, (*keep, *brought_along(facts, call))).wrong
    return wrong


def _both(licence: JoinCalls) -> tuple[bytes, ...] | None:
    return joined(command_of(licence.first), command_of(licence.second))


def _opening(facts: Facts, window: _Window, found: Sequence[Instruction]) -> Opening | None:
    """What the window opens in; None where it stands before the stages or holds a FROM line."""
    index = _index_of(facts, window)
    if index is None or any(instruction.keyword == "FROM" for instruction in found):
        return None
    return opening_at(facts, index) if facts.of(layout).stage_of[index] >= 0 else None


def _index_of(facts: Facts, window: _Window) -> int | None:
    """The index of the first instruction in the window."""
    starts: Sequence[int] = facts.of(_starts)
    index = bisect_left(starts, window.start)
    return index if index < len(starts) and starts[index] < window.end else None


def _last_index(facts: Facts, window: _Window) -> int:
    """The index of the last instruction in the window, which holds one."""
    return bisect_left(facts.of(_starts), window.end) - 1


def _starts(facts: Facts) -> list[int]:
    return [instruction.node.start for instruction in facts.instructions]
