"""Which copies bring what a `chmod` or `chown` further down changes, and that nobody in between cares."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ...syntax.words import json_form
from ..facts import Facts
from ..image import Configuration
from ..modes import changed
from ..runs import Run
from ..steps.paths import EVERYTHING, folder_of, is_below, overlap
from .apart import Apart
from .changes import Change
from .landing import COPIES, MADE, Landing, absolute, filled, landing


class NotSure(Exception):
    """A flag may not do what the command does; the text says why."""


class NotBrought(NotSure):
    """No copy brings what the command changes."""


_NOT_COMPARED = "the working directory is that of the base, so that it is not known whether a copy brings {}"


class Brought(NamedTuple):
    """A copy, and which of its files a command changes, by their index."""

    landing: Landing
    files: tuple[int, ...]


class Places:
    """Looks for the copies of one Dockerfile."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._apart = Apart(facts)
        self._landings: dict[int, Landing | str] = {}

    def landing(self, index: int) -> Landing | str:
        """Where the copy at the index puts what it takes."""
        if index not in self._landings:
            self._landings[index] = landing(self._facts, index)
        return self._landings[index]

    def brought(self, run: Run, change: Change, path: bytes) -> list[Brought]:
        """The copies that bring what the command changes at a path; raises NotSure."""
        found = self._file(run, change, path)
        brought = [found] if found is not None else self._tree(run, change, path)
        if any(overlap(path, volume) for volume in _volumes(run.config)):
            raise NotSure(f"it is in a VOLUME: {_shown(path)}")
        if found is not None and change.owns:
            self._check_folder(_on_the_way(found.landing, path), found.landing)
        if change.by_name and any(self._apart.names_come(one.landing.position) for one in brought):
            raise NotSure("the copy may bring the users and groups that it names")
        return brought

    def _file(self, run: Run, change: Change, path: bytes) -> Brought | None:
        """The copy that brings the file at a path; None where it brings a folder."""
        cares = ""
        for at in range(run.position - 1, run.stage.first, -1):
            is_copy = self._facts.instructions[at].keyword in COPIES
            found = self.landing(at) if is_copy else None
            if isinstance(found, Landing):
                index = next((i for i, file in enumerate(found.files) if path in found.paths(file)), None)
                alone = index is not None and not found.tree
                whole = _is_within(found.destination, path) or (found.tree and _is_within(path, found.destination))
                if cares and (alone or whole):
                    raise NotSure(cares)
                if alone and index is not None:
                    self._check_file(found, path)
                    return Brought(found, (index,))
                if whole:
                    self._check_whole(found, change, path)
                    return None
                if _is_beside(found, path):
                    continue
            why = self._concern(at, change, path)
            if why and is_copy:
                raise NotSure(found if isinstance(found, str) else _NOT_COMPARED.format(_shown(path)))
            cares = cares or why
        raise NotBrought(f"no copy above brings {_shown(path)}")

    def _check_whole(self, found: Landing, change: Change, path: bytes) -> None:
        """Whether a copy brings a folder that the command changes as a whole."""
        if found.tree and path != found.destination and is_below(path, found.destination):
            raise NotSure(f"the copy that brings {_shown(path)} brings other files, too")
        if not change.recursive:
            raise NotSure(f"{_shown(path)} is a folder, and what is in it is not changed")

    def _check_file(self, found: Landing, path: bytes) -> None:
        alone = not found.into and path == found.destination
        if alone and not self._apart.is_file(path, found.position):
            raise NotSure(f"it is not known that {_shown(path)} is not a folder, into which the copy goes")

    def _check_folder(self, folder: bytes, first: Landing) -> None:
        """Folders that a copy makes on its way get the owner that --chown names."""
        if folder and not self._apart.has_folder(folder, first.position):
            raise NotSure(f"{_shown(folder)} may come only with the copy, which would give it that owner, too")

    def _concern(self, index: int, change: Change, path: bytes) -> str:
        if change.by_name and self._apart.names_come(index):
            return "the users and groups that it names may come only in between"
        return self._apart.concerns(index, path)

    def _tree(self, run: Run, change: Change, path: bytes) -> list[Brought]:
        """The copies that bring all that is in a folder, the first of which makes it."""
        found = list(self._into(run, change, path))
        first = found[0]
        if not self._apart.is_new(path, first.position):
            by = self._apart.maker(path, first.position)
            who = f"{by} may have" if by else "the base may have"
            raise NotSure(f"{who} made {_shown(path)} or something in it, which the copy would not change")
        if change.owns:
            self._check_folder(folder_of(path), first)
        brought = [self._filled(one) for one in found]
        if change.mode and not all(_fits_folders(change.mode, one.landing) for one in brought):
            raise NotSure(f"{_shown(path)} or a folder in it would get another mode by --chmod")
        return brought

    def _filled(self, found: Landing) -> Brought:
        """The copy with all of its files."""
        whole = filled(self._facts, found)
        if isinstance(whole, str):
            raise NotSure(whole)
        self._landings[found.position] = whole
        return Brought(whole, tuple(range(len(whole.files))))

    def _into(self, run: Run, change: Change, path: bytes) -> Iterator[Landing]:
        begun = False
        for at in range(run.stage.first + 1, run.position):
            found = self.landing(at) if self._facts.instructions[at].keyword in COPIES else None
            if isinstance(found, Landing) and _is_within(found.destination, path):
                begun = True
                yield found
            elif begun and not (isinstance(found, Landing) and _is_beside(found, path)):
                why = self._concern(at, change, path)
                if why:
                    raise NotSure(found if isinstance(found, str) else why)
        if not begun:
            raise NotBrought(f"no copy above brings {_shown(path)}")


def _on_the_way(found: Landing, path: bytes) -> bytes:
    """The folder into which a copy puts a file; empty where it is there for sure."""
    if found.into:
        return found.destination
    # The command would fail where the copy did not go into a folder that is there.
    return folder_of(found.destination) if path == found.destination else b""


def _fits_folders(word: bytes, found: Landing) -> bool:
    """Whether a mode makes the folders what --chmod=755 makes them; one that a copy makes itself always is that."""
    modes = found.folders if found.mode is None else (found.mode,) * len(found.folders)
    # Setuid and setgid bits of a folder survive `chmod 755`. (0: not known.)
    plain = all(mode and not mode & 0o7000 for mode in modes)
    settled = changed(word, None) is not None or all(mode == MADE for mode in modes)
    return plain and settled and all(changed(word, mode) == MADE for mode in (MADE, *modes))


def _is_within(path: bytes, folder: bytes) -> bool:
    return path == folder or is_below(path, folder)


def _is_beside(found: Landing, path: bytes) -> bool:
    """Whether the copy, which brings nothing at or below a path, is known to bring nothing above it either."""
    same_root = found.destination.startswith(b"/") == path.startswith(b"/")
    return same_root and not _is_within(path, found.destination) if found.tree else same_root


def _volumes(config: Configuration) -> Iterator[bytes]:
    for kind, text in config.metadata:
        if kind == "VOLUME":
            listed = json_form(text)
            words = [word.encode() for word in listed] if listed else text.split()
            yield from (absolute(word, config) or EVERYTHING for word in words)


def _shown(path: bytes) -> str:
    return re.sub(rb"<workdir of the base>/?", b"", path).decode("utf-8", "replace") or "the working directory"
