"""What the builder, and the frontend that a file asks for, have: https://docs.docker.com/build/buildkit/frontend/"""

from __future__ import annotations

import re
from itertools import takewhile

from ..syntax.source import NodeKind
from .facts import Facts

# Whether a builder has cache mounts and --chmod; buildah has had them since 1.24.
_WITHOUT = ("legacy", "kaniko")
_SYNTAX = re.compile(rb"#\s*syntax\s*=\s*(\S+)", re.IGNORECASE)
# Cache mounts and --chmod came with 1.2; before, only the experimental ones had them.
_FRONTEND = re.compile(
    rb"(?:docker\.io/)?docker/dockerfile(?:-upstream)?"
    rb"(?::(?:(?:1|[2-9]\d*)(?:\.(?!0\b|1\b)\d.*)?(?:-labs)?|latest|labs|master|experimental|master-.*))?(?:@.*)?"
)
_OFFICIAL = re.compile(rb"(?:docker\.io/)?docker/dockerfile(?:-upstream)?(?::([\w.-]+))?(?:@.*)?")
_VERSION = re.compile(rb"(\d+)(?:\.(\d+))?(?:\.\d+)?(?:-labs)?")


def lacks(facts: Facts, what: str) -> str:
    """Why the file may not use `what`, which BuildKit has since 1.2: the builder, or the syntax that it asks for."""
    builder = facts.settings.get("builder", "buildkit")
    if builder in _WITHOUT:
        return f"the builder ({builder}) has no {what}"
    frontend = _frontend(facts)
    if frontend and not _FRONTEND.fullmatch(frontend):
        return f"it is not known that {frontend.decode('utf-8', 'replace')} has {what}"
    return ""


def at_least(facts: Facts, version: tuple[int, int]) -> bool:
    """Whether the file's `# syntax` line is known to give this version of the syntax, or a later one.

    Without such a line, the builder's own is used, of which nothing is known.
    """
    image = _OFFICIAL.fullmatch(_frontend(facts))
    tag = (image[1] or b"latest") if image is not None else b""
    found = _VERSION.fullmatch(tag)
    if found is None:
        return tag in (b"latest", b"labs", b"master")
    # A tag without a minor version goes with the newest of that major one.
    major, minor = int(found[1]), int(found[2]) if found[2] else None
    return major > version[0] or (major == version[0] and (minor is None or minor >= version[1]))


def _frontend(facts: Facts) -> bytes:
    """The image that the file asks for; empty where it asks for none."""
    for node in takewhile(lambda node: node.kind is NodeKind.DIRECTIVE, facts.source.nodes):
        found = _SYNTAX.match(facts.source.text[node.start : node.end].lstrip(b"\xef\xbb\xbf"))
        if found:
            return found[1]
    return b""
