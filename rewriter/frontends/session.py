"""One run: find the files, examine them, write what is to be written, say what was done."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from time import monotonic
from typing import TYPE_CHECKING

from ..adapters.config import Configurations
from ..adapters.discovery import discover, is_dockerfile
from ..adapters.plugins import installed
from ..adapters.settings import ConfigError, Known, suggestion
from ..engine.change import Problem
from ..engine.registry import BadTransform
from .examine import Job
from .looking import Looking
from .output import Output
from .request import Request, UsageError
from .surroundings import Surroundings
from .terminal import Terminal

if TYPE_CHECKING:
    from ..adapters.changed import Lines
    from ..adapters.embedded import Carrier
    from .accepted import Accepted
    from .interactive import Interview

NOTHING, CHANGES, FAILED, USAGE = 0, 1, 2, 3
"""Exit statuses; of those for what a run finds, the highest counts."""


def run(request: Request, terminal: Terminal) -> int:
    """Do what was asked for and return the exit status; raises UsageError."""
    try:
        known = {name: transform.settings for name, transform in installed().items()}
        check(request, known)
        configurations = Configurations(known, request.config)
    except (BadTransform, ConfigError) as error:
        raise UsageError(str(error)) from error
    started = monotonic()
    accepted = _accepted(request)
    output = Output(request, terminal)
    surroundings = Surroundings(request.context, terminal) if _has_context(request) else None
    jobs, complaints = _jobs(request, configurations, output, surroundings, accepted)
    for complaint in complaints:
        output.problem(complaint)
    interview = _interview(terminal) if request.interactive else None
    texts = Looking(request, terminal, output, accepted, interview).at(jobs)
    if jobs and not output.tally.files:
        output.note(_nothing_in(request))
    looks = (
        surroundings is not None
        and not request.is_narrowed
        and any(surroundings.has(path, text) for path, text in texts.items())
    )
    if surroundings is not None and looks and not (interview and interview.over):
        from .beside import look_beside

        look_beside(request, configurations, texts, output, surroundings, interview, accepted)
    _tell_of(accepted, request, output)
    output.finish(monotonic() - started)
    if complaints:
        return USAGE
    if output.tally.errors:
        return FAILED
    told = output.tally.changes or output.tally.found_errors
    return CHANGES if told and not request.exit_zero else NOTHING


def shown(path: str) -> str:
    """The path as it is printed: from the current folder, with `/`; outside of it as it was given."""
    # `..` after a link leads elsewhere than its text says.
    folder, name = os.path.split(path)
    absolute = os.path.join(os.path.realpath(folder), name) if ".." in folder.split(os.sep) else os.path.abspath(path)
    relative = os.path.relpath(absolute)
    is_outside = relative == ".." or relative.startswith(".." + os.sep)
    return (path if is_outside else relative).replace(os.sep, "/")


def check(request: Request, known: Known) -> None:
    """Raises UsageError for names of transforms that there are none of."""
    for option, names in (("--only", request.only), ("--skip", request.skip)):
        for name in sorted(names - known.keys()):
            raise UsageError(f"{option}: unknown transform {name}{suggestion(name, known)}")
    try:
        os.getcwd()
    except FileNotFoundError as error:
        raise UsageError("the current folder does not exist any more") from error


def _jobs(
    request: Request,
    configurations: Configurations,
    output: Output,
    surroundings: Surroundings | None,
    accepted: Accepted | None,
) -> tuple[list[Job], Sequence[Problem]]:
    """The files to examine, and what is wrong in the configuration of others."""
    jobs: list[Job] = []
    complaints: dict[str, Problem] = {}
    for path, text, lines in _sources(request, output):
        try:
            layer = configurations.layer_for(path)
        except ConfigError as error:
            complaints[str(error)] = Problem(error.path, None, error.message)
            if text is not None and request.prints_text:
                output.text(text)
            continue
        options = request.options(layer)
        if accepted is not None:
            options = accepted.options(shown(path), options)
        jobs.append(Job(path, shown(path), options, text, surroundings, _carrier(path), lines))
    return jobs, tuple(complaints.values())


def _sources(request: Request, output: Output) -> Iterator[tuple[str, bytes | None, Lines | None]]:
    """Paths, with the text where it is known already, and the lines that changes are wanted in; None: all."""
    if request.reads_stdin:
        yield request.stdin_filename or "Dockerfile", sys.stdin.buffer.read(), None
        return
    found = discover(request.paths, embedded=request.embedded)
    for note in found.notes:
        output.note(note)
    for problem in found.problems:
        output.problem(Problem(shown(problem.path), problem.at, problem.message))
    if not found.files and not found.problems:
        output.note(_nothing_in(request))
    if request.is_narrowed:
        from .narrowed import narrowed

        files, problems = narrowed(request, found.files)
        for problem in problems:
            output.problem(problem._replace(path=shown(problem.path)))
        yield from files
        return
    for path in found.files:
        yield path, None, None


def _accepted(request: Request) -> Accepted | None:
    if request.baseline is None and request.write_baseline is None:
        return None
    from .accepted import accepted

    return accepted(request.baseline, made=request.write_baseline)


def _tell_of(accepted: Accepted | None, request: Request, output: Output) -> None:
    """Write the baseline that is to be made, or say what of it is gone."""
    if accepted is None:
        return
    if request.write_baseline is not None:
        output.note(accepted.write())
    elif gone := accepted.gone():
        entries = "1 entry is" if gone == 1 else f"{gone} entries are"
        output.note(f"{request.baseline}: {entries} not found any more; --write-baseline makes it anew")


def _has_context(request: Request) -> bool:
    """Whether somebody may look at build contexts: what comes by standard input lies nowhere."""
    return not request.no_context and (request.context is not None or not request.reads_stdin)


def _carrier(path: str) -> Carrier | None:
    """What kind of a document the file is; None for a Dockerfile."""
    if is_dockerfile(os.path.basename(path)):
        return None
    from ..adapters.embedded import carrier

    return carrier(path)


def _nothing_in(request: Request) -> str:
    return f"no Dockerfile found in {', '.join(request.paths)}"


def _interview(terminal: Terminal) -> Interview:
    from .interactive import Interview

    return Interview(terminal)
