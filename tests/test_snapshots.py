"""Hand-written Dockerfiles, and what dockfix makes of them: `snapshots/<name>.rewritten` and `.report`.

After a change on purpose: `pytest tests/test_snapshots.py --snapshot-update`, then read the difference as the owner
of such a file would.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension
from syrupy.location import PyTestLocation
from syrupy.types import SnapshotIndex

from dockfix.adapters.shfmt import Shfmt
from dockfix.engine.change import Change, Level, Outcome
from dockfix.engine.options import Options
from dockfix.engine.run import rewrite
from dockfix.frontends.render.trail import lines
from dockfix.syntax.edit import line_of, unified_diff

SNAPSHOTS = Path(__file__).parent.parent / "snapshots"
NAMES = sorted(path.name.removesuffix(".Dockerfile") for path in (SNAPSHOTS / "files").glob("*.Dockerfile"))
EXTENSIONS = ("rewritten", "report")
by_name = pytest.mark.parametrize("name", NAMES)
opinion = Shfmt()
# syrupy would rather have the names of the tests in those of the files.
pytestmark = pytest.mark.filterwarnings(r"ignore:\s*Can not relate snapshot:UserWarning")


class _Beside(SingleFileSnapshotExtension):
    """Snapshots as files of their own, called as the test says, in bytes."""

    @classmethod
    def dirname(cls, *, test_location: PyTestLocation) -> str:
        return str(SNAPSHOTS)

    @classmethod
    def get_snapshot_name(cls, *, test_location: PyTestLocation, index: SnapshotIndex = 0) -> str:
        return str(index)


class Rewritten(_Beside):
    """The text that comes out."""

    file_extension = "rewritten"


class Report(_Beside):
    """How it came about."""

    file_extension = "report"


@cache
def outcome_of(name: str) -> Outcome:
    path = f"{name}.Dockerfile"
    text = (SNAPSHOTS / "files" / path).read_bytes()
    return rewrite({path: text}, options=Options(level=Level.REVIEW), second_opinion=opinion)


def text_of(outcome: Outcome) -> bytes:
    (text,) = outcome.files.values()
    return text


@by_name
def test_the_rewritten_file(name: str, snapshot: SnapshotAssertion) -> None:
    assert text_of(outcome_of(name)) == snapshot(name=name, extension_class=Rewritten)


@by_name
def test_the_report(name: str, snapshot: SnapshotAssertion) -> None:
    assert b"".join(report(outcome_of(name))) == snapshot(name=name, extension_class=Report)


@by_name
def test_a_second_run_changes_nothing(name: str) -> None:
    again = rewrite(outcome_of(name).files, options=Options(level=Level.REVIEW), second_opinion=opinion)
    assert again.steps == ()


@by_name
def test_no_change_is_refused_by_validation(name: str) -> None:
    # A transform that proposes what the validator refuses has a bug, or lacks a refusal of its own.
    assert [skip.reason for skip in outcome_of(name).skipped if skip.reason.startswith("validation")] == []


def test_each_snapshot_belongs_to_a_file() -> None:
    kept = {path.name for path in SNAPSHOTS.iterdir() if path.is_file()}
    assert kept == {f"{name}.{extension}" for name in NAMES for extension in EXTENSIONS}


# A part of every sentence that says why something is left alone; each must be seen in some report.
REASONS = (
    "`dockfix: ignore-file`",
    "a comment above says to leave it",
    "says that it is generated",
    "is a template",
    "its shell is PowerShell",
    "its shell is cmd",
    "that of a Windows image",
    "fish -c', which is not understood",
    "whose options are not understood",
    "its shell is a login one",
    "BASH_ENV makes its shell read a file",
    "it has a heredoc",
    "it is in exec form",
    "a word runs on over the end of a line",
    "its shell text is not understood",
    "it holds no command",
    "an escaped blank stands alone",
    "starts a background process in shells other than bash",
    "`|&` is bash syntax",
    "an escaped single quote",
    "a word runs on over the end of a line",
    "a pragma above it",
    "its flags differ",
    "a mount of it is fresh in each RUN",
    "a shell comment at the end of the RUN before",
    "a shell comment at the end of it",
    "goes on behind its end",
    "leaves a background process behind",
    "starts a service",
    "starts a server",
    "daemon behind",
    "a file that the engine makes anew",
    "`.`, which runs text that is not seen",
    "a command named by a variable, which runs text that is not seen",
    "errexit is in force in the RUN before",
    "may not run: it stands in a branch",
    "a later instruction still needs apt's package lists",
)


@pytest.mark.parametrize("reason", REASONS)
def test_a_report_gives_the_reason(reason: str) -> None:
    given = {skip.reason for name in NAMES for skip in outcome_of(name).skipped}
    assert any(reason in sentence for sentence in given)


def report(outcome: Outcome) -> Iterator[bytes]:
    """What a person wants to know, with lines of the file as it was."""
    where = lines(outcome)
    for line, (step, before) in zip(where.steps, outcome.replay(), strict=True):
        yield b"line %d: %s\n" % (line, _heading(step.change))
        for path, edits in step.edits.items():
            yield unified_diff(path, before[path], edits) + b"\n"
    for line, change in zip(where.held_back, outcome.held_back, strict=True):
        yield b"line %d: held back: %s" % (line, _heading(change))
    for line, skip in sorted(zip(where.skipped, outcome.skipped, strict=True), key=lambda pair: pair[0]):
        place = f"line {line}" if skip.transform else "the file"
        yield f"{place}: {skip.transform or 'all'}: left alone: {skip.reason}\n".encode()
    for error in outcome.errors:
        place = f"line {line_of(outcome.originals[error.path], error.at)}" if error.at is not None else "the file"
        yield f"{place}: error: {error.message}\n".encode()
    if not (outcome.steps or outcome.held_back or outcome.skipped or outcome.errors):
        yield b"nothing to do\n"


def _heading(change: Change) -> bytes:
    return f"{change.transform} ({change.level}, {change.proof}): {change.title}\n{change.why}\n".encode()
