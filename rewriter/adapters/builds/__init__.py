"""Which image builds the files of a folder describe: Compose, Bake and devcontainer files.

Nothing is executed, nothing but files is asked (no environment, no Docker), and what is not understood is said.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ..top import leaves
from .build import Build, Unreadable

if TYPE_CHECKING:
    from .described import Said

__all__ = ["Build", "Folders", "Unreadable", "builds_in", "builds_of"]

_Found = tuple[list[Build], list[Unreadable]]
_DEVCONTAINER = ".devcontainer"
_CONFIGURATIONS = 100
"""The most folders of `.devcontainer/` that are looked at."""


def builds_in(folder: str) -> _Found:
    """All builds that the files in `folder` and in its `.devcontainer/` describe, and what could not be read."""
    return Folders().builds_in(folder)


def builds_of(dockerfile: str, roof: str | None) -> _Found:
    """The builds that name this Dockerfile, and what could not be read on the way.

    The files are those of its folder and of each one above, up to the root of its repository (the nearest folder with
    a `.git`); where there is none, up to `roof`; where that is None or not above it, of its folder alone.
    """
    return Folders().builds_of(dockerfile, roof)


class Folders:
    """What the folders of one run describe, each read once."""

    def __init__(self, top: str | None = None) -> None:
        """Nothing above `top` is looked at, or outside of it: an absolute folder, without links; None: all may be."""
        self._top = top
        self._known: dict[str, _Found] = {}

    def builds_in(self, folder: str) -> _Found:
        """As the function of this name."""
        return self._gathered([os.path.abspath(folder)])

    def builds_of(self, dockerfile: str, roof: str | None) -> _Found:
        """As the function of this name."""
        path = os.path.abspath(dockerfile)
        builds, unreadable = self._gathered(_up(os.path.dirname(path), roof))
        target = os.path.realpath(path)
        return [build for build in builds if self._is(build.dockerfile, path, target)], unreadable

    def _is(self, found: str, path: str, target: str) -> bool:
        if not found or leaves(found, self._top):
            return False
        return found == path or os.path.realpath(found) == target

    def _gathered(self, folders: list[str]) -> _Found:
        builds: list[Build] = []
        unreadable: dict[Unreadable, None] = {}
        for place in dict.fromkeys(place for folder in folders for place in _places(folder)):
            if leaves(place, self._top):
                continue
            if place not in self._known:
                self._known[place] = _read(place)
            found, problems = self._known[place]
            builds += found
            unreadable.update(dict.fromkeys(problems))
        return builds, list(unreadable)


def _up(folder: str, roof: str | None) -> list[str]:
    """The folder and those above it that are searched."""
    above = [folder]
    while (parent := os.path.dirname(above[-1])) != above[-1]:
        above.append(parent)
    for index, each in enumerate(above):
        if os.path.lexists(os.path.join(each, ".git")):
            return above[: index + 1]
    top = None if roof is None else os.path.abspath(roof)
    return above[: above.index(top) + 1] if top in above else above[:1]


def _places(folder: str) -> list[str]:
    """The folder, its `.devcontainer`, and the configurations in there, each of which has a folder of its own."""
    inner = os.path.join(folder, _DEVCONTAINER)
    if not os.path.isdir(inner):
        return [folder]
    try:
        with os.scandir(inner) as entries:
            names = sorted(entry.name for entry in entries if entry.is_dir())
    except OSError:
        # That it cannot be listed is said where its files are looked for.
        names = []
    return [folder, inner, *(os.path.join(inner, name) for name in names[:_CONFIGURATIONS])]


def _read(folder: str) -> _Found:
    """What the files directly in this folder describe. Readers are loaded only where a name asks for one."""
    try:
        names = sorted(os.listdir(folder))
    except OSError as error:
        return [], [Unreadable(folder, None, f"this folder cannot be listed: {error.strerror}")]
    builds: list[Build] = []
    problems: dict[Unreadable, None] = {}
    layers: dict[str, Said] = {}
    if composed := [name for name in names if name.startswith(("compose", "docker-compose"))]:
        from .compose import Compose, is_compose

        compose = Compose(folder, filter(is_compose, composed))
        builds += compose.builds()
        layers = compose.layers()
        problems |= compose.problems
    if baked := [name for name in names if name.startswith("docker-bake.")]:
        from .bake import Bake, is_bake

        bake = Bake(folder, filter(is_bake, baked), layers)
        builds += bake.builds()
        problems |= bake.problems
    for name in names:
        if name in ("devcontainer.json", ".devcontainer.json"):
            _add_devcontainer(os.path.join(folder, name), builds, problems)
    return builds, list(problems)


def _add_devcontainer(path: str, builds: list[Build], problems: dict[Unreadable, None]) -> None:
    from .described import Wrong
    from .devcontainer import build

    try:
        found = build(path)
    except Wrong as error:
        problems[error.at(path)] = None
        return
    builds += [] if found is None else [found]
