"""What it costs to run a step again, as data: relative, 1 for a copy.

The figures are those of a usual build on a usual machine, in seconds.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..syntax.script import Command, commands, texts
from .facts import Facts
from .packages.call import call_of
from .packages.managers import Does
from .runs import runs

INSTALL, COMPILE, COPY, OTHER, METADATA = 60, 60, 1, 5, 0

# Programs that compile, and the words that make them; none: they always do. The source is what their manuals say.
COMPILERS: Mapping[bytes, frozenset[bytes]] = {
    b"make": frozenset(),
    b"cmake": frozenset(),
    b"ninja": frozenset(),
    b"gcc": frozenset(),
    b"g++": frozenset(),
    b"cc": frozenset(),
    b"go": frozenset({b"build", b"install", b"test", b"generate"}),
    b"cargo": frozenset({b"build", b"install", b"test"}),
    b"mvn": frozenset({b"package", b"install", b"verify", b"compile", b"test"}),
    b"mvnw": frozenset({b"package", b"install", b"verify", b"compile", b"test"}),
    b"gradle": frozenset(),
    b"gradlew": frozenset(),
    b"npm": frozenset({b"run", b"run-script", b"test"}),
    b"yarn": frozenset({b"build", b"run"}),
    b"pnpm": frozenset({b"build", b"run"}),
    b"dotnet": frozenset({b"build", b"publish", b"test"}),
    b"mix": frozenset({b"compile", b"release", b"assets.deploy"}),
    b"rails": frozenset({b"assets:precompile"}),
    b"rake": frozenset({b"assets:precompile"}),
    b"bundle": frozenset({b"exec"}),
    b"tsc": frozenset(),
    b"webpack": frozenset(),
}
# Sub-commands that fetch what a project depends on, where the tables of package managers do not tell.
_FETCHES = frozenset(
    {b"download", b"fetch", b"restore", b"dependency:go-offline", b"dependency:resolve", b"deps.get", b"dependencies"}
)


def costs(facts: Facts) -> tuple[int, ...]:
    """The cost of each instruction, by its index."""
    return tuple(cost_of(facts, index) for index in range(len(facts.instructions)))


def cost_of(facts: Facts, index: int) -> int:
    """The cost of one instruction."""
    keyword = facts.instructions[index].keyword
    if keyword in ("COPY", "ADD", "WORKDIR"):
        return COPY
    run = facts.of(runs).get(index)
    if run is None:
        return OTHER if keyword == "RUN" else METADATA
    if run.script is None:
        return OTHER
    return sum(map(_of_command, commands(run.script))) or OTHER


def _of_command(command: Command) -> int:
    """What a command adds: so RUNs cost together what one costs that is made of them."""
    call = call_of(command)
    if call is not None and call.does in (Does.INSTALL, Does.RESTORE, Does.UPGRADE):
        return INSTALL
    return COMPILE if _is_heavy(texts(command)) else 0


def _is_heavy(words: tuple[bytes, ...]) -> bool:
    if not words:
        return False
    verbs = COMPILERS.get(words[0].rpartition(b"/")[2])
    if not _FETCHES.isdisjoint(words[1:]):
        return True
    return verbs is not None and (not verbs or not verbs.isdisjoint(words[1:]))
