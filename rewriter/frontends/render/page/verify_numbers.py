"""The numbers of a comparison as the page shows them: sizes, layers, counts, seconds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ....model.sizes import size
from ....verify.images.comparison import Comparison, Side
from ....verify.images.contents import LayerSize
from ....verify.verification import Pair
from .bars import Bar, Part, bar
from .shown import counted, one_line
from .verify_views import LayersView, LayerView, LengthView, NumberView

_MINUS = "\N{MINUS SIGN}"


class _Named(NamedTuple):
    name: str
    side: Side


def saving(found: Comparison) -> str:
    """The first thing that somebody wants to know about sizes."""
    old, new = found.before.bytes, found.after.bytes
    if old == new:
        return f"Both images are of the same size: {size(old)}."
    percent = f" ({100 * abs(new - old) / old:.1f} %)" if old else ""
    word = "smaller" if new < old else "larger"
    return f"The image is {size(abs(new - old))}{percent} {word}: {size(new)} instead of {size(old)}."


def sizes(found: Comparison) -> tuple[LengthView, ...]:
    """A bar a side: what a container sees, and what is hidden below."""
    longest = _longest(found)
    return tuple(_size(name, side, longest) for name, side in _sides(found))


def layers(found: Comparison) -> tuple[LayersView, ...]:
    """The layers of both sides."""
    longest = _longest(found)
    return tuple(
        LayersView(
            LengthView(
                name,
                _layers_bar(name, side, longest),
                f"{size(side.bytes)} in {counted(len(side.layers), 'layer')}",
            ),
            tuple(
                LayerView(
                    number,
                    one_line(layer.created_by.removesuffix(" # buildkit")) or "not said",
                    size(layer.bytes),
                    size(layer.hidden) if layer.hidden else "",
                    layer.is_shared,
                )
                for number, layer in enumerate(side.layers, 1)
            ),
        )
        for name, side in _sides(found)
    )


def numbers(pair: Pair) -> Iterator[NumberView]:
    """The table; of a build that failed, the seconds say nothing."""
    if found := pair.comparison:
        before, after = found.before, found.after
        yield _bytes("size", before.bytes, after.bytes)
        yield _bytes("visible", before.visible, after.visible)
        yield _bytes("hidden", before.hidden_bytes, after.hidden_bytes)
        yield _count("layers", len(before.layers), len(after.layers))
        yield _count("files", before.files, after.files)
        for manager in sorted(before.packages.keys() | after.packages.keys()):
            yield _count(f"{manager} packages", before.packages.get(manager, 0), after.packages.get(manager, 0))
        old, new = pair.before.seconds, pair.after.seconds if pair.after else 0.0
        yield NumberView("seconds to build", f"{old:.1f}", f"{new:.1f}", _signed(f"{new - old:+.1f}"), "")


def sizes_of(found: Comparison) -> str:
    """Both sizes in short, where they differ."""
    old, new = found.before, found.after
    if old.bytes == new.bytes:
        return f"{size(old.bytes)}, as before"
    return f"{size(old.bytes)} → {size(new.bytes)} ({change_of_size(old.bytes, new.bytes)})"


def change_of_size(before: int, after: int) -> str:
    """`+1.2 MB`, with the sign that is as wide as a plus."""
    return "0 B" if before == after else ("+" if after > before else _MINUS) + size(abs(after - before))


def _sides(found: Comparison) -> tuple[_Named, _Named]:
    return _Named("before", found.before), _Named("after", found.after)


def _longest(found: Comparison) -> int:
    return max(found.before.bytes, found.after.bytes, 1)


def _size(name: str, side: Side, longest: int) -> LengthView:
    parts = (
        Part(side.visible, "visible", "", f"visible: {size(side.visible)}"),
        Part(side.hidden_bytes, "hidden", "", f"hidden: {size(side.hidden_bytes)}"),
    )
    text = f"{size(side.bytes)}: {size(side.visible)} visible, {size(side.hidden_bytes)} hidden"
    return LengthView(name, bar(f"{name}: {text}", parts, longest), text)


def _layers_bar(name: str, side: Side, longest: int) -> Bar:
    parts = [part for number, layer in enumerate(side.layers, 1) for part in _layer(number, layer)]
    return bar(f"layers {name}; the table below has the numbers", parts, longest)


def _layer(number: int, layer: LayerSize) -> Iterator[Part]:
    title = f"layer {number}: {size(layer.bytes)}" + (f", {size(layer.hidden)} of it hidden" if layer.hidden else "")
    yield Part(layer.bytes - layer.hidden, "shared" if layer.is_shared else "visible", str(number), title)
    yield Part(layer.hidden, "hidden", str(number) if layer.hidden == layer.bytes else "", title)


def _bytes(name: str, before: int, after: int) -> NumberView:
    return NumberView(name, size(before), size(after), change_of_size(before, after), _tone(before, after))


def _count(name: str, before: int, after: int) -> NumberView:
    change = _signed(f"{after - before:+,}") if after != before else "0"
    return NumberView(name, f"{before:,}", f"{after:,}", change, "")


def _tone(before: int, after: int) -> str:
    return "" if before == after else "less" if after < before else "more"


def _signed(number: str) -> str:
    return number.replace("-", _MINUS)
