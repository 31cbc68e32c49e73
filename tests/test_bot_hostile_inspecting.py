"""Clones that mean harm: nothing outside is read, nothing runs, time and memory stay bounded, and it is said."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from time import monotonic

import pytest
from bot_clones import RUNS, clone, commit, summary
from command import dockfix, environment, git

from dockfix.adapters.patterns import pattern
from dockfix.frontends.bot.grouping import Grouping
from dockfix.frontends.bot.inspecting import InspectionError, inspect
from dockfix.frontends.bot.inspection import Inspection
from dockfix.frontends.bot.settings import BotSettings, Operator

CANARY = b"canary-7f3a"
COPIES = b"FROM debian:12\nCOPY secret.txt /x\nRUN echo a\nRUN echo b\n"


def bounded(top: Path) -> Inspection:
    """What is learnt within 60 seconds and 600 MB."""
    return inspect(str(top), Operator(timeout=60, memory=600_000_000))


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder beside the clone, with a file that is nobody's business and a Dockerfile."""
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "secret.txt").write_bytes(CANARY)
    (folder / "Dockerfile").write_bytes(RUNS + b"LABEL canary-7f3a=1\n")
    return folder


def test_a_dockerfile_that_links_out_of_the_repository_is_not_read(tmp_path: Path, outside: Path) -> None:
    top = clone(tmp_path, {"a/Dockerfile": RUNS})
    (top / "Dockerfile").symlink_to("/etc/passwd")
    (top / "b.Dockerfile").symlink_to(outside / "Dockerfile")
    (top / "linked").symlink_to(outside)
    (top / "c.Dockerfile").symlink_to("gone")
    commit(top)
    found = bounded(top)
    assert summary(found) == {"safe": [("merge-runs", "a/Dockerfile")]}
    told = "a link that leads out of the repository, and is not followed"
    assert sorted(found.problems) == [
        f"Dockerfile: {told}",
        f"b.Dockerfile: {told}",
        "c.Dockerfile: a link to what is not there",
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("compose.yaml", "services:\n  a:\n    build:\n      context: {out}\n      dockerfile: {top}/Dockerfile\n"),
        ("compose.yaml", "services:\n  a:\n    build:\n      context: ..\n      dockerfile: clone/Dockerfile\n"),
        ("docker-bake.hcl", 'target "a" {{\n  context = "{out}"\n  dockerfile = "{top}/Dockerfile"\n}}\n'),
        (".devcontainer.json", '{{"build": {{"dockerfile": "Dockerfile", "context": "{out}"}}}}'),
    ],
)
def test_a_build_context_outside_of_the_repository_is_not_known(
    tmp_path: Path, outside: Path, name: str, text: str
) -> None:
    top = clone(tmp_path, {"Dockerfile": COPIES})
    (top / name).write_text(text.format(out=outside, top=top))
    commit(top)
    found = bounded(top)
    assert CANARY.decode() not in repr(found)
    assert summary(found) == {"safe": [("merge-runs", "Dockerfile")]}
    (told,) = found.problems
    assert told.startswith(f"{name}: line ")
    assert told.endswith("the build leads out of the repository, so nothing is known of its context")


@pytest.mark.parametrize(
    "text",
    [
        "services:\n  a:\n    extends: {{file: {out}/compose.yaml, service: a}}\n",
        "include: [{out}/compose.yaml]\nservices:\n  a:\n    build: .\n",
        "services:\n  a:\n    env_file: {out}/secret.txt\n    build: {{context: ., dockerfile: {out}/Dockerfile}}\n",
        "services:\n  a:\n    build: {{context: ., additional_contexts: {{x: {out}}}}}\n",
        "services:\n  a:\n    build: {{context: ., dockerfile: ../outside/Dockerfile}}\n",
    ],
)
def test_no_other_path_of_a_compose_file_leads_out_of_the_repository(tmp_path: Path, outside: Path, text: str) -> None:
    (outside / "compose.yaml").write_text("services:\n  a:\n    build: {context: ., args: {A: canary-7f3a}}\n")
    top = clone(tmp_path, {"Dockerfile": COPIES, "secret.txt": b"x"})
    (top / "compose.yaml").write_text(text.format(out=outside))
    commit(top)
    found = bounded(top)
    assert CANARY.decode() not in repr(found)
    assert ("merge-runs", "Dockerfile") in summary(found)["safe"]


