"""A run in numbers, as lines for a person."""

from __future__ import annotations

from collections.abc import Iterator

from ...model.sizes import size
from ..stats import Stats


def table(stats: Stats) -> Iterator[str]:
    """A row for each transform and level, then what it comes to."""
    rows = [("transform", "level", "changes", "files")]
    rows += [
        (name, level, str(count), str(files)) for (name, level), (count, files) in sorted(stats.by_transform.items())
    ]
    rows.append(("all", "", str(sum(count for count, _ in stats.by_transform.values())), str(stats.files)))
    first, second = (max(len(row[column]) for row in rows) for column in (0, 1))
    for name, level, count, files in rows:
        yield f"{name:<{first}}  {level:<{second}}  {count:>7}  {files:>5}"
    yield f"layers of RUN, COPY and ADD in these files: {stats.layers_before} before, {stats.layers_after} after"
    yield f"hidden bytes that are known: {size(stats.hidden_bytes)}"
    yield f"seconds: {stats.seconds:.2f}"
