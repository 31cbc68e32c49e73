"""Neighbouring RUNs as one: the edits, and whether that rests on anything but the text."""

from __future__ import annotations

from collections.abc import Sequence

from ..syntax.edit import Edit, shifted
from ..syntax.join import Side, joined
from ..syntax.script import commands
from .chains import needs_group, needs_subshell, with_stale_paths
from .effect import leaves_nothing
from .facts import Facts
from .runs import Run
from .style import chain_style, style_of


def merged(facts: Facts, chain: Sequence[Run]) -> tuple[Edit, ...]:
    """The edits that make one RUN of a chain, or of a part of one, as `chains` has them."""
    source, start = facts.source, chain[0].instruction.node.start
    text = source.text[start : chain[-1].instruction.node.end]
    key = (merged, text, source.escape, tuple(run.shell for run in chain), facts.of(chain_style))
    return shifted(facts.lasting(key, lambda: shifted(_merged(facts, chain), -start)), start)


def _merged(facts: Facts, chain: Sequence[Run]) -> tuple[Edit, ...]:
    wrapped = with_stale_paths(chain, [needs_subshell(run) for run in chain[:-1]] + [False])
    sides = [_side(run, subshell) for run, subshell in zip(chain, wrapped, strict=True)]
    style = style_of(facts, [run.instruction for run in chain])
    return joined(facts.source, sides, style.indent, style.trailing)


def _side(run: Run, subshell: bool) -> Side:
    if run.parsed is None or run.parsed.script is None:
        raise ValueError("an opaque RUN is in no chain")
    group = not subshell and needs_group(run.parsed.script)
    return Side(run.instruction.node, run.parsed, "(" if subshell else "{" if group else "")


def follows_from_text(chain: Sequence[Run]) -> bool:
    """Whether no base may bring its own shell, and no command that is not known may leave a process behind."""
    known = all(run.shell.known for run in chain)
    return known and all(
        leaves_nothing(command) for run in chain[:-1] if run.script for command in commands(run.script)
    )
