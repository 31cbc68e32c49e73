"""What the instructions that only set something read and write: ENV, ARG, LABEL, CMD and their like.

Source: Docker's reference, and BuildKit's `dispatch` functions where it leaves something open.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ...syntax.words import json_form, pairs, words
from ..image import value
from .copies import ROOT_0755, variables
from .paths import EVERYTHING, ancestors, canonical, is_plain, overlap
from .places import ACCOUNTS, is_root
from .step import Step
from .touched import Touched

# What never changes places, and why.
FIXED: Mapping[str, str] = {
    "FROM": "it begins a stage",
    "VOLUME": "what later steps change below its path may be lost",
    "ONBUILD": "it runs in the builds of others, in the order in which it is written",
}
_ORDER = "the order of the variables"


def _env(step: Step) -> Touched:
    """Variables. In the configuration they are a list, in which a new one stands at the end."""
    given = pairs(step.instruction.rest, step.escape)
    names = frozenset(value(step.config, name, step.escape) for name, _ in given)
    is_new = not names <= step.config.env.keys()
    return Touched(sets=names, changes=frozenset({_ORDER}) if is_new else frozenset())


def _arg(step: Step) -> Touched:
    """Variables of the build, which are in the environment of each RUN behind it, too."""
    given = words(step.instruction.rest, step.escape)
    return Touched(sets=frozenset(word.partition(b"=")[0].strip(b"'\"") for word in given))


def _label(step: Step) -> Touched:
    names = (value(step.config, name, step.escape) for name, _ in pairs(step.instruction.rest, step.escape))
    return Touched(changes=frozenset("LABEL " + name.decode("utf-8", "replace") for name in names))


def _expose(step: Step) -> Touched:
    """Ports add up, in no order."""
    return Touched(changes=frozenset({"EXPOSE " + step.instruction.rest.decode("utf-8", "replace")}))


def _whole(step: Step) -> Touched:
    """One field that the last such instruction decides."""
    return Touched(changes=frozenset({step.instruction.keyword}))


def _command(step: Step) -> Touched:
    """A shell form holds the SHELL in force.

    ENTRYPOINT empties a CMD of the base, and no CMD of its own stage, whichever of them comes first (BuildKit's
    `cmdSet`); so the two change places.
    """
    is_list = json_form(step.instruction.rest) is not None
    return Touched(asks=frozenset() if is_list else frozenset({"shell"}), changes=frozenset({step.instruction.keyword}))


def _user(_: Step) -> Touched:
    return Touched(changes=frozenset({"user"}))


def _shell(_: Step) -> Touched:
    return Touched(changes=frozenset({"shell"}))


def _workdir(step: Step) -> Touched:
    """It makes the folder, for USER (BuildKit; buildah makes it for root)."""
    path = value(step.config, step.instruction.rest, step.escape)
    asks = {"user", "workdir"} if not path.startswith(b"/") else {"user"}
    found = Touched(asks=frozenset(asks), changes=frozenset({"workdir"}))
    if not path.startswith(b"/"):
        path = (step.config.workdir or b"") + b"/" + path if step.config.workdir else b""
    whole = canonical(path) if path and is_plain(path) else EVERYTHING
    if whole == EVERYTHING or any(overlap(whole, link) for link in step.links):
        return found if path == b"/" else found._replace(writes={EVERYTHING: step.name})
    owner = ROOT_0755 if is_root(step.config) else "as WORKDIR makes them"
    reads = {} if is_root(step.config) else dict.fromkeys(ACCOUNTS, step.name)
    return found._replace(reads=reads, makes=dict.fromkeys((whole, *ancestors(whole)), owner))


_READERS: Mapping[str, Callable[[Step], Touched]] = {
    "ENV": _env,
    "ARG": _arg,
    "LABEL": _label,
    "EXPOSE": _expose,
    "MAINTAINER": _whole,
    "STOPSIGNAL": _whole,
    "CMD": _command,
    "ENTRYPOINT": _command,
    "HEALTHCHECK": _command,
    "USER": _user,
    "WORKDIR": _workdir,
    "SHELL": _shell,
}


def settings(step: Step) -> Touched:
    """What an instruction that is no RUN, COPY or ADD touches."""
    keyword = step.instruction.keyword
    reader = _READERS.get(keyword)
    if keyword in FIXED or reader is None:
        return Touched(fixed=FIXED.get(keyword, "it is not known what it does"))
    try:
        found = reader(step)
    except ValueError:
        return Touched(fixed="its words are not understood")
    return found._replace(env=found.env | variables(step.instruction.rest, *step.instruction.flags))
