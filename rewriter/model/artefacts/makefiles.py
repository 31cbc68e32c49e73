"""Where the `install` of a Makefile puts its files, as far as the text tells.

GNU's coding standards name the variable: `prefix`, or PREFIX; recipes begin with a tab.
"""

from __future__ import annotations

import re

from .split import NotTold
from .trees import within_any

_PREFIX = re.compile(rb"(?m)^[ ]*(?:export )?(?:prefix|PREFIX)\s*[?:]{0,2}=[ ]*(\S*)[ ]*$")
_RECIPE = re.compile(rb"(?m)^\t(.*(?:\\\n.*)*)")
_PUTS = re.compile(rb"\b(?:install|cp|mv|ln|mkdir|INSTALL\w*|rsync|tee|tar)\b|>")
_PATH = re.compile(rb"(?:(?<=[\s\"'])|(?<=DESTDIR\))|(?<=DESTDIR\}))(/[\w./-]+)")
# Programs and streams that recipes name, too.
_NO_TARGETS = (b"/dev", b"/bin", b"/usr/bin", b"/tmp", b"/proc")


def tree_of(text: bytes) -> bytes:
    """The tree into which the Makefile installs. Raises NotTold where it names others, or a variable does."""
    found = _PREFIX.findall(text)
    tree: bytes = found[-1] if found else b"/usr/local"
    if not re.fullmatch(rb"/[\w./-]+", tree):
        raise NotTold("the prefix of its Makefile is not told by its text")
    for recipe in _RECIPE.findall(text):
        if not _PUTS.search(recipe):
            continue
        for path in _PATH.findall(recipe):
            if not within_any(path, (tree, *_NO_TARGETS)):
                raise NotTold(f"its Makefile also installs to {path.decode('ascii', 'replace')}")
    return tree.rstrip(b"/") or b"/"
