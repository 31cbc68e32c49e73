"""Symbolic links of a work tree: made only when it is known where each of them leads."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Mapping

_LONGEST = 4095  # bytes: the most that a link says, PATH_MAX without its NUL
_MOST_FOLLOWED = 40  # one after the other, as Linux has it
_MOST_STEPS = 2_000_000  # in all: some seconds; then those that are left count as leading out
_NOWHERE = ".git/outside-of-the-repository"


def link(folder: str, paths: Collection[str]) -> None:
    """Turn files that say where a link leads, as git leaves them without `core.symlinks`, into links.

    One that leads out of the folder, into its .git, or round in circles, by way of others, too, becomes one to a name
    that does not exist: who follows it is told that nothing is there.
    """
    said = {path: text for path in paths if (text := _said(os.path.join(folder, path))) is not None}
    following = _Following(said)
    leading = {path: text if following.stays_inside(path) else _nowhere(path) for path, text in said.items()}
    for path, target in leading.items():
        name = os.path.join(folder, path)
        os.unlink(name)
        os.symlink(target, name)


def _said(name: str) -> str | None:
    """What is written in the file; None where it is none any more, such as behind another link."""
    try:
        with open(os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return None
            text = file.read(_LONGEST + 1)
    except OSError:
        return None
    return "/" if not text or len(text) > _LONGEST or b"\0" in text else os.fsdecode(text)


def _nowhere(path: str) -> str:
    return "../" * path.count("/") + _NOWHERE


class _Following:
    """Follows links by what they say, without a look at any file.

    `x -> d/../y` with `d -> .` leads out, though its text alone does not show that.
    """

    def __init__(self, links: Mapping[str, str]) -> None:
        self._links = links
        self._left = _MOST_STEPS

    def stays_inside(self, path: str) -> bool:
        waiting = path.split("/")[::-1]
        at: list[str] = []
        followed = 0
        while waiting:
            self._left -= 1
            part = waiting.pop()
            if part == "..":
                if not at:
                    return False
                at.pop()
            elif part not in ("", "."):
                at.append(part)
            target = self._links.get("/".join(at))
            if self._left < 0 or at[:1] == [".git"]:
                return False
            if target is not None:
                followed += 1
                if followed > _MOST_FOLLOWED or target.startswith("/"):
                    return False
                at.pop()
                waiting += target.split("/")[::-1]
        return True
