"""The platform of a place."""

from __future__ import annotations

from importlib import import_module
from typing import NamedTuple

from ..platform import Platform, PlatformError
from ..task import PLATFORMS, Place
from ..token import Token, token_of


class _Kind(NamedTuple):
    """The package that the adapter needs, and where the platform is by default."""

    package: str
    address: str


_REMOTE = {
    "github": _Kind("github", "https://api.github.com"),
    "gitlab": _Kind("gitlab", "https://gitlab.com"),
    # Codeberg is of this kind, too: its address is given.
    "gitea": _Kind("httpx", "https://gitea.com"),
}


def platform_at(place: Place) -> Platform:
    """The platform, with the token of the place; raises PlatformError where there is none, or a package is missing."""
    if place.kind == "local":
        from .local import Local

        return Local(place.api)
    kind = _REMOTE.get(place.kind)
    if kind is None:
        raise PlatformError(f"{place.kind}: there is no such platform; there are {', '.join(PLATFORMS)}")
    try:
        import_module(kind.package)
    except ModuleNotFoundError as error:
        raise PlatformError(f"{place.kind} needs the package {error.name}: run pip install 'dockfix[bot]'") from error
    return _remote(place.kind, token_of(place), place.api or kind.address)


def _remote(kind: str, token: Token, address: str) -> Platform:
    if kind == "gitlab":
        from .gitlab import GitLab

        return GitLab(token, address)
    if kind == "gitea":
        from .gitea import Gitea

        return Gitea(token, address)
    from .github import GitHub

    return GitHub(token.secret, address)
