"""How the tests read what the bot writes: as a Markdown reader does, and as a platform that looks for mentions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bot_groups import example, words
from hypothesis import Phase, settings as configured
from markdown_it import MarkdownIt
from markdown_it.token import Token
from syrupy.extensions.single_file import SingleFileSnapshotExtension
from syrupy.location import PyTestLocation
from syrupy.types import SnapshotIndex

from dockfix.engine.change import Level
from dockfix.frontends.bot.groups import Group, Ledger
from dockfix.frontends.bot.platform import Pull, State
from dockfix.frontends.bot.settings import BotSettings, Operator
from dockfix.frontends.bot.texts import escaping, pull

ROOT = Path(__file__).parent.parent
SETTINGS, OPERATOR = BotSettings(), Operator(author="Dock Fix <dockfix@example.org>")
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
SAFE, REVIEW = example(Level.SAFE), example(Level.REVIEW)
FIGURES = (Ledger("build context of api", "1.2 GB", "3.1 MB", "counted"), Ledger("image", "98 MB", "71 MB", "measured"))
FULL = SAFE._replace(ledgers=FIGURES)
# What no text may hold: what steers a terminal or turns letters around. The space of no width is ours.
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200c-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
ACTED_ON = re.compile(r"@\w|[#!]\w|[$&]\d|[%~]\w|GH-\d|//|www\.|\[(?:skip|no|ci) \w+\]", re.IGNORECASE)
# Without shrinking, which would take minutes with texts as long as these.
law = configured(deadline=None, max_examples=40, phases=[Phase.explicit, Phase.reuse, Phase.generate])
sentences = words.filter(lambda word: bool(escaping.prose(word)))


class Text(SingleFileSnapshotExtension):
    """Snapshots as Markdown in files of their own, called as the test says."""

    file_extension = "md"

    @classmethod
    def dirname(cls, *, test_location: PyTestLocation) -> str:
        return str(ROOT / "snapshots/bot")

    @classmethod
    def get_snapshot_name(cls, *, test_location: PyTestLocation, index: SnapshotIndex = 0) -> str:
        return str(index)


def parsed(text: str) -> list[Token]:
    """As GitHub reads it: tables, addresses without markup, and HTML."""
    reader = MarkdownIt("gfm-like")
    assert reader.linkify is not None
    # GitHub makes no links of names such as `file.py`, where py is a country.
    reader.linkify.set({"fuzzy_link": False})
    return reader.parse(text)


def skeleton(text: str) -> list[tuple[str, str, str]]:
    """What it is made of, without its text; HTML and addresses are markup."""
    return [
        (token.type, token.tag, token.content if "html" in token.type else str(token.attrGet("href")))
        for token in flat(parsed(text))
        if token.type != "text"
    ]


def flat(tokens: Sequence[Token]) -> Iterator[Token]:
    """All tokens, in their order."""
    for token in tokens:
        yield token
        yield from flat(token.children or ())


def said(text: str) -> list[str]:
    """The text that is no code: what a platform looks for mentions in."""
    inline = [token for token in parsed(text) if token.type == "inline"]
    return [
        "".join("\n" if child.type != "text" else child.content for child in token.children or ()) for token in inline
    ]


def pull_of(group: Group, body: str, number: int = 1, state: State = State.OPEN) -> Pull:
    return Pull(number, group.branch, "main", state, pull.title(group, SETTINGS), body, NOW)


def assert_harmless(text: str, like: str, *, references: Sequence[str] = ()) -> None:
    """It is made as the other is, and nothing in it is markup, a reference, a command, or steers a terminal."""
    assert skeleton(text) == skeleton(like)
    assert not CONTROL.search(text)
    text.encode()
    found = [found[0] for line in said(text) for found in ACTED_ON.finditer(line)]
    assert [one for one in found if one not in references] == []
    assert not re.search(r"^/\w", text, re.MULTILINE)
