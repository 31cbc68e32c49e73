"""The manual pages as files, so that an editor can open what a diagnostic's code links to."""

from __future__ import annotations

import os
from importlib.metadata import version
from pathlib import Path

from ...adapters.cache_folder import cache_folder
from ...adapters.plugins import installed
from ...adapters.store import StoreError, put
from ...engine.registry import AnyTransform, doc_of, shown_level


class Pages:
    """Writes each page once; where nothing can be written, there are no links."""

    def __init__(self) -> None:
        """Nothing is written yet."""
        self._uris: dict[str, str] = {}

    def uri(self, name: str) -> str:
        """The URI of a transform's page; empty where it cannot be written, or there is no such transform."""
        if name not in self._uris:
            transform = installed().get(name)
            self._uris[name] = _written(transform) if transform is not None else ""
        return self._uris[name]


def _written(transform: AnyTransform) -> str:
    text = f"# {transform.id} ({shown_level(transform)})\n\n{doc_of(transform).strip()}\n".encode()
    path = Path(cache_folder("pages", version("dockfix"), f"{transform.id}.md")).absolute()
    try:
        if not path.is_file() or path.read_bytes() != text:
            os.makedirs(path.parent, exist_ok=True)
            put(str(path), text)
    except (OSError, StoreError):
        return ""
    return path.as_uri()
