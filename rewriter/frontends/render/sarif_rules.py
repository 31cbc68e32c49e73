"""The transforms and reports as rules of SARIF."""

from __future__ import annotations

from collections.abc import Mapping

from ...engine.change import Level
from ...engine.registry import AnyTransform, doc_of
from .sarif_form import Rule


def rules(known: Mapping[str, AnyTransform]) -> list[Rule]:
    """One a transform or report, in the order in which they run."""
    return [_rule(one) for one in known.values()]


def _rule(one: AnyTransform) -> Rule:
    title, _, page = doc_of(one).strip().partition("\n")
    first_paragraph = " ".join(page.strip().partition("\n\n")[0].split("\n"))
    return {
        "id": one.id,
        "name": "".join(word.capitalize() for word in one.id.split("-")),
        "shortDescription": {"text": title},
        "fullDescription": {"text": first_paragraph or title},
        "help": {"text": f"`dockfix explain {one.id}` prints the page, with examples.", "markdown": page.strip()},
        "defaultConfiguration": {"enabled": one.default, "level": "note" if one.level is Level.SAFE else "warning"},
        "properties": {"level": str(one.level), "phase": one.phase.name.lower()},
    }
