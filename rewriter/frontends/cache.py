"""`dockfix cache PATH`: what a change of each part of the build context makes run again."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import TypedDict

from ..adapters.plugins import installed
from ..adapters.shfmt import Shfmt, ShfmtError
from ..engine.change import Outcome
from ..engine.run import rewrite
from ..model.facts import Facts
from ..model.ignore import Ignore
from ..model.measured import Prices, prices
from ..model.replay import by_path, replayed
from ..model.sent import as_sent
from ..model.together import Together, files, in_force, problem, rules
from .accounts import OptionsOf, accounts_of
from .render.cache import Account, Side, as_json, as_text
from .request import UsageError
from .terminal import Terminal


class GivenCache(TypedDict):
    """The command line as click parses it."""

    path: str
    context: str | None
    target: str | None
    history: int
    seconds: tuple[str, ...]
    form: str


def run(given: GivenCache, terminal: Terminal) -> int:
    """Print the ledger of each Dockerfile of the path. Raises UsageError."""
    log = _log(given["seconds"])

    def accounting(
        together: Together, later: Ignore, named: Container[str], options_of: OptionsOf
    ) -> Iterator[Account]:
        return _accounts(
            together, later, [name for name in together.dockerfiles if name in named], options_of, given, log
        )

    try:
        accounts = accounts_of(given["path"], given["context"], terminal, accounting)
    except ShfmtError as error:
        raise UsageError(str(error)) from error
    terminal.out(as_json(accounts) if given["form"] == "json" else as_text(accounts))
    terminal.flush()
    return 0


def _log(paths: tuple[str, ...]) -> Mapping[str, float] | None:
    if not paths:
        return None
    from .seconds import read_seconds

    return read_seconds(paths)


def _accounts(
    together: Together,
    later: Ignore,
    named: Container[str],
    options_of: OptionsOf,
    given: GivenCache,
    log: Mapping[str, float] | None,
) -> Iterator[Account]:
    if bad := together.of(problem):
        raise UsageError(f"{together.path}: the build fails at its {bad}")
    second_opinion = Shfmt()
    for facts in together.of(files):
        if facts.path not in named:
            continue
        known = {facts.path: facts.source.text}
        done = rewrite(
            known,
            options=options_of(facts.path),
            second_opinion=second_opinion,
            known=installed(),
            find_context=lambda *_: as_sent(together.context, together.of(in_force).text),
        )
        versions = _versions(facts, done)
        today = _side(together, facts, together.of(rules), given, prices([facts], log) if log is not None else None)
        after = _side(together, versions[-1], later, given, prices(versions, log) if log is not None else None)
        yield Account(facts.path, together.context.name, together.chosen, today, after)


def _versions(facts: Facts, outcome: Outcome) -> list[Facts]:
    """The file as it is, and behind each change."""
    texts = [texts[facts.path] for _, texts in outcome.replay()][1:]
    return [facts, *(Facts.read(facts.path, text) for text in (*texts, outcome.files[facts.path]))]


def _side(together: Together, facts: Facts, ignore: Ignore, given: GivenCache, paid: Prices | None) -> Side:
    target = given["target"] or ""
    price = paid.seconds if paid else None
    commits = together.context.history(given["history"]) if given["history"] else ()
    return Side(
        facts,
        by_path(facts, ignore.left(together.context.entries), target, price),
        replayed(facts, commits, lambda path: not ignore.ignores(path), target, price),
        paid,
    )
