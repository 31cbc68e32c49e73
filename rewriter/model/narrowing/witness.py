"""The witness of copies by name in the place of that of a folder: no file lies elsewhere, none that is used is gone."""

from __future__ import annotations

from collections.abc import Sequence

from ...syntax.instruction import Instruction
from ...syntax.words import operands
from ..context import Context, Kind
from ..facts import Facts
from ..manifests.asked import NotTold
from ..manifests.plan import brought
from ..manifests.project import copied
from ..sources import from_root
from ..steps.step import step_at
from .modes import changed_modes, refused_mode
from .used import used


def refused(facts: Facts, index: int, row: Sequence[Instruction], named: Sequence[str], context: Context) -> str:
    """Why these instructions may not stand in the place of the copy at `index`; empty if they may.

    `named` are the paths of the context that they may copy: all of them, and no other.
    """
    try:
        found = used(facts, index, context)
    except NotTold as unknown:
        return f"what is used is not told: {unknown}"
    step, have, sources = step_at(facts, index), set[str](), list[str]()
    for instruction in row:
        some = copied(step._replace(instruction=instruction), context)
        if some is None or instruction.keyword != "COPY" or some.flags != found.whole.flags:
            return "what is copied by name is not known, or not copied alike"
        if not brought(found.whole, some.files):
            return "something is copied to another place, or was not copied before"
        sources += [
            from_root(word.decode("utf-8", "surrogateescape"))
            for word in operands(instruction.rest, facts.source.escape)[:-1]
        ]
        have |= set(some.files.values())
        if some.source is not None and _moves(found.whole.source or "", found.whole.top, some.source, some.top):
            return "a folder is copied to another place"
    have |= {path for path in found.empty if any(path == s or path.startswith(f"{s}/") for s in sources)}
    if any(context.entries[path].kind is Kind.LINK for path in have):
        return "a link is copied by name"
    if sorted(sources) != sorted(named):
        return "other paths are copied than the change names"
    if why := refused_mode(changed_modes(found.whole, sources, context)):
        return why
    missing = sorted(found.paths - have)
    return f"{missing[0]} is used, and no longer copied" if missing else ""


def _moves(whole: str, top: bytes, folder: str, to: bytes) -> bool:
    """Whether a folder comes to lie elsewhere than the copy of the whole puts it (it may be empty)."""
    inside = folder.removeprefix(whole).strip("/").encode("utf-8", "surrogateescape")
    return to != (top.rstrip(b"/") + b"/" + inside if inside else top)
