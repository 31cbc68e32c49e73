"""The protocol's classes that are made late are those that are made at once."""

from __future__ import annotations

import subprocess
import sys

_TOLD = """
import attrs
{first}
from lsprotocol import types
from lsprotocol.converters import get_converter

get_converter()
for name, of in sorted(types.ALL_TYPES_MAP.items()):
    if isinstance(of, type) and attrs.has(of):
        fields = [(f.name, repr(f.type), repr(f.default), f.kw_only, bool(f.validator)) for f in attrs.fields(of)]
        print(name, fields, str(__import__("inspect").signature(of)))
"""
_LATE = "from dockfix.frontends.lsp import lean_types; lean_types.load()"


def _told(first: str) -> list[str]:
    code = _TOLD.format(first=first)
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.splitlines()


def test_each_class_has_the_fields_and_types_that_it_has_when_it_is_made_at_once() -> None:
    at_once, late = _told(""), _told(_LATE)
    assert len(at_once) > 500
    assert late == at_once


_MADE = """
from lsprotocol import types

types.Position(1, 2)
for name, of in vars(types).items():
    if isinstance(of, type) and isinstance(vars(of).get("__attrs_attrs__"), tuple):
        print(name)
"""


def test_only_what_is_used_is_made() -> None:
    code = f"{_LATE}\n{_MADE}"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "Position\n"
    )
