"""What the server and its worker say to each other: plain data, as it goes through a pipe."""

from __future__ import annotations

from typing import NamedTuple

from ...syntax.edit import Edit


class Settings(NamedTuple):
    """What the editor's user has set; empty or None where nothing is. Names as on the command line.

    `root` is the folder that is open: paths are shown from there.
    """

    level: str | None = None
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    config: str | None = None
    root: str | None = None


class Text(NamedTuple):
    """A Dockerfile as it stands in an editor. `path` is where it is, or will be; None where nobody knows yet.

    `is_fresh`: what lies beside it is to be looked at again.
    """

    uri: str
    path: str | None
    data: bytes
    settings: Settings
    is_fresh: bool = True


class Analyse(NamedTuple):
    """What can be done to a text? Answered by an Analysis, or by None if a newer text has come."""

    text: Text


class Rewrite(NamedTuple):
    """What does a text become at a level (None: the one that is set)? Answered by a Rewritten."""

    text: Text
    level: str | None


class Look(NamedTuple):
    """What is to be said of the instruction at an offset? Answered by Markdown; empty where there is none."""

    text: Text
    offset: int


class Page(NamedTuple):
    """The manual page of a transform? Answered by the URI of a file."""

    transform: str


Question = Analyse | Rewrite | Look | Page


class Span(NamedTuple):
    """From one byte offset to another."""

    start: int
    end: int

    def meets(self, other: Span) -> bool:
        """Whether they have anything in common, be it an end."""
        return self.start <= other.end and other.start <= self.end


class Beside(NamedTuple):
    """A file beside the Dockerfile that becomes another, or comes to be (`before` is None)."""

    path: str
    before: bytes | None
    after: bytes


class Fix(NamedTuple):
    """A change that can be made alone. `shown` is where it is told, `spans` are the instructions that it touches.

    `edits` are those of the Dockerfile, in byte offsets of the text that was asked about; `page` is the URI of the
    transform's manual page.
    """

    transform: str
    title: str
    why: str
    level: str
    proof: str
    shown: Span
    spans: tuple[Span, ...]
    edits: tuple[Edit, ...]
    beside: tuple[Beside, ...]
    page: str


class Note(NamedTuple):
    """Something that is told and not changed. `code` is empty for a problem.

    `severity` is `error`, `warning` or `info`.
    """

    code: str
    message: str
    severity: str
    shown: Span
    page: str


class Analysis(NamedTuple):
    """What can be done to a text, and what else there is to tell."""

    fixes: tuple[Fix, ...]
    notes: tuple[Note, ...]


class Rewritten(NamedTuple):
    """The edits of all changes of a level, in byte offsets of the text, the files beside it, and a diff each change."""

    edits: tuple[Edit, ...]
    beside: tuple[Beside, ...]
    diff: bytes


Answer = Analysis | Rewritten | str | None
