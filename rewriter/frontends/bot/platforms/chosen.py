"""The platform of a place."""

from __future__ import annotations

from ..platform import Platform, PlatformError
from ..task import PLATFORMS, Place
from ..token import Token, token_of

_PUBLIC = {"github": "https://api.github.com", "gitlab": "https://gitlab.com", "gitea": "https://gitea.com"}
"""Where each kind is by default; Codeberg, say, is of the kind gitea."""


def platform_at(place: Place) -> Platform:
    """The platform, with the token of the place; raises PlatformError where there is none, or a package is missing."""
    if place.kind not in PLATFORMS:
        raise PlatformError(f"{place.kind}: there is no such platform; there are {', '.join(PLATFORMS)}")
    if place.kind == "local":
        from .local import Local

        return Local(place.api)
    token = token_of(place)
    try:
        return _remote(place, token)
    except ModuleNotFoundError as error:
        raise PlatformError(f"the bot needs the package {error.name}: run pip install 'dockfix[bot]'") from error


def _remote(place: Place, token: Token) -> Platform:
    address = place.api or _PUBLIC[place.kind]
    if place.kind == "gitlab":
        from .gitlab import GitLab

        return GitLab(token, address)
    if place.kind == "gitea":
        from .gitea import Gitea

        return Gitea(token, address)
    from .github import GitHub

    return GitHub(token.secret, address)
