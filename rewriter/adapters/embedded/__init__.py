"""Documents that carry Dockerfiles: which they are, and a reader for each kind.

A reader takes the bytes of a document, in UTF-8 or not, and gives the Dockerfiles that can be edited in place, and
reasons for those that cannot. It never raises on what a document holds.
"""

from __future__ import annotations

import os
from enum import Enum

from ...model.embedded import Carried

_BOM = b"\xef\xbb\xbf"


class Carrier(Enum):
    """A kind of document."""

    COMPOSE = "compose"
    BAKE = "bake"
    MARKDOWN = "markdown"
    PYTHON = "python"


_SUFFIXES = {
    ".yaml": Carrier.COMPOSE,
    ".yml": Carrier.COMPOSE,
    ".hcl": Carrier.BAKE,
    ".json": Carrier.BAKE,
    ".md": Carrier.MARKDOWN,
    ".markdown": Carrier.MARKDOWN,
    ".py": Carrier.PYTHON,
}


def carrier(path: str) -> Carrier | None:
    """What a document is that a user names; None for what is no document, but a Dockerfile."""
    return _SUFFIXES.get(os.path.splitext(path)[1].lower())


def is_document(name: str) -> bool:
    """Whether a file of this name, found in a folder, is looked through for Dockerfiles."""
    match carrier(name):
        case Carrier.MARKDOWN | Carrier.PYTHON:
            return True
        case Carrier.COMPOSE:
            from ..builds.compose import is_compose

            return is_compose(name)
        case Carrier.BAKE:
            return name.startswith("docker-bake.")
    return False


def read_document(kind: Carrier, document: bytes) -> Carried:
    """The Dockerfiles in a document."""
    begin = len(_BOM) if document.startswith(_BOM) else 0
    found = _read(kind, document[begin:])
    if not begin:
        return found
    return Carried(
        tuple(one._replace(start=one.start + begin) for one in found.dockerfiles),
        tuple(one._replace(at=one.at + begin) for one in found.left),
    )


def _read(kind: Carrier, text: bytes) -> Carried:
    # Each brings a parser that the others do not need.
    match kind:
        case Carrier.COMPOSE:
            from .compose import in_compose

            return in_compose(text)
        case Carrier.BAKE:
            from .bake import in_bake

            return in_bake(text)
        case Carrier.MARKDOWN:
            from .markdown import in_markdown

            return in_markdown(text)
        case Carrier.PYTHON:
            from .python import in_python

            return in_python(text)
