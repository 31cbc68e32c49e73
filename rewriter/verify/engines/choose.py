"""Which engine builds: the one that was asked for, or the first that works here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .containers import Buildah, Podman
from .docker import Docker
from .janitor import Janitor
from .recipe import Engine, EngineError

ENGINES: Mapping[str, Callable[[Janitor, str], Engine]] = {"docker": Docker, "podman": Podman, "buildah": Buildah}
"""In the order in which they are tried: BuildKit is what most images are built with."""


def choose(name: str | None, janitor: Janitor, scratch: str) -> Engine:
    """The engine, ready to build, with `scratch` as a folder for what it makes; raises EngineError."""
    if name is not None:
        return ENGINES[name](janitor, scratch)
    reasons = []
    for make in ENGINES.values():
        try:
            return make(janitor, scratch)
        except EngineError as error:
            reasons.append(str(error))
    raise EngineError(_none_of(reasons))


def _none_of(reasons: list[str]) -> str:
    # Where one is there but does not work, that is what there is to mend.
    broken = [reason for reason in reasons if " is not installed" not in reason]
    if broken:
        return "; ".join(broken)
    return (
        "no build engine is installed: install Docker (docs.docker.com/engine/install), Podman or Buildah "
        "(on Debian: apt-get install buildah)"
    )
