"""What the bot clones, commits and pushes: against git's own server over HTTP, and against folders."""

from __future__ import annotations

import base64
import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from bot_repositories import BOT, DOCKERFILE, bare, branches, commit, git, person, read, tip
from git_over_http import Asked, GitServer, served

from dockfix.frontends.bot.clone import Clone, CloneError, MovedError, NewCommit, cloned
from dockfix.frontends.bot.heads import content
from dockfix.frontends.bot.plan import Head
from dockfix.frontends.bot.platform import Credentials, Given, Repository
from dockfix.frontends.bot.settings import Operator
from dockfix.frontends.bot.temporary import temporary

FILES = {"Dockerfile": DOCKERFILE, "api/Dockerfile": b"FROM scratch\n", "notes": b"a\nb\nc\n"}
MESSAGE = "Merge two RUNs\n\nWhy.\n\nDockfix-Content: 0123456789abcdef\n"
NEW = NewCommit(MESSAGE, {"Dockerfile": b"FROM debian:12-slim\nRUN echo a && echo b\n"})
BRANCH = "dockfix/safe-0123456789ab"
SECRET = "ghs_S3cretS3cretS3cret"  # noqa: S105
BASIC = "Basic " + base64.b64encode(f"x-access-token:{SECRET}".encode()).decode()

Open = Callable[..., AbstractContextManager[Clone]]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[GitServer]:
    bare(tmp_path / "hosted/owner/name.git", FILES)
    with served(tmp_path / "hosted") as server:
        yield server


@pytest.fixture
def hosted(server: GitServer) -> Path:
    return server.folder / "owner/name.git"


@pytest.fixture(params=["http", "bare folder", "folder"])
def anywhere(request: pytest.FixtureRequest, server: GitServer, hosted: Path, tmp_path: Path) -> tuple[Path, str]:
    """A repository and its address: all that is done must be the same wherever it is."""
    if request.param == "http":
        return hosted, server.url("owner/name")
    if request.param == "bare folder":
        return hosted, str(hosted)
    folder = person(hosted, tmp_path / "folder")
    return folder / ".git", str(folder)


def at(url: str, base: str = "main", operator: Operator | None = None) -> AbstractContextManager[Clone]:
    return cloned(Repository("owner/name", url, "main"), base, None, operator or Operator())


