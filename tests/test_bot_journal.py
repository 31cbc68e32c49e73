"""The journal outlives what it tells of, and says what is wrong with it in a sentence."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from bot_work import task
from hypothesis import given, settings, strategies as st

from dockfix.frontends.bot import journal as journals
from dockfix.frontends.bot.journal import Journal, JournalError, Repository, from_json, repository_of, to_json
from dockfix.frontends.bot.report import Done, Report

A, B = Repository("github", "one/a"), Repository("github", "one/b")
WORDS = st.text(st.characters(), max_size=20)
DONE = st.builds(Done, WORDS, WORDS, st.none() | st.integers(), WORDS, WORDS, WORDS, WORDS)
REPORTS = st.builds(
    Report,
    repository=WORDS,
    done=st.lists(DONE, max_size=3).map(tuple),
    skipped=WORDS,
    error=WORDS,
    problems=st.lists(WORDS, max_size=3).map(tuple),
    files=st.integers(0, 10**6),
    changes=st.integers(0, 10**6),
    seconds=st.floats(0, 10**6),
    retry=st.booleans(),
)


@settings(deadline=None)
@given(REPORTS)
def test_a_report_comes_back_as_it_was(report: Report) -> None:
    assert from_json(to_json(report)) == report


def test_what_was_done_is_known_after_the_file_was_closed(tmp_path: Path) -> None:
    path = str(tmp_path / "journal")
    with Journal(path) as journal:
        number = journal.start([A, B], is_dry=False, resume=False)
        journal.begin(number, A)
        journal.end(number, A, Report("one/a", files=3))
        journal.begin(number, B)
    with Journal(path) as journal:
        assert journal.start([A, B], is_dry=False, resume=True) == number
        assert journal.done(number) == {A: Report("one/a", files=3)}
        assert journal.states(number) == {A: "done", B: "begun"}


def test_repositories_of_the_same_name_on_two_platforms_are_two(tmp_path: Path) -> None:
    assert len({repository_of(task(folder, "one/a")) for folder in (tmp_path / "a", tmp_path / "b")}) == 2


def test_a_path_that_is_no_text_is_a_name_all_the_same(tmp_path: Path) -> None:
    one = repository_of(task(tmp_path, os.fsdecode(b"/srv/\xff\n")))
    with Journal() as journal:
        number = journal.start([one], is_dry=False, resume=False)
        assert journal.states(number) == {one: "waiting"}


def test_a_run_that_ended_long_ago_is_forgotten_and_one_that_did_not_end_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with Journal() as journal:
        monkeypatch.setattr(journals, "time", lambda: 1_000_000.0)
        ended, broken_off = (journal.start([A], is_dry=False, resume=False) for _ in range(2))
        journal.finish(ended)
        monkeypatch.setattr(journals, "time", lambda: 1_000_000.0 + 91 * 86_400)
        journal.start([A], is_dry=False, resume=False)
        assert journal.states(ended) == {}
        assert journal.states(broken_off) == {A: "waiting"}


def write_at(path: Path, at: int, text: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(text)


def test_a_journal_that_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    path.write_bytes(b"run: 1\n" * 1000)
    with pytest.raises(JournalError, match=re.escape(f"{path} is damaged, or no journal of dockfix; move it away")):
        Journal(str(path))
    assert path.read_bytes() == b"run: 1\n" * 1000


def test_a_journal_that_is_damaged_in_the_middle_is_told(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    with Journal(str(path)) as journal:
        number = journal.start([Repository("x", f"one/{n}") for n in range(500)], is_dry=False, resume=False)
    write_at(path, 4096, b"\xaa" * (path.stat().st_size - 4096))
    with pytest.raises(JournalError, match="is damaged"), Journal(str(path)) as journal:
        journal.states(number)


def test_a_report_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with Journal() as journal:
        number = journal.start([A], is_dry=False, resume=False)
        journal.end(number, A, Report("one/a"))
        with journal.change() as database:
            database.execute("UPDATE repository SET report = '{}'")
        with pytest.raises(JournalError, match="is damaged"):
            journal.done(number)


def test_a_journal_of_a_newer_version_is_told_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    Journal(str(path)).close()
    other = sqlite3.connect(path)
    other.execute(f"PRAGMA user_version = {journals.VERSION + 1}")
    other.close()
    before = path.read_bytes()
    with pytest.raises(JournalError, match="was written by a newer dockfix; update this one"):
        Journal(str(path))
    assert path.read_bytes() == before


def test_the_database_of_another_program_is_told_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "places.sqlite"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE bookmark (id INTEGER)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(JournalError, match="is a database, but no journal of dockfix; name another file"):
        Journal(str(path))
    assert path.read_bytes() == before


def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    with Journal(str(tmp_path / "journal")) as journal:
        journal.start([A], is_dry=False, resume=False)
        assert {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {
            "journal": 0o600,
            "journal-shm": 0o600,
            "journal-wal": 0o600,
        }


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="cannot be opened: make the folder, and look at its permissions"):
        Journal(str(tmp_path / "none" / "journal"))


def test_a_folder_in_the_place_of_the_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="cannot be opened"):
        Journal(str(tmp_path))


def test_a_journal_that_may_not_be_written_is_told(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    Journal(str(path)).close()
    path.chmod(0o444)
    # Whoever may do everything may write it, too: without that right, and as nobody's friend, it is told.
    code = f"""
import os
from dockfix.frontends.bot.journal import Journal, JournalError
if os.getuid() == 0:
    os.setgid(65534), os.setuid(65534)
try:
    Journal({str(path)!r})
except JournalError as error:
    print(error)
"""
    # The folders above are the user's own, and closed to others.
    for folder in (tmp_path, *tmp_path.parents):
        if not folder.stat().st_mode & 0o077:
            folder.chmod(0o755)
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told == f"{path} may not be written: look at its permissions, and at those of its folder\n"


def test_a_journal_that_somebody_else_is_writing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journals, "_PRAGMAS", (("busy_timeout = 100", ""), *journals._PRAGMAS[1:]))
    path = str(tmp_path / "journal")
    told_so = pytest.raises(JournalError, match="is being written by another process")
    with Journal(path) as journal, Journal(path) as other, other.change(), told_so:
        journal.start([A], is_dry=False, resume=False)


def test_several_processes_write_at_once_and_nothing_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    code = f"""
from dockfix.frontends.bot.journal import Journal, Repository
with Journal({str(path)!r}) as journal:
    for number in range(50):
        journal.start([Repository("x", str(number))], is_dry=False, resume=False)
"""
    writers = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(3)]
    assert [writer.wait(120) for writer in writers] == [0, 0, 0]
    with Journal(str(path)) as journal, journal.look() as database:
        assert database.execute("SELECT count(DISTINCT run) FROM repository").fetchone() == (150,)


def test_a_change_is_made_whole_or_not_at_all() -> None:
    with Journal() as journal:
        with suppress(KeyboardInterrupt), journal.change() as database:
            database.execute("UPDATE health SET failures = 7")
            raise KeyboardInterrupt
        with journal.look() as database:
            assert database.execute("SELECT failures FROM health").fetchone() == (0,)
