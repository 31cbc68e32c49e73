"""What a group's changes come to, in figures: only those that are known, each with what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ...adapters.plugins import installed
from ...engine.change import Outcome
from ...engine.findings import Severity
from ...engine.options import Options
from ...engine.run import rewrite
from ...model.context import Commit
from ...model.facts import Facts
from ...model.files.hidden import Hidden
from ...model.ignore import Ignore
from ...model.ignoring.ledger import rows, total
from ...model.ignoring.losses import Weight
from ...model.recommends.ledger import said_in
from ...model.replay import replayed
from ...model.sizes import size
from ...model.together import problem, rules
from ..surroundings import Surroundings
from ..terminal import printable
from .changes import Outcomes
from .groups import Ledger

_MOST = 20  # rows
_COMMITS = 100
_HIDDEN = Options(only=frozenset({"hidden-bytes"}))


def ledgers(found: Outcomes, surroundings: Surroundings) -> list[Ledger]:
    """The rows for what a group changes."""
    changed = {path: outcome for path, outcome in found.files.items() if outcome.steps}
    told = [*_contexts(found), *_cache(found, surroundings), *_recommends(changed), *_hidden(changed, surroundings)]
    return told[:_MOST]


def _contexts(found: Outcomes) -> Iterator[Ledger]:
    """What is sent to the builder. Of `.git`, which is another one in a fresh clone, the contexts here know nothing."""
    for together, outcome in found.beside:
        if not outcome.steps or together.of(problem):
            continue
        whole = total(rows(together, Ignore.parse(outcome.files[together.path])))
        if whole.sent != whole.after:
            what = f"build context of {_named(together.dockerfiles)}, .git aside"
            yield Ledger(what, _weight(whole.sent), _weight(whole.after), "counted")


def _cache(found: Outcomes, surroundings: Surroundings) -> Iterator[Ledger]:
    """What a rebuild costs, by the last commits that changed anything in the context."""
    later = {path: text for _, outcome in found.beside if outcome.steps for path, text in outcome.files.items()}
    texts = {path: outcome.files[path] for path, outcome in found.files.items() if not outcome.errors}
    if not any(outcome.steps for outcome in found.all()):
        return
    for together in surroundings.contexts.together(texts):
        commits = together.context.history(_COMMITS)
        # The first of all, or of a shallow clone, brings everything: nobody rebuilds for that.
        commits = commits[:-1] if len(commits) < _COMMITS else commits
        if not commits or together.of(problem):
            continue
        for path in sorted(texts.keys() & together.dockerfiles.keys()):
            own = later.get(f"{path}.dockerignore", later.get(together.path))
            ignore = together.of(rules) if own is None else Ignore.parse(own)
            costs = (
                _cost(path, found.files[path].originals[path], commits, together.of(rules)),
                _cost(path, texts[path], commits, ignore),
            )
            if round(costs[0], 1) != round(costs[1], 1):
                last = "the last commit" if len(commits) == 1 else f"the last {len(commits)} commits"
                what = f"mean cost of a rebuild of {printable(path)}, by {last} (a copy is 1)"
                yield Ledger(what, f"{costs[0]:.1f}", f"{costs[1]:.1f}", "modelled")


def _cost(path: str, text: bytes, commits: Sequence[Commit], ignore: Ignore) -> float:
    """The mean of what the commits make run again."""
    lines = replayed(Facts.read(path, text), commits, lambda name: not ignore.ignores(name))
    return sum(line.cost for line in lines) / len(lines)


def _recommends(changed: Mapping[str, Outcome]) -> Iterator[Ledger]:
    """What is no longer installed, as far as the table of packages knows it."""
    for path, outcome in changed.items():
        whys = [step.change.why for step in outcome.steps if step.change.transform == "no-install-recommends"]
        said = [one for why in whys for one in said_in(why)]
        if said:
            of = ", ".join(sorted({release for _, release in said}))
            what = f"packages that {printable(path)} installs only because others recommend them"
            yield Ledger(what, f"{sum(megabytes for megabytes, _ in said):.1f} MB", "none", f"modelled ({of})")


def _hidden(changed: Mapping[str, Outcome], surroundings: Surroundings) -> Iterator[Ledger]:
    """What layers hold though nobody sees it, of sizes that are known."""
    for path, outcome in changed.items():
        before, after = (_bytes(path, text, surroundings) for text in (outcome.originals[path], outcome.files[path]))
        if before is not None and after is not None and size(before) != size(after):
            what = f"bytes that layers of {printable(path)} hold though nobody sees them"
            yield Ledger(what, size(before), size(after), "modelled")


def _bytes(path: str, text: bytes, surroundings: Surroundings) -> int | None:
    """What a person is told of; None where there is something of a size that is not known."""
    done = rewrite({path: text}, options=_HIDDEN, known=installed(), find_context=surroundings.of)
    told = [one.about for one in done.findings if one.severity is not Severity.INFO]
    sizes = [one.bytes for one in told if isinstance(one, Hidden)]
    known = [one for one in sizes if one is not None]
    return sum(known) if len(known) == len(sizes) else None


def _named(paths: Iterable[str]) -> str:
    names = [printable(path) for path in paths]
    return ", ".join(names) if len(names) <= 3 else f"{len(names)} Dockerfiles"


def _weight(weight: Weight) -> str:
    return f"{size(weight.size)} ({weight.files:,} file{'' if weight.files == 1 else 's'})"
