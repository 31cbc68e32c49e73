"""Every RUN of a Dockerfile: its stage, what is in force for it, and its script, or why that is opaque."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ..syntax.instruction import Instruction
from ..syntax.mask import Text, mask
from ..syntax.script import Script
from ..syntax.shell import Shell, read
from ..syntax.source import PieceKind, Source
from ..syntax.words import json_form, mount_fields
from .facts import Facts, ShellMemo
from .image import Configuration
from .process import Process, Status, walked
from .shells import RunShell, run_shell
from .stages import Layout, Stage, ancestors, layout

# What such mounts hold lasts as long as one RUN: https://docs.docker.com/reference/dockerfile/#run---mount
_LASTING = {b"cache", b"secret", b"ssh"}


def has_short_lived_mount(flags: Iterable[bytes]) -> bool:
    """Whether what a RUN writes to a mount of it is, or may be, gone in the next RUN."""
    return any(_is_short_lived(flag[8:]) for flag in flags if flag.startswith(b"--mount="))


def _is_short_lived(mount: bytes) -> bool:
    fields = mount_fields(mount.lower())
    kind = fields[b"type"]
    if kind in _LASTING:
        return False
    # A bind mount is read-only unless told otherwise; what a variable tells is not known.
    writable = any(fields.get(name, b"false") != b"false" for name in (b"rw", b"readwrite"))
    return kind != b"bind" or writable or b"$" in mount


class Run(NamedTuple):
    """A RUN, the `position`-th instruction of the file. `script` is None where `refused` says why it is opaque."""

    position: int
    instruction: Instruction
    stage: Stage
    config: Configuration
    shell: RunShell
    parsed: Shell | None
    refused: str

    @property
    def script(self) -> Script | None:
        return self.parsed.script if self.parsed else None

    def has_comment(self, start: int, end: int) -> bool:
        """Whether a comment line stands between these bytes of the file, inside of the instruction."""
        pieces = self.instruction.node.pieces
        return any(piece.kind is PieceKind.COMMENT and start <= piece.start < end for piece in pieces)

    @property
    def end(self) -> Status:
        """The process as the script leaves it."""
        if self.script is None:
            return Process(self.shell.errexit, self.shell.settled).status
        return walked(self.script, self.shell.errexit, self.shell.settled).status


def runs(facts: Facts) -> Mapping[int, Run]:
    """The RUNs by the index of their instruction; those before the first FROM are left out."""
    found = facts.of(layout)
    result = {}
    for index, instruction in enumerate(facts.instructions):
        if instruction.keyword == "RUN" and found.stage_of[index] >= 0:
            result[index] = _run(facts, found, index, instruction)
    return result


def root_of(found: Layout, stage: Stage) -> Stage:
    """The stage at the end of the chain of FROM: the one that names an image."""
    return [stage, *ancestors(found.stages, stage)][-1]


def _run(facts: Facts, found: Layout, index: int, instruction: Instruction) -> Run:
    stage = found.stages[found.stage_of[index]]
    config = found.before[index]
    shell = run_shell(stage, config, root_of(found, stage))
    parsed, refused = read_run(facts.source, instruction, shell, facts.shells)
    return Run(index, instruction, stage, config, shell, parsed, refused)


def read_run(source: Source, instruction: Instruction, shell: RunShell, memo: ShellMemo) -> tuple[Shell | None, str]:
    """The shell tree of a RUN, or None and the reason why it is opaque."""
    if shell.refused:
        return None, shell.refused
    if instruction.node.heredocs:
        return None, "it has a heredoc"
    if _is_exec_form(instruction.rest):
        return None, "it is in exec form"
    node = instruction.node
    start = instruction.rest_at - node.start
    key = (source.text[node.start : node.end], start, shell.bash)
    known = memo.get(key)
    if known is None:
        text = mask(source.text, node, instruction.rest_at)
        if text is None:
            return None, "a word runs on over the end of a line"
        known = memo[key] = read(text, shell.bash)
    if known.script is None:
        return None, known.reason
    text = known.text
    if text.base == node.start:
        return known, ""
    # Faster than two times `_replace`: each round reads each RUN.
    moved = Text(node.start, text.source, text.masked, text.gaps)
    return Shell(moved, known.script, known.reason, known.comment), ""


def _is_exec_form(rest: bytes) -> bool:
    try:
        return json_form(rest) is not None
    except ValueError:
        return True
