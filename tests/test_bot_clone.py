"""What the bot clones, and what it refuses to: from git's own server over HTTP, and from folders."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest
from bot_hosted import BRANCH, FILES, NEW, anywhere, at, contents, hosted, server, until
from bot_repositories import DOCKERFILE, bare, commit, git, person, tip
from git_over_http import Asked, GitServer

from dockfix.frontends.bot.clone import CloneError, MovedError, NewCommit, cloned
from dockfix.frontends.bot.platform import Given, Repository
from dockfix.frontends.bot.settings import Operator
from dockfix.frontends.bot.temporary import temporary

__all__ = ["anywhere", "hosted", "server"]


class TestAClone:
    def test_holds_the_files_of_the_last_commit_of_the_base(self, anywhere: tuple[Path, str]) -> None:
        repository, url = anywhere
        with at(url) as clone:
            assert contents(clone.folder) == FILES
            assert (clone.base, clone.commit) == ("main", tip(repository))
            assert git(Path(clone.folder), "status", "--porcelain") == ""

    def test_may_be_of_another_branch_than_the_default_one(self, anywhere: tuple[Path, str]) -> None:
        repository, url = anywhere
        last = commit(repository, {"Dockerfile": b"FROM a\n"}, "v1/next", onto=tip(repository))
        with at(url, "v1/next") as clone:
            assert (clone.commit, contents(clone.folder)["Dockerfile"]) == (last, b"FROM a\n")

    def test_is_in_a_folder_for_nobody_else_that_is_gone_afterwards(self, hosted: Path) -> None:
        with at(str(hosted)) as clone:
            above = Path(clone.folder).parent
            assert stat.S_IMODE(above.stat().st_mode) == 0o700
        assert not above.exists()

    def test_has_the_modes_of_files(self, hosted: Path, tmp_path: Path) -> None:
        folder = person(hosted, tmp_path / "person")
        (folder / "run").write_bytes(b"#!/bin/sh\n")
        (folder / "run").chmod(0o755)
        git(folder, "add", "run")
        git(folder, "commit", "-qm", "run")
        git(folder, "push", "-q")
        with at(str(hosted)) as clone:
            assert os.access(f"{clone.folder}/run", os.X_OK)
            changed = clone.committed([NewCommit("m", {"run": b"#!/bin/bash\n", "new": b"", "api/Dockerfile": b"a"})])
            told = git(Path(clone.folder), "diff-tree", "-r", clone.commit, changed)
        assert [line.split()[1] + line.split("\t")[1] for line in told.splitlines()] == [
            "100644api/Dockerfile",
            "100644new",
            "100755run",
        ]

    def test_is_shallow_and_has_no_file_that_the_last_commit_does_not_have(
        self, hosted: Path, server: GitServer
    ) -> None:
        for number in range(6):
            commit(hosted, {"notes": b"%d" % number})
        with at(server.url("owner/name"), operator=Operator(depth=3)) as clone:
            folder = Path(clone.folder)
            assert git(folder, "rev-list", "--count", "HEAD") == "3"
            objects = git(folder, "cat-file", "--batch-check", "--batch-all-objects")
        assert objects.count(" blob ") == len(FILES)
        assert len(server.asked) == 5, "two addresses asked for, the branch, its commits, and its files"

    def test_of_a_server_without_partial_clones_is_the_same(self, server: GitServer) -> None:
        server.host["uploadpack.allowFilter"] = "false"
        with at(server.url("owner/name")) as clone:
            assert contents(clone.folder) == FILES

    def test_says_nowhere_where_it_comes_from_so_that_nobody_asks_the_network_again(self, server: GitServer) -> None:
        with at(server.url("owner/name")) as clone:
            assert "127.0.0.1" not in (Path(clone.folder) / ".git/config").read_text()

    def test_history_without_files_can_be_read_with_nobody_to_ask(self, hosted: Path, server: GitServer) -> None:
        commit(hosted, {"notes": b"d\n"})
        with at(server.url("owner/name")) as clone:
            asked = len(server.asked)
            told = git(Path(clone.folder), "log", "--name-only", "--format=", "--no-renames")
            assert told.splitlines() == ["notes", *FILES]
        assert len(server.asked) == asked

    @pytest.mark.parametrize("operator", [Operator(most_files=2), Operator(largest=40)])
    def test_of_more_than_is_allowed_is_refused(self, hosted: Path, operator: Operator) -> None:
        # The limit on the size holds for git's own files, too: so it is 3 KB here, and is reached by the files alone.
        commit(hosted, {"large": b"\n" * 4000})
        operator = operator._replace(largest=3000) if operator.largest == 40 else operator
        with (
            pytest.raises(CloneError, match=r"it has more files.* than 2 files|its files have 0.0 MB"),
            at(str(hosted), operator=operator),
        ):
            pass


class TestWhatCannotBeClonedIsSaidInASentence:
    NOT_THERE = "what it names is not there: it was changed meanwhile, or is broken; run again"

    def refused(self, url: str, base: str = "main", is_empty: bool = False, operator: Operator | None = None) -> str:
        repository = Repository("owner/name", url, "main", is_empty=is_empty)
        with pytest.raises(CloneError) as caught, cloned(repository, base, None, operator or Operator()):
            pass
        return str(caught.value)

    def test_no_such_repository(self, server: GitServer) -> None:
        assert self.refused(server.url("owner/other")) == (
            "git fetch fails: there is no such repository, or the token has no right to it"
        )

    def test_no_such_branch(self, anywhere: tuple[Path, str]) -> None:
        assert self.refused(anywhere[1], "other") == "it has no branch other"

    def test_a_branch_that_is_the_name_of_none(self, hosted: Path) -> None:
        assert self.refused(str(hosted), "main:refs/heads/x") == "main:refs/heads/x is not the name of a branch"

    def test_an_empty_repository(self, tmp_path: Path) -> None:
        folder = bare(tmp_path / "empty.git")
        assert self.refused(str(folder)) == "it has no branch main"
        assert self.refused(str(folder), is_empty=True) == "it is empty"

    def test_a_folder_that_is_no_repository(self, tmp_path: Path) -> None:
        (tmp_path / "plain").mkdir()
        git(tmp_path, "init", "-q", "--initial-branch=main")
        assert self.refused(str(tmp_path / "plain")) == "git fetch fails: it is not a git repository"

    def test_a_partial_clone_on_disk_without_some_of_the_files(self, hosted: Path, tmp_path: Path) -> None:
        git(hosted, "config", "uploadpack.allowFilter", "true")
        git(tmp_path, "clone", "-q", "--filter=blob:none", "--sparse", f"file://{hosted}", "partial")
        assert self.refused(str(tmp_path / "partial")) == (
            "git fetch fails: it is a partial clone, and some of its files are not there; use a whole one"
        )

    def test_a_branch_that_is_pushed_over_while_it_is_fetched(self, server: GitServer, hosted: Path) -> None:
        def over(asked: Asked) -> None:
            if len(server.asked) == 4:
                git(hosted, "update-ref", "-d", "refs/heads/main")
                commit(hosted, {"notes": b"x"})
                git(hosted, "gc", "-q", "--prune=now")

        server.before = over
        assert self.refused(server.url("owner/name")) == f"git fetch fails: {self.NOT_THERE}"

    def test_a_branch_that_is_broken(self, hosted: Path) -> None:
        (hosted / "refs/heads/dockfix").mkdir()
        (hosted / "refs/heads/dockfix/x").write_text("no name of a commit\n")
        with at(str(hosted)) as clone, pytest.raises(CloneError) as caught:
            clone.heads()
        assert str(caught.value) == f"git fetch fails: {self.NOT_THERE}"

    @pytest.mark.parametrize(
        "url",
        [
            "ext::sh -c true",
            "ssh://git@host/x",
            "host:path",
            "git://host/x",
            "relative/path",
            "--upload-pack=x",
            "https://[x/y",
        ],
    )
    def test_addresses_of_any_other_kind(self, url: str) -> None:
        assert self.refused(url) == "owner/name: its address is none of https, http, or a folder on this machine"

    def test_a_password_in_an_address(self) -> None:
        told = self.refused("https://user:hunter2hunter2@host/x")
        assert "give a token instead" in told
        assert "hunter2" not in told

    @pytest.mark.parametrize("failure", [500, 503, 0])
    def test_a_server_that_fails(self, server: GitServer, failure: int) -> None:
        server.fails, server.failure = 1, failure
        assert self.refused(server.url("owner/name")).startswith("git fetch fails: ")

    def test_a_server_that_does_not_answer(self, server: GitServer) -> None:
        server.before = lambda asked: time.sleep(20)
        begin = time.monotonic()
        assert self.refused(server.url("owner/name"), operator=Operator(timeout=1)) == "git fetch takes longer than 1 s"
        assert time.monotonic() - begin < 15

    def test_git_that_needs_more_memory_than_it_may_have(self, hosted: Path) -> None:
        assert self.refused(str(hosted), operator=Operator(memory=4_000_000)).startswith("git version fails: ")

    def test_an_author_that_is_none(self, hosted: Path) -> None:
        assert "`Name <address>`" in self.refused(str(hosted), operator=Operator(author="me"))


class TestAPersonsPullRequest:
    def opened(self, hosted: Path, files: dict[str, bytes | str | None], onto: str = "") -> Given:
        head = commit(hosted, files, "theirs", onto=onto or tip(hosted))
        git(hosted, "update-ref", "refs/pull/7/head", head)
        git(hosted, "update-ref", "-d", "refs/heads/theirs")
        return Given(7, "refs/pull/7/head", head, "main")

    def test_is_checked_out_and_its_lines_are_told(self, anywhere: tuple[Path, str]) -> None:
        repository, url = anywhere
        changed = {
            "Dockerfile": DOCKERFILE.replace(b"echo b", b"echo c") + b"USER x\nRUN y",
            "notes": b"a\nc\n",
            "new/Dockerfile": b"FROM a\n--- b\n+++ c\n@@ -1 +1 @@\ndiff --git a/x b/x\n",
            "api/Dockerfile": None,
            "api/moved": b"FROM scratch\n",
            "empty": b"",
            "link": "Dockerfile",
        }
        given = self.opened(repository, changed)
        commit(repository, {"notes": b"the base moves on\n", "later": b"x"})
        with at(url) as clone:
            assert clone.at(given) == {
                "Dockerfile": ((3, 5),),
                "notes": ((1, 2),),
                "new/Dockerfile": ((1, 5),),
                "api/moved": ((1, 1),),
                "empty": (),
                "link": ((1, 1),),
            }
            assert "later" not in contents(clone.folder)
            assert contents(clone.folder)["Dockerfile"] == changed["Dockerfile"]
            assert not os.path.exists(f"{clone.folder}/api/Dockerfile")
            assert os.readlink(f"{clone.folder}/link") == "Dockerfile"

    def test_does_not_change_what_commits_rest_on(self, server: GitServer, hosted: Path) -> None:
        given = self.opened(hosted, {"Dockerfile": b"FROM theirs\n"})
        with at(server.url("owner/name")) as clone:
            clone.at(given)
            clone.push(BRANCH, clone.committed([NEW]), None)
        assert git(hosted, "rev-list", "--parents", "-1", BRANCH).split()[1] == tip(hosted)

    def test_with_new_commits_is_looked_at_another_time(self, server: GitServer, hosted: Path) -> None:
        given = self.opened(hosted, {"notes": b"x"})
        self.opened(hosted, {"notes": b"y"}, onto=given.head)
        with at(server.url("owner/name")) as clone, pytest.raises(MovedError, match="pull request 7 has new commits"):
            clone.at(given)

    def test_that_began_long_ago_is_followed_further_back(self, server: GitServer, hosted: Path) -> None:
        given = self.opened(hosted, {"notes": b"x\nb\nc\n"})
        for number in range(5):
            commit(hosted, {"later": b"%d" % number})
        with at(server.url("owner/name"), operator=Operator(depth=2)) as clone:
            assert clone.at(given) == {"notes": ((1, 1),)}

    def test_of_another_history_is_refused(self, server: GitServer, hosted: Path, tmp_path: Path) -> None:
        git(hosted, "fetch", "-q", str(bare(tmp_path / "other.git", {"notes": b"z"})), "main:refs/pull/7/head")
        given = Given(7, "refs/pull/7/head", git(hosted, "rev-parse", "refs/pull/7/head"), "main")
        with (
            at(server.url("owner/name")) as clone,
            pytest.raises(CloneError, match="no commit in common among the last 500"),
        ):
            clone.at(given)

    def test_whose_ref_is_gone_is_refused(self, server: GitServer) -> None:
        with (
            at(server.url("owner/name")) as clone,
            pytest.raises(CloneError, match="it has no branch main or refs/pull/9"),
        ):
            clone.at(Given(9, "refs/pull/9/head", "0" * 40, "main"))


class TestTheFolderIsGone:
    SCRIPT = """
