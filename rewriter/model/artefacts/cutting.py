"""Goes through the instructions of a stage that is cut, and says of each in which of the two it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ..facts import Facts
from ..stages import layout
from .needed import Needed
from .reading import Kind, Part
from .split import Carried, NotTold, Piece, Split
from .stage import Read, last_work
from .staying import Staying, is_removal
from .trees import meets, within, within_any
from .words import is_source

# What only says something of the finished image: no RUN or COPY heeds it.
METADATA = frozenset({"LABEL", "EXPOSE", "CMD", "ENTRYPOINT", "HEALTHCHECK", "STOPSIGNAL", "VOLUME", "MAINTAINER"})
_STEPS = ("RUN", "COPY", "ADD")


def cut(facts: Facts, read: Read, along: Sequence[Carried], packages: Needed) -> Split:
    """The stage in two. Raises NotTold."""
    return _Cut(facts, read, along, packages).split()


class _Cut:
    def __init__(self, facts: Facts, read: Read, along: Sequence[Carried], packages: Needed) -> None:
        self._facts = facts
        self._read = read
        self._along = along
        self._packages = packages
        self._paths = [one.path for one in along]
        self._first = min(index for index, _ in read.builds())
        self._worked = last_work(read)
        self._staying = Staying(read, self._paths, packages, self._worked)
        tidying = [index for index, part in read.parts() if self._is_tidying(part)]
        self._last = max([self._worked, *tidying])

    def split(self) -> Split:
        self._check_owners()
        self._check_makers()
        self._check_rest()
        span = range(self._read.stage.first + 1, self._last + 1)
        pieces = [piece for index in span for piece in self._pieces(index)]
        pieces = self._without_old_folders(pieces)
        late = next((at for at, (piece, late) in enumerate(pieces) if late and self._is_step(piece)), len(pieces))
        before, behind = ([piece for piece, _ in side] for side in (pieces[:late], pieces[late:]))
        before += self._clearing(span)
        arguments = list(self._arguments([*before, *behind]))
        left = [project for project in self._read.projects if not within_any(project, self._paths)]
        return Split(
            self._last,
            tuple(_in_order([*before, *(one for one in arguments if not behind or one.at < behind[0].at)])),
            tuple(self._along),
            tuple(_in_order([*behind, *(one for one in arguments if behind and one.at >= behind[0].at)])),
            self._packages.gone,
            tuple(row for rows in self._packages.added.values() for row in rows),
            tuple(left),
        )

    def _clearing(self, span: Iterable[int]) -> Iterator[Piece]:
        """What is removed before something else comes to lie there."""
        for index in span:
            if index in self._read.runs:
                clears = self._staying.kept(index, self._first).clears
                if clears:
                    yield Piece(index, clears)

    def _is_step(self, piece: Piece) -> bool:
        return self._facts.instructions[piece.at].keyword in _STEPS

    def _is_tidying(self, part: Part) -> bool:
        """Whether it removes what only the builder has."""
        actions = [action for action in part.actions if action.kind is not Kind.STATE]
        return bool(actions) and all(is_removal(one) and self._staying.is_internal(one) for one in actions)

    def _pieces(self, index: int) -> Iterator[tuple[Piece, bool]]:
        """What of the instruction stands in the runtime stage; True: it may need what comes along."""
        keyword = self._facts.instructions[index].keyword
        if keyword == "RUN":
            kept = self._staying.kept(index, self._first)
            if kept.all and (kept.early or kept.late):
                yield Piece(index), bool(kept.late)
                return
            if kept.early:
                yield Piece(index, kept.early), False
            if kept.late:
                yield Piece(index, kept.late), True
        elif keyword in ("COPY", "ADD"):
            if self._copy_stays(index):
                yield Piece(index), index > self._first
        elif keyword != "ARG":
            yield Piece(index, None, keyword in METADATA), index > self._first

    def _copy_stays(self, index: int) -> bool:
        """Whether a copy is done in both stages: no project takes in what it brings, and it does not come along."""
        copy = self._read.copies[index]
        if within_any(copy.path, self._paths):
            return False
        if copy.files and all(self._read.project_of(path) or is_source(path) for path, _ in copy.files):
            return False
        if meets(copy.path, self._read.projects):
            if not within_any(copy.path, self._read.projects):
                raise NotTold(f"what is copied into {copy.path.decode('utf-8', 'replace')} is more than what is built")
            return False
        return True

    def _check_owners(self) -> None:
        """COPY gives the top of what it copies to root: a folder whose owner or mode is set needs it set again."""
        files = {path for copy in self._read.copies.values() for path, _ in copy.files or ()}
        files |= {one.path for one in self._along if one.is_file}
        for index, action in self._read.actions():
            words = [word.text for word in action.command.words]
            if index > self._last or words[:1] not in ([b"chown"], [b"chmod"], [b"chgrp"]):
                continue
            for path in action.writes:
                clean = path.rstrip(b"/")
                if self._is_top(clean) and clean not in files:
                    shown = clean.decode("utf-8", "replace")
                    raise NotTold(f"it sets the owner or mode of {shown} itself, which COPY does not take along")

    def _check_makers(self) -> None:
        """A folder that another user makes, or that is copied for one, belongs to that user."""
        folders = [one.path for one in self._along if not one.is_file]
        for index, _ in self._read.builds():
            user = self._facts.of(layout).before[index].user
            if folders and user not in (None, b"root", b"0", b"root:root", b"0:0"):
                shown = folders[0].decode("utf-8", "replace")
                raise NotTold(f"it builds as another user, to whom {shown} belongs, which COPY does not take along")
        for index, copy in self._read.copies.items():
            flags = [flag.partition(b"=")[0] for flag in self._facts.instructions[index].flags]
            made = self._facts.of(layout).before[index].workdir == copy.path
            if index < self._last and copy.path in folders and not made and {b"--chown", b"--chmod"} & set(flags):
                raise NotTold(f"{copy.path.decode('utf-8', 'replace')} itself belongs to whom it is copied for")

    def _is_top(self, path: bytes) -> bool:
        """Whether it is the top of what comes along, or a folder in which it lies."""
        return path in self._paths or (path in self._read.projects and not within_any(path, self._paths))

    def _check_rest(self) -> None:
        """What follows the cut must find what it works on."""
        own = [copy.path for index, copy in self._read.copies.items() if index > self._last]
        there = [*self._paths, *own]
        for index, action in self._read.actions():
            if index <= self._last:
                continue
            for path in (*action.reads, *action.writes):
                clean = path.rstrip(b"/") or b"/"
                project = self._read.project_of(clean)
                if project and not within_any(clean, there) and not self._stands(clean, project, there):
                    raise NotTold(f"a later step works on {clean.decode('utf-8', 'replace')}, which would stay behind")

    def _stands(self, path: bytes, project: bytes, there: Sequence[bytes]) -> bool:
        """Whether the project's folder itself is there: it is the working directory, or something in it comes along."""
        return path == project and (
            any(within(one, project) for one in there) or within(self._read.end.workdir or b"/", project)
        )

    def _without_old_folders(self, pieces: list[tuple[Piece, bool]]) -> list[tuple[Piece, bool]]:
        """The pieces without a WORKDIR that another one replaces before anything is done in it."""
        result: list[tuple[Piece, bool]] = []
        instructions = self._facts.instructions
        following = [instructions[at] for at in range(self._last + 1, self._read.stage.last)]
        for at, (piece, late) in enumerate(pieces):
            if instructions[piece.at].keyword == "WORKDIR":
                rest = [*(instructions[one.at] for one, _ in pieces[at + 1 :]), *following]
                next_one = next((one for one in rest if one.keyword in ("WORKDIR", *_STEPS)), None)
                if next_one is not None and next_one.keyword == "WORKDIR" and next_one.rest.startswith(b"/"):
                    continue
            result.append((piece, late))
        return result

    def _arguments(self, pieces: Sequence[Piece]) -> Iterator[Piece]:
        """The ARGs that one of the pieces, or what follows, names."""
        instructions = self._facts.instructions
        used = [instructions[piece.at] for piece in pieces]
        used += instructions[self._last + 1 : self._read.stage.last]
        text = b"\n".join(word for one in used for word in (*one.flags, one.rest))
        for index in range(self._read.stage.first, self._last + 1):
            if instructions[index].keyword != "ARG":
                continue
            names = [word.partition(b"=")[0] for word in instructions[index].rest.split()]
            if any(re.search(rb"(?<!\w)" + re.escape(name) + rb"(?!\w)", text) for name in names):
                yield Piece(index)


def _in_order(pieces: list[Piece]) -> list[Piece]:
    return sorted(pieces, key=lambda piece: piece.at)
