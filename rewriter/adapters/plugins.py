"""Transforms that other packages bring through the entry-point group `dockfix.transforms`."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from types import ModuleType

from ..engine.registry import GROUP, AnyTransform, transforms


@cache
def installed() -> Mapping[str, AnyTransform]:
    """All transforms, own and installed ones, by id. Raises engine.registry.BadTransform."""
    return transforms(_plugins())


def _plugins() -> Iterator[ModuleType]:
    if not any(_names_group(folder) for folder in sys.path):
        return
    from importlib.metadata import entry_points

    for entry in entry_points(group=GROUP):
        yield importlib.import_module(entry.module)


def _names_group(folder: str) -> bool:
    """Whether a package in this folder names our group: importlib.metadata takes 15 ms to say that none does."""
    try:
        names = os.listdir(folder or ".")
    except OSError:
        return False
    header = f"[{GROUP}]".encode()
    infos = (name for name in names if name.endswith((".dist-info", ".egg-info")))
    return any(header in _entry_points(os.path.join(folder, name)) for name in infos)


def _entry_points(info: str) -> bytes:
    try:
        with open(os.path.join(info, "entry_points.txt"), "rb") as file:
            return file.read()
    except OSError:
        return b""
