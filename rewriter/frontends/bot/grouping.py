"""Which group a change belongs to, by its level, transform and file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from hashlib import sha256

from ...adapters.patterns import Pattern, pattern
from .settings import BotSettings, NamedGroup

_LONGEST = 60  # characters of a name's part: a branch is a file for git, and names of those have 255
_ODD = re.compile(r"[^a-z0-9._]+|\.{2,}")


class Grouping:
    """Names the group of each change. A change is in one group only; the groups with names of their own come first."""

    def __init__(self, settings: BotSettings, paths: Iterable[str]) -> None:
        """`paths` are all that may be changed: two of them never give the same name."""
        self._settings = settings
        self._own = [(group, tuple(map(pattern, group.paths))) for group in settings.groups]
        self._slugs = _slugs(paths)

    def name(self, transform: str, level: str, path: str) -> str:
        """The group of a change by this transform, of this level, in this file."""
        for group, patterns in self._own:
            if _takes(group, patterns, transform, level, path):
                return group.name
        parts = {"level": level, "transform": transform, "file": self._slugs.get(path) or _hashed(path)}
        return "-".join(parts[part] for part in self._settings.group_by) or "all"


def _takes(group: NamedGroup, patterns: tuple[Pattern, ...], transform: str, level: str, path: str) -> bool:
    return (
        (not group.transforms or transform in group.transforms)
        and (not group.levels or level in group.levels)
        and (not patterns or any(one.fullmatch(path) for one in patterns))
    )


def _slugs(paths: Iterable[str]) -> dict[str, str]:
    """A name for each path, of what branches and file systems take everywhere."""
    slugs = {path: _slug(path) for path in dict.fromkeys(paths)}
    count = Counter(slugs.values())
    return {
        path: slug if slug and count[slug] == 1 and len(slug) <= _LONGEST else _hashed(path)
        for path, slug in slugs.items()
    }


def _slug(path: str) -> str:
    return _ODD.sub("-", path.lower()).strip("-.")


def _hashed(path: str) -> str:
    digest = sha256(path.encode("utf-8", "surrogateescape")).hexdigest()[:8]
    return "-".join(part for part in (_slug(path)[-_LONGEST + 9 :].strip("-."), digest) if part)
