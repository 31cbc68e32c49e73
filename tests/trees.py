"""Trees of files, as the entries of a build context."""

from __future__ import annotations

from dockfix.model.context import Entry, Kind

FILE, FOLDER = Entry(Kind.FILE, 1, 0o644), Entry(Kind.FOLDER)


def tree(*files: str) -> dict[str, Entry]:
    """The entries that some files make, folders first; what is also in the way of another one is a folder."""
    entries = {}
    for file in sorted(files, key=lambda path: path.split("/")):
        parts = file.split("/")
        entries |= {"/".join(parts[:end]): FOLDER for end in range(1, len(parts))}
        entries.setdefault(file, FILE)
    return entries
