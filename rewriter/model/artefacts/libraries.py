"""The libraries that what was linked needs: those that `-dev` packages depend on, by the shipped table of packages."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..recommends import closure, needs, suites
from ..recommends.images import base_packages
from .packages import bare, build_row
from .split import NotTold

# They link with what any image has: the C library, the compiler's own, and what apt itself is linked with.
_OF_EVERY_IMAGE = re.compile(
    r"libc6-dev|linux-libc-dev|libgcc-\d+-dev|libstdc\+\+-\d+-dev|libcrypt-dev|libnsl-dev|libtirpc-dev|musl-dev"
    r"|golang-.*|librust-.*|python3?(?:\.\d+)?-dev|python3-all-dev|ruby(?:\d[\d.]*)?-dev|libperl-dev"
)
_LIBRARY = re.compile(r"(?:lib|zlib1g).*")
_DEVELOPMENT = re.compile(r".*-(?:dev|dev-bin|dev-compat|doc|dbg|headers|static|data-dev)|.*-dev-.*")
# They stand beside a library in its `-dev` package, for other languages or widths of characters: whoever links with one
# of them names that package.
_BESIDE = re.compile(r"libgmpxx.*|libtiffxx.*|libgnutls-(?:dane|openssl).*|libpcre2-(?:16|32|posix).*")
# Flags by which a compiler links with a library of its own, and where that is packaged.
OF_FLAGS = (
    ("libgomp1", re.compile(rb"-fopenmp|OpenMP|omp\.h"), "OpenMP's library"),
    ("libatomic1", re.compile(rb"-latomic"), "the compiler's library for atomic operations"),
    ("libquadmath0", re.compile(rb"-lquadmath"), "the compiler's library for long numbers"),
)


def libraries(base: str, packages: Sequence[str]) -> list[tuple[str, str]]:
    """The libraries that these `-dev` packages of the base's suite depend on, each with the package it is of.

    Those that come along with another one are not named. Raises NotTold where the table does not tell.
    """
    asked = [name for name in map(bare, packages) if name.endswith("-dev") and not _OF_EVERY_IMAGE.fullmatch(name)]
    if not asked:
        return []
    suite = suite_of(base)
    if not suite:
        raise NotTold(f"which libraries {asked[0]} links with is known for Debian's releases alone, not for {base}")
    found: dict[str, str] = {}
    further: list[str] = []
    for name in asked:
        own, others = _own(suite, name)
        found |= {library: name for library in own if library not in found}
        further += others
    _add_further(suite, found, further)
    implied = {other for name in found for other in closure(suite, (name,)) if other != name}
    return [(name, of) for name, of in found.items() if name not in implied]


def _own(suite: str, name: str) -> tuple[list[str], list[str]]:
    """The libraries of a `-dev` package, and the `-dev` packages behind it; one that only names others has theirs."""
    depends = needs(suite, name)
    if depends is None:
        raise NotTold(f"of {name}, the table of packages knows nothing")
    behind = [other for other in depends if _DEVELOPMENT.fullmatch(other) and not _OF_EVERY_IMAGE.fullmatch(other)]
    own = [other for other in depends if other not in behind and _LIBRARY.fullmatch(other) and build_row(other) is None]
    if own or not behind:
        return own, behind
    further = []
    for other in behind:
        libraries, others = _own(suite, other)
        own += libraries
        further += others
    return own, further


def _add_further(suite: str, found: dict[str, str], waiting: list[str]) -> None:
    """The libraries further behind, unless one of the same `-dev` package comes along: then that is the one needed.

    (`libgmpxx4ldbl` stands beside `libgmp10`, `libtiffxx6` beside `libtiff6`.)
    """
    seen: set[str] = set()
    while waiting:
        name = waiting.pop(0)
        if name in seen:
            continue
        seen.add(name)
        own, further = _own(suite, name)
        own = [library for library in own if not _BESIDE.fullmatch(library)]
        if own and closure(suite, tuple(found)).keys().isdisjoint(own):
            found |= dict.fromkeys(own, name)
        waiting += further


def suite_of(base: str) -> str:
    """The suite of an official image, as far as the table has it; else empty."""
    found = base_packages(base)
    return found[0] if found and found[0] in suites() else ""
