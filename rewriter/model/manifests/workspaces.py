"""The folders that patterns of workspaces name: npm's, yarn's, pnpm's and uv's globs, as far as all read them alike.

Sources: npm's map-workspaces, glob(7) and minimatch's README, https://pnpm.io/pnpm-workspace_yaml and
https://docs.astral.sh/uv/concepts/projects/workspaces/. A folder too many does no harm: which ones count, the tool
finds out from the same files. So `*` matches names with a dot, too, and only exceptions that come last take away.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase

from ..context import Kind
from .asked import Asked, NotTold

_BRACES = re.compile(r"\{([^{}]*)\}")
# `@(a|b)`, `+(a)`, `[a]`, `{1..3}`, `${name}`: not all tools know these, or not alike.
_UNCOMMON = re.compile(r"[\[\]()|\\$]|\.\.")


def workspaces(asked: Asked, folder: str, patterns: Sequence[str], manifest: str, who: str) -> tuple[str, ...]:
    """The folders of the context below `folder` that match and have a manifest; raises NotTold. `who` has the patterns.

    Nothing in `node_modules` is a workspace.
    """
    chosen = [_clean(pattern, who) for pattern in patterns if not pattern.startswith("!")]
    last = max((at for at, pattern in enumerate(patterns) if not pattern.startswith("!")), default=-1)
    dropped = [_clean(pattern[1:], who) for pattern in patterns[last + 1 :]]
    wanted = [parts for pattern in chosen for parts in _expanded(pattern)]
    refused = [parts for pattern in dropped for parts in _expanded(pattern)]
    found = []
    for path, kind in _below(asked, folder):
        parts = path.split("/")
        if kind is Kind.LINK and any(_leads(parts, pattern) for pattern in wanted):
            raise NotTold(f"{path} is a link, which may lead to a workspace of {who}")
        inner = parts[:-1]
        if kind is Kind.FILE and parts[-1] == manifest and inner and any(_matches(inner, each) for each in wanted):
            found += [] if any(_matches(inner, each) for each in refused) else ["/".join(inner)]
    return tuple(f"{folder}/{path}" if folder else path for path in sorted(found))


def _below(asked: Asked, folder: str) -> Iterator[tuple[str, Kind]]:
    start = f"{folder}/" if folder else ""
    for path, entry in asked.context.entries.items():
        if path.startswith(start) and "node_modules" not in path.split("/"):
            yield path[len(start) :], entry.kind


def _clean(pattern: str, who: str) -> str:
    if pattern.startswith("!") or _UNCOMMON.search(_BRACES.sub("", pattern)) or _UNCOMMON.search(pattern):
        raise NotTold(f"{who} has the pattern {pattern}, which is not followed")
    return re.sub(r"^(?:\.?/+)+", "", pattern).rstrip("/")


def _expanded(pattern: str) -> Iterable[list[str]]:
    """The pattern for each choice of its braces, in parts."""
    braces = _BRACES.search(pattern)
    if braces is None:
        return [[part for part in pattern.split("/") if part not in ("", ".")]]
    choices = braces[1].split(",")
    return [
        parts for choice in choices for parts in _expanded(pattern[: braces.start()] + choice + pattern[braces.end() :])
    ]


def _matches(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    if not pattern:
        return not parts
    if pattern[0] == "**":
        return any(_matches(parts[at:], pattern[1:]) for at in range(len(parts) + 1))
    return bool(parts) and fnmatchcase(parts[0], pattern[0]) and _matches(parts[1:], pattern[1:])


def _leads(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    """Whether something at or below the path may match."""
    if not parts or not pattern:
        return not parts
    if pattern[0] == "**":
        return True
    return fnmatchcase(parts[0], pattern[0]) and _leads(parts[1:], pattern[1:])
