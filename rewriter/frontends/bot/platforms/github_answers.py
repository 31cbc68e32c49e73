"""What GitHub answers, member by member: each may be missing, null, or something else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..platform import PlatformError

Json = Mapping[str, object]


def text(data: Json, name: str) -> str:
    """A member that is a text; empty where it is null or missing."""
    value = data.get(name)
    return value if isinstance(value, str) else ""


def needed(data: Json, name: str) -> str:
    """A member that is a text. Raises PlatformError where there is none."""
    if not text(data, name):
        raise _missing(name)
    return text(data, name)


def number(data: Json, name: str) -> int:
    """A member that is a whole number. Raises PlatformError where there is none."""
    value = data.get(name)
    if not isinstance(value, int):
        raise _missing(name)
    return value


def _missing(name: str) -> PlatformError:
    return PlatformError(f"GitHub's answer has no {name}; is the address that of its API?")


def part(data: Json, name: str) -> Json:
    """A member that is an object; empty where it is null or missing."""
    value = data.get(name)
    return value if isinstance(value, dict) else {}


def parts(data: Json, name: str) -> Sequence[Json]:
    """The objects in a member that is a list; none where it is null or missing."""
    value = data.get(name)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def same(one: str, other: str) -> bool:
    """Whether two texts are the same but for line ends and what is around them, which GitHub changes."""
    return one.replace("\r\n", "\n").strip() == other.replace("\r\n", "\n").strip()
