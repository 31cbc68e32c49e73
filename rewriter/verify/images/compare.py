"""Compare two images: configuration, visible files, hidden bytes, packages."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice

from .comparison import MOST_ROWS, Comparison, Difference, Ignored, Kind, Listed, Side
from .contents import Contents
from .expected import LESS_HIDDEN, STORED_TWICE, TIMESTAMPS, Rule, expected
from .layout import Json, Layout, LayoutError

Found = tuple[Difference, Rule | None]
_FIELDS = ("type", "mode", "uid", "gid", "size", "mtime", "target", "xattrs", "device", "digest", "links")
# A name in a group of hard links is told by the first visible name of the group: names of groups are ours alone.
_FIRST_NAME = """CASE WHEN {0}.links IS NULL THEN {0}.path ELSE (
    SELECT min(path) FROM entry AS name WHERE name.image = {0}.image AND name.links = {0}.links) END"""
_SAME = " AND ".join(f"a.{name} IS b.{name}" for name in _FIELDS if name != "links")
_CHANGED = f"""
SELECT a.path, {", ".join(f"a.{name}" for name in _FIELDS[:-1])}, {_FIRST_NAME.format("a")},
               {", ".join(f"b.{name}" for name in _FIELDS[:-1])}, {_FIRST_NAME.format("b")}
FROM entry AS a JOIN entry AS b ON b.image = 1 AND b.path = a.path WHERE a.image = 0
AND NOT ({_SAME} AND a.links IS NULL AND b.links IS NULL) ORDER BY a.path
"""
_ONE_SIDED = """
SELECT path, type, size, target FROM entry AS a WHERE image = ?
AND NOT EXISTS (SELECT 1 FROM entry AS b WHERE b.image = ? AND b.path = a.path) ORDER BY path
"""


def compare(
    before: Layout, after: Layout, scratch: str, asked: tuple[Iterable[bytes], Iterable[bytes]] = ((), ())
) -> Comparison:
    """Compare two images; `scratch` is an empty folder, which may become as large as the list of their files.

    `asked` are paths of each image of which is told what is hidden there. Raises LayoutError.
    """
    contents = Contents(scratch)
    try:
        contents.read((before, after))
        sorter = _Sorter()
        sorter.add(_configuration(before.config, after.config))
        sorter.add(_files(contents.database))
        sorter.add(_packages(contents.database))
        sorter.add(_hidden(contents.database))
        sides = [
            _side(contents, number)._replace(
                history=image.history, asked={path: contents.hidden_in(number, path) for path in paths}
            )
            for number, (image, paths) in enumerate(zip((before, after), asked, strict=True))
        ]
        return Comparison(sides[0], sides[1], sorter.differences(), sorter.ignored())
    except sqlite3.OperationalError as error:
        raise LayoutError(f"the lists of the images' files do not fit on the disk ({error})") from error
    finally:
        contents.close()


class _Sorter:
    """Differences that count, and those that do not by their rule; each list has an end."""

    def __init__(self) -> None:
        self._found: dict[Rule | None, list[Difference]] = {None: []}
        self._counts: dict[Rule | None, int] = {None: 0}

    def add(self, found: Iterable[Found]) -> None:
        for difference, rule in found:
            rows = self._found.setdefault(rule, [])
            self._counts[rule] = self._counts.get(rule, 0) + 1
            if len(rows) < MOST_ROWS:
                rows.append(difference)

    def differences(self) -> Listed[Difference]:
        return Listed(tuple(self._found[None]), self._counts[None])

    def ignored(self) -> tuple[Ignored, ...]:
        rules = sorted((rule for rule in self._found if rule), key=lambda rule: rule.name)
        return tuple(Ignored(rule, Listed(tuple(self._found[rule]), self._counts[rule])) for rule in rules)


def _side(contents: Contents, image: int) -> Side:
    layers = contents.layers(image)
    database = contents.database
    hidden_count, hidden_bytes = database.execute(
        "SELECT count(*), ifnull(sum(size), 0) FROM hidden WHERE image = ?", (image,)
    ).fetchone()
    (files,) = database.execute("SELECT count(*) FROM entry WHERE image = ?", (image,)).fetchone()
    packages = database.execute(
        "SELECT manager, count(*) FROM package WHERE image = ? GROUP BY manager ORDER BY manager", (image,)
    ).fetchall()
    size = sum(layer.bytes for layer in layers)
    return Side(
        layers,
        size,
        size - hidden_bytes,
        files,
        Listed(tuple(islice(contents.hidden(image), MOST_ROWS)), hidden_count),
        hidden_bytes,
        dict(packages),
        contents.unread(image),
    )


def _configuration(before: Mapping[str, Json], after: Mapping[str, Json]) -> Iterator[Found]:
    for name, old, new in _changed_fields("", before, after):
        yield Difference(Kind.CONFIGURATION, name, "value", _json(old), _json(new)), expected().field(name)


def _changed_fields(prefix: str, before: Json, after: Json) -> Iterator[tuple[str, Json, Json]]:
    """Fields that differ, as deep as both sides are objects; no field and null are the same."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in sorted(before.keys() | after.keys()):
            yield from _changed_fields(f"{prefix}.{name}" if prefix else name, before.get(name), after.get(name))
    elif before != after and (before or after or prefix.count(".") > 1):
        # Without a CMD the field is missing, null or empty; but in config.Volumes, `/data` says all by being there.
        yield prefix, before, after


