"""What the builder, and the frontend that a file asks for, may lack."""

from __future__ import annotations

import re

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


def lacks(facts: Facts, what: str) -> str:
    """Why the file may not use `what`, which BuildKit has since 1.2: the builder, or the syntax that it asks for."""
    builder = facts.settings.get("builder", "buildkit")
    if builder in _WITHOUT:
        return f"the builder ({builder}) has no {what}"
    for node in facts.source.nodes:
        found = _SYNTAX.match(facts.source.text[node.start : node.end].lstrip(b"\xef\xbb\xbf"))
        if node.kind is NodeKind.DIRECTIVE and found and not _FRONTEND.fullmatch(found[1]):
            return f"it is not known that {found[1].decode('utf-8', 'replace')} has {what}"
    return ""
