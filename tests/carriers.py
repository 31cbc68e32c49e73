"""Documents made around a Dockerfile: one way for each kind, and which texts it can hold."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from dockfix.adapters.embedded import Carrier


class Around(NamedTuple):
    """A way to write a Dockerfile into a document; `holds` says whether that can be done with a text."""

    kind: Carrier
    wrap: Callable[[bytes], bytes]
    holds: Callable[[bytes], bool]


def behind(prefix: bytes, text: bytes) -> bytes:
    """Each line that is not empty behind the prefix."""
    return re.sub(rb"(?m)^(?=[^\r\n])", prefix, text)


def ends_once(text: bytes) -> bool:
    """Whether the text ends with one line end, behind a line that is not blank."""
    return text.endswith(b"\n") and text[:-1].rstrip(b"\r")[-1:].strip() != b""


def is_yaml(text: bytes) -> bool:
    """Whether YAML and Compose take the text as it is."""
    try:
        decoded = text.decode()
    except UnicodeDecodeError:
        return False
    odd = re.search("[^\t\r\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]|[\u2028\u2029]|\r(?!\n)", decoded)
    return not odd and ends_once(text) and not text.startswith((b" ", b"\t", b"\n", b"\r"))


def _compose(text: bytes) -> bytes:
    head = b"services:\n  web:\n    build:\n      context: .\n      dockerfile_inline: | # one\n"
    return head + behind(b" " * 8, text.replace(b"$", b"$$")) + b"    ports: [80]  # two\n\n\n"


def _bake(text: bytes) -> bytes:
    return b'target "web" {\n  dockerfile-inline = <<EOT_\n' + text + b'EOT_\n  context = "."\n}\n'


def _markdown(text: bytes) -> bytes:
    return b"# About\n\n1. one:\n   ~~~~~~~dockerfile title\n" + behind(b"   ", text) + b"   ~~~~~~~\n\nThe end  \n"


def _python(text: bytes) -> bytes:
    return b'# \xc3\xa9\nTEXT = r"""' + text + b'"""  # comment\n'


def _is_utf8(text: bytes) -> bool:
    try:
        return "\ufeff" not in text.decode()
    except UnicodeDecodeError:
        return False


AROUND = {
    "compose": Around(Carrier.COMPOSE, _compose, is_yaml),
    "bake": Around(
        Carrier.BAKE,
        _bake,
        lambda text: _is_utf8(text) and not re.search(rb"[$%]\{|\r|^EOT_", text) and text.endswith(b"\n"),
    ),
    "markdown": Around(
        Carrier.MARKDOWN,
        _markdown,
        lambda text: not re.search(rb"\r(?!\n)|~~~~~~~|\t", text) and text.endswith(b"\n"),
    ),
    "python": Around(
        Carrier.PYTHON,
        _python,
        lambda text: (
            _is_utf8(text)
            and not re.search(rb'"""|"\Z|\\\Z|\r(?!\n)|(?<![$\w{])\{\w', text)
            and re.match(rb"\s*(?:#[^\n]*\n\s*)*(?:FROM|ARG)[ \t]", text) is not None
        ),
    ),
}
