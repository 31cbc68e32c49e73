"""The next lines of an ignore file: what they say, what they keep out, and what copies lose by them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from ..ignore import BOM, BadPattern, Ignore
from ..sources import literal, takes
from ..together import IGNORE_FILE, Together, rules, sent
from .candidates import GITIGNORE, Candidate, candidates, expected
from .deleted_unused import deleted_unused
from .history import asked_for
from .losses import Losses, is_sure, losses, roots, uses
from .rows import GROUPS, SECRETS, VERSION_CONTROL
from .worth import is_worth

_MOST_PATHS = 50  # one by one


class Addition(NamedTuple):
    """Lines for the end of the file. `gone` are the topmost paths that are no longer sent, `lost` those of copies.

    `named_only`: only what is named is sent; else what nobody misses is kept out. `sure`: it is known what all take.
    `copied`: the ignore file itself, which becomes another one, is copied into an image.
    """

    text: bytes
    gone: tuple[str, ...]
    lost: tuple[str, ...]
    named_only: bool
    sure: bool
    copied: bool


def next_addition(together: Together, least: int) -> Addition | None:
    """The lines that take nothing from a copy, first; then those that take what nobody misses; None if there are none.

    What keeps out less than `least` bytes, and no secret, is not worth a line.
    """
    sure = together.of(is_sure)
    if together.text is None and sure and not takes_all(together):
        addition = together.of(only_named)
        # Whether files of the Dockerfiles' own are worth it was decided for all of them.
        if addition is not None and (together.common is not None or is_worth(together, addition.gone, least)):
            return addition
    found = together.of(candidates)
    untaken = [c for c in found if c.matched and not _is_taken(together, c.matched)] if sure else []
    every = _all(together, found)
    # An exception may let something in that the file keeps out today: then without any.
    for chosen in (_literally(untaken), every, [c for c in every if not c.is_kept]):
        addition = _without(together, chosen) if chosen else None
        if addition is not None and is_worth(together, addition.gone, least):
            return addition
    return None


def deletions(together: Together) -> Addition | None:
    """The lines that keep out what is copied and deleted unused, however small: it is in the image."""
    found = together.of(deleted_unused)
    by = {path: f"what {', '.join(who)} copies and a later step deletes" for path, who in found.items()}
    chosen = [Candidate(literal(path), heading, (path,)) for path, heading in sorted(by.items(), key=_by_heading)]
    addition = _without(together, chosen) if chosen else None
    # Nothing but that: a folder whose files are all deleted stays, and is sent empty.
    if addition is None or addition.copied or not addition.gone or not set(addition.gone) <= found.keys():
        return None
    return addition


def _by_heading(told: tuple[str, str]) -> tuple[str, str]:
    path, heading = told
    return heading, path


def _literally(found: Sequence[Candidate]) -> list[Candidate]:
    """The paths in the place of the patterns: a pattern may match what a copied folder will hold one day."""
    return [c._replace(pattern=literal(path)) for c in found for path in c.matched[:_MOST_PATHS]]


def takes_all(together: Together) -> bool:
    """Whether an instruction takes the whole context."""
    return any(use.source.whole for use in together.of(uses))


def _is_taken(together: Together, paths: Sequence[str]) -> bool:
    return any(takes(use.source, path) for use in together.of(uses) for path in paths)


def _all(together: Together, found: Sequence[Candidate]) -> list[Candidate]:
    """All that match something, and with a copy of the whole context also those that soon will."""
    matching = [c for c in found if c.matched]
    if not matching or not takes_all(together):
        return matching
    soon = expected((row for group in (VERSION_CONTROL, *GROUPS) for row in group.rows), together)
    has_env = any(c.pattern.startswith("**/.env") for c in matching)
    kept = {GITIGNORE, SECRETS.heading} if has_env else {GITIGNORE}
    return [c for c in found if c.matched or c.pattern in soon or (c.is_kept and c.heading in kept)]


def only_named(together: Together) -> Addition | None:
    """The lines that let only through what instructions name; None where there are no such lines.

    A file that takes the place of a common one also has what that says, behind it: so nothing is sent that it keeps
    out. And no copy of a folder takes it into an image, nor those of other Dockerfiles.
    """
    patterns = dict.fromkeys(f"!{use.source.pattern}" for use in together.of(uses))
    lines = ["# Only what the Dockerfile takes is sent to the builder.", "*", *patterns]
    if together.common is not None:
        if text := (together.common.text or b"").removeprefix(BOM).decode("utf-8", "surrogateescape").rstrip("\n"):
            lines += ["", "# As in the .dockerignore that counts without this file.", text, ""]
        lines += [literal(path) for path in together.common.own.values() if _is_taken(together, [path])]
    return _addition(together, "\n".join(lines).rstrip("\n") + "\n", named_only=True)


def _without(together: Together, chosen: Sequence[Candidate]) -> Addition | None:
    """The patterns under their headings, behind what the file says already."""
    new = together.text is None
    blocks = ["# Written by dockfix: none of this is needed in an image.\n" if new else "\n# Added by dockfix."]
    if new and (told := together.of(asked_for)):
        blocks.append("".join(f"# .git is sent: {who}\n" for who in told))
    for heading, members in groupby(chosen, key=lambda candidate: candidate.heading):
        blocks.append("\n".join([f"# {heading}", *(candidate.pattern for candidate in members)]) + "\n" * new)
    kept = list(dict.fromkeys(f"!{use.source.pattern}" for use in _lost(together, chosen).named))
    if kept:
        blocks.append("\n".join(["# what instructions name", *kept]))
    # Built with docker: a copy of the whole context brings the new file along.
    if (
        new
        and _is_taken(together, [IGNORE_FILE])
        and not Ignore.parse(_encoded("\n".join(blocks))).ignores(IGNORE_FILE)
    ):
        blocks.append(f"# this file\n{IGNORE_FILE}")
    return _addition(together, "\n".join(blocks).rstrip("\n") + "\n", named_only=False)


def _lost(together: Together, chosen: Sequence[Candidate]) -> Losses:
    return losses(together, Ignore((*together.of(rules).patterns, *(c.pattern for c in chosen))))


def _addition(together: Together, text: str, *, named_only: bool) -> Addition | None:
    """None where the lines are no patterns (`COPY [a, /b`), lose what is named, or let something in."""
    before = together.text or b""
    joint = b"" if not before or before.endswith(b"\n") else b"\n"
    new = joint + _encoded(text)
    try:
        after = Ignore.parse(before + new)
    except BadPattern:
        return None
    now = together.of(sent)
    lost = losses(together, after)
    if lost.named or after.left(together.context.entries).keys() - now.keys():
        return None
    copied = any(_is_taken(together, [path]) for path in _itself(together) if not after.ignores(path))
    return Addition(new, roots(now, after.left(now)), lost.paths, named_only, together.of(is_sure), copied)


def _itself(together: Together) -> list[str]:
    """Where in the context the ignore file may stand that is there already."""
    name = together.path.rpartition("/")[2]
    return [path for path in together.of(sent) if together.text is not None and path.rpartition("/")[2] == name]


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
