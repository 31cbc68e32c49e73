"""The reports: run once over the text as it becomes, behind all changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ..model.facts import Facts
from ..model.pragmas import ALL, ignored
from .findings import Finding
from .options import BUILDERS, Options
from .registry import AnyTransform, Report
from .within import Spans, meets


def chosen_reports(known: Mapping[str, AnyTransform], options: Options) -> list[Report]:
    """The reports that are to be made, in their order."""
    return [one for name, one in known.items() if isinstance(one, Report) and options.picks(name, one.default)]


def findings(
    facts: Facts, options: Options, reports: Iterable[Report], within: Spans | None = None
) -> Iterator[Finding]:
    """What the reports say of these parts of a text that can be parsed, but for what a comment above silences."""
    for report in reports:
        own = {**report.settings, **options.settings.get(report.id, {})}
        if own or options.builder != BUILDERS[0]:
            own = {"builder": options.builder, **own}
        for finding in report.find(facts.with_settings(own)):
            if not _is_silenced(facts, report.id, finding) and _is_wanted(facts, finding, within):
                yield finding._replace(report=report.id, path=facts.path)


def _is_wanted(facts: Facts, finding: Finding, within: Spans | None) -> bool:
    if within is None:
        return True
    places = {finding.at, *finding.also}
    nodes = (one.node for one in facts.instructions if one.node.start in places)
    return any(meets(within, node.start, node.end) for node in nodes)


def _is_silenced(facts: Facts, name: str, finding: Finding) -> bool:
    names = facts.of(ignored)
    places = {finding.at, *finding.also}
    silent = (index for index in names if not names[index].isdisjoint({ALL, name}))
    return any(facts.instructions[index].node.start in places for index in silent)
