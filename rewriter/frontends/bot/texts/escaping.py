"""What comes from a repository, made harmless: it is text in what the bot writes, never markup, a mention or a mark.

Character references are not enough on a platform: mentions and references are looked for in the text that they stand
for. Behind the sign there is a space of no width then, as in what other bots write.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ...render.markdown import plain
from ...render.notices import clean
from ...terminal import printable

MOST = 300
"""Characters of one name or sentence; more of it helps nobody."""
_MOST_OF_A_DIFF = 6_000
_MOST_OF_A_LINE = 500
_NO_WIDTH = "\N{ZERO WIDTH SPACE}"
# What a platform acts on where it stands in a text, and why; the space of no width comes behind each.
_ACTED_ON = (
    r"@(?=\S)",  # mentions, addresses of mail, `owner/repository@commit`
    r"[#!](?=\w)",  # an issue; GitLab's merge requests are `!1`
    r"[$&](?=\d)",  # GitLab: a snippet, an epic
    r"[%~](?=[\w\"])",  # GitLab: a milestone, a label
    r"GH-(?=\d)",  # GitHub: an issue
    r"/(?=/)",  # an address; some readers need no scheme before it
    r"www(?=\.)",  # an address without a scheme (GitHub Flavored Markdown, 6.9)
    r"\[(?=(?:skip|ci|no|actions)[ -][\w -]+\])",  # `[skip ci]` in a commit: no check would run
)
_ACTS = re.compile("|".join(_ACTED_ON), re.IGNORECASE)
# What makes a list of a line that it begins, a heading of the one above, or, on GitLab, a command such as `/merge`.
_BLOCK = re.compile(r"[^\w&]|\d+[.)](?:\s|$)")
# Bytes of paths that are no UTF-8 are told of by the others.
_LONE = re.compile("[\ud800-\udc7f\udd00-\udfff]")
_OUR_MARK = re.compile(r"<!--(?=\s*dockfix)")


class Ready(str):
    """Markdown that is ours, or was made harmless: templates take it as it is."""

    __slots__ = ()


class Fence(NamedTuple):
    """A fenced block, and how many lines of the text are not in it."""

    block: Ready
    left_out: int


def bare(text: str, most: int = MOST) -> str:
    """The text on one line, for where there is no Markdown: titles and commits."""
    return _ACTS.sub(rf"\g<0>{_NO_WIDTH}", shortened(printable(" ".join(as_unicode(text).split())), most))


def prose(text: str, most: int = MOST) -> Ready:
    """The text on one line, for Markdown; it may begin a line, too."""
    line = plain(bare(text, most))
    return Ready(f"&#{ord(line[0])};{line[1:]}" if _BLOCK.match(line) else line)


def code(text: str, most: int = MOST) -> Ready:
    """The text in a code span; not for tables, where a `|` in it would end the cell."""
    line = unmarked(shortened(printable(as_unicode(text)), most))
    ticks = "`" * (1 + max((len(run) for run in re.findall("`+", line)), default=0))
    # Of one blank at each side, a reader of Markdown takes one away (CommonMark 6.1).
    pad = " " if not line or line[0] in "` " or line[-1] in "` " else ""
    return Ready(f"{ticks}{pad}{line}{pad}{ticks}")


def fenced(text: str, info: str) -> Fence:
    """The first lines of the text in a fence that nothing in it can end. `info` is our own word."""
    lines = [_line(line) for line in as_unicode(text).removesuffix("\n").split("\n")]
    kept: list[str] = []
    room = _MOST_OF_A_DIFF
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            break
        kept.append(line)
    inside = "\n".join(kept)
    ticks = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", inside)), default=0))
    return Fence(Ready(f"{ticks}{info}\n{inside}\n{ticks}"), len(lines) - len(kept))


def as_unicode(text: str) -> str:
    """The text, with U+FFFD for whatever UTF-8 has no place for."""
    return clean(_LONE.sub("\N{REPLACEMENT CHARACTER}", text))


def unmarked(text: str) -> str:
    """The text without any of the marks that the bot knows its own texts by."""
    return _OUR_MARK.sub(rf"\g<0>{_NO_WIDTH}", text)


def shortened(text: str, most: int) -> str:
    """The text, or its beginning."""
    return text if len(text) <= most else f"{text[: most - 3]}..."


def shortened_path(path: str, most: int) -> str:
    """The path, or its end, which tells more than its beginning."""
    return path if len(path) <= most else f"...{path[3 - most :]}"


def _line(line: str) -> str:
    """A line of a diff: tabs stay, and the carriage return at its end that an editor would not show either goes."""
    shown = "\t".join(printable(part) for part in line.removesuffix("\r").split("\t"))
    return unmarked(shortened(shown, _MOST_OF_A_LINE))
