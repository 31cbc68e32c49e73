"""What a file says of an image build, how two such sayings add up, and the build that comes of it."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping, Sized
from types import MappingProxyType
from typing import NamedTuple

from .build import Build, Unreadable

LIMIT = 1 << 20
"""The largest file, in bytes, that is read."""

_ENTRIES = 500
"""The most build arguments, or named contexts, of one build: what is larger was not written by a person."""


class Wrong(Exception):
    """What is the matter with a file; its text is a sentence for the user."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line

    def at(self, path: str) -> Unreadable:
        """The same as what is handed to the user."""
        return Unreadable(path, self.line or None, str(self))


class Unknown(NamedTuple):
    """A text with something in it that is not known; what is not known stands in `written` as it does in the file."""

    written: str


Text = str | Unknown
_NOTHING: Mapping[str, Text | None] = MappingProxyType({})
_NOWHERE: Mapping[str, Text] = MappingProxyType({})


class Said(NamedTuple):
    """What one place says of a build; None where it says nothing."""

    line: int
    context: Text | None = None
    dockerfile: Text | None = None
    inline: Text | None = None
    target: Text | None = None
    arguments: Mapping[str, Text | None] = _NOTHING
    contexts: Mapping[str, Text] = _NOWHERE

    def over(self, below: Said) -> Said:
        """This laid over `below`: the last word counts, and maps add up. Raises Wrong where they grow out of hand.

        The rule of Compose's merge of files and of Bake's merge of targets.
        """
        merged = Said(
            self.line,
            below.context if self.context is None else self.context,
            below.dockerfile if self.dockerfile is None else self.dockerfile,
            below.inline if self.inline is None else self.inline,
            below.target if self.target is None else self.target,
            {**below.arguments, **self.arguments},
            {**below.contexts, **self.contexts},
        )
        return merged.checked()

    def checked(self) -> Said:
        """This; raises Wrong where it has more entries than anybody writes."""
        few(self.arguments, self.line)
        few(self.contexts, self.line)
        return self

    def tells_where(self) -> bool:
        """Whether both folder and Dockerfile are said, so that nothing below could change them."""
        return self.context is not None and (self.dockerfile is not None or self.inline is not None)

    def build(self, folder: str, source: str, name: str) -> Build:
        """The build, by the defaults of Compose and Bake: the folder itself, and `Dockerfile` in the context."""
        context = _place("." if self.context is None else self.context, folder)
        dockerfile = ""
        if self.inline is None:
            dockerfile = _place(self.dockerfile or "Dockerfile", context)
        return Build(
            context,
            dockerfile,
            None if self.inline is None else written(self.inline),
            written(self.target or ""),
            {key: value if isinstance(value, str) else None for key, value in self.arguments.items()},
            {key: _place(value, folder) or written(value) for key, value in self.contexts.items()},
            source,
            name,
            self.line,
        )


def few(entries: Sized, line: int) -> None:
    """Raise Wrong where there are more build arguments, or named contexts, than anybody writes for one image."""
    if len(entries) > _ENTRIES:
        raise Wrong(f"there are more than {_ENTRIES} build arguments or named contexts for one image", line)


def written(text: Text) -> str:
    """The text, with what is not known in it as it is written."""
    return text if isinstance(text, str) else text.written


def _place(text: Text, folder: str) -> str:
    """The absolute path of `text`, seen from `folder` ("" where that is no local one); "" for what is no local path."""
    if not isinstance(text, str) or _is_reference(text) or not _is_path(text):
        return ""
    if not folder and not os.path.isabs(text):
        return ""
    return os.path.normpath(os.path.join(folder, text))


# Buildx and compose-go ask for these prefixes, too; `user@host:path` is git over SSH.
_REFERENCE = re.compile(
    r"-$|[\w.-]+@[\w.-]+:|(?:docker-image|github\.com/|oci-layout|service|target)(?:(?<=/)|:)|.*://"
)


def _is_reference(text: str) -> bool:
    return _REFERENCE.match(text) is not None


def _is_path(text: str) -> bool:
    """Whether a system call would take this: YAML and JSON can write a NUL, and half a surrogate pair."""
    try:
        return b"\0" not in os.fsencode(text)
    except UnicodeEncodeError:
        return False


def read(path: str) -> str:
    """The text of a file; raises Wrong."""
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            raise Wrong("a folder, not a file" if stat.S_ISDIR(status.st_mode) else "a pipe or a device, not a file")
        if status.st_size > LIMIT:
            raise Wrong("larger than 1 MiB, which no file of this kind needs")
        with open(path, "rb") as file:
            data = file.read(LIMIT)
    except OSError as error:
        raise Wrong(f"cannot be read: {error.strerror}") from error
    if b"\0" in data:
        raise Wrong("binary: there is a zero byte in it")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Wrong(f"not UTF-8 (byte {error.start})") from error
