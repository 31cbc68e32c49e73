"""What the bot commits and pushes: to git's own server over HTTP, and to folders."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from bot_hosted import BRANCH, FILES, MESSAGE, NEW, anywhere, at, contents, hosted, server
from bot_repositories import BOT, branches, commit, git, person, read, tip
from git_over_http import Asked, GitServer

from dockfix.frontends.bot.clone import CloneError, MovedError, NewCommit
from dockfix.frontends.bot.heads import content
from dockfix.frontends.bot.plan import Head
from dockfix.frontends.bot.settings import Operator
from dockfix.frontends.bot.temporary import temporary

__all__ = ["anywhere", "hosted", "server"]


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
        with at(str(hosted), operator=operator) as clone, pytest.raises(CloneError) as caught:
            clone.committed([NEW])
        said = str(caught.value)
        assert said.startswith(f"commits cannot be signed with the key {tmp_path}/none (ssh): git commit-tree fails: ")
        assert said.endswith("No such file or directory?")

    @pytest.mark.skipif(shutil.which("gpg") is None, reason="gpg is not installed")
    def test_that_cannot_be_signed_by_openpgp_are_not_made(
        self, hosted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GNUPGHOME", str(tmp_path))
        operator = Operator(signing_key="nobody@example.org")
        with at(str(hosted), operator=operator) as clone, pytest.raises(CloneError) as caught:
            clone.committed([NEW])
        assert str(caught.value) == (
            "commits cannot be signed with the key nobody@example.org (openpgp): "
            "git commit-tree fails: gpg failed to sign the data"
        )


class TestPushes:
    def test_a_new_branch(self, anywhere: tuple[Path, str]) -> None:
        repository, url = anywhere
        with at(url) as clone:
            made = clone.committed([NEW])
            clone.push(BRANCH, made, None)
            assert branches(repository) == {BRANCH: made, "main": clone.commit}
            tree = git(repository, "rev-parse", f"{made}^{{tree}}")
            assert clone.heads() == {BRANCH: Head(made, "0123456789abcdef", tree)}
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

    @pytest.mark.parametrize("there", ["dockfix", f"{BRANCH}/x"])
    def test_not_where_a_branch_stands_in_the_way(self, anywhere: tuple[Path, str], there: str) -> None:
        repository, url = anywhere
        git(repository, "update-ref", f"refs/heads/{there}", tip(repository))
        with at(url) as clone, pytest.raises(CloneError) as caught:
            clone.push(BRANCH, clone.committed([NEW]), None)
        assert str(caught.value) == f"{BRANCH} cannot be made beside the branch {there}: rename or delete that one"

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
        for other, base in ((tmp_path / "side", "side"), (tmp_path / "shallow", "main")):
            with at(str(other), base) as clone:
                made = clone.committed([NEW])
                clone.push(BRANCH, made, None)
            assert tip(other, BRANCH) == made