def contents(folder: str) -> dict[str, bytes]:
    files = [path for path in Path(folder).rglob("*") if ".git" not in path.parts and path.is_file()]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def until(is_so: Callable[[], bool]) -> bool:
    """Whether it becomes so within a time that is long enough for a busy machine."""
    end = time.monotonic() + 30
    while not is_so():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


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

    @pytest.mark.parametrize(
        "url", ["ext::sh -c true", "ssh://git@host/x", "host:path", "git://host/x", "relative/path", "--upload-pack=x"]
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
        assert self.refused(str(hosted), operator=Operator(memory=4_000_000)).startswith("git init fails: ")

    def test_an_author_that_is_none(self, hosted: Path) -> None:
        assert "`Name <address>`" in self.refused(str(hosted), operator=Operator(author="me"))


class TestWhoHasPushed:
    @pytest.fixture
    def pushed(self, server: GitServer, hosted: Path, tmp_path: Path) -> Path:
        """A person's clone with two commits of the bot on its branch."""
        with at(server.url("owner/name")) as clone:
            first = NewCommit("One\n\nDockfix-Content: 0123456789abcdef\n", {"api/Dockerfile": b"FROM x\n"})
            clone.push(BRANCH, clone.committed([first, NEW]), None)
        return person(hosted, tmp_path / "person", BRANCH)

    def heads(self, server: GitServer) -> dict[str, Head]:
        with at(server.url("owner/name")) as clone:
            return dict(clone.heads())

    def told(self, pushed: Path, server: GitServer) -> str:
        """What is said of the branch after the person has pushed."""
        git(pushed, "push", "-q", "--force", "origin", f"HEAD:{BRANCH}")
        head = self.heads(server)[BRANCH]
        assert head.commit == git(pushed, "rev-parse", "HEAD")
        return head.content

    def test_no_branches_are_no_heads(self, anywhere: tuple[Path, str]) -> None:
        with at(anywhere[1]) as clone:
            assert clone.heads() == {}

    def test_the_bot(self, pushed: Path, server: GitServer) -> None:
        assert self.told(pushed, server) == "0123456789abcdef"

    def test_only_branches_with_the_prefix_are_told(self, pushed: Path, server: GitServer) -> None:
        for name in ("other", "x/refs/heads/dockfix/y", "dockfix-x"):
            git(pushed, "push", "-q", "origin", f"HEAD:refs/heads/{name}")
        assert [*self.heads(server)] == [BRANCH]

    def test_branches_at_the_same_commit_are_told_each(self, pushed: Path, server: GitServer) -> None:
        git(pushed, "push", "-q", "origin", "HEAD:refs/heads/dockfix/other")
        assert [*self.heads(server)] == ["dockfix/other", BRANCH]

    def test_a_commit_of_a_person(self, pushed: Path, server: GitServer) -> None:
        (pushed / "notes").write_text("mine")
        git(pushed, "commit", "-qam", "mine")
        assert self.told(pushed, server) == ""

    def test_a_commit_of_a_person_with_the_trailer_in_the_middle(self, pushed: Path, server: GitServer) -> None:
        (pushed / "notes").write_text("mine")
        git(pushed, "commit", "-qam", "mine\n\nDockfix-Content: 0123\nSigned-off-by: me")
        assert self.told(pushed, server) == ""

    def test_an_amend(self, pushed: Path, server: GitServer) -> None:
        (pushed / "notes").write_text("mine")
        git(pushed, "commit", "-q", "-a", "--amend", "--no-edit")
        assert "Dockfix-Content" in git(pushed, "log", "-1", "--format=%B")
        assert self.told(pushed, server) == ""

    def test_an_amend_of_somebody_who_has_the_name_of_the_bot(self, pushed: Path, server: GitServer) -> None:
        (pushed / "notes").write_text("mine")
        git(pushed, "commit", "-q", "-a", "--amend", "--no-edit", who=BOT, GIT_COMMITTER_DATE="2001-01-01T00:00:00Z")
        assert self.told(pushed, server) == ""

    def test_a_rebase(self, pushed: Path, hosted: Path, server: GitServer) -> None:
        commit(hosted, {"notes": b"moved\n"})
        git(pushed, "fetch", "-q")
        git(pushed, "rebase", "-q", "origin/main")
        assert self.told(pushed, server) == ""

    def test_a_squash(self, pushed: Path, server: GitServer) -> None:
        git(
            pushed, "rebase", "-q", "-i", "origin/main", GIT_SEQUENCE_EDITOR="sed -i 2s/pick/squash/", GIT_EDITOR="true"
        )
        assert git(pushed, "rev-list", "--count", "origin/main..") == "1"
        assert self.told(pushed, server) == ""

    def test_a_cherry_pick(self, pushed: Path, server: GitServer) -> None:
        git(pushed, "reset", "-q", "--hard", "origin/main")
        git(pushed, "cherry-pick", f"origin/{BRANCH}")
        assert self.told(pushed, server) == ""

    def test_a_merge_of_the_base(self, pushed: Path, hosted: Path, server: GitServer) -> None:
        commit(hosted, {"notes": b"moved\n"})
        git(pushed, "fetch", "-q")
        git(pushed, "merge", "-q", "-m", "merge", "origin/main")
        assert self.told(pushed, server) == ""

    def test_a_branch_set_back_to_the_base_or_to_another_history(self, pushed: Path, server: GitServer) -> None:
        git(pushed, "reset", "-q", "--hard", "origin/main")
        assert self.told(pushed, server) == ""
        git(pushed, "checkout", "-q", "--orphan", "new")
        git(pushed, "commit", "-qm", "new")
        assert self.told(pushed, server) == ""

    def test_a_branch_set_back_to_an_earlier_commit_of_the_bot_is_the_bots(
        self, pushed: Path, server: GitServer
    ) -> None:
        git(pushed, "reset", "-q", "--hard", "HEAD^")
        assert self.told(pushed, server) == "0123456789abcdef"

    def test_looking_at_branches_leaves_the_history_of_the_base_alone(self, pushed: Path, server: GitServer) -> None:
        git(pushed, "reset", "-q", "--hard", "origin/main")
        for _ in range(3):
            git(pushed, "commit", "-q", "--allow-empty", "-m", "more")
        git(pushed, "push", "-q", "origin", "HEAD:main", f"+HEAD:{BRANCH}")
        with at(server.url("owner/name")) as clone:
            clone.heads()
            assert git(Path(clone.folder), "rev-list", "--count", "HEAD") == "4"

    @pytest.mark.parametrize(
        ("message", "expected"),
        [
            (b"a\n\nDockfix-Content: 12ab\n", "12ab"),
            (b"a\n\nDockfix-Content: 12ab", "12ab"),
            (b"a\n\nDockfix-Content: 12AB\n", ""),
            (b"a\n\nDockfix-Content: \n", ""),
            (b"a\n\nNo-Dockfix-Content: 12ab\n", ""),
            (b"", ""),
        ],
    )
    def test_the_trailer_is_the_last_line(self, message: bytes, expected: str) -> None:
        who = b"A <a@example.org> 1 +0000\n"
        assert content(b"tree 1\nauthor " + who + b"committer " + who + b"\n" + message) == expected
        assert content(b"tree 1\nauthor " + who + b"committer B " + who + b"\n" + message) == ""


class TestCommits:
    def test_are_one_on_top_of_the_other_by_the_operators_author(self, hosted: Path) -> None:
        operator = Operator(author="Fleet Bot. <bot@example.org>")
        second = NewCommit("Second: “quoted”\n", {"api/Dockerfile": b"FROM b\n", "deep/er/new": b"new\n"})
        with at(str(hosted), operator=operator) as clone:
            last = clone.committed([NEW, second])
            clone.push(BRANCH, last, None)
            assert contents(clone.folder) == FILES
        told = git(hosted, "log", "--format=%an|%ae|%cn|%ce|%s", "--reverse", f"main..{BRANCH}")
        by = "Fleet Bot|bot@example.org|Fleet Bot|bot@example.org"
        assert told.splitlines() == [f"{by}|Merge two RUNs", f"{by}|Second: “quoted”"]
        assert git(hosted, "log", "-1", "--format=%B", f"{BRANCH}^").strip() == MESSAGE.strip()
        assert read(hosted, "Dockerfile", BRANCH) == NEW.files["Dockerfile"]
        assert read(hosted, "deep/er/new", BRANCH) == b"new\n"
        assert git(hosted, "diff", "--name-only", "main", BRANCH).split() == [
            "Dockerfile",
            "api/Dockerfile",
            "deep/er/new",
        ]

    def test_hold_every_byte_whatever_attributes_say(self, hosted: Path) -> None:
        commit(hosted, {".gitattributes": b"* text eol=crlf ident working-tree-encoding=UTF-16\n"})
        data = b"$Id$ a\r\nb\n\xff\0"
        with at(str(hosted)) as clone:
            clone.push(BRANCH, clone.committed([NewCommit("m", {"Dockerfile": data})]), None)
        assert read(hosted, "Dockerfile", BRANCH) == data

    @pytest.mark.parametrize("path", ["link", "folder/Dockerfile", "module", "module/Dockerfile"])
    def test_do_not_go_through_links_and_submodules(self, hosted: Path, path: str) -> None:
        commit(hosted, {"link": "Dockerfile", "folder": "api"})
        git(hosted, "config", "core.bare", "true")
        index = {"GIT_INDEX_FILE": str(hosted / "x")}
        git(hosted, "read-tree", "main", **index)
        git(hosted, "update-index", "--add", "--cacheinfo", f"160000,{tip(hosted)},module", **index)
        made = git(hosted, "commit-tree", git(hosted, "write-tree", **index), "-p", "main", text=b"module")
        git(hosted, "update-ref", "refs/heads/main", made)
        with (
            at(str(hosted)) as clone,
            pytest.raises(CloneError, match=f"{path} is not changed: .* is a link or a subm"),
        ):
            clone.committed([NewCommit("m", {path: b""})])

    @pytest.mark.parametrize(
        "path",
        ["", "/etc/x", "../x", "a/../../x", ".git/config", ".GIT/x", "git~1/x", "api", "notes/x", "a//b", "a\0b"],
    )
    def test_of_paths_that_no_file_can_have_are_refused(self, hosted: Path, path: str) -> None:
        with at(str(hosted)) as clone, pytest.raises(CloneError):
            clone.committed([NewCommit("m", {path: b""})])

    def test_are_signed_with_a_key_of_ssh(self, hosted: Path, tmp_path: Path) -> None:
        key = tmp_path / "key"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
        operator = Operator(signing_key=str(key), signing_format="ssh")
        with at(str(hosted), operator=operator) as clone:
            clone.push(BRANCH, clone.committed([NEW]), None)
            assert content(git(hosted, "cat-file", "commit", BRANCH).encode()) == "0123456789abcdef"
        signers = tmp_path / "signers"
        signers.write_text(f"dockfix@localhost {key.with_suffix('.pub').read_text()}")
        git(hosted, "-c", f"gpg.ssh.allowedSignersFile={signers}", "verify-commit", BRANCH)

    @pytest.mark.skipif(shutil.which("gpg") is None, reason="gpg is not installed")
    def test_are_signed_with_a_key_of_openpgp(
        self, hosted: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # Its agent's socket does not take a long path.
        with temporary() as home:
            monkeypatch.setenv("GNUPGHOME", home.folder)
            new = ["gpg", "--batch", "--quiet", "--passphrase", "", "--quick-gen-key", BOT, "ed25519", "sign"]
            subprocess.run(new, check=True, capture_output=True)
            with at(str(hosted), operator=Operator(signing_key="dockfix@localhost")) as clone:
                clone.push(BRANCH, clone.committed([NEW]), None)
            git(hosted, "verify-commit", BRANCH)
            subprocess.run(["gpgconf", "--kill", "all"], check=True)

    def test_that_cannot_be_signed_are_not_made(self, hosted: Path, tmp_path: Path) -> None:
        operator = Operator(signing_key=str(tmp_path / "none"), signing_format="ssh")
        with at(str(hosted), operator=operator) as clone, pytest.raises(CloneError, match="git commit-tree fails: "):
            clone.committed([NEW])


class TestPushes:
    def test_a_new_branch(self, anywhere: tuple[Path, str]) -> None:
        repository, url = anywhere
        with at(url) as clone:
            made = clone.committed([NEW])
            clone.push(BRANCH, made, None)
            assert branches(repository) == {BRANCH: made, "main": clone.commit}
            assert clone.heads() == {BRANCH: Head(made, "0123456789abcdef")}
        assert read(repository, "Dockerfile", BRANCH) == NEW.files["Dockerfile"]
        git(repository, "fsck", "--strict")

    def test_a_branch_that_is_where_it_is_expected_to_be(self, anywhere: tuple[Path, str]) -> None:
        repository, url = anywhere
        commit(repository, {"notes": b"x"}, BRANCH, onto=tip(repository))
        with at(url) as clone:
            made = clone.committed([NEW])
            clone.push(BRANCH, made, tip(repository, BRANCH))
            assert tip(repository, BRANCH) == made

    @pytest.mark.parametrize("over", ["none", "another"])
    def test_not_one_that_is_elsewhere(self, anywhere: tuple[Path, str], over: str) -> None:
        repository, url = anywhere
        there = commit(repository, {"notes": b"x"}, BRANCH, onto=tip(repository))
        with at(url) as clone, pytest.raises(MovedError, match=f"{BRANCH} has been changed by somebody else"):
            clone.push(BRANCH, clone.committed([NEW]), None if over == "none" else clone.commit)
        assert tip(repository, BRANCH) == there

    def test_not_one_that_is_gone(self, anywhere: tuple[Path, str]) -> None:
        with at(anywhere[1]) as clone, pytest.raises(MovedError):
            clone.push(BRANCH, clone.committed([NEW]), clone.commit)
        assert [*branches(anywhere[0])] == ["main"]

    def test_nothing_where_it_is_done_already(self, anywhere: tuple[Path, str]) -> None:
        with at(anywhere[1]) as clone:
            made = clone.committed([NEW])
            clone.push(BRANCH, made, None)
            clone.push(BRANCH, made, None)

    def test_not_one_that_moves_while_it_is_pushed(self, server: GitServer, hosted: Path) -> None:
        there = commit(hosted, {"notes": b"x"}, BRANCH, onto=tip(hosted))
        later = commit(hosted, {"notes": b"y"}, "other", onto=there)

        def move(asked: Asked) -> None:
            if asked.method == "POST" and asked.path.endswith("/git-receive-pack"):
                git(hosted, "update-ref", f"refs/heads/{BRANCH}", later)

        server.before = move
        with at(server.url("owner/name")) as clone, pytest.raises(MovedError):
            clone.push(BRANCH, clone.committed([NEW]), there)
        assert tip(hosted, BRANCH) == later

    def test_what_the_server_refuses_is_said_in_its_words(self, server: GitServer, hosted: Path) -> None:
        hook = hosted / "hooks/pre-receive"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text("#!/bin/sh\nprintf 'this branch is \\033[31mprotected\\n'\nexit 1\n")
        hook.chmod(0o755)
        with at(server.url("owner/name")) as clone, pytest.raises(CloneError) as caught:
            clone.push(BRANCH, clone.committed([NEW]), None)
        said = f"{BRANCH} cannot be pushed: pre-receive hook declined: this branch is ?[31mprotected"
        assert str(caught.value) == said
        assert not isinstance(caught.value, MovedError)

    def test_a_deletion(self, anywhere: tuple[Path, str]) -> None:
        repository, url = anywhere
        there = commit(repository, {"notes": b"x"}, BRANCH, onto=tip(repository))
        with at(url) as clone:
            with pytest.raises(MovedError):
                clone.delete(BRANCH, clone.commit)
            clone.delete(BRANCH, there)
            assert [*branches(repository)] == ["main"]
            with pytest.raises(MovedError):
                clone.delete(BRANCH, there)

    @pytest.mark.parametrize("branch", ["a b", "-x:main", "x\0", "../x", "x\n", ""])
    def test_no_branch_that_has_no_name_for_one(self, hosted: Path, branch: str) -> None:
        with at(str(hosted)) as clone, pytest.raises(CloneError):
            clone.push(branch, clone.commit, None)
        assert [*branches(hosted)] == ["main"]


class TestAFolderOnDisk:
    @pytest.fixture
    def folder(self, hosted: Path, tmp_path: Path) -> Path:
        folder = person(hosted, tmp_path / "folder")
        (folder / "notes").write_text("not committed")
        (folder / "untracked").write_text("x")
        return folder

    def test_keeps_its_files_its_index_and_its_head(self, folder: Path) -> None:
        def state() -> tuple[object, ...]:
            inside = (folder / ".git/HEAD", folder / ".git/index", folder / ".git/config", folder / ".git/logs/HEAD")
            return git(folder, "status", "--porcelain"), contents(str(folder)), [path.read_bytes() for path in inside]

        before = state()
        with at(str(folder)) as clone:
            assert contents(clone.folder) == FILES
            clone.push(BRANCH, clone.committed([NEW]), None)
        assert state() == before
        assert (folder / ".git/FETCH_HEAD").exists() is False
        git(folder, "switch", "-q", "--discard-changes", BRANCH)
        assert (folder / "Dockerfile").read_bytes() == NEW.files["Dockerfile"]

    def test_is_not_changed_under_somebody_who_looks_at_the_branch(self, folder: Path) -> None:
        git(folder, "switch", "-q", "-c", BRANCH)
        with at(str(folder)) as clone, pytest.raises(CloneError, match=f"{BRANCH} is checked out in .*; switch to"):
            clone.push(BRANCH, clone.committed([NEW]), clone.commit)

    def test_is_not_changed_where_one_of_its_branches_is_another_name_for_another(self, folder: Path) -> None:
        git(folder, "symbolic-ref", f"refs/heads/{BRANCH}", "refs/heads/main")
        main = tip(folder)
        with at(str(folder)) as clone:
            made = clone.committed([NEW])
            clone.push(BRANCH, made, main)
        assert branches(folder) == {BRANCH: made, "main": main}

    def test_is_not_the_repository_that_it_lies_in(self, hosted: Path) -> None:
        # git fetches from name.git where name is no repository.
        git(hosted.parent, "init", "-q", "--initial-branch=main")
        (hosted.parent / "name").mkdir()
        with at(str(hosted.parent / "name")) as clone, pytest.raises(CloneError, match="it is not a git repository"):
            clone.push(BRANCH, clone.committed([NEW]), None)
        assert branches(hosted.parent) == {}

    def test_may_be_a_work_tree_of_another_or_shallow(self, folder: Path, hosted: Path, tmp_path: Path) -> None:
        commit(hosted, {"notes": b"x"})
        git(folder, "worktree", "add", "-q", "-b", "side", str(tmp_path / "side"))
        git(tmp_path, "clone", "-q", "--depth=1", f"file://{hosted}", "shallow")
        for place, base in ((tmp_path / "side", "side"), (tmp_path / "shallow", "main")):
            with at(str(place), base) as clone:
                made = clone.committed([NEW])
                clone.push(BRANCH, made, None)
            assert tip(place, BRANCH) == made


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


class TestTheToken:
    @pytest.fixture
    def guarded(self, server: GitServer) -> GitServer:
        server.token = BASIC
        return server

    def work(self, server: GitServer, header: str = f"Authorization: {BASIC}", inside: str = "") -> None:
        credentials = Credentials(inside or server.address, header)
        repository = Repository("owner/name", server.url("owner/name"), "main")
        with cloned(repository, "main", credentials, Operator()) as clone:
            clone.push(BRANCH, clone.committed([NEW]), None)
            clone.heads()
            self.look_at_files(Path(clone.folder).parent)

    def look_at_files(self, folder: Path) -> None:
        files = [path for path in folder.rglob("*") if path.is_file()]
        assert files
        assert [path for path in files if self.is_told(path.read_bytes())] == []

    @staticmethod
    def is_told(text: bytes) -> bool:
        return SECRET.encode() in text or BASIC.split()[1].encode() in text

    def test_opens_the_repository(self, guarded: GitServer, hosted: Path) -> None:
        self.work(guarded)
        assert BRANCH in branches(hosted)

    def test_is_on_no_command_line_and_in_no_file(self, guarded: GitServer) -> None:
        told: list[str] = []
        running: list[bytes] = []

        def look(asked: Asked) -> None:
            for process in Path("/proc").glob("[0-9]*"):
                try:
                    line = (process / "cmdline").read_bytes()
                except OSError:
                    continue
                running.append(line)
                told.extend([line.decode()] if self.is_told(line) else [])

        guarded.before = look
        self.work(guarded)
        assert any(b"remote-http" in line for line in running), "it was looked while git was asking"
        assert told == []

    def test_goes_to_its_own_address_only(self, guarded: GitServer) -> None:
        with pytest.raises(CloneError, match="there is no token, or it has no right"):
            self.work(guarded, inside="http://127.0.0.1:1/")
        assert {asked.authorization for asked in guarded.asked} == {""}

    def test_does_not_follow_to_another_host(self, guarded: GitServer, tmp_path: Path) -> None:
        with served(tmp_path / "hosted") as other:
            guarded.redirect = other.address
            with pytest.raises(CloneError, match="its address leads to another one, and a token is not sent there"):
                self.work(guarded)
            assert other.asked == []

    def test_is_in_no_error_also_where_the_server_repeats_it(
        self, guarded: GitServer, capfd: pytest.CaptureFixture[str]
    ) -> None:
        guarded.refusal = f"no: {BASIC} is {SECRET} of x-access-token:{SECRET}"
        guarded.fails, guarded.failure = 100, 500
        with pytest.raises(CloneError) as caught:
            self.work(guarded)
        chain = [str(error) + repr(vars(error)) for error in (caught.value, caught.value.__cause__) if error]
        assert any("no: " in text for text in chain), "what the server said is there"
        assert not self.is_told("".join(chain).encode())
        assert not self.is_told("".join(capfd.readouterr()).encode())

    def test_is_in_no_error_of_a_push_that_repeats_it(self, guarded: GitServer, hosted: Path) -> None:
        hook = hosted / "hooks/pre-receive"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\necho your token is {SECRET}\nexit 1\n")
        hook.chmod(0o755)
        with pytest.raises(CloneError, match=r"your token is \*\*\*"):
            self.work(guarded)

    @pytest.mark.parametrize("header", [f"PRIVATE-TOKEN: {SECRET}", f"Authorization: Bearer {SECRET}"])
    def test_that_is_refused_is_in_no_error(self, guarded: GitServer, header: str) -> None:
        with pytest.raises(CloneError) as caught:
            self.work(guarded, header)
        assert str(caught.value) == "git fetch fails: there is no token, or it has no right to this repository"

    def test_in_the_environment_of_the_bot_is_not_given_to_git(
        self, server: GitServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("DOCKFIX_TOKEN", SECRET)
        seen: list[bool] = []

        def look(asked: Asked) -> None:
            for process in Path("/proc").glob("[0-9]*"):
                try:
                    if b"remote-http" in (process / "cmdline").read_bytes():
                        seen.append(SECRET.encode() in (process / "environ").read_bytes())
                except OSError:
                    continue

        server.before = look
        with at(server.url("owner/name")):
            pass
        assert seen
        assert not any(seen)


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
