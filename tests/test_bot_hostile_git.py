"""Repositories that would make git run something, write elsewhere, or never end: cloned, committed on and pushed to."""

from __future__ import annotations

import hashlib
import os
import re
import resource
import time
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from bot_repositories import DOCKERFILE, bare, blob, branches, commit, commit_tree, git, loose, person, tip, tree
from git_over_http import served

from dockfix.frontends.bot.clone import Clone, CloneError, NewCommit, cloned
from dockfix.frontends.bot.links import link
from dockfix.frontends.bot.platform import Given, Repository
from dockfix.frontends.bot.rules import kept
from dockfix.frontends.bot.settings import Operator

BRANCH = "dockfix/safe-0123456789ab"
NEW = NewCommit("Merge\n\nDockfix-Content: 12ab\n", {"Dockerfile": b"FROM debian:12-slim\nRUN echo a && echo b\n"})
HOOKS = (
    *("applypatch-msg", "pre-applypatch", "post-applypatch", "pre-commit", "prepare-commit-msg", "commit-msg"),
    *("post-commit", "pre-rebase", "post-checkout", "post-merge", "pre-push", "pre-receive", "update", "post-receive"),
    *("post-update", "reference-transaction", "push-to-checkout", "pre-auto-gc", "post-rewrite", "post-index-change"),
    *("proc-receive", "fsmonitor-watchman"),
)
FILE, LINK, FOLDER, MODULE = "100644", "120000", "40000", "160000"


