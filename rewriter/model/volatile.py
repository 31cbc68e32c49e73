"""What changes with nearly every build: build arguments by their names, and what is copied."""

from __future__ import annotations

import re

from ..syntax.instruction import Instruction
from ..syntax.words import words
from .context import Context, Kind
from .facts import Facts
from .sources import Source, sources_of, takes

# What the repository is at, and which build it is: names of build arguments whose value is another one each time. A
# prefix of anybody else's (`KERNEL_COMMIT`) makes it the version of something that is fetched.
_PREFIXES = "(?:(?:GIT|VCS|CI|SOURCE|APP|IMAGE|BUILD|GITHUB|GITLAB|BUILDKITE|DRONE|TRAVIS|CIRCLE|SHORT|LAST)_)*"
_REPOSITORY = "COMMIT(?:_(?:SHA|HASH|ID|REF|DATE|TIME))?|REVISION|DESCRIBE|(?<=_)(?:SHA1?|HASH|REF|REV)"
_BUILD = "BUILD_?(?:DATE|TIME|TIMESTAMP|ID|NUMBER|NUM|TAG)|TIMESTAMP|CREATED|RUN_(?:ID|NUMBER)|PIPELINE_ID|JOB_ID"
_NAME = re.compile(f"{_PREFIXES}(?:{_REPOSITORY}|{_BUILD})")
# A default that stands for "nobody has said"; any other is a version that somebody has chosen.
_NOBODY = frozenset({"", "unknown", "dev", "none", "local", "n/a", "head", "latest", "undefined", "null", "0"})
_SHARE = 20  # what one of so many commits changes is volatile
_COMMITS = 200  # that are asked for
_FEWEST = 20  # of fewer, nothing follows


def volatile_arguments(instruction: Instruction, escape: bytes) -> tuple[str, ...]:
    """The names that an ARG declares, if each of them is of what changes with every build; else none."""
    try:
        given = [word.decode("utf-8", "replace").partition("=") for word in words(instruction.rest, escape)]
    except ValueError:
        return ()
    known = (_NAME.fullmatch(name.upper()) and text.strip("'\"").lower() in _NOBODY for name, _, text in given)
    return tuple(name for name, _, _ in given) if all(known) else ()


def may_be_volatile(facts: Facts, index: int) -> bool:
    """Whether a COPY or ADD takes the whole context, or something of one that is known."""
    taken = sources_of(facts, index)
    return any(source.whole for source in taken) or (bool(taken) and facts.context is not None)


def is_volatile(facts: Facts, index: int) -> bool:
    """Whether a COPY or ADD takes what changes often: the whole context, a folder of it, or what many commits change.

    What a name stands for, and how often it changed, only the context tells.
    """
    taken = sources_of(facts, index)
    if any(source.whole for source in taken):
        return True
    context = facts.context
    return context is not None and any(_is_folder(context, one) or _is_changed_often(context, one) for one in taken)


def _is_folder(context: Context, source: Source) -> bool:
    entry = context.entries.get(source.pattern)
    return entry is not None and entry.kind is Kind.FOLDER


def _is_changed_often(context: Context, source: Source) -> bool:
    commits = context.history(_COMMITS)
    changing = sum(any(takes(source, path) for path in commit.paths) for commit in commits)
    return len(commits) >= _FEWEST and changing * _SHARE >= len(commits)
