"""The classes of the protocol, each made when it is first used.

There are 554 of them, of which a session uses some 80; attrs compiles methods for each. That is 0.2 s before the first
answer, of the 0.25 s that loading the protocol took.
"""

from __future__ import annotations

import attrs

_STAND_INS = ("__init__", "__attrs_attrs__")


class _Fields:
    """Stands for the fields of a class until somebody asks for them."""

    def __get__(self, _: object, owner: type) -> object:
        _make(owner)
        return getattr(owner, "__attrs_attrs__")  # noqa: B009


def load() -> None:
    """Import lsprotocol's types, none of them made yet; where they are loaded already, they stay as they are."""
    define = attrs.define
    setattr(attrs, "define", _later)  # noqa: B010 - it is no assignment of the same type
    try:
        import lsprotocol.types  # noqa: F401
    finally:
        setattr(attrs, "define", define)  # noqa: B010
    from lsprotocol import _hooks

    # It would ask for the fields of every class, to resolve their types; `_make` does so for those that are used.
    _hooks._resolved_forward_references = True


def _later(cls: type) -> type:
    def first(self: object, *args: object, **kwargs: object) -> None:
        _make(cls)
        getattr(self, "__init__")(*args, **kwargs)  # noqa: B009

    for name, stand_in in zip(_STAND_INS, (first, _Fields()), strict=True):
        setattr(cls, name, stand_in)
    return cls


def _make(cls: type) -> None:
    """Without slots, the class that attrs makes is the same one; nobody here compares or prints them."""
    from lsprotocol.types import ALL_TYPES_MAP

    for name in _STAND_INS:
        delattr(cls, name)
    attrs.define(cls, slots=False, eq=False, repr=False)
    attrs.resolve_types(cls, ALL_TYPES_MAP, {})
