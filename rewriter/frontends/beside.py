"""What stands beside the Dockerfiles of a run: the ignore files of their build contexts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..adapters import store
from ..adapters.config import Configurations
from ..adapters.plugins import installed
from ..adapters.settings import ConfigError
from ..engine.change import Outcome, Problem
from ..engine.context_run import rewrite_context, with_own
from ..engine.options import Options
from ..engine.registry import ContextTransform
from ..model.together import Together
from .output import Output
from .request import Request
from .surroundings import Surroundings

if TYPE_CHECKING:
    from .accepted import Accepted
    from .interactive import Interview


def look_beside(
    request: Request,
    configurations: Configurations,
    texts: Mapping[str, bytes],
    output: Output,
    surroundings: Surroundings,
    interview: Interview | None,
    accepted: Accepted | None,
) -> None:
    """Show, or make, the changes to ignore files; `texts` are the Dockerfiles by path, as they are now.

    With an interview, the user is asked about each. What is `accepted` is neither made nor shown.
    """
    if not any(isinstance(one, ContextTransform) and _may_run(request, name) for name, one in installed().items()):
        return
    contexts = surroundings.contexts
    for together in contexts.together(texts):
        for one, outcome in with_own(together, lambda one: _outcome(one, request, configurations, interview, accepted)):
            _add(request, one, outcome if accepted is None else accepted.left(one.path, outcome), output)
    for problem in contexts.problems:
        output.problem(problem)


def _outcome(
    together: Together,
    request: Request,
    configurations: Configurations,
    interview: Interview | None,
    accepted: Accepted | None,
) -> Outcome:
    options = _options(request, configurations, together)
    if options is None:
        return Outcome({}, {})
    if accepted is not None:
        options = accepted.options(together.path, options)

    def outcome_for(chosen: Options) -> Outcome:
        return rewrite_context(together, options=chosen, known=installed())

    return interview.decide(options, outcome_for) if interview else outcome_for(options)


def _may_run(request: Request, name: str) -> bool:
    return name not in request.skip and (not request.only or name in request.only)


def _options(request: Request, configurations: Configurations, together: Together) -> Options | None:
    try:
        return request.options(configurations.layer_for(together.path))
    except ConfigError:
        return None  # It has been told for the Dockerfiles.


def _add(request: Request, together: Together, outcome: Outcome, output: Output) -> None:
    if not (outcome.steps or outcome.held_back or outcome.skipped or outcome.errors or outcome.known):
        return
    written = request.write and bool(outcome.steps)
    result = _written(together, outcome) if written else outcome
    output.add(together.path, result, written=written and result is outcome)


def _written(together: Together, outcome: Outcome) -> Outcome:
    """The outcome, once its text is on the disk; otherwise one that says why it is not."""
    new = outcome.files[together.path]
    try:
        if together.text is None:
            store.create(together.path, new)
        else:
            store.replace(together.path, together.text, new)
    except store.StoreError as error:
        return Outcome(outcome.originals, outcome.originals, errors=(Problem(together.path, None, str(error)),))
    return outcome