def test_a_configuration_above_the_clone_does_not_count(tmp_path: Path) -> None:
    (tmp_path / ".dockfix.toml").write_text('skip = ["merge-runs"]\n')
    found = bounded(clone(tmp_path, {"Dockerfile": RUNS}))
    assert (found.is_configured, len(found.groups)) == (False, 1)


def test_laughing_and_deeply_nested_files_end(tmp_path: Path) -> None:
    laughs = "a: &a [x, x]\n" + "".join(
        f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    files = {
        "Dockerfile": COPIES,
        "secret.txt": b"x",
        "compose.yaml": f"{laughs}services: {{a: {{build: {{context: ., args: *i}}}}}}\n".encode(),
        "x/compose.yaml": b"[" * 100_000,
        "x/Dockerfile": COPIES,
        "y/docker-bake.json": b'{"a":' * 100_000,
        "y/Dockerfile": COPIES,
        "z/.devcontainer.json": b"[" * 100_000,
        "z/Dockerfile": COPIES,
    }
    found = bounded(clone(tmp_path, files))
    assert len([one for one in found.groups[0].made if one.transform == "merge-runs"]) == 4


def test_large_and_unreadable_dockerfiles_are_problems_and_the_others_are_looked_at(tmp_path: Path) -> None:
    files = {
        "Dockerfile": RUNS,
        "a/Dockerfile": b"FROM x\n" + b"#" * 50_000_000,
        "b/Dockerfile": "FROM x\n".encode("utf-16"),
        "c/Dockerfile": b"FROM x\0\n",
        "d/Dockerfile": b"FROM x\n" + b"RUN echo a\nRUN echo b\n" * 15_000,
    }
    started = monotonic()
    found = bounded(clone(tmp_path, files))
    assert monotonic() - started < 60
    assert summary(found) == {"safe": [("merge-runs", "Dockerfile")]}
    assert sorted(found.problems) == [
        "a/Dockerfile: larger than 5 MB, which no Dockerfile needs: take the data out of it",
        "b/Dockerfile: UTF-16, which no builder reads: save it as UTF-8",
        "c/Dockerfile: not text (it holds a NUL byte): name another file, or leave it out",
        "d/Dockerfile: longer than 3,000 lines, which nobody has written",
    ]


@pytest.mark.parametrize("name", ["a\nb", "a\x1b[31mb", "a\u202eb", "-exec", "a b", 'a"b\\c', "\udcff"])
def test_names_stay_names_and_print_nothing(tmp_path: Path, name: str) -> None:
    top = clone(tmp_path, {f"{name}/Dockerfile": RUNS, f"{name}/x.Dockerfile": b"FROM x\0"})
    found = inspect(str(top), Operator(defaults=BotSettings(group_by=("level", "file"))))
    (group,) = found.groups
    assert [one.path for one in group.made] == [f"{name}/Dockerfile"]
    assert re.fullmatch(r"safe-[a-z0-9._-]+", group.name)
    git(top, "check-ref-format", "--branch", group.branch)
    assert not any("\n" in told or "\x1b" in told or "\u202e" in told for told in found.problems)
    diff = group.made[0].diff.encode("utf-8", "surrogateescape")
    subprocess.run(["git", "apply", "--check", "-"], cwd=top, input=diff, env=environment(), check=True)


def test_a_configuration_that_is_a_link_out_of_the_repository_is_refused(tmp_path: Path, outside: Path) -> None:
    top = clone(tmp_path, {"Dockerfile": RUNS})
    (outside / "own.toml").write_text("canary-7f3a = 1\n")
    (top / ".dockfix.toml").symlink_to(outside / "own.toml")
    commit(top)
    with pytest.raises(InspectionError) as caught:
        bounded(top)
    assert str(caught.value) == ".dockfix.toml: a link that leads out of the repository, and is not followed"


def test_a_configuration_that_is_a_pipe_or_a_folder_is_none(tmp_path: Path) -> None:
    top = clone(tmp_path, {"Dockerfile": RUNS, "pyproject.toml/x": b""})
    os.mkfifo(top / ".dockfix.toml")
    assert len(bounded(top).groups) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"#" * 6_000_000, "larger than 5 MB, which no configuration needs"),
        (b"a = " + b"[" * 100_000, "not followed: it is nested too deep"),
        (b'plugins = ["os"]\n', 'unknown key "plugins"'),
        (b"transforms.evil.path = '/x'\n", 'in [transforms]: unknown transform "evil"'),
        (b"a = \xff", "not UTF-8 (byte 4)"),
    ],
)
def test_a_configuration_that_cannot_be_followed_is_a_sentence(tmp_path: Path, text: bytes, expected: str) -> None:
    with pytest.raises(InspectionError) as caught:
        bounded(clone(tmp_path, {"Dockerfile": RUNS, ".dockfix.toml": text}))
    assert str(caught.value).startswith(f".dockfix.toml: {expected}")
    assert "\n" not in str(caught.value)


