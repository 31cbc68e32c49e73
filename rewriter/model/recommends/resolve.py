"""Which packages come along with others, by apt's rules.

The rules are those of MarkInstall in apt's depcache.cc, as far as a new installation in an image needs them: all that
is asked for counts as chosen first; then each package's needs are met in their order, all the way down, before the next
need; a need is met where one of its packages is there or chosen, and otherwise by the first that can be had. What a
package recommends comes after what it depends on. What is installed already has met its needs: apt does not go into
it again, and does not make up for what it recommends. Versions, the names that packages provide, and the order in
which apt tries packages are in the table already. Conflicts are left out: see docs/recommends.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .table import Packages


def installed(packages: Packages, present: Iterable[int], asked: Iterable[int], *, recommends: bool) -> dict[int, None]:
    """What is there, with `present` from before, after apt has installed what is `asked`; in the order of choice."""
    there = dict.fromkeys(present)
    wanted = [package for package in dict.fromkeys(asked) if package not in there]
    there.update(dict.fromkeys(wanted))
    for package in wanted:
        # Each level is a package whose needs are being met: recursion would be too deep for the largest ones.
        levels = [_needs(packages, package, recommends)]
        while levels:
            need = next(levels[-1], None)
            if need is None:
                levels.pop()
            elif there.keys().isdisjoint(need):
                there[need[0]] = None
                levels.append(_needs(packages, need[0], recommends))
    return there


def _needs(packages: Packages, package: int, recommends: bool) -> Iterator[tuple[int, ...]]:
    needs = packages.needs(package)
    return iter((*needs.depends, *needs.recommends) if recommends else needs.depends)