def _json(value: Json) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False, default=dict)


def _files(database: sqlite3.Connection) -> Iterator[Found]:
    for image, what in ((0, "missing"), (1, "added")):
        for path, kind, size, target in database.execute(_ONE_SIDED, (image, 1 - image)):
            told = _told(kind, size, target)
            sides = (told, "") if what == "missing" else ("", told)
            yield Difference(Kind.FILE, _shown(path), what, *sides), expected().file(path)
    for path, *fields in database.execute(_CHANGED):
        half = len(fields) // 2
        before, after = (dict(zip(_FIELDS, side, strict=True)) for side in (fields[:half], fields[half:]))
        yield from _changed_file(path, before, after)


def _changed_file(path: bytes, before: Mapping[str, object], after: Mapping[str, object]) -> Iterator[Found]:
    def found(what: str, *values: object, rule: Rule | None = None) -> Found:
        return Difference(Kind.FILE, _shown(path), what, *map(str, values)), rule

    if before["type"] != after["type"]:
        yield found("type", before["type"], after["type"])
        return
    if before["mode"] != after["mode"] and before["type"] != "symlink":
        yield found("mode", f"{before['mode']:04o}", f"{after['mode']:04o}")
    owners = [f"{side['uid']}:{side['gid']}" for side in (before, after)]
    if owners[0] != owners[1]:
        yield found("owner", *owners)
    if before["digest"] != after["digest"] or before["size"] != after["size"]:
        yield found("content", _content(before), _content(after), rule=expected().file(path))
    for name in ("target", "device"):
        if before[name] != after[name]:
            yield found(name, *(_shown_value(side[name]) for side in (before, after)))
    if before["links"] != after["links"]:
        # Both names of a pair that was split would say the same; the later one says it.
        yield found("hard link", *(_link(path, side["links"]) for side in (before, after)))
    for name, old, new in _xattrs(str(before["xattrs"]), str(after["xattrs"])):
        yield found(f"attribute {name}", old, new)
    if before["mtime"] != after["mtime"]:
        yield found("time", _time(before["mtime"]), _time(after["mtime"]), rule=TIMESTAMPS)


def _told(kind: str, size: int, target: bytes) -> str:
    """A path that is there on one side only."""
    if kind == "file":
        return f"file, {size:,} bytes"
    return f"{kind} to {_shown_value(target)}" if target else kind


def _content(side: Mapping[str, object]) -> str:
    digest = side["digest"]
    return f"{side['size']:,} bytes, sha256 {digest.hex()[:12]}" if isinstance(digest, bytes) else ""


def _link(path: bytes, first: object) -> str:
    return "" if first == path or not isinstance(first, bytes) else f"to {_shown(first)}"


def _xattrs(before: str, after: str) -> Iterator[tuple[str, str, str]]:
    old, new = (dict(line.split("=", 1) for line in text.splitlines()) for text in (before, after))
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            yield name, old.get(name, ""), new.get(name, "")


def _time(seconds: object) -> str:
    assert isinstance(seconds, int)  # noqa: S101
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")
    except (ValueError, OverflowError, OSError):
        return str(seconds)


_VERSIONS = """
SELECT manager, name, group_concat(version, ', ') AS versions FROM (
    SELECT DISTINCT manager, name, version FROM package WHERE image = {} ORDER BY version
) GROUP BY manager, name
"""
_PACKAGES = f"""
WITH a AS ({_VERSIONS.format(0)}), b AS ({_VERSIONS.format(1)})
SELECT manager, name, a.versions, ifnull(b.versions, '') FROM a LEFT JOIN b USING (manager, name)
WHERE b.versions IS NOT a.versions
UNION ALL
SELECT manager, name, '', b.versions FROM b LEFT JOIN a USING (manager, name) WHERE a.versions IS NULL
ORDER BY 1, 2
"""


def _packages(database: sqlite3.Connection) -> Iterator[Found]:
    """A package may be there in several versions (npm): then all of them are one text."""
    for manager, name, before, after in database.execute(_PACKAGES):
        yield Difference(Kind.PACKAGE, name, manager, before, after), None


def _hidden(database: sqlite3.Connection) -> Iterator[Found]:
    """Paths that are hidden on one side only. Newly hidden counts: bytes, and perhaps a secret, that nobody sees."""
    query = """
    SELECT path, sum(size), min(EXISTS (
        SELECT 1 FROM entry AS e WHERE e.image = a.image AND e.path = a.path AND e.digest = a.digest
    )) FROM hidden AS a WHERE image = ?
    AND NOT EXISTS (SELECT 1 FROM hidden AS b WHERE b.image = ? AND b.path = a.path) GROUP BY path ORDER BY path
    """
    for path, size, _ in database.execute(query, (0, 1)):
        yield Difference(Kind.HIDDEN, _shown(path), "no longer hidden", f"{size:,} bytes", ""), LESS_HIDDEN
    for path, size, is_seen in database.execute(query, (1, 0)):
        rule = STORED_TWICE if is_seen else expected().file(path)
        yield Difference(Kind.HIDDEN, _shown(path), "hidden", "", f"{size:,} bytes"), rule


def _shown(path: bytes) -> str:
    return "/" + path.decode("utf-8", "surrogateescape")


def _shown_value(value: object) -> str:
    return value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else str(value)
