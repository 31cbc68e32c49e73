"""The plan: whether and how the one stage of a file is cut into a builder and what runs."""

from __future__ import annotations

import re

from ..facts import Facts
from ..packages.managers import Does
from ..run_calls import run_calls
from ..runs import runs
from ..stages import layout
from .packages import build_row
from .split import NotTold, Split
from .started import end_of, started
from .toolchains import ROWS, Makes

_PROGRAMS = sorted({name for row in ROWS for name in row.programs.split() if row.makes is not Makes.NOTHING})
_BUILDS = re.compile(
    rb"(?<![\w.-])(?:" + b"|".join(re.escape(name.encode()) for name in _PROGRAMS) + rb")(?:-?\d[\d.]*)?(?![\w-])"
)
_INSTALL = re.compile(rb"apt(?:-get)?\s[^&;|]*")
# Images that are a compiler with what it needs; sources: their own Dockerfiles.
_TOOLCHAINS = re.compile(
    r"(?:docker\.io/)?(?:library/)?(?:golang|rust|gcc|maven|gradle|openjdk|eclipse-temurin|haskell|swift|dart|elixir)(?:[:@]|$)"
    r"|mcr\.microsoft\.com/dotnet/(?:core/)?sdk(?:[:@]|$)"
)
_COMPILES = re.compile(rb"\b(?:go build|go install|cargo build|mvn|gradle|make|javac|gcc|dotnet publish|swift build)\b")


def plan(facts: Facts) -> Split | None:
    """How the stage is cut; None where nothing of it builds, or nothing would be left behind. Raises NotTold."""
    if not _is_candidate(facts):
        _check_base(facts)
        return None
    stage = facts.of(layout).stages[0]
    started(facts, stage, end_of(facts, stage))  # Where it starts a shell, nothing else matters.
    # Most files come no further, and what follows takes time to load.
    from .carrying import carried
    from .cutting import cut
    from .needed import needed
    from .stage import check_makefiles, last_work, read_stage
    from .wanted import wanted

    read = read_stage(facts, stage)
    if last_work(read) < 0:
        return None
    need = wanted(facts, read)
    check_makefiles(facts, read)
    along = carried(read, need)
    packages = needed(facts, read, need, along)
    return cut(facts, read, along, packages) if packages.gone else None


def _is_candidate(facts: Facts) -> bool:
    """Whether the file has one stage, which installs packages that only build, and calls what builds."""
    if len(facts.of(layout).stages) != 1:
        return False
    calls = [call for found in facts.of(run_calls).values() for call in found]
    apt = [call for call in calls if call.manager.name == "apt-get" and call.does is Does.INSTALL]
    if not any(build_row(name.decode("utf-8", "replace")) for call in apt for name in call.arguments):
        return False
    return any(_BUILDS.search(_INSTALL.sub(b"", run.instruction.rest)) for run in facts.of(runs).values())


def _check_base(facts: Facts) -> None:
    """Whoever compiles on an image that is a compiler would ask why it is not cut."""
    stages = facts.of(layout).stages
    if len(stages) != 1 or not _TOOLCHAINS.match(stages[0].base):
        return
    if any(_COMPILES.search(run.instruction.rest) for run in facts.of(runs).values()):
        raise NotTold(f"its compiler comes with {stages[0].base}, and what it is to run on instead is not in the file")
