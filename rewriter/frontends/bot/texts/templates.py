"""The templates of Markdown, in which every value is escaped that is not Ready."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from .escaping import Ready, code, prose


def rendered(name: str, **given: object) -> Ready:
    """The template of that name, filled in."""
    return Ready(_environment().get_template(f"{name}.md.jinja").render(given).strip())


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("dockfix.frontends.bot", "texts"),
        autoescape=False,  # noqa: S701 -- that would be HTML's; `finalize` escapes for Markdown
        finalize=_harmless,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["code"] = code
    return environment


def _harmless(value: object) -> str:
    return value if isinstance(value, Ready) else prose(str(value))
