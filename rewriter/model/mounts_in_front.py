"""How a RUN gets mounts: each on a line of its own, in front of its script."""

from __future__ import annotations

from collections.abc import Iterable

from ..syntax.edit import Edit
from ..syntax.join import line_end
from .chains import needs_group
from .facts import Facts
from .runs import Run
from .style import ChainStyle, last_indent, style_of


def mounts_in_front(facts: Facts, run: Run, mounts: Iterable[bytes], first: bytes = b"") -> Edit:
    """The edit that gives a RUN mounts, as they stand behind `--mount=`, and a `first` command if it needs one."""
    instruction = run.instruction
    style = style_of(facts, [instruction])
    listed = run.script is None or not needs_group(run.script)
    indent = (b"" if listed else last_indent(facts, instruction)) or style.indent or ChainStyle().indent
    onward = facts.source.escape + line_end(facts.source.text, instruction.rest_at) + indent
    new = b"".join(b"--mount=" + mount + b" " + onward for mount in mounts)
    if first:
        joint = b"; " + onward if not listed else b" && " + onward if style.trailing else b" " + onward + b"&& "
        new += first + joint
    return Edit(instruction.rest_at, instruction.rest_at, new)
