"""The manual: the transforms, and what each says about itself."""

from __future__ import annotations

from collections.abc import Iterator

from ..adapters.plugins import installed
from ..adapters.settings import suggestion, toml
from ..engine.registry import doc_of, shown_level
from .render.diff import painted
from .request import UsageError
from .terminal import Painter, Terminal, encoded


def print_list(terminal: Terminal) -> int:
    """One line a transform: its name, its level, what it does."""
    found = installed().values()
    width = max((len(transform.id) for transform in found), default=0)
    for transform in sorted(found, key=lambda each: (each.phase, each.id)):
        name = terminal.out_painter.paint(encoded(transform.id.ljust(width)), "bold")
        off = "" if transform.default else " (off by default)"
        terminal.out(name + encoded(f"  {transform.level!s:<6}  {transform.title}{off}\n"))
    terminal.flush()
    return 0


def print_page(name: str, terminal: Terminal) -> int:
    """The page of one transform, as it stands in its source."""
    known = installed()
    if name not in known:
        raise UsageError(f"unknown transform {name}{suggestion(name, known)}")
    transform = known[name]
    painter = terminal.out_painter
    terminal.out(painter.paint(encoded(f"# {transform.id} ({shown_level(transform)})"), "bold") + b"\n\n")
    for part in _coloured(doc_of(transform).strip(), painter):
        terminal.out(part)
    if transform.settings:
        terminal.out(b"\n" + painter.paint(b"## Options", "bold") + b"\n\n")
    for key, value in transform.settings.items():
        terminal.out(encoded(f"- {key} = {toml(value)}\n"))
    terminal.flush()
    return 0


def _coloured(text: str, painter: Painter) -> Iterator[bytes]:
    """Headings, and the diffs in their fences, in colour."""
    fence = ""
    for line in text.split("\n"):
        if line.startswith("```"):
            fence = "" if fence else line
            yield painter.paint(encoded(line), "dim")
        elif fence == "```diff":
            yield painted(encoded(line), painter)
        elif line.startswith("#") and not fence:
            yield painter.paint(encoded(line), "bold")
        else:
            yield encoded(line)
        yield b"\n"
