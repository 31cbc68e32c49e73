"""What a whole folder's copy takes along and a later step deletes unused, in each Dockerfile that takes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...syntax.edit import line_of
from ..context import Context
from ..facts import Facts
from ..files.likely import may_delete_copied
from ..sources import takes
from ..together import Together, files, rules, sent
from .losses import Use, is_sure, uses

By = Mapping[str, tuple[str, ...]]
"""For paths of the build context, the instructions that copy and delete them: `Dockerfile:3`."""


def deleted_unused(together: Together) -> By:
    """The topmost paths that nobody gets who does not delete them; none where it is not known what all take."""
    found: dict[str, list[str]] = {}
    if not together.of(is_sure):
        return {}
    context = together.context._replace(entries=together.of(sent), ignores=together.of(rules).ignores)
    for facts in filter(may_delete_copied, together.of(files)):
        for shown, path in _of_file(facts, context):
            found.setdefault(path, []).append(shown)
    return {path: tuple(who) for path, who in found.items() if _is_gone_for_all(together, path, who)}


def _of_file(facts: Facts, context: Context) -> Iterator[tuple[str, str]]:
    from ..files.unused import Unused, unused  # Few files come to this.

    in_context = facts._replace(look=lambda: context, memo={}, earlier=None)
    for one in in_context.of(unused):
        if isinstance(one, Unused):
            at = facts.instructions[one.copy.position].node.start
            shown = f"{facts.path}:{line_of(facts.source.text, at)}"
            yield from ((shown, path) for path in one.ignorable if path in context.entries)


def _is_gone_for_all(together: Together, path: str, who: list[str]) -> bool:
    below = [one for one in together.of(sent) if one == path or one.startswith(path + "/")]
    return all(use.shown in who for use in together.of(uses) if _may_take(use, below))


def _may_take(use: Use, below: list[str]) -> bool:
    return any(takes(use.source, one) for one in below)
