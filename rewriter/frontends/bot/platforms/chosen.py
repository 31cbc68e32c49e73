"""The platform of a place."""

from __future__ import annotations

from ..platform import Platform, PlatformError
from ..task import PLATFORMS, Place
from ..token import Token, token_of


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
    if place.kind == "gitlab":
        from .gitlab import GitLab

        return GitLab(token, *_address(place))
    if place.kind == "gitea":
        from .gitea import Gitea

        return Gitea(token, *_address(place))
    from .github import GitHub

    return GitHub(token.secret, *_address(place))


def _address(place: Place) -> tuple[str, ...]:
    """The address where one is given; else the platform has its own."""
    return (place.api,) if place.api else ()