class Canary:
    """A folder beside everything, with a program whose running shows, and what it had in it at first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.ran = folder.parent / "it-ran"
        self.program = folder / "program"
        self.program.write_text(f"#!/bin/sh\necho \"$0 $*\" >>'{self.ran}'\ncat\n")
        self.program.chmod(0o755)
        (folder / "secret").write_text("kept\n")
        self._before = self._state()

    def check(self) -> None:
        assert not self.ran.exists(), self.ran.read_text()
        assert self._state() == self._before

    def _state(self) -> list[tuple[str, int, int, bytes]]:
        files = sorted(self.folder.rglob("*"))
        return [
            (
                str(path),
                (status := path.lstat()).st_mode,
                status.st_mtime_ns,
                path.read_bytes() if path.is_file() else b"",
            )
            for path in files
        ]


@pytest.fixture
def canary(tmp_path: Path) -> Iterator[Canary]:
    """Nothing outside is written, and nothing was run, whatever the test is about."""
    canary = Canary(tmp_path / "canary")
    # The canary's program does tell, should it run.
    assert os.system(f"'{canary.program}' </dev/null") == 0  # noqa: S605
    assert canary.ran.exists()
    canary.ran.unlink()
    yield canary
    canary.check()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return bare(tmp_path / "hosted/owner/name.git", {"Dockerfile": DOCKERFILE})


def at(url: str | Path, base: str = "main", operator: Operator | None = None) -> AbstractContextManager[Clone]:
    return cloned(Repository("owner/name", str(url), "main"), base, None, operator or Operator())


def refused(url: str | Path, base: str = "main", operator: Operator | None = None) -> str:
    """The sentence by which a clone is refused, soon enough, without what a terminal would act on."""
    begin = time.monotonic()
    with pytest.raises(CloneError) as caught, at(url, base, operator):
        pass
    assert time.monotonic() - begin < 60
    told = str(caught.value)
    assert told.isprintable()
    assert len(told) < 500
    return told


def worked_on(url: str | Path, base: str = "main") -> str:
    """All that the bot does: gives the name of the commit that it pushed."""
    with at(url, base) as clone:
        made = clone.committed([NEW])
        clone.push(BRANCH, made, None)
        clone.heads()
        clone.delete(BRANCH, made)
        clone.push(BRANCH, made, None)
        return made


class TestPrograms:
    def test_hooks_of_a_template_are_not_copied(
        self, canary: Canary, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        template, home = tmp_path / "template", tmp_path / "home"
        (template / "hooks").mkdir(parents=True)
        for name in HOOKS:
            (template / "hooks" / name).symlink_to(canary.program)
        (home / ".config/git").mkdir(parents=True)
        (home / ".gitconfig").write_text(f"[init]\ntemplateDir = {template}\n[core]\nhooksPath = {template}/hooks\n")
        monkeypatch.setenv("HOME", str(home))
        monkeypatch.setenv("XDG_CONFIG_HOME", str(home / ".config"))
        monkeypatch.setenv("GIT_TEMPLATE_DIR", str(template))
        with at(repository) as clone:
            assert not os.path.exists(f"{clone.folder}/.git/hooks")
        worked_on(repository)

    def test_hooks_of_the_repository_that_is_pushed_to_on_disk_do_not_run(
        self, canary: Canary, repository: Path, tmp_path: Path
    ) -> None:
        folder = person(repository, tmp_path / "folder")
        for place in (repository, folder / ".git"):
            (place / "hooks").mkdir(exist_ok=True)
            (place / "others").mkdir()
            for name in HOOKS:
                (place / "hooks" / name).symlink_to(canary.program)
                (place / "others" / name).symlink_to(canary.program)
        made = worked_on(repository)
        assert branches(repository)[BRANCH] == made
        git(folder, "config", "core.hooksPath", str(folder / ".git/others"))
        assert worked_on(folder)

    def test_programs_in_the_configuration_of_a_repository_on_disk_do_not_run(
        self, canary: Canary, repository: Path, tmp_path: Path
    ) -> None:
        folder = person(repository, tmp_path / "folder")
        program = str(canary.program)
        for key in (
            *("core.fsmonitor", "core.sshCommand", "core.gitProxy", "core.pager", "core.editor", "core.askPass"),
            *("core.alternateRefsCommand", "credential.helper", "diff.external", "gpg.program", "gpg.ssh.program"),
            *("uploadpack.packObjectsHook", "receive.procReceiveRefs", "sequence.editor", "alias.fetch"),
            *("alias.update-ref", "remote.origin.uploadpack", "remote.origin.receivepack", "interactive.diffFilter"),
            *("filter.x.smudge", "filter.x.process", "diff.x.textconv", "diff.x.command", "merge.x.driver"),
        ):
            git(folder, "config", key, program)
        git(folder, "config", "remote.origin.url", f"ext::{program} %S")
        git(folder, "config", "remote.origin.vcs", "ext")
        git(folder, "config", "protocol.ext.allow", "always")
        git(folder, "config", "commit.gpgSign", "true")
        git(folder, "config", "include.path", str(tmp_path / "more"))
        (tmp_path / "more").write_text(f"[core]\nfsmonitor = {program}\n")
        (folder / ".git/objects/info/alternates").write_text(f"{repository}/objects\n")
        assert worked_on(folder)

    def test_a_repository_on_disk_without_its_objects_fetches_them_from_nowhere(
        self, canary: Canary, repository: Path
    ) -> None:
        missing = git(repository, "rev-parse", "main:Dockerfile")
        (repository / "objects" / missing[:2] / missing[2:]).unlink()
        git(repository, "config", "core.repositoryFormatVersion", "1")
        git(repository, "config", "extensions.partialClone", "evil")
        git(repository, "config", "remote.evil.promisor", "true")
        git(repository, "config", "remote.evil.url", f"ext::{canary.program} %S")
        git(repository, "config", "protocol.ext.allow", "always")
        assert refused(repository).startswith("git fetch fails: ")

    def test_attributes_run_nothing_and_change_no_byte(
        self, canary: Canary, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        home = tmp_path / "home"
        (home / ".config/git").mkdir(parents=True)
        drivers = "".join(
            f'[{kind} "{name}"]\n' + "".join(f"{key} = {canary.program}\n" for key in keys)
            for name in ("x", "lfs")
            for kind, keys in {
                "filter": ("smudge", "clean", "process"),
                "diff": ("command", "textconv"),
                "merge": ("driver",),
            }.items()
        )
        (home / ".gitconfig").write_text(drivers)
        monkeypatch.setenv("HOME", str(home))
        data = b"$Id$ $Format:%H$\r\na\nb\xff\n"
        files = {"a.lfs": data, "a.x": data, "a.utf16": data, "a.crlf": data, "deep/a.id": data, "Dockerfile": data}
        attributes = (
            b"[attr]evil filter=x text eol=crlf\n*.lfs filter=lfs diff=lfs merge=lfs -text\n*.x filter=x diff=x merge=x\n"
            b"*.utf16 working-tree-encoding=UTF-16 text\n*.crlf text eol=crlf\n*.id ident export-subst\nDockerfile evil\n"
        )
        head = commit(repository, {**files, ".gitattributes": attributes, "deep/.gitattributes": b"* filter=x ident\n"})
        git(repository, "update-ref", "refs/pull/1/head", head)
        commit(repository, {"a.x": b"before\n"}, "old", onto=f"{head}^")
        with at(repository) as clone:
            found = {name: (Path(clone.folder) / name).read_bytes() for name in files}
            assert clone.at(Given(1, "refs/pull/1/head", head, "old"))["a.x"] == ((1, 3),)
        assert found == files
        worked_on(repository)

    def test_submodules_are_left_alone(self, canary: Canary, repository: Path) -> None:
        modules = "".join(
            f'[submodule "{name}"]\n\tpath = {path}\n\turl = {url}\n\tupdate = !{canary.program}\n'
            for name, path, url in (
                ("../../x", "one", f"ext::{canary.program} %S"),
                ("two", "../../two", f"--upload-pack={canary.program}"),
                ("three", "-three", f"ssh://-oProxyCommand={canary.program}/x"),
                ("four", "four", "./../../four"),
            )
        )
        entries = [(FILE, b".gitmodules", blob(repository, modules.encode()))]
        entries += [(FILE, b"Dockerfile", blob(repository, DOCKERFILE))]
        entries += [(MODULE, name, "1" * 40) for name in (b"four", b"one")]
        commit_tree(repository, tree(repository, entries), message="modules")
        with at(repository) as clone:
            assert sorted(os.listdir(clone.folder)) == [".git", ".gitmodules", "Dockerfile", "four", "one"]
            assert [*Path(clone.folder, "one").iterdir()] == []
        worked_on(repository)

    def test_variables_of_a_hook_that_runs_the_bot_do_not_count(
        self, canary: Canary, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        other = person(repository, tmp_path / "other")
        for name in ("GIT_DIR", "GIT_COMMON_DIR"):
            monkeypatch.setenv(name, str(other / ".git"))
        monkeypatch.setenv("GIT_WORK_TREE", str(canary.folder))
        monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git/index"))
        monkeypatch.setenv("GIT_CONFIG_PARAMETERS", f"'core.fsmonitor'='{canary.program}'")
        monkeypatch.setenv("GIT_SSH_COMMAND", str(canary.program))
        monkeypatch.setenv("GIT_ASKPASS", str(canary.program))
        monkeypatch.setenv("GIT_EXEC_PATH", str(canary.folder))
        monkeypatch.setenv("GIT_TRACE", str(canary.folder / "trace"))
        worked_on(repository)
        assert [*branches(other)] == ["main"]

    def test_a_server_that_asks_for_a_password_is_given_none(
        self, canary: Canary, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        home = tmp_path / "home"
        home.mkdir()
        (home / ".gitconfig").write_text(
            f"[credential]\nhelper = {canary.program}\n[core]\naskPass = {canary.program}\n"
        )
        (home / ".netrc").write_text("machine 127.0.0.1 login x password y\n")
        monkeypatch.setenv("HOME", str(home))
        monkeypatch.setenv("SSH_ASKPASS", str(canary.program))
        with served(tmp_path / "hosted") as server:
            server.token = "Basic nobody"  # noqa: S105
            assert "there is no token" in refused(server.url("owner/name"))
            assert {asked.authorization for asked in server.asked} == {""}


class TestNames:
    @pytest.mark.parametrize("name", [b".git", b".GIT", b"git~1", b".g\xe2\x80\x8cit", b"..", b".", b"", b"a/../../b"])
    def test_that_lead_out_or_into_git_are_refused(self, canary: Canary, repository: Path, name: bytes) -> None:
        hook = (FILE, b"pre-commit", blob(repository, b"#!/bin/sh\n"))
        inside = tree(repository, [(FOLDER, b"hooks", tree(repository, [hook])), (FILE, b"x", hook[2])])
        commit_tree(repository, tree(repository, [(FOLDER, name, inside)]))
        told = refused(repository)
        assert re.match(r"git (read-tree|fetch|ls-tree) fails: ", told), told

    @pytest.mark.parametrize("name", [b"..", b".git"])
    def test_of_files_that_are_no_files_are_refused(self, canary: Canary, repository: Path, name: bytes) -> None:
        commit_tree(repository, tree(repository, [(FILE, name, blob(repository, b"gitdir: /tmp\n"))]))
        assert refused(repository).startswith("git read-tree fails: ")

    def test_that_are_a_link_and_a_folder_at_once_write_nothing_through_it(
        self, canary: Canary, repository: Path
    ) -> None:
        out = blob(repository, os.fsencode(canary.folder))
        inside = tree(repository, [(FILE, b"secret", blob(repository, b"overwritten\n"))])
        for entries in ([(LINK, b"a", out), (FOLDER, b"a", inside)], [(FOLDER, b"a", inside), (LINK, b"a", out)]):
            commit_tree(repository, tree(repository, entries))
            with at(repository) as clone:
                assert not os.path.islink(f"{clone.folder}/a") or not os.path.exists(f"{clone.folder}/a")
                assert os.path.realpath(f"{clone.folder}/a").startswith(clone.folder)

    def test_with_line_ends_dashes_and_escapes_are_names_like_others(self, canary: Canary, repository: Path) -> None:
        names = [
            *(
                "-exec",
                "--upload-pack=touch x",
                "a\nb/Dockerfile",
                "\x1b[31mred\x07",
                '"quoted"\\',
                "a\tb",
                " ",
                "*",
                ":(top)",
            ),
            *(os.fsdecode(b"\xff\xfe"), "x" * 255, "100644 blob 0\tx", "\u202egnp"),
        ]
        files = dict.fromkeys(names, b"FROM a\n")
        head = commit(repository, files)
        git(repository, "update-ref", "refs/pull/1/head", head)
        old = commit(repository, {"later": b""}, "old", onto=f"{head}^")
        with at(repository) as clone:
            for name in names:
                assert (Path(clone.folder) / name).read_bytes() == b"FROM a\n"
            made = clone.committed([NewCommit("m", dict.fromkeys(names, b"FROM b\n"))])
            clone.push(BRANCH, made, None)
            assert clone.at(Given(1, "refs/pull/1/head", head, "old")) == dict.fromkeys(names, ((1, 1),))
        told = git(repository, "diff", "--name-only", "-z", "main", BRANCH)
        assert sorted(told.split("\0")[:-1]) == sorted(names)
        assert old

    def test_of_branches_are_names_like_others(self, canary: Canary, repository: Path) -> None:
        for base in ("-exec", "--upload-pack=x", "\u202egnp", "a'b\"c", "dockfix", "$(id)", "{x}"):
            git(repository, "update-ref", f"refs/heads/{base}", tip(repository))
            with at(repository, base) as clone:
                assert clone.commit == tip(repository)
            git(repository, "update-ref", "-d", f"refs/heads/{base}")
        assert branches(repository) == {"main": tip(repository)}

    @pytest.mark.parametrize(
        "base", ["\x1b[31m", "a\nb", "a:b", "*", "../x", "", "a\0b", "@{-1}", "\ud800", "+main", "^main"]
    )
    def test_that_no_branch_has_are_refused(self, canary: Canary, repository: Path, base: str) -> None:
        assert re.search("is not the name of a|has no branch", refused(repository, base))

    @pytest.mark.parametrize(
        "ref", ["--upload-pack=x", "refs/pull/1/head:refs/heads/x", "refs/heads/*", "+refs/heads/main"]
    )
    def test_of_pull_requests_that_are_none_are_refused(self, canary: Canary, repository: Path, ref: str) -> None:
        with at(repository) as clone, pytest.raises(CloneError, match="is not the name of a"):
            clone.at(Given(1, ref, clone.commit, "main"))

    def test_of_the_bots_branches_that_nobody_could_have_made_are_passed_over(
        self, canary: Canary, repository: Path
    ) -> None:
        packed = f"{tip(repository)} refs/heads/dockfix/".encode()
        lines = [packed + name for name in (b"\xff", b"-x", b"\xe2\x80\xaegnp", b"safe-1")]
        (repository / "packed-refs").write_bytes(
            b"# pack-refs with: peeled fully-peeled \n" + b"\n".join(lines) + b"\n"
        )
        with at(repository) as clone:
            assert {*clone.heads()} == {"dockfix/-x", "dockfix/\u202egnp", "dockfix/safe-1"}


class TestLinks:
    OUT = (
        *("/etc/passwd", "../../../../../../etc/passwd", "..", "../x", ".git/config", "folder/../.git/config", "/", ""),
        *("here/../x", "loop", "out", "deep/up/up/up", "a" * 5000, ".GIT/../../x", "folder/./../../clone/Dockerfile"),
    )
    IN = ("Dockerfile", "folder", "folder/../Dockerfile", "here/Dockerfile", "nothing", "./folder//Dockerfile", ".gitx")

    def test_that_lead_out_lead_to_nothing_and_others_are_as_they_were(self, canary: Canary, repository: Path) -> None:
        commit(
            repository,
            {
                **{f"out-{at}": text for at, text in enumerate(self.OUT)},
                **{f"in-{at}": text for at, text in enumerate(self.IN)},
                "here": ".",
                "loop": "ring",
                "ring": "loop",
                "out": str(canary.folder),
                "deep/up": "..",
                "folder/Dockerfile": b"FROM x\n",
                "folder/x": "../out/secret",
            },
        )
        with at(repository) as clone:
            for number, text in enumerate(self.OUT):
                name = f"{clone.folder}/out-{number}"
                assert os.path.islink(name), text
                assert not os.path.exists(name), text
                with pytest.raises(FileNotFoundError):
                    open(name, "rb")  # noqa: SIM115
            for number, text in enumerate(self.IN):
                assert os.readlink(f"{clone.folder}/in-{number}") == text
            assert not os.path.exists(f"{clone.folder}/folder/x")
            for path in Path(clone.folder).rglob("*"):
                assert str(path.resolve()).startswith(clone.folder), path

    def test_the_dockerfile_itself(self, canary: Canary, repository: Path) -> None:
        commit(repository, {"Dockerfile": "/etc/passwd", "compose.yaml": str(canary.folder / "secret")})
        with at(repository) as clone:
            assert not os.path.exists(f"{clone.folder}/Dockerfile")
            assert not os.path.exists(f"{clone.folder}/compose.yaml")
            with pytest.raises(CloneError, match="Dockerfile is not changed: Dockerfile is a link or a submodule"):
                clone.committed([NEW])

    def test_thousands_of_them_in_chains_are_followed_within_seconds(self, canary: Canary, tmp_path: Path) -> None:
        folder = tmp_path / "many"
        folder.mkdir()
        names = [f"l{number}" for number in range(4000)]
        for number, name in enumerate(names):
            (folder / name).write_text("x/../" * 800 + f"l{max(number - 1, 0)}")
        begin = time.monotonic()
        link(str(folder), names)
        assert time.monotonic() - begin < 30
        assert os.readlink(folder / "l3999") == ".git/outside-of-the-repository"

    def test_of_a_pull_request_are_made_anew(self, canary: Canary, repository: Path) -> None:
        commit(repository, {"a": "Dockerfile", "b": "folder", "folder/x": b"x"})
        head = commit(
            repository, {"a": str(canary.folder), "b": None, "b/secret": b"no\n"}, "theirs", onto=tip(repository)
        )
        git(repository, "update-ref", "refs/pull/1/head", head)
        with at(repository) as clone:
            assert os.path.exists(f"{clone.folder}/a")
            clone.at(Given(1, "refs/pull/1/head", head, "main"))
            assert not os.path.exists(f"{clone.folder}/a")
            assert os.listdir(f"{clone.folder}/b") == ["secret"]
            assert os.listdir(f"{clone.folder}/folder") == ["x"]


class TestSizes:
    def bomb(self, repository: Path, levels: int, width: int) -> None:
        inside = tree(repository, [(FILE, b"%d" % number, blob(repository, b"boom")) for number in range(width)])
        for _ in range(levels - 1):
            inside = tree(repository, [(FOLDER, b"%d" % number, inside) for number in range(width)])
        commit_tree(repository, inside)

    def test_ten_thousand_million_files_are_not_counted_to_the_end(self, canary: Canary, repository: Path) -> None:
        self.bomb(repository, 10, 10)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        assert refused(repository) == "it has more files, or longer names, than 200000 files may have"
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000

    def test_folders_that_never_end_are_refused(self, canary: Canary, repository: Path) -> None:
        inside = tree(repository, [(FILE, b"x", blob(repository, b""))])
        for _ in range(6000):
            inside = tree(repository, [(FOLDER, b"d", inside)])
        commit_tree(repository, inside)
        assert refused(repository) == "it has a file with a longer name than any file can have"

    @pytest.mark.parametrize("levels", [200, 201, 900])
    def test_folders_within_each_other_are_followed_as_far_as_any_project_goes(
        self, canary: Canary, repository: Path, levels: int
    ) -> None:
        inside = tree(repository, [(FILE, b"x", blob(repository, b""))])
        for _ in range(levels):
            inside = tree(repository, [(FOLDER, b"d", inside)])
        head = commit_tree(repository, inside, parents=[tip(repository)])
        git(repository, "update-ref", "refs/pull/1/head", head)
        if levels > 200:
            assert refused(repository) == "it has more than 200 folders within each other"
            return
        with at(repository) as clone:
            kept(clone.folder)
            clone.at(Given(1, "refs/pull/1/head", head, "main"))

    def test_a_name_of_megabytes_is_refused(self, canary: Canary, repository: Path) -> None:
        commit_tree(repository, tree(repository, [(FILE, b"x" * 3_000_000, blob(repository, b""))]))
        assert refused(repository) == "it has a file with a longer name than any file can have"

    def test_a_huge_file_that_packs_small_is_not_written(
        self, canary: Canary, repository: Path, tmp_path: Path
    ) -> None:
        name = zeros(repository, 300_000_000)
        commit_tree(repository, tree(repository, [(FILE, b"zeros", name)]))
        told = refused(repository, operator=Operator(largest=100_000_000, memory=400_000_000))
        assert told == "its files have 300.0 MB, and at most 100.0 MB are looked at"

    def test_a_file_that_is_there_many_times_counts_each_time(self, canary: Canary, repository: Path) -> None:
        large = blob(repository, b"\n" * 1_000_000)
        commit_tree(repository, tree(repository, [(FILE, b"%03d" % number, large) for number in range(200)]))
        told = refused(repository, operator=Operator(largest=50_000_000))
        assert told == "its files have 200.0 MB, and at most 50.0 MB are looked at"

    @pytest.mark.parametrize("over", ["http", "folder"])
    def test_what_does_not_pack_small_is_not_fetched(
        self, canary: Canary, repository: Path, tmp_path: Path, over: str
    ) -> None:
        commit(repository, {"noise": os.urandom(3_000_000)})
        operator = Operator(largest=1_000_000)
        if over == "folder":
            assert refused(repository, operator=operator) == "git fetch fails: it is larger than is allowed"
            return
        with served(tmp_path / "hosted") as server:
            assert (
                refused(server.url("owner/name"), operator=operator) == "git fetch fails: it is larger than is allowed"
            )

    def test_thousands_of_branches_like_the_bots_are_read_within_seconds(
        self, canary: Canary, repository: Path
    ) -> None:
        told = "commit refs/heads/dockfix/x-{0}\ncommitter a <a@b> {0} +0000\ndata 1\nx\nfrom {1}\n\n"
        base = tip(repository)
        git(repository, "fast-import", "--quiet", text="".join(told.format(at, base) for at in range(5000)).encode())
        with at(repository) as clone:
            begin = time.monotonic()
            assert len(clone.heads()) == 5000
            assert time.monotonic() - begin < 20

    def test_a_branch_with_a_commit_larger_than_any_is_refused(self, canary: Canary, repository: Path) -> None:
        message = "x" * 70_000_000
        commit_tree(repository, git(repository, "rev-parse", "main^{tree}"), "dockfix/x-1", message, [tip(repository)])
        with at(repository) as clone, pytest.raises(CloneError, match=r"dockfix/x-1 ends in what is no commit, or one"):
            clone.heads()

    def test_a_commit_with_a_message_of_megabytes_is_read_all_the_same(self, canary: Canary, repository: Path) -> None:
        message = "x" * 8_000_000 + "\n\nDockfix-Content: 12ab\n"
        commit_tree(repository, git(repository, "rev-parse", "main^{tree}"), "dockfix/x-1", message, [tip(repository)])
        with at(repository) as clone:
            assert clone.heads()["dockfix/x-1"].content == "12ab"


def zeros(repository: Path, size: int) -> str:
    """A file of so many zeros, a multiple of 1 MB, in a moment: its deflated parts are all the same."""
    part = bytes(1_000_000)
    head = b"blob %d\0" % size
    name = hashlib.sha1(head, usedforsecurity=False)
    check = zlib.adler32(head)
    packer = zlib.compressobj(9, zlib.DEFLATED, 15)
    begin = packer.compress(head) + packer.flush(zlib.Z_FULL_FLUSH)
    again = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = again.compress(part) + again.flush(zlib.Z_FULL_FLUSH)
    for _ in range(size // len(part)):
        name.update(part)
        check = zlib.adler32(part, check)
    end = zlib.compressobj(9, zlib.DEFLATED, -15).flush(zlib.Z_FINISH)
    path = repository / "objects" / name.hexdigest()[:2] / name.hexdigest()[2:]
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(begin + block * (size // len(part)) + end + check.to_bytes(4, "big"))
    return name.hexdigest()


class TestBrokenRepositories:
    def test_a_head_that_leads_nowhere_does_not_matter(self, canary: Canary, repository: Path) -> None:
        (repository / "HEAD").write_text("ref: refs/heads/gone\n")
        worked_on(repository)

    def test_one_that_names_objects_by_sha256_is_refused(self, canary: Canary, tmp_path: Path) -> None:
        folder = tmp_path / "hosted/owner/new.git"
        folder.mkdir(parents=True)
        git(folder, "init", "-q", "--bare", "--object-format=sha256", "--initial-branch=main")
        empty = git(folder, "hash-object", "-w", "-t", "tree", "--stdin")
        git(folder, "update-ref", "refs/heads/main", git(folder, "commit-tree", empty, text=b"x"))
        assert refused(folder) == "git fetch fails: its objects are named by SHA-256, which the bot cannot read"
        with served(tmp_path / "hosted") as server:
            told = refused(server.url("owner/new"))
        assert told == "git fetch fails: its objects are named by SHA-256, which the bot cannot read"

    @pytest.mark.parametrize("data", [b"tree 3\0abc", b"tree 8\0100644 x", b"commit 2\0\n\n"])
    def test_one_with_objects_that_are_none_is_refused(
        self, canary: Canary, repository: Path, data: bytes, tmp_path: Path
    ) -> None:
        name = loose(repository, data)
        if data.startswith(b"commit"):
            (repository / "refs/heads/main").write_text(name + "\n")
        else:
            raw = f"tree {name}\nauthor a <a> 1 +0000\ncommitter a <a> 1 +0000\n\nx\n".encode()
            (repository / "refs/heads/main").write_text(loose(repository, b"commit %d\0" % len(raw) + raw) + "\n")
        assert refused(repository).startswith("git fetch fails: ")
        with served(tmp_path / "hosted") as server:
            assert refused(server.url("owner/name")).startswith("git fetch fails: ")

    def test_a_branch_that_is_no_commit_is_refused(self, canary: Canary, repository: Path) -> None:
        (repository / "refs/heads/main").write_text(git(repository, "rev-parse", "main:Dockerfile") + "\n")
        assert refused(repository).startswith(("git fetch fails: ", "git rev-parse fails: "))

    def test_a_commit_cannot_pass_for_the_bots_by_a_strange_header(self, canary: Canary, repository: Path) -> None:
        base = tip(repository)
        lines = [
            f"tree {git(repository, 'rev-parse', 'main^{tree}')}\nparent {base}",
            "author a <a@example.org> 1 +0000",
            "committer b <b@example.org> 2 +0000",
            "encoding x\n author a <a@example.org> 1 +0000\n committer a <a@example.org> 1 +0000",
            "\nx\n\nauthor b <b@example.org> 2 +0000\n\nDockfix-Content: 12ab\n",
        ]
        raw = "\n".join(lines).encode()
        (repository / "refs/heads/dockfix").mkdir()
        (repository / "refs/heads/dockfix/x-1").write_text(loose(repository, b"commit %d\0" % len(raw) + raw) + "\n")
        with at(repository) as clone:
            assert [head.content for head in clone.heads().values()] == [""]
