"""What a file relies on of the packages that `--no-install-recommends` leaves out."""

from typing import NamedTuple

from .facts import Facts
from .packages.call import Call
from .packages.kept import IMPLIED, KEPT, Kept
from .recommends import Lost, lost
from .recommends.images import base_packages, holds
from .runs import Run, root_of
from .stages import layout
from .uses import Uses, installed_before, uses

_COMPILERS = frozenset({"gcc", "g++", "make", "build-essential", "cpp", "dpkg-dev", "libc6-dev"})


class Reliance(NamedTuple):
    """What an install loses without recommendations (None: not known, and why), and what of that is kept by name."""

    lost: Lost | None
    release: str
    kept: tuple[tuple[str, str], ...]
    unknown: str


def reliance(facts: Facts, run: Run, call: Call, kept_before: tuple[str, ...] = ()) -> Reliance:
    """What this install of apt's loses, and what must be kept because the file relies on it.

    `kept_before` are packages that changes of earlier installs in the stage keep by name.
    """
    image = root_of(facts.of(layout), run.stage).base
    names = tuple(name.decode("utf-8", "replace").split("=")[0].split("/")[0] for name in call.arguments)
    earlier = (*installed_before(facts, run, call), *kept_before)
    base = base_packages(image)
    gone = lost(base[0], (*base[1], *earlier), names) if base else None
    found = uses(facts, run.stage)
    kept: dict[str, str] = {}
    going = _names_of(gone)
    called = [name for name, _ in (gone.packages if gone else ()) if name.encode() in found.last]
    for rule in (*KEPT, *map(_by_name, called)):
        if going is not None and rule.package not in going:
            continue
        there = rule.package in (*names, *earlier, *kept) or any(rule.package in IMPLIED.get(name, ()) for name in kept)
        if not there and _applies(rule, names, going, found, run.position) and not holds(image, rule.package):
            kept[rule.package] = rule.reason
            gone = lost(base[0], (*base[1], *earlier), (*names, *kept)) if base else None
            going = _names_of(gone)
    risky = gone is None or any(name in _COMPILERS for name, _ in gone.packages)
    unknown = found.unknown_from(run.position) if risky else ""
    return Reliance(gone, base[0] if base else "", tuple(kept.items()), unknown)


def _by_name(package: str) -> Kept:
    """The rule for a program that has the name of its package."""
    return Kept(package, "it is called", programs=frozenset({package.encode()}))


def _names_of(gone: Lost | None) -> frozenset[str] | None:
    return None if gone is None else frozenset(name for name, _ in gone.packages)


def _applies(rule: Kept, names: tuple[str, ...], going: frozenset[str] | None, found: Uses, position: int) -> bool:
    """Whether the file uses the rule's package, which is one of those `going`; None: which are going is not known."""
    has_use = bool(rule.programs or rule.texts)
    if (going is None or not has_use) and rule.brought_by.isdisjoint(names):
        return False
    if not has_use or any(part in found.text for part in rule.texts):
        return True
    return any(found.calls(program, rule.words, position) for program in rule.programs)


def brought_along(facts: Facts, call: Call) -> frozenset[bytes]:
    """What the install brings along today as a recommendation, as far as the bases of the file's stages tell."""
    names = [name.decode("utf-8", "replace") for name in call.arguments]
    found = [lost(suite, (), names) for suite in facts.of(_releases)]
    return frozenset(name.encode() for gone in found if gone is not None for name, _ in gone.packages)


def _releases(facts: Facts) -> frozenset[str]:
    bases = {base_packages(stage.base) for stage in facts.of(layout).stages}
    return frozenset(base[0] for base in bases if base is not None)
