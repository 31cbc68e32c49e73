"""What a transform proposes for a RUN that leaves package lists or a download cache in the image."""

from __future__ import annotations

from collections.abc import Iterator

from ..model.cleanup import Cleanup, cleanup, stored
from ..model.facts import Facts
from ..model.packages.stores import Store
from .change import Level, Proof, Proposal, Refusal
from .licences import AppendCommand, ChangeCall, JoinCalls, Licence


def cleaned(facts: Facts, stores: tuple[Store, ...]) -> Iterator[Proposal | Refusal]:
    """For each of these stores that a RUN of a shipped stage leaves behind: how it is kept out, or why it is not."""
    skipped = facts.settings["skip"]
    for left in stored(facts, stores):
        if isinstance(skipped, tuple) and left.store.manager in skipped:
            continue
        at = left.run.instruction.node.start
        found = cleanup(facts, left)
        if isinstance(found, str):
            yield Refusal(at, found)
            continue
        why = left.store.weighs
        if found.later.unknown:
            why += f"; review, because a later command may need them: {found.later.unknown}"
        level = Level.REVIEW if found.later.unknown else Level.SAFE
        title = f"delete {left.store.what}" if found.appended else f"do not store {left.store.what}"
        yield Proposal(at, title, why, found.edits, _may(found), Proof.MODELLED, level)


def _may(found: Cleanup) -> tuple[Licence, ...]:
    appended = [AppendCommand(found.appended)] if found.appended else []
    changed = [ChangeCall(*words) for words in found.changed]
    return (*appended, *changed, *(JoinCalls(*words) for words in found.joined))
