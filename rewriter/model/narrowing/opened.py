"""Whether a call that opens a file says which: by its first argument, or by what it is a method of."""

from __future__ import annotations

import re
from collections.abc import Container

import libcst as cst

from .libraries import OF_RECEIVER, WITHOUT
from .paths import DYNAMIC, Constants, is_named, name_of, text_of

_WRITES = re.compile(r"[wx][bt]?")
_MODE = re.compile(r"[rwax][bt+]*")


def is_told(node: cst.Call, known: Constants, imported: Container[str]) -> bool:
    """Whether the path is named, or nothing is read there. `imported` are names of modules, which are no paths."""
    name = name_of(node.func)
    given = [argument for argument in node.args if not argument.star]
    texts = [text_of(argument.value, known) for argument in given if argument.keyword is None]
    if not node.args and name in WITHOUT:
        return True
    if "glob" in name:
        texts = [re.sub(r"[*?\[]", DYNAMIC, text) for text in texts]
    receiver = node.func.value if isinstance(node.func, cst.Attribute) else None
    if receiver is not None and _is_path(name, receiver, texts, imported):
        if name == "open" and texts and _WRITES.fullmatch(texts[0]):
            return True
        return is_named(text_of(receiver, known))
    if name == "open" and len(texts) > 1 and _WRITES.fullmatch(texts[1]):
        return True
    texts += [text_of(argument.value, known) for argument in given if argument.keyword is not None]
    return bool(texts) and is_named(texts[0])


def _is_path(name: str, receiver: cst.BaseExpression, texts: list[str], imported: Container[str]) -> bool:
    """Whether the receiver is what is opened: `path.open()`, `path.glob("*")`, but not `gzip.open(path)`."""
    if name not in OF_RECEIVER or (isinstance(receiver, cst.Name) and receiver.value in imported):
        return False
    return name != "open" or not texts or _MODE.fullmatch(texts[0]) is not None