def test_pipes_and_rings_of_links_in_the_context_are_no_obstacle(tmp_path: Path) -> None:
    top = clone(tmp_path, {"Dockerfile": b"FROM node:22\nCOPY . /app\nRUN cd /app && npm ci\nRUN echo b\n"})
    os.mkfifo(top / "package.json")
    os.mkfifo(top / "package-lock.json")
    (top / "a").mkdir()
    (top / "a" / "b").symlink_to("..")
    (top / "ring").symlink_to("ring")
    (top / "ring.Dockerfile").symlink_to("ring.Dockerfile")
    commit(top)
    found = bounded(top)
    assert ("merge-runs", "Dockerfile") in summary(found)["safe"]
    assert found.problems == ["ring.Dockerfile: a link that leads back to itself"]


def test_no_pattern_takes_long(tmp_path: Path) -> None:
    stars = "*a" * 40 + "b"
    folders = "**/a/" * 40 + "b"
    name = "/".join(["a" * 100] * 5 + ["a"] * 60) + "/Dockerfile"
    started = monotonic()
    assert not pattern(stars).fullmatch("a" * 200)
    assert not pattern(folders).fullmatch("a/" * 100)
    assert pattern("*a" * 40).fullmatch("a" * 200)
    rules = f'[bot]\nskip-paths = ["{stars}", "{folders}"]\n[[overrides]]\npaths = ["{stars}"]\nskip = []\n'
    assert len(bounded(clone(tmp_path, {name: RUNS, ".dockfix.toml": rules.encode()})).groups) == 1
    assert monotonic() - started < 60


