"""Renders what is written about the transforms from their docstrings: docs/transforms/*.md and the README's table.

`python tools/render_docs.py` writes the files, `--check` only says which are not current (and exits with 1).
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from dockfix.adapters.settings import toml
from dockfix.engine.registry import AnyTransform, doc_of, shown_level, transforms

ROOT = Path(__file__).parent.parent
PAGES = "docs/transforms"
BEGIN, END = "<!-- transforms: rendered by tools/render_docs.py -->", "<!-- end of transforms -->"


def rendered() -> dict[str, str]:
    """Every file that is rendered, by its path in the repository."""
    known = transforms()
    pages = {f"{PAGES}/{transform.id}.md": page(transform) for transform in known.values()}
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    return {**pages, "README.md": with_table(readme, known)}


def page(transform: AnyTransform) -> str:
    """The manual page of a transform."""
    source = f"transforms/{transform.find.__name__}.py"
    parts = [
        f"<!-- Rendered by tools/render_docs.py from {source}: change that. -->",
        f"# {transform.id}",
        f"Level: {shown_level(transform)}. Phase: {transform.phase.name.lower()}. Source: [{source}](../../{source}).",
        doc_of(transform).strip(),
    ]
    if transform.settings:
        lines = [f"{key} = {toml(value)}" for key, value in transform.settings.items()]
        table = [f"[tool.dockfix.transforms.{transform.id}]", *lines]
        parts += ["## Configuration", "What holds when nothing is set:", "\n".join(["```toml", *table, "```"])]
    return "\n\n".join(parts) + "\n"


def with_table(readme: str, known: Mapping[str, AnyTransform]) -> str:
    """The README with the table of transforms between its marker comments; raises ValueError where they are missing."""
    head, begin, rest = readme.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"README.md must hold {BEGIN} and {END}")
    rows = [
        f"| [{transform.id}]({PAGES}/{transform.id}.md) | {shown_level(transform)} | {transform.title} |"
        for transform in known.values()
    ]
    table = ["| Transform | Level | What it does |", "| --- | --- | --- |", *rows]
    return "\n".join([head + BEGIN, *table, END + tail])


def outdated(files: Mapping[str, str]) -> list[str]:
    """The files that are not what is rendered now, and the pages of transforms that there are no more."""
    changed = [path for path, text in files.items() if _current(ROOT / path) != text]
    pages = (path.relative_to(ROOT).as_posix() for path in (ROOT / PAGES).glob("*.md"))
    return sorted([*changed, *(path for path in pages if path not in files)])


def _current(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def main(arguments: list[str]) -> int:
    """Write the files, or with --check say which are not current; returns the exit status."""
    if arguments not in ([], ["--check"]):
        print("usage: python tools/render_docs.py [--check]", file=sys.stderr)
        return 3
    files = rendered()
    stale = outdated(files)
    if arguments:
        for path in stale:
            print(f"{path} is not current: run python tools/render_docs.py", file=sys.stderr)
        return 1 if stale else 0
    for path in stale:
        if path in files:
            (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / path).write_text(files[path], encoding="utf-8")
        else:
            (ROOT / path).unlink()
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
