"""What images hold, in a database on the disk: an image may have a million files, and memory must not grow with it.

Layers are laid on one another as a container would see them (OCI image-spec, layer.md): a whiteout takes away what
lower layers hold, an entry replaces what stood at its path. What goes that way is *hidden*: its bytes stay in the
lower layer.
"""

from __future__ import annotations

import gzip
import hashlib
import shutil
import sqlite3
import tarfile
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from typing import IO, BinaryIO, NamedTuple, cast

from ..packages.inventory import Unreadable, manager_of, packages
from .entries import Entry, Reader, Whiteout
from .layout import Layer, Layout, LayoutError

_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA temp_store = FILE;
CREATE TABLE entry (
    image INTEGER, path BLOB, layer INTEGER, type TEXT, mode INTEGER, uid INTEGER, gid INTEGER, size INTEGER,
    mtime INTEGER, target BLOB, xattrs TEXT, device TEXT, digest BLOB, links BLOB, PRIMARY KEY (image, path)
) WITHOUT ROWID;
CREATE INDEX by_links ON entry (image, links) WHERE links IS NOT NULL;
CREATE TABLE hidden (
    image INTEGER, path BLOB, size INTEGER, layer INTEGER, gone_in INTEGER, how TEXT, digest BLOB
);
CREATE INDEX by_hidden_path ON hidden (image, path);
CREATE TABLE package (image INTEGER, path BLOB, layer INTEGER, manager TEXT, name TEXT, version TEXT);
CREATE INDEX by_path ON package (image, path);
CREATE TABLE unread (image INTEGER, path BLOB, layer INTEGER, reason TEXT);
"""
_INSERT = "INSERT OR REPLACE INTO entry VALUES (" + ", ".join("?" * 14) + ")"


_CHUNK = 1 << 20


class LayerSize(NamedTuple):
    """A layer: the step that made it, the bytes of its files, how many entries it has, and what it hides by now."""

    created_by: str
    bytes: int
    entries: int
    hidden: int
    is_shared: bool


class Hidden(NamedTuple):
    """A file whose bytes are in layer `layer` (from 0), though layer `gone_in` deleted or replaced it."""

    path: bytes
    size: int
    layer: int
    gone_in: int
    how: str


class Contents:
    """The database of some images, numbered from 0."""

    def __init__(self, scratch: str) -> None:
        """Keep the database in the folder `scratch`."""
        self.database = sqlite3.connect(f"{scratch}/contents.sqlite", isolation_level=None)
        self.database.executescript(_TABLES)
        self._scratch = scratch
        self._layers: dict[int, list[LayerSize]] = {}

    def close(self) -> None:
        """Close the database; the file is whoever's `scratch` is."""
        self.database.close()

    def read(self, images: Sequence[Layout]) -> None:
        """Read the images, number 0 first; lower layers that they share are read once. Raises LayoutError."""
        shared = _shared([image.layers for image in images])
        self._layers = {number: [] for number in range(len(images))}
        for index in range(shared):
            self._read_layer(0, index, images[0], is_shared=True)
        for number in range(1, len(images)):
            self._copy_first_to(number)
        for number, image in enumerate(images):
            for index in range(shared, len(image.layers)):
                self._read_layer(number, index, image, is_shared=False)

    def layers(self, image: int) -> tuple[LayerSize, ...]:
        """The layers of an image from the lowest."""
        rows = self.database.execute("SELECT layer, sum(size) FROM hidden WHERE image = ? GROUP BY layer", (image,))
        hidden = dict(rows.fetchall())
        return tuple(layer._replace(hidden=hidden.get(n, 0)) for n, layer in enumerate(self._layers[image]))

    def hidden(self, image: int) -> Iterator[Hidden]:
        """What is hidden in an image, the largest first."""
        query = "SELECT path, size, layer, gone_in, how FROM hidden WHERE image = ? ORDER BY size DESC, path"
        return (Hidden(*row) for row in self.database.execute(query, (image,)))

    def hidden_in(self, image: int, path: bytes) -> dict[tuple[int, int], int]:
        """Bytes that are hidden at the path or below, by the layer that holds them and the one that hides them."""
        query = """
        SELECT layer, gone_in, sum(size) FROM hidden WHERE image = ? AND (path = ? OR (path > ? AND path < ?))
        GROUP BY layer, gone_in
        """
        rows = self.database.execute(query, (image, path, path + b"/", path + b"0"))
        return {(layer, gone_in): size for layer, gone_in, size in rows}

    def unread(self, image: int) -> tuple[str, ...]:
        """A sentence for each package database that could not be read."""
        rows = self.database.execute("SELECT path, reason FROM unread WHERE image = ? ORDER BY path", (image,))
        return tuple(f"/{path.decode('utf-8', 'replace')}: {reason}" for path, reason in rows)

    def _copy_first_to(self, number: int) -> None:
        """Image `number` is as the first one is so far."""
        self._layers[number] = list(self._layers[0])
        for table in ("entry", "hidden", "package", "unread"):
            columns = [row[1] for row in self.database.execute(f"PRAGMA table_info({table})")]
            names = ", ".join(columns[1:])
            self.database.execute(f"INSERT INTO {table} SELECT ?, {names} FROM {table} WHERE image = 0", (number,))

    def _read_layer(self, image: int, index: int, layout: Layout, *, is_shared: bool) -> None:
        layer = layout.layers[index]
        reader = _LayerReader(self.database, self._scratch, image, index)
        self.database.execute("BEGIN")
        try:
            with layout.opened(layer) as stream:
                entries, size = reader.read(Reader(stream))
        except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise LayoutError(f"layer {index + 1} of the image cannot be read ({error})") from error
        self.database.execute("COMMIT")
        self._layers[image].append(LayerSize(layer.created_by, size, entries, 0, is_shared))