class TestPrograms:
    """A repository whose own configuration names programs, as in a clone that came as an archive."""

    SETTINGS = (
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
        "core.editor",
        "core.askPass",
        "core.alternateRefsCommand",
        "gpg.program",
        "diff.external",
        "diff.x.command",
        "diff.x.textconv",
        "filter.x.clean",
        "filter.x.smudge",
        "filter.x.process",
        "filter.a=b.clean",
        "alias.log",
        "alias.ls-files",
        "credential.helper",
    )

    @pytest.fixture
    def armed(self, tmp_path: Path) -> Path:
        files = {
            "Dockerfile": RUNS,
            ".gitattributes": b"* filter=x diff=x\nb.Dockerfile filter=a=b\n",
            "b.Dockerfile": RUNS,
        }
        top = clone(tmp_path, files)
        program = tmp_path / "program"
        program.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\ncat\n")
        program.chmod(0o755)
        (top / ".git/hooks").mkdir(exist_ok=True)
        for hook in ("post-checkout", "post-index-change", "reference-transaction", "fsmonitor-watchman"):
            (top / ".git/hooks" / hook).symlink_to(program)
        for name in self.SETTINGS:
            git(top, "config", name, str(program))
        git(top, "config", "log.showSignature", "true")
        git(top, "config", "filter.x.required", "true")
        signed = b"tree %b\nauthor a <a@b> 1 +0000\ncommitter a <a@b> 1 +0000\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\nx\n"
        tree = git(top, "rev-parse", "HEAD^{tree}").strip()
        name = (
            git(top, "hash-object", "-w", "-t", "commit", "--stdin", text=signed.replace(b"%b", tree)).decode().strip()
        )
        (top / ".git/refs/heads/main").write_text(f"{name}\n")
        (tmp_path / "ran").unlink(missing_ok=True)
        (top / "Dockerfile").write_bytes(RUNS + b"USER x\n")
        (top / "b.Dockerfile").write_bytes(RUNS + b"USER x\n")
        return top

    def test_the_bot_runs_none_of_them(self, armed: Path) -> None:
        (armed / "Dockerfile").write_bytes(COPIES)
        (armed / "secret.txt").write_bytes(b"x")
        assert bounded(armed).files == 2
        assert not (armed.parent / "ran").exists()

    @pytest.mark.parametrize("options", [(), ("--staged",), ("--changed-since", "HEAD"), ("--diff",)])
    def test_the_command_line_runs_none_of_them(self, armed: Path, options: tuple[str, ...]) -> None:
        done = dockfix(armed, *options)
        assert done.status in (0, 1), done.err
        assert not (armed.parent / "ran").exists()

    def test_the_history_is_read_without_them(self, armed: Path) -> None:
        assert dockfix(armed, "cache", ".", "--history", "5").status in (0, 3)
        assert not (armed.parent / "ran").exists()

    def test_git_itself_would_run_them(self, armed: Path) -> None:
        """Otherwise the tests above show nothing."""
        subprocess.run(["git", "log", "-1"], cwd=armed, env=environment(), capture_output=True, check=False)
        assert (armed.parent / "ran").exists()

    def test_a_folder_that_looks_like_a_bare_repository_is_none(self, tmp_path: Path) -> None:
        top = clone(tmp_path, {"a/Dockerfile": COPIES, "a/secret.txt": b"x"})
        program = tmp_path / "program"
        program.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
        program.chmod(0o755)
        shutil.copytree(top / ".git", tmp_path / "bare")
        for name in ("HEAD", "config", "objects", "refs"):
            shutil.move(tmp_path / "bare" / name, top / "a" / name)
        with (top / "a/config").open("a") as file:
            file.write(f'[core]\n\tfsmonitor = "{program}"\n\tworktree = "."\n')
        commit(top)
        (tmp_path / "ran").unlink(missing_ok=True)
        bounded(top)
        dockfix(top / "a", "--diff")
        assert not (tmp_path / "ran").exists()

    def test_a_program_called_git_in_the_clone_is_not_the_one_that_is_run(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        top = clone(tmp_path, {"Dockerfile": RUNS})
        for name in ("git", "shfmt"):
            (top / name).write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
            (top / name).chmod(0o755)
        commit(top)
        monkeypatch.setenv("PATH", f".:{os.environ['PATH']}")
        monkeypatch.chdir(top)
        assert len(bounded(top).groups) == 1
        assert not (tmp_path / "ran").exists()

    def test_a_module_in_the_clone_is_not_imported(self, tmp_path: Path) -> None:
        evil = f"open({str(tmp_path / 'ran')!r}, 'w')\n".encode()
        names = ("dockfix/__init__.py", "yaml.py", "sitecustomize.py", "tree_sitter.py", "site-packages/x.pth")
        top = clone(
            tmp_path,
            {
                "Dockerfile": COPIES,
                "secret.txt": b"x",
                "compose.yaml": b"services: {a: {build: .}}\n",
                **dict.fromkeys(names, evil),
            },
        )
        assert ("merge-runs", "Dockerfile") in summary(bounded(top))["safe"]
        assert not (tmp_path / "ran").exists()


def test_no_token_is_known_to_the_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dockfix.frontends.bot.inspecting import _environment

    for name in ("DOCKFIX_TOKEN", "GITHUB_TOKEN", "GIT_DIR", "GIT_CONFIG_COUNT", "SSH_AUTH_SOCK", "HOME"):
        monkeypatch.setenv(name, "canary-7f3a")
    assert "canary-7f3a" not in _environment(str(tmp_path)).values()


JAILED = """
import os, socket, subprocess, sys
from dockfix.frontends.bot.jail import Jail
folder, outside, program = sys.argv[1:]
socket.socket
Jail([folder], [program]).close()
for what in (
    lambda: open(outside + "/secret.txt"),
    lambda: open(folder + "/../outside/secret.txt"),
    lambda: open(folder + "/link/secret.txt"),
    lambda: os.open(outside + "/secret.txt", os.O_RDONLY),
    lambda: os.listdir(outside),
    lambda: list(os.scandir(folder + "/..")),
    lambda: open(folder + "/new", "w"),
    lambda: open(folder + "/Dockerfile", "r+"),
    lambda: os.mkdir(folder + "/new"),
    lambda: os.remove(folder + "/Dockerfile"),
    lambda: os.rename(folder + "/Dockerfile", folder + "/x"),
    lambda: os.symlink("x", folder + "/y"),
    lambda: os.chmod(folder + "/Dockerfile", 0o777),
    lambda: os.chdir(outside),
    lambda: subprocess.run(["/bin/sh", "-c", "true"]),
    lambda: os.system("true"),
    lambda: os.fork(),
    lambda: os.execv("/bin/true", ["true"]),
    lambda: os.posix_spawn("/bin/true", ["true"], {}),
    lambda: socket.socket(),
    lambda: socket.getaddrinfo("localhost", 80),
    lambda: __import__("ctypes").CDLL(None),
):
    try:
        what()
    except PermissionError:
        print("refused")
    except ImportError:
        print("refused")
    else:
        print("done")
print(open(folder + "/Dockerfile").read() and subprocess.run([program]).returncode)
"""


def test_the_jail_lets_nothing_out_and_lets_two_programs_run(tmp_path: Path, outside: Path) -> None:
    folder = tmp_path / "clone"
    folder.mkdir()
    (folder / "Dockerfile").write_bytes(RUNS)
    (folder / "link").symlink_to(outside)
    command = [sys.executable, "-c", JAILED, str(folder), str(outside), shutil.which("true") or "/bin/true"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["refused"] * 22 + ["0"]
    assert sorted(path.name for path in folder.iterdir()) == ["Dockerfile", "link"]


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_the_system_is_asked_to_open_nothing_outside_and_to_start_two_programs_only(
    tmp_path: Path, outside: Path
) -> None:
    top = clone(tmp_path, {"a/Dockerfile": COPIES, "a/compose.yaml": b"services:\n  a:\n    build: ../../outside\n"})
    (top / "Dockerfile").symlink_to(outside / "Dockerfile")
    (top / "a/secret.txt").symlink_to(outside / "secret.txt")
    (top / "a/.dockerignore").symlink_to(outside / "secret.txt")
    (top / ".env").symlink_to(outside / "secret.txt")
    commit(top)
    code = (
        "import sys; from dockfix.frontends.bot.inspecting import inspect;"
        "from dockfix.frontends.bot.settings import Operator; inspect(sys.argv[1], Operator())"
    )
    log = tmp_path / "log"
    trace = ["strace", "-f", "-qq", "-o", str(log), "-e", "trace=open,openat,execve,connect", "--"]
    done = subprocess.run(
        [*trace, sys.executable, "-c", code, str(top)], capture_output=True, env=environment(), check=False
    )
    if b"Operation not permitted" in done.stderr:
        pytest.skip("nobody may be traced here")
    lines = log.read_text(errors="replace").splitlines()
    assert done.returncode == 0, done.stderr
    assert not [line for line in lines if str(outside) in line]
    started = {Path(path).name for path in re.findall(r'execve\("([^"]+)".*= 0$', "\n".join(lines), re.MULTILINE)}
    assert started - {Path(sys.executable).name} <= {"git", "shfmt"}
    written = [line for line in lines if re.search(r"O_(?:WRONLY|RDWR|CREAT)", line) and str(tmp_path) in line]
    assert not written


def test_names_of_groups_never_clash_with_how_they_are_made() -> None:
    grouping = Grouping(BotSettings(group_by=("file",)), ["a/b", "a-b", "A-b", "../x", "."])
    names = [grouping.name("t", "safe", path) for path in ("a/b", "a-b", "A-b", "../x", ".", "/" * 300)]
    assert len(set(names)) == 6
    assert all(re.fullmatch(r"(?!.*\.\.)[a-z0-9_-][a-z0-9._-]{0,80}", name) for name in names)
