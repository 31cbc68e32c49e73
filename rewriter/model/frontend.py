"""Which version of the Dockerfile syntax a file asks for: https://docs.docker.com/build/buildkit/frontend/"""

from __future__ import annotations

import re

from ..syntax.source import NodeKind
from .facts import Facts

_SYNTAX = re.compile(rb"(?:\xef\xbb\xbf)?#\s*syntax\s*=\s*(\S+)", re.IGNORECASE)
_OFFICIAL = re.compile(rb"(?:docker\.io/)?docker/dockerfile(?:-upstream)?(?::([\w.-]+))?(?:@.*)?")
_VERSION = re.compile(rb"(\d+)(?:\.(\d+))?(?:\.\d+)?(?:-labs)?")


def at_least(facts: Facts, version: tuple[int, int]) -> bool:
    """Whether the file's `# syntax` line is known to give this version of the syntax, or a later one.

    Without such a line, the builder's own is used, of which nothing is known.
    """
    for node in facts.source.nodes:
        found = _SYNTAX.match(facts.source.text[node.start : node.end])
        if node.kind is NodeKind.DIRECTIVE and found:
            image = _OFFICIAL.fullmatch(found[1])
            return image is not None and _is_as_new(image[1] or b"latest", version)
    return False


def _is_as_new(tag: bytes, version: tuple[int, int]) -> bool:
    if tag in (b"latest", b"labs", b"master"):
        return True
    found = _VERSION.fullmatch(tag)
    if found is None:
        return False
    # A tag without a minor version goes with the newest of that major one.
    return int(found[1]) > version[0] or (int(found[1]) == version[0] and (not found[2] or int(found[2]) >= version[1]))
