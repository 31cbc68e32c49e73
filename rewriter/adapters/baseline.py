"""A baseline: the changes and findings that a project has accepted as they are, in a file of its repository."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from . import store

VERSION = 1


class BaselineError(Exception):
    """A baseline that cannot be read or written; the text is a sentence for the user."""


class Entry(NamedTuple):
    """A change or finding: its file, from the folder of the baseline, who found it, and its fingerprint."""

    file: str
    rule: str
    fingerprint: str


def read(path: str) -> Mapping[Entry, int]:
    """How many equal ones of each are accepted. Raises BaselineError."""
    try:
        content: object = json.loads(store.read(path))
    except store.StoreError as error:
        raise BaselineError(f"{path}: {error}") from error
    except ValueError as error:
        raise BaselineError(f"{path}: not JSON ({error}); `--write-baseline {path}` makes it anew") from error
    version = content.get("version") if isinstance(content, dict) else None
    rows = content.get("accepted") if isinstance(content, dict) else None
    if version != VERSION or not isinstance(rows, list):
        raise BaselineError(f"{path}: no baseline of version {VERSION}; `--write-baseline {path}` makes it anew")
    return dict(_row(path, row, number) for number, row in enumerate(rows, 1))


def _row(path: str, row: object, number: int) -> tuple[Entry, int]:
    if isinstance(row, dict):
        file, rule, mark, count = (row.get(key) for key in ("file", "rule", "fingerprint", "count"))
        if isinstance(file, str) and isinstance(rule, str) and isinstance(mark, str) and type(count) is int:
            return Entry(file, rule, mark), count
    raise BaselineError(f"{path}: entry {number} is not understood; `--write-baseline {path}` makes it anew")


def write(path: str, entries: Mapping[Entry, int]) -> None:
    """Put the entries there, sorted: all of them, or nothing. Raises BaselineError."""
    rows = [{**entry._asdict(), "count": count} for entry, count in sorted(Counter(entries).items())]
    text = json.dumps({"version": VERSION, "accepted": rows}, indent=2).encode() + b"\n"
    try:
        if os.path.lexists(path):
            store.replace(path, store.read(path), text)
        else:
            store.create(path, text)
    except store.StoreError as error:
        raise BaselineError(f"{path}: {error}") from error
