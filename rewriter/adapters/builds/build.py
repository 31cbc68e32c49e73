"""An image build that a file describes, and what of a file could not be understood: plain data."""

from collections.abc import Mapping
from typing import NamedTuple


class Build(NamedTuple):
    """An image build that a file describes.

    `context` and `dockerfile` are absolute paths. A `context` of "" is no local folder (a URL, git, a variable that is
    not known); a `dockerfile` of "" is an inline one, one in such a context, or not known. `inline` is the text of an
    inline Dockerfile. `target` is the stage, "" for the last one. An argument that is None comes from the environment.
    `contexts` are the named contexts: an absolute folder, or the reference as it is written. What has a variable in it
    that is not known keeps it as `${NAME}` in `inline`, `target` and `contexts`: no stage and no folder is called so.
    `source` is the absolute path of the file that says all this, about the service or target `name`, on `line` (from
    1; 0 where that is not known).
    """

    context: str
    dockerfile: str
    inline: str | None
    target: str
    arguments: Mapping[str, str | None]
    contexts: Mapping[str, str]
    source: str
    name: str
    line: int


class Unreadable(NamedTuple):
    """A file, or a part of one, that could not be read or followed, and why, in one sentence."""

    path: str
    line: int | None
    message: str
