"""Comments that speak to a tool about the next instruction, and files that no tool should touch."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..syntax.source import NodeKind
from .facts import Facts

ALL = "*"
_IGNORE = rb"(?i)#\s*dockfix:\s*ignore(?:=([\w,-]+))?(?:\s.*)?$"
_IGNORE_FILE = rb"(?i)#\s*dockfix:\s*ignore-file\b"
_HADOLINT = rb"#\s*hadolint\s+(global\s+)?ignore\s*=\s*([\w, ]+)"
# The transform that does what a rule of hadolint asks for: https://github.com/hadolint/hadolint#rules
_RULES = {
    b"DL3009": "clean-package-lists",
    b"DL3014": "noninteractive-install",
    b"DL3015": "no-install-recommends",
    b"DL3019": "clean-package-lists",
    b"DL3020": "add-to-copy",
    b"DL3027": "noninteractive-install",
    b"DL3030": "noninteractive-install",
    b"DL3032": "clean-package-lists",
    b"DL3034": "noninteractive-install",
    b"DL3036": "clean-package-lists",
    b"DL3038": "noninteractive-install",
    b"DL3040": "clean-package-lists",
    b"DL3042": "clean-download-caches",
    b"DL3059": "merge-runs",
    b"DL3060": "clean-download-caches",
}
_PRAGMA = (
    rb"#\s*(?:hadolint\s+(?:global\s+)?ignore|dockfix:|check\s*=|tally\s|trivy:|checkov:|kics-scan|nosec|semgrep"
    rb"|shellcheck)"
)
_GENERATED = (
    rb"(?i)generated (?:by|from|file|automatically|via)|auto-?generated|automatically generated|do not (?:edit|modify)"
)
_TEMPLATE = rb"(?m)\{\{|\{%|<%[=-]?|^@[A-Z_]+@|\s@[A-Z][A-Z_]+@|\$\{\{|\$\{templateOption:"
_MARKS = (b"{{", b"{%", b"<%", b"@", b"${templateOption:")  # one of them is in each template
_HEAD = 1500  # bytes in which a file says that it is generated


def ignored(facts: Facts) -> Mapping[int, frozenset[str]]:
    """By instruction index: the transforms (or ALL) that a comment above keeps away from it, be it hadolint's."""
    result: dict[int, frozenset[str]] = {}
    waiting: frozenset[str] = frozenset()
    everywhere: frozenset[str] = frozenset()
    index = 0
    for node in facts.source.nodes:
        if node.kind is NodeKind.INSTRUCTION:
            if waiting:
                result[index] = waiting
            waiting = frozenset()
            index += 1
        elif node.kind is NodeKind.COMMENT:
            text = facts.source.text[node.start : node.end].strip()
            names, is_global = _names(text)
            waiting |= names
            everywhere |= names if is_global else frozenset()
    if everywhere:
        result = {at: result.get(at, frozenset()) | everywhere for at in range(index)}
    return result


def _names(text: bytes) -> tuple[frozenset[str], bool]:
    """The transforms that a comment switches off, and whether it does so for the whole file."""
    if b"ignore" not in text.lower():
        return frozenset(), False
    if match := re.match(_IGNORE, text):
        return frozenset((match[1] or b"").decode().replace(",", " ").split() or [ALL]), False
    if match := re.match(_HADOLINT, text):
        rules = match[2].replace(b",", b" ").split()
        return frozenset(_RULES[rule] for rule in rules if rule in _RULES), match[1] is not None
    return frozenset(), False


def barred(facts: Facts) -> frozenset[int]:
    """The indices of instructions that have a pragma of any tool above them: it speaks of that instruction alone."""
    result = set()
    waiting = False
    index = 0
    for node in facts.source.nodes:
        if node.kind is NodeKind.INSTRUCTION:
            if waiting:
                result.add(index)
            waiting = False
            index += 1
        elif node.kind is NodeKind.COMMENT:
            waiting = waiting or re.match(_PRAGMA, facts.source.text[node.start : node.end].strip()) is not None
    return frozenset(result)


def untouchable(facts: Facts) -> str:
    """Why the file as a whole is left alone; empty if it is not."""
    text = facts.source.text
    comments = [node for node in facts.source.nodes if node.kind is NodeKind.COMMENT]
    says = b"ignore-file" in text.lower()
    if says and any(re.match(_IGNORE_FILE, text[node.start : node.end].strip()) for node in comments):
        return "a comment says `dockfix: ignore-file`"
    head = b"".join(text[node.start : node.end] for node in comments if node.start < _HEAD)
    if head and re.search(_GENERATED, head):
        return "it says that it is generated: change what it is made from"
    if any(mark in text for mark in _MARKS) and re.search(_TEMPLATE, text) and _is_template(facts):
        return "it is a template: change what is made from it, or its placeholders by hand"
    return ""


def _is_template(facts: Facts) -> bool:
    """Placeholders outside of comments; `{{` inside an instruction may be a Go template for a command, in quotes."""
    for node in facts.source.nodes:
        if node.kind is not NodeKind.INSTRUCTION:
            continue
        code = node.line(facts.source.text)
        if re.search(_TEMPLATE, re.sub(rb"'[^']*'|\"[^\"]*\"", b"", code)):
            return True
    return False