class _LayerReader:
    """Lays one layer on what is there."""

    def __init__(self, database: sqlite3.Connection, scratch: str, image: int, layer: int) -> None:
        self._database = database
        self._scratch = scratch
        self._image = image
        self._layer = layer
        self._folders: set[bytes] = {b""}

    def read(self, reader: Reader) -> tuple[int, int]:
        """Read all entries; returns their number and the bytes of the files."""
        entries = size = 0
        for entry in reader:
            if isinstance(entry, Whiteout):
                self._whiteout(entry)
                continue
            entries += 1
            size += entry.size
            self._take(entry, reader)
        return entries, size

    def _whiteout(self, whiteout: Whiteout) -> None:
        if not whiteout.children_only:
            self._remove("path = ?", (whiteout.path,), "deleted")
        self._remove_below(whiteout.path, "deleted")

    def _take(self, entry: Entry, reader: Reader) -> None:
        self._make_parents(entry.path)
        old = self._database.execute(
            "SELECT type, layer FROM entry WHERE image = ? AND path = ?", (self._image, entry.path)
        ).fetchone()
        if old and old[1] < self._layer:
            if old[0] == "folder" and entry.type != "folder":
                self._remove_below(entry.path, "replaced")
            self._remove("path = ?", (entry.path,), "replaced")
        if entry.type == "folder":
            self._folders.add(entry.path)
        if entry.type == "hard link":
            self._link(entry)
            return
        manager = manager_of(entry.path) if entry.type == "file" else None
        if manager:
            self._take_database(entry, manager, reader)
        else:
            self._insert(entry, _digest(reader.content()) if entry.size else b"", None)

    def _take_database(self, entry: Entry, manager: str, reader: Reader) -> None:
        """A file that says which packages there are: it is read twice, and the tar can be read but once."""
        with tempfile.SpooledTemporaryFile(max_size=1 << 20, dir=self._scratch) as copy:
            with reader.content() as content:
                shutil.copyfileobj(content, copy)
            copy.seek(0)
            self._insert(entry, _digest(copy), None)
            copy.seek(0)
            self._inventory(manager, entry.path, copy)

    def _insert(self, entry: Entry, digest: bytes, links: bytes | None) -> None:
        row = (self._image, entry.path, self._layer, *entry[1:], digest, links)
        self._database.execute(_INSERT, row)

    def _link(self, entry: Entry) -> None:
        """A further name of a file: everything but the path is that file's."""
        query = "SELECT type, mode, uid, gid, size, mtime, target, xattrs, device, digest, links FROM entry"
        found = self._database.execute(
            f"{query} WHERE image = ? AND path = ?",
            (self._image, entry.target),
        ).fetchone()
        if found is None:
            return
        *same, digest, links = found
        # The group is called by its first name and the layer: a name in another layer is another file.
        group = links or b"%d:%s" % (self._layer, entry.target)
        if links is None:
            self._database.execute(
                "UPDATE entry SET links = ? WHERE image = ? AND path = ?", (group, self._image, entry.target)
            )
        self._insert(Entry(entry.path, *same), digest, group)

    def _make_parents(self, path: bytes) -> None:
        """A folder that no layer tells about is made by whoever unpacks it, with mode 0755, for root."""
        folder = path.rpartition(b"/")[0]
        if folder in self._folders:
            return
        self._make_parents(folder)
        row = (self._image, folder, self._layer, "folder", 0o755, 0, 0, 0, 0, b"", "", "", b"", None)
        self._database.execute(_INSERT.replace("OR REPLACE", "OR IGNORE"), row)
        self._folders.add(folder)

    def _remove_below(self, folder: bytes, how: str) -> None:
        if folder:
            self._remove("path > ? AND path < ?", (folder + b"/", folder + b"0"), how)
        else:
            self._remove("path > ?", (b"",), how)

    def _remove(self, where: str, values: tuple[bytes, ...], how: str) -> None:
        """Take away what lower layers hold there; the bytes of files are hidden from now on."""
        lower = f"image = ? AND layer < ? AND {where}"
        chosen = (self._image, self._layer, *values)
        database = self._database
        groups = [
            row[0]
            for row in database.execute(
                f"SELECT DISTINCT links FROM entry WHERE {lower} AND links IS NOT NULL",
                chosen,
            )
        ]
        linked = [row for group in groups for row in self._last_of(group)]
        database.execute(
            "INSERT INTO hidden SELECT image, path, size, layer, ?, ?, digest FROM entry "
            f"WHERE {lower} AND size > 0 AND links IS NULL",
            (self._layer, how, *chosen),
        )
        for table in ("package", "unread", "entry"):
            database.execute(f"DELETE FROM {table} WHERE {lower}", chosen)
        # A file with several names is hidden when the last one is gone.
        for group, path, size, layer in linked:
            if not self._last_of(group):
                database.execute(
                    "INSERT INTO hidden VALUES (?, ?, ?, ?, ?, ?, NULL)",
                    (self._image, path, size, layer, self._layer, how),
                )

    def _last_of(self, group: bytes) -> list[tuple[bytes, bytes, int, int]]:
        """A name of the group that is still there, with its size and layer."""
        return self._database.execute(
            "SELECT links, path, size, layer FROM entry WHERE image = ? AND links = ? ORDER BY path LIMIT 1",
            (self._image, group),
        ).fetchall()

    def _inventory(self, manager: str, path: bytes, content: IO[bytes]) -> None:
        where = (self._image, path, self._layer)
        try:
            rows = [(*where, *package) for package in packages(manager, path, cast("BinaryIO", content), self._scratch)]
        except Unreadable as error:
            self._database.execute("INSERT INTO unread VALUES (?, ?, ?, ?)", (*where, str(error)))
            return
        self._database.executemany("INSERT INTO package VALUES (?, ?, ?, ?, ?, ?)", rows)


def _digest(content: IO[bytes]) -> bytes:
    """The SHA-256 of what a file holds."""
    digest = hashlib.sha256()
    while chunk := content.read(_CHUNK):
        digest.update(chunk)
    return digest.digest()


def _shared(images: Sequence[Sequence[Layer]]) -> int:
    """How many of the lowest layers all images have in common."""
    count = 0
    for layers in zip(*images, strict=False):
        if len({layer.diff_id for layer in layers}) > 1:
            break
        count += 1
    return count if len(images) > 1 else 0
