"""The one stage of a file, read: its copies, its RUNs command by command, and where it builds."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ..facts import Facts
from ..image import Configuration
from ..runs import runs
from ..stages import Stage, layout
from .brought import Brought, brought
from .built import Built
from .makefiles import tree_of
from .placed import SYSTEM
from .reading import Action, Kind, Part, Reader, ReadRun
from .split import NotTold
from .started import end_of
from .toolchains import Makes
from .trees import within, within_any


class Read(NamedTuple):
    """The stage: `end` is the configuration that its image has, `projects` are the folders in which it builds."""

    stage: Stage
    end: Configuration
    copies: Mapping[int, Brought]
    runs: Mapping[int, ReadRun]
    projects: tuple[bytes, ...]

    def parts(self) -> Iterator[tuple[int, Part]]:
        """The parts of all RUNs, each with the index of its instruction."""
        for index, run in self.runs.items():
            for part in run.parts:
                yield index, part

    def actions(self) -> Iterator[tuple[int, Action]]:
        """The commands of all RUNs, each with the index of its instruction."""
        for index, part in self.parts():
            for action in part.actions:
                yield index, action

    def builds(self) -> Iterator[tuple[int, Built]]:
        """The commands that build and leave something."""
        for index, action in self.actions():
            if action.built is not None and action.built.row.makes is not Makes.NOTHING:
                yield index, action.built

    def project_of(self, path: bytes) -> bytes:
        """The project in which a path lies; empty where it is in none."""
        return next((project for project in self.projects if within(path, project)), b"")


def read_stage(facts: Facts, stage: Stage) -> Read:
    """Read all instructions of the stage. Raises NotTold."""
    reader = Reader(facts)
    copies: dict[int, Brought] = {}
    found: dict[int, ReadRun] = {}
    for index in range(stage.first + 1, stage.last):
        instruction = facts.instructions[index]
        if instruction.keyword == "RUN":
            found[index] = reader.read(facts.of(runs)[index])
        elif instruction.keyword in ("COPY", "ADD"):
            copies[index] = brought(facts, index)
        elif instruction.keyword == "ONBUILD":
            raise NotTold("it has ONBUILD, which runs in the builds of others")
    read = Read(stage, end_of(facts, stage), copies, found, ())
    return read._replace(projects=tuple(_projects(read, facts)))


def check_makefiles(facts: Facts, read: Read) -> None:
    """Where `make install` installs, only the Makefile tells, unless it was told or configured. Raises NotTold."""
    files = {path: inner for copy in read.copies.values() for path, inner in copy.files or ()}
    for _, built in read.builds():
        if not built.assumed:
            continue
        names = [built.folder + b"/" + name for name in (b"GNUmakefile", b"makefile", b"Makefile")]
        inner = next((files[name] for name in names if name in files), "")
        text = facts.context.read(inner) if facts.context is not None and inner else None
        if text is None:
            raise NotTold("where its `make install` puts things, only its Makefile tells, which is not known here")
        tree = tree_of(text)
        if tree != built.trees[0]:
            raise NotTold(f"its Makefile installs to {tree.decode('utf-8', 'replace')}")


def is_work(read: Read, action: Action) -> bool:
    """Whether a command is work of the builder alone."""
    if action.kind is Kind.PLACE:
        return is_of_build(read, (*action.reads, *action.puts, *action.writes))
    return action.kind in (Kind.BUILD, Kind.FETCH)


def is_of_build(read: Read, paths: Sequence[bytes]) -> bool:
    """Whether one of these paths lies in a project, in what a build has installed, or in a temporary folder."""
    trees = [tree for _, built in read.builds() for tree in (*built.trees, *(path.rstrip(b"/") for path in built.made))]
    return any(read.project_of(path) or within_any(path, trees) or within(path, b"/tmp") for path in paths)


def last_work(read: Read) -> int:
    """The index of the last instruction that is work of the builder; -1 where nothing builds."""
    if not any(True for _ in read.builds()):
        return -1
    return max(index for index, action in read.actions() if is_work(read, action))


def _projects(read: Read, facts: Facts) -> Iterator[bytes]:
    """The folders in which it builds, each as the outermost one that is known to be of one piece with it."""
    known = [copy.root for copy in read.copies.values()]
    known += [path for _, action in read.actions() if action.kind is Kind.FETCH for path in action.writes]
    for config in facts.of(layout).before[read.stage.first + 1 : read.stage.last]:
        if config.workdir is not None and config.workdir.startswith(b"/"):
            known.append(posixpath.normpath(config.workdir))
    whole = sorted({path for path in known if path not in SYSTEM and path.startswith(b"/")}, key=len)
    seen: set[bytes] = set()
    for _, built in read.builds():
        if (built.row.makes is Makes.INSTALLS and not built.folder_matters) or within_any(built.folder, seen):
            continue
        project = next((path for path in whole if within(built.folder, path)), built.folder)
        if project == b"/":
            if not built.exact:
                raise NotTold("it builds in / itself")
            continue
        seen.add(project)
        yield project
