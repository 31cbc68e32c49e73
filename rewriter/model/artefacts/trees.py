"""Trees of an image by the names that a file gives them: unlike in `model.steps`, no alias is resolved."""

from __future__ import annotations

from collections.abc import Iterable

from ..steps.paths import canonical


def within(path: bytes, tree: bytes) -> bool:
    """Whether the path is the tree's top or below it, by whatever alias."""
    one, other = canonical(path.rstrip(b"/") or b"/"), canonical(tree.rstrip(b"/") or b"/")
    return other in (b"/", one) or one.startswith(other + b"/")


def within_any(path: bytes, trees: Iterable[bytes]) -> bool:
    """Whether the path is in one of the trees."""
    return any(within(path, tree) for tree in trees)


def meets(path: bytes, trees: Iterable[bytes]) -> bool:
    """Whether the path is in one of the trees, or one of them is below it."""
    return any(within(path, tree) or within(tree, path) for tree in trees)


def outermost(trees: Iterable[bytes]) -> list[bytes]:
    """The trees that are in no other one, in their order."""
    found = list(dict.fromkeys(trees))
    return [tree for tree in found if not any(tree != other and within(tree, other) for other in found)]
