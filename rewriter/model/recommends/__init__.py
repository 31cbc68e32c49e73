"""What comes along with a Debian package, and what no longer does with `--no-install-recommends`.

It is read from a table that tools/make_recommends.py makes of the package indexes that apt downloads: see
docs/recommends.md. Only the suites in the table are known. It is loaded when it is first asked.
"""

import pkgutil
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from .resolve import installed
from .table import Damaged, Packages, Table

__all__ = ["Damaged", "Lost", "adds", "closure", "has", "lost", "needs", "suites"]
DATA = "debian.table"


class Lost(NamedTuple):
    """What no longer comes along, with its installed size in kilobytes, largest first, and what is not in the table."""

    packages: tuple[tuple[str, int], ...]
    unknown: tuple[str, ...]

    @property
    def kilobytes(self) -> int:
        """The installed size of all that no longer comes along."""
        return sum(size for _, size in self.packages)


def suites() -> Mapping[str, str]:
    """The suites that are known, with the date of the indexes that each was read from."""
    return {suite.name: suite.date for suite in _table().suites.values()}


def lost(suite: str, base: Iterable[str], packages: Iterable[str]) -> Lost | None:
    """What `--no-install-recommends` leaves out where `packages` are installed; None if the suite is not known.

    `base` are packages that are there before, with all that they depend on, besides those of the suite's minimal image.
    """
    return _lost(suite, tuple(base), tuple(packages))


@lru_cache(1024)  # The same install is asked about by the transform, by each validation, and after each keystroke.
def _lost(suite: str, base: tuple[str, ...], packages: tuple[str, ...]) -> Lost | None:
    known = _packages(suite)
    if known is None:
        return None
    present = _present(suite, base)
    numbers = {name: known.number(_bare(name)) for name in packages}
    asked = [number for number in numbers.values() if number is not None]
    few = installed(known, present, asked, recommends=False)
    gone = installed(known, present, asked, recommends=True).keys() - few.keys()
    sized = sorted(((known.name(number), known.size(number)) for number in gone), key=lambda row: (-row[1], row[0]))
    return Lost(tuple(sized), tuple(name for name, number in numbers.items() if number is None))


def has(suite: str, base: Iterable[str], package: str) -> bool:
    """Whether a package of that name is there with the base, or with the minimal image."""
    known = _packages(suite)
    number = known.number(package) if known else None
    if known is None or number is None:
        return False
    return number in _present(suite, tuple(base)) and known.name(number) == package


def adds(suite: str, base: Iterable[str], package: str) -> bool:
    """Whether anything is new once a package is installed on top of the base."""
    known = _packages(suite)
    number = known.number(package) if known else None
    return number is not None and number not in _present(suite, tuple(base))


def needs(suite: str, package: str) -> tuple[str, ...] | None:
    """What the package depends on, the first of alternatives, besides what the minimal image has; None: not known."""
    known = _packages(suite)
    number = known.number(package) if known else None
    if known is None or number is None:
        return None
    return tuple(known.name(need[0]) for need in known.needs(number).depends)


def closure(
    suite: str, packages: Iterable[str], base: Iterable[str] = (), *, recommends: bool = False
) -> dict[str, int]:
    """All that is new once the packages are installed on the base, with the installed sizes in kilobytes.

    Empty where the suite is not known; packages that the table does not know are left out.
    """
    known = _packages(suite)
    if known is None:
        return {}
    present = _present(suite, tuple(base))
    numbers = (known.number(_bare(name)) for name in packages)
    found = installed(known, present, [number for number in numbers if number is not None], recommends=recommends)
    return {known.name(number): known.size(number) for number in found if number not in frozenset(present)}


def _bare(name: str) -> str:
    """The name without a version or the architecture that the table is of: `curl=7.88.1-10`, `curl:amd64`."""
    return name.partition("=")[0].removesuffix(":amd64")


@cache
def _present(suite: str, base: tuple[str, ...]) -> tuple[int, ...]:
    """The minimal image, and the base with what it depends on."""
    known = _packages(suite)
    if known is None:
        return ()
    # The minimal image has all that it needs, by definition.
    minimal = _table().suites[suite].minimal
    numbers = (known.number(_bare(name)) for name in base)
    return tuple(installed(known, minimal, (number for number in numbers if number is not None), recommends=False))


@cache
def _packages(suite: str) -> Packages | None:
    return _table().packages(suite) if suite in _table().suites else None


@cache
def _table() -> Table:
    data = pkgutil.get_data(__name__, DATA)
    if data is None:
        raise Damaged("the table of packages is missing")
    return Table(data)