import sys, time
from dockfix.frontends.bot.clone import cloned
from dockfix.frontends.bot.platform import Repository
from dockfix.frontends.bot.settings import Operator
with cloned(Repository("owner/name", sys.argv[1], "main"), "main", None, Operator()) as clone:
    print(clone.folder, flush=True)
    time.sleep(60)
"""

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
    def test_when_the_bot_is_ended_at_work(self, hosted: Path, number: signal.Signals) -> None:
        command = [sys.executable, "-c", self.SCRIPT, str(hosted)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
            assert process.stdout is not None
            above = Path(process.stdout.readline().strip()).parent
            assert (above / "clone/Dockerfile").exists()
            process.send_signal(number)
            process.wait(30)
        assert until(lambda: not above.exists())

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
    def test_with_git_when_that_waits_for_a_server(
        self, server: GitServer, tmp_path: Path, number: signal.Signals
    ) -> None:
        (tmp_path / "folders").mkdir()
        ended = threading.Event()
        server.before = lambda asked: ended.wait(120)
        url = server.url("owner/name")
        command = [sys.executable, "-c", self.SCRIPT, url]
        environment = {**os.environ, "TMPDIR": str(tmp_path / "folders")}

        def waiting() -> list[bytes]:
            lines = []
            for process in Path("/proc").glob("[0-9]*"):
                try:
                    line = (process / "cmdline").read_bytes()
                except OSError:
                    continue
                if b"remote-http" in line and url.encode() in line:
                    lines.append(line)
            return lines

        with subprocess.Popen(command, stderr=subprocess.DEVNULL, env=environment) as process:
            assert until(lambda: bool(waiting()))
            process.send_signal(number)
            process.wait(30)
        assert until(lambda: not waiting())
        assert until(lambda: not [*(tmp_path / "folders").iterdir()])
        ended.set()

    def test_when_something_goes_wrong_inside(self, hosted: Path) -> None:
        with pytest.raises(ZeroDivisionError), at(str(hosted)) as clone:
            raise ZeroDivisionError
        assert not Path(clone.folder).parent.exists()

    def test_when_there_is_no_shell_to_watch_over_it(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "folders").mkdir()
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "folders"))
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(FileNotFoundError, match="'sh'"), temporary():
            pass
        assert [*(tmp_path / "folders").iterdir()] == []

    def test_with_folders_inside_that_cannot_be_written_to(self) -> None:
        child = os.fork()
        if child == 0:
            status = 1
            try:
                # Root could remove them anyway.
                if os.getuid() == 0:
                    os.setuid(65534)
                with temporary() as known:
                    inside = Path(known.folder) / "a/b"
                    inside.mkdir(parents=True)
                    (inside / "c").write_text("x")
                    inside.chmod(0o500)
                    inside.parent.chmod(0)
                status = int(os.path.lexists(known.folder))
            finally:
                os._exit(status)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
