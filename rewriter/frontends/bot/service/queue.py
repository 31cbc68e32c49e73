"""What the service has yet to do, in the journal: a row a repository, and what has come in before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from sqlite3 import Connection
from time import time
from typing import NamedTuple

from ..journal import Journal

_KEPT = 90 * 86_400.0
"""Seconds for which a delivery is known. Who has overheard one and repeats it after that has a repository looked at
once more, which changes nothing."""
_TRIES = 5
"""How often a repository is begun that cannot be finished, before its next event."""
_PAUSE = 60.0
"""Seconds before the second time; each further pause is twice as long."""


class Health(NamedTuple):
    """How the service is: repositories that wait and that are worked on, and those that failed since it is there."""

    waiting: int
    working: int
    failures: int
    failed_at: str | None


class Queue:
    """The queue in a journal. All methods raise JournalError."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def recover(self) -> int:
        """Put back what was begun when the service broke off; gives how many repositories wait.

        What broke it off time and again is dropped: it may be what breaks it.
        """
        with self._journal.change() as database:
            dropped = database.execute(
                "DELETE FROM queue WHERE state = 'begun' AND tries >= ? AND NOT again", (_TRIES,)
            )
            if dropped.rowcount:
                database.execute("UPDATE health SET failures = failures + ?, failed_at = ?", (dropped.rowcount, time()))
            database.execute("UPDATE queue SET state = 'waiting', again = 0 WHERE state = 'begun'")
            return int(database.execute("SELECT count(*) FROM queue").fetchone()[0])

    def receive(self, marks: Sequence[str], names: Sequence[str]) -> bool:
        """Queue repositories for a delivery with these marks; False, and nothing, where one of the marks is known.

        A repository that waits already does so once. One that is being worked on will be looked at again.
        """
        now = time()
        with self._journal.change() as database:
            database.execute("DELETE FROM delivery WHERE at < ?", (now - _KEPT,))
            known = f"SELECT 1 FROM delivery WHERE id IN ({', '.join('?' * len(marks))})"  # noqa: S608 - question marks
            if database.execute(known, tuple(marks)).fetchone():
                return False
            database.executemany("INSERT INTO delivery VALUES (?, ?)", [(one, now) for one in marks])
            database.executemany(
                "INSERT INTO queue VALUES (?, 'waiting', ?, 0, 0, 0) ON CONFLICT (name) DO UPDATE SET "
                "again = (state = 'begun'), after = 0",
                [(name, now) for name in names],
            )
        return True

    def take(self) -> str | None:
        """Begin with the repository that has waited longest; None where there is none at this time."""
        with self._journal.change() as database:
            row = database.execute(
                "SELECT name FROM queue WHERE state = 'waiting' AND after <= ? ORDER BY since LIMIT 1", (time(),)
            ).fetchone()
            if row is None:
                return None
            database.execute("UPDATE queue SET state = 'begun', tries = tries + 1 WHERE name = ?", row)
        return str(row[0])

    def end(self, name: str, *, failed: bool, retry: bool) -> None:
        """A repository has been worked on; to `retry` is to begin it anew after a pause, a few times."""
        now = time()
        with self._journal.change() as database:
            if failed:
                database.execute("UPDATE health SET failures = failures + 1, failed_at = ?", (now,))
            again, tries = database.execute("SELECT again, tries FROM queue WHERE name = ?", (name,)).fetchone()
            if again:
                _wait(database, name, since=now, after=0.0, tries=0)
            elif failed and retry and tries < _TRIES:
                _wait(database, name, since=now, after=now + _PAUSE * 2 ** (tries - 1), tries=tries)
            else:
                database.execute("DELETE FROM queue WHERE name = ?", (name,))

    def give_back(self, name: str) -> None:
        """A repository that was begun has not been finished, through no fault of its own."""
        with self._journal.change() as database:
            database.execute(
                "UPDATE queue SET state = 'waiting', tries = max(0, tries - 1), again = 0 WHERE name = ?", (name,)
            )

    def health(self) -> Health:
        """How it is; raises JournalError also where nothing can be written."""
        with self._journal.change() as database:
            database.execute("UPDATE health SET at = ?", (time(),))
            counts = dict(database.execute("SELECT state, count(*) FROM queue GROUP BY state").fetchall())
            failures, at = database.execute("SELECT failures, failed_at FROM health").fetchone()
        told = None if at is None else datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")
        return Health(counts.get("waiting", 0), counts.get("begun", 0), failures, told)


def _wait(database: Connection, name: str, *, since: float, after: float, tries: int) -> None:
    database.execute(
        "UPDATE queue SET state = 'waiting', again = 0, since = ?, after = ?, tries = ? WHERE name = ?",
        (since, after, tries, name),
    )
