"""The journal: an SQLite file that tells which repositories a run has done, and what the service has yet to do."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from time import time
from types import TracebackType
from typing import NamedTuple, Self

from ..terminal import printable
from .report import Done, Report
from .task import Task

VERSION = 1
"""Of the tables."""
_IS_OURS = 0x646F636B  # "dock", told by PRAGMA application_id
_KEPT = 90 * 86_400.0
"""Seconds after which a run that has ended is forgotten."""
_PRAGMAS = (
    ("busy_timeout = 5000", "another process may be writing; milliseconds"),
    ("journal_mode = WAL", "who reads does not wait for who writes, and one flush a change is enough"),
    ("synchronous = FULL", "what was answered to a webhook is not sent again: it must outlive a power failure"),
    ("trusted_schema = OFF", "the file may come from elsewhere, and its schema must not run functions"),
)
_TABLES = """
CREATE TABLE run (number INTEGER PRIMARY KEY, is_dry INTEGER NOT NULL, begun REAL NOT NULL, ended REAL);
CREATE TABLE repository (
    run INTEGER NOT NULL, place TEXT NOT NULL, name TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'begun', 'done', 'failed')),
    report TEXT, begun REAL, ended REAL,
    PRIMARY KEY (run, place, name)
) WITHOUT ROWID;
CREATE TABLE queue (
    name TEXT PRIMARY KEY, state TEXT NOT NULL CHECK (state IN ('waiting', 'begun')),
    since REAL NOT NULL, after REAL NOT NULL, tries INTEGER NOT NULL, again INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE delivery (id TEXT PRIMARY KEY, at REAL NOT NULL) WITHOUT ROWID;
CREATE INDEX delivery_at ON delivery (at);
CREATE TABLE health (at REAL NOT NULL, failures INTEGER NOT NULL, failed_at REAL);
INSERT INTO health VALUES (0, 0, NULL);
"""
"""Times are seconds since 1970. `queue` has the repositories of the service: `again` is set where something happened in
one that is being worked on, `after` is when it may be begun."""


class JournalError(Exception):
    """The journal cannot be used; the text is a sentence for the user."""


class Repository(NamedTuple):
    """What the journal knows a repository by: names of two platforms may be the same."""

    place: str
    name: str


def repository_of(task: Task) -> Repository:
    """The repository of a task. Bytes of a path that are no text become their numbers, for SQLite keeps UTF-8."""
    place, name = f"{task.place.kind} {task.place.api}".rstrip(), task.repository
    return Repository(_as_text(place), _as_text(name))


class Journal:
    """An open journal. It belongs to the thread that has opened it; all methods raise JournalError."""

    def __init__(self, path: str = ":memory:") -> None:
        """Open the file, or make it; raises JournalError."""
        self._path = path
        if path != ":memory:":
            # It tells of repositories that not everybody may read. Where this fails, SQLite says why.
            with suppress(OSError):
                os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        with self._told():
            # Without isolation level, the module begins no transactions of its own.
            self._database = sqlite3.connect(path, isolation_level=None)
        try:
            self._prepare()
        except JournalError:
            self._database.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """The database, for changes that are made all together, or not at all."""
        with self._told(), self._database:
            # Not when the first change comes: by then another writer would be an error at once, without any waiting.
            self._database.execute("BEGIN IMMEDIATE")
            yield self._database

    @contextmanager
    def look(self) -> Iterator[sqlite3.Connection]:
        """The database, for reading."""
        with self._told():
            yield self._database

    @contextmanager
    def alone(self, purpose: str) -> Iterator[None]:
        """Raises JournalError where another process holds the journal for the same purpose.

        Else two would both take for left behind what the other has begun. The kernel ends the hold with the process;
        the file by which it is held stays.
        """
        if self._path == ":memory:":
            yield
            return
        import fcntl

        with self._told():
            # A file of its own: closing any handle of the database ends SQLite's locks (sqlite.org/howtocorrupt.html).
            file = open(f"{self._path}-{purpose}.lock", "ab")  # noqa: SIM115 - closed below
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise JournalError(
                    f"{printable(self._path)} is used by another `dockfix bot {purpose}`; wait for its end, or name "
                    "another journal"
                ) from error
            yield

    def start(self, repositories: Collection[Repository], *, is_dry: bool, resume: bool) -> int:
        """The number of a new run, in which all are waiting, or, to `resume`, of the last one, with all that it lacks.

        A dry run goes on in a dry run only. Where there is none to go on with, it is a new one.
        """
        with self.change() as database:
            last = database.execute("SELECT max(number) FROM run WHERE is_dry = ?", (is_dry,)).fetchone()[0]
            if resume and last is not None:
                number = int(last)
                database.execute("UPDATE run SET ended = NULL WHERE number = ?", (number,))
            else:
                self._forget(database)
                made = database.execute("INSERT INTO run (is_dry, begun) VALUES (?, ?)", (is_dry, time()))
                number = made.lastrowid or 0
            database.executemany(
                "INSERT INTO repository (run, place, name, state) VALUES (?, ?, ?, 'waiting') ON CONFLICT DO NOTHING",
                [(number, *one) for one in repositories],
            )
        return number

    def done(self, run: int) -> Mapping[Repository, Report]:
        """What is done in a run, and not to be done again."""
        with self.look() as database:
            rows = database.execute(
                "SELECT place, name, report FROM repository WHERE run = ? AND state = 'done'", (run,)
            ).fetchall()
        return {Repository(place, name): self._report(text) for place, name, text in rows}

    def begin(self, run: int, one: Repository) -> None:
        """A repository is handed to a worker."""
        with self.change() as database:
            database.execute(
                "UPDATE repository SET state = 'begun', begun = ?, ended = NULL, report = NULL "
                "WHERE run = ? AND place = ? AND name = ?",
                (time(), run, *one),
            )

    def end(self, run: int, one: Repository, report: Report) -> None:
        """A worker has come back from a repository."""
        with self.change() as database:
            database.execute(
                "UPDATE repository SET state = ?, ended = ?, report = ? WHERE run = ? AND place = ? AND name = ?",
                ("failed" if report.error else "done", time(), to_json(report), run, *one),
            )

    def finish(self, run: int) -> None:
        """A run has come to its end."""
        with self.change() as database:
            database.execute("UPDATE run SET ended = ? WHERE number = ?", (time(), run))

    def states(self, run: int) -> Mapping[Repository, str]:
        """What has become of each repository: waiting, begun, done or failed."""
        with self.look() as database:
            rows = database.execute("SELECT place, name, state FROM repository WHERE run = ?", (run,)).fetchall()
        return {Repository(place, name): state for place, name, state in rows}

    def _prepare(self) -> None:
        with self._told():
            # Before anything is written: it may be another program's.
            mark, version, tables = self._marks()
            if tables and mark != _IS_OURS:
                raise JournalError(
                    f"{printable(self._path)} is a database, but no journal of dockfix; name another file"
                )
            if version > VERSION:
                raise JournalError(
                    f"{printable(self._path)} was written by a newer dockfix; update this one, or name another file"
                )
            for pragma, _reason in _PRAGMAS:
                self._database.execute(f"PRAGMA {pragma}")
        with self.change() as database:
            # Another process may have made the tables since.
            if not self._marks()[2]:
                for statement in _TABLES.split(";"):
                    database.execute(statement)
                database.execute(f"PRAGMA application_id = {_IS_OURS}")
                database.execute(f"PRAGMA user_version = {VERSION}")
            # A disk that is full, or a file that may only be read, shows here and not after an hour's work.
            database.execute("UPDATE health SET at = ?", (time(),))

    def _marks(self) -> tuple[int, int, int]:
        row = self._database.execute(
            "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema) "
            "FROM pragma_application_id, pragma_user_version"
        ).fetchone()
        return int(row[0]), int(row[1]), int(row[2])

    def _forget(self, database: sqlite3.Connection) -> None:
        old = (time() - _KEPT,)
        database.execute("DELETE FROM repository WHERE run IN (SELECT number FROM run WHERE ended < ?)", old)
        database.execute("DELETE FROM run WHERE ended < ?", old)

    def _report(self, text: str) -> Report:
        try:
            return from_json(text)
        except (ValueError, TypeError, KeyError) as error:
            raise self._broken() from error

    def _broken(self) -> JournalError:
        return JournalError(f"{printable(self._path)} is damaged, or no journal of dockfix; move it away and run again")

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turns what SQLite says into a sentence."""
        try:
            yield
        except sqlite3.OperationalError as error:
            code = error.sqlite_errorcode & 0xFF
            raise JournalError(f"{printable(self._path)} {_SENTENCES.get(code, f'cannot be used: {error}')}") from error
        except sqlite3.DatabaseError as error:
            raise self._broken() from error
        except OSError as error:
            raise JournalError(f"{printable(self._path)} cannot be used: {error.strerror}") from error


_SENTENCES: Mapping[int, str] = {
    sqlite3.SQLITE_BUSY: "is being written by another process for more than 5 seconds; try again",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened: make the folder, and look at its permissions",
    sqlite3.SQLITE_FULL: "cannot be written: the disk is full",
    sqlite3.SQLITE_IOERR: "cannot be read or written: look at the disk, or, on a network file system, take a local one",
    sqlite3.SQLITE_PERM: "may not be used: look at its permissions",
    sqlite3.SQLITE_READONLY: "may not be written: look at its permissions, and at those of its folder",
}
"""By SQLite's primary result codes (sqlite.org/rescode.html)."""


def to_json(report: Report) -> str:
    """A report as JSON, in ASCII: bytes of paths that are no text come through."""
    return json.dumps({**report._asdict(), "done": [one._asdict() for one in report.done]})


def from_json(text: str) -> Report:
    """What `to_json` was given; raises ValueError, TypeError or KeyError for anything else."""
    told = json.loads(text)
    done, problems = tuple(Done(**one) for one in told["done"]), tuple(told["problems"])
    return Report(**{**told, "done": done, "problems": problems})


def _as_text(name: str) -> str:
    return os.fsencode(name).decode("utf-8", "backslashreplace")
