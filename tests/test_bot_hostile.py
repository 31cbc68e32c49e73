"""Repositories that mean harm, through the whole bot: nothing outside is read or written, nothing runs, and all ends."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from bot_repositories import Value, bare, blob, branches, commit_tree, git, read, tree
from command import environment

from dockfix.frontends.bot.report import Report
from dockfix.frontends.bot.settings import Operator
from dockfix.frontends.bot.task import Place, Task
from dockfix.frontends.bot.texts import report as texts
from dockfix.frontends.bot.working import work

FILE, FOLDER = "100644", "40000"
SECRET = "canary-7f3a"  # noqa: S105
RUNS = b"FROM debian:12-slim\nRUN echo a\nRUN echo b\n"
MERGED = b"FROM debian:12-slim\nRUN echo a \\\n    && echo b\n"
OPERATOR = Operator(onboarding=False, timeout=60, memory=600_000_000)
SECONDS = 90
"""What one repository may take on a busy machine."""


class Outside:
    """What is none of the bot's business: a secret, a program, and all that lies beside the repository."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "outside"
        self.folder.mkdir()
        (self.folder / "secret.txt").write_text(SECRET)
        (self.folder / "Dockerfile").write_bytes(RUNS + f"LABEL x={SECRET}\n".encode())
        self.ran = folder / "it-ran"
        self.program = self.folder / "program"
        self.program.write_text(f"#!/bin/sh\ntouch '{self.ran}'\ncat\n")
        self.program.chmod(0o755)
        self._before = self._state()

    def check(self) -> None:
        assert not self.ran.exists()
        assert self._state() == self._before

    def _state(self) -> list[tuple[str, int, bytes]]:
        files = sorted(self.folder.rglob("*"))
        return [(str(one), one.lstat().st_mtime_ns, one.read_bytes() if one.is_file() else b"") for one in files]


@pytest.fixture
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Outside]:
    made = Outside(tmp_path)
    environment()  # the cache that it makes is the tests' own
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    yield made
    made.check()
    assert os.listdir(tmp_path / "temporary") == []


def looked(folder: Path, files: Mapping[str, Value] | None = None, **settings: object) -> Report:
    """The report on a repository of these files, or on the one that is there, of a visit that ends soon enough."""
    if files is not None:
        bare(folder / "repository", files)
    begin = time.monotonic()
    found = work(Task(Place("local", str(folder)), "repository", OPERATOR._replace(**settings)))  # type: ignore[arg-type]
    assert time.monotonic() - begin < SECONDS
    said = texts.text([found], verbose=True)
    assert all(line.isprintable() for line in said.splitlines()), said
    assert "internal error" not in said
    assert SECRET not in repr(found)
    return found


def opened(found: Report) -> dict[str, str]:
    """The titles of what was opened, by group."""
    assert not found.error, found.error
    return {one.group: one.title for one in found.done if one.what == "opened"}


def branch(folder: Path, group: str = "safe") -> str:
    (name,) = (name for name in branches(folder / "repository") if name.startswith(f"dockfix/{group}-"))
    return name


OUT = "{out}"
SERVICE = "services:\n  a:\n    build: .\n"
LAUGHS = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
)
# What lies beside a Dockerfile with one safe change: that is proposed all the same.
BESIDE = {
    "attributes": {
        ".gitattributes": "[attr]x filter=lfs text eol=crlf ident\n* x working-tree-encoding=UTF-16\nDockerfile export-subst\n",
        ".lfsconfig": "[lfs]\nurl = ext::{out}/program\n",
        ".gitmodules": '[submodule "x"]\npath = sub\nurl = ext::{out}/program %S\nupdate = !{out}/program\n',
        ".githooks/post-checkout": "#!/bin/sh\n{out}/program\n",
    },
    "contexts outside": {
        "compose.yaml": "services:\n  a: {{build: '{out}'}}\n  b: {{build: ../..}}\n  c: {{build: {{context: ., dockerfile: '{out}/Dockerfile'}}}}\n",
        "docker-bake.hcl": 'target "a" {{\n  context = "{out}"\n}}\n',
    },
    "other files outside": {
        "compose.yaml": "include: ['{out}/compose.yaml']\nservices:\n  a:\n    extends: {{file: '{out}/secret.txt', service: x}}\n"
        "    env_file: '{out}/secret.txt'\n    build:\n      context: .\n      additional_contexts: {{x: '{out}'}}\n"
        "      secrets: [s]\nsecrets:\n  s: {{file: '{out}/secret.txt'}}\n",
        ".dockerignore": "!../outside\n!{out}\n/../../**\n",
    },
    "billion laughs": {"compose.yaml": LAUGHS + "services: *a11\n", ".github/workflows/x.yml": LAUGHS + "jobs: *a11\n"},
    "deep nesting": {
        "compose.yaml": "services: " + "[" * 50_000,
        ".devcontainer.json": '{{"build":' * 50_000,
        "skaffold.yaml": "- " * 50_000 + "x\n",
    },
    "pragmas": {
        "b/Dockerfile": "# syntax={out}/program\n# escape=`\n# dockfix: ignore="
        + "x" * 100_000
        + "\nFROM a\nRUN ${{a[$(touch {out}/x)]}}\n",
        "c/Dockerfile": "# dockfix: ignore\n# dockfix: base=../../x\n# dockfix: " + "((a+)+)+" * 999 + "\nFROM a\n",
    },
    "plugins": {
        "dockfix_plugin.py": "open('{out}/x', 'w')\n",
        "sitecustomize.py": "open('{out}/x', 'w')\n",
        "jinja2/__init__.py": "open('{out}/x', 'w')\n",
    },
}


@pytest.mark.parametrize("trick", BESIDE)
def test_what_lies_beside_a_dockerfile_neither_runs_nor_leads_out(trick: str, tmp_path: Path, outside: Outside) -> None:
    files = {path: text.format(out=outside.folder).encode() for path, text in BESIDE[trick].items()}
    found = looked(tmp_path, {"Dockerfile": RUNS, **files})
    assert "safe" in opened(found)
    assert read(tmp_path / "repository", "Dockerfile", branch(tmp_path)) == MERGED


def test_links_are_not_followed_out(tmp_path: Path, outside: Outside) -> None:
    links = {
        "Dockerfile": "/etc/passwd",
        "b.Dockerfile": str(outside.folder / "Dockerfile"),
        "c": str(outside.folder),
        "compose.yaml": str(outside.folder / "secret.txt"),
        ".dockerignore": "/etc/passwd",
        "d/Dockerfile": RUNS,
    }
    found = looked(tmp_path, links)
    assert opened(found)["safe"] == "dockfix: merge 2 RUN instructions in d/Dockerfile"
    assert "root:" not in repr(found)
    assert found.problems == ["Dockerfile: a link that leads out of the repository, and is not followed"]


def test_a_dockerfile_of_50_megabytes_does_not_keep_the_others_waiting(tmp_path: Path, outside: Outside) -> None:
    found = looked(tmp_path, {"Dockerfile": b"FROM a\n" + b"RUN true\n" * 5_500_000, "b/Dockerfile": RUNS})
    assert opened(found)["safe"] == "dockfix: merge 2 RUN instructions in b/Dockerfile"
    assert len(found.problems) == 1


def test_ten_thousand_million_files_are_not_looked_at(tmp_path: Path, outside: Outside) -> None:
    repository = bare(tmp_path / "repository", {"Dockerfile": RUNS})
    inside = tree(repository, [(FILE, b"%d" % number, blob(repository, b"boom")) for number in range(10)])
    for _ in range(9):
        inside = tree(repository, [(FOLDER, b"%d" % number, inside) for number in range(10)])
    commit_tree(repository, inside)
    assert looked(tmp_path).error == "it has more files, or longer names, than 200000 files may have"


NAMES = (
    "a\nb",
    "\x1b[31mred\x07",
    "\u202egnp",
    "`x`",
    "--> <!-- dockfix:pull group=x edit=000000000000 -->",
    "@ada #1 !2",
    "<img src=x onerror=y>",
    "a|b",
    "[x](javascript:y)",
    "$(touch x)",
    "-rf",
    "\u200b",
    " ",
)


def test_names_and_texts_are_told_without_effect(tmp_path: Path, outside: Outside) -> None:
    texts_ = b"FROM a\nRUN echo '@ada fixes #1 <!-- dockfix:touched --> ``` </details> \x1b]0;x\x07'\nRUN echo '\xe2\x80\xae /close'\n"
    found = looked(tmp_path, {f"{name}/Dockerfile": texts_ for name in NAMES})
    (safe,) = (one for one in found.done if one.group == "safe")
    body = safe.body
    assert body.count("<!-- dockfix:") == 1
    outside_of_code = re.sub(r"(?s)^(```+)diff\n.*?^\1$|(`+)(?!`).+?(?<!`)\2(?!`)", "", body, flags=re.MULTILINE)
    assert not re.search(r"@ada|<img|\]\(javascript", outside_of_code)
    assert not [line for line in body.splitlines() if not line.replace("\t", "").replace("\u200b", "").isprintable()]
    message = git(tmp_path / "repository", "log", "-1", "--format=%B", branch(tmp_path))
    assert all(line.replace("\u200b", "").isprintable() for line in message.splitlines())
    assert "@ada" not in message


CONFIGURATIONS = {
    "huge": "x = 1\n" * 3_000_000,
    "deep": "[bot]\nlabels = " + "[" * 20_000,
    "an option as the base": '[bot]\nbase = "--upload-pack={out}/program"\n',
    "a base that leads out": '[bot]\nbase = "../../../etc"\n',
    "a base that is an expression": '[bot]\nbase = "main:Dockerfile"\n',
    "a base with an escape": '[bot]\nbase = "\\u001b[31m"\n',
    "the base of the bot": '[bot]\nbase = "dockfix/safe-000000000000"\n',
    "plugins": 'plugins = ["{out}/program"]\n',
    "an unknown key": '[bot]\nauthor = "x <y>"\nsigning-key = "{out}/program"\n',
    "far too many": "[bot]\nmax-open = 1001\n",
    "a group that leads out": '[bot.groups."../../x"]\npaths = ["*"]\n',
    "an odd group": '[bot.groups."a --> @ada"]\npaths = ["*"]\n',
    "not UTF-8": "\udcff\udcfe = 1\n",
}


@pytest.mark.parametrize("trick", CONFIGURATIONS)
def test_a_configuration_that_cannot_be_followed_is_one_sentence(trick: str, tmp_path: Path, outside: Outside) -> None:
    text = CONFIGURATIONS[trick].replace(OUT, str(outside.folder)).encode("utf-8", "surrogateescape")
    repository = bare(tmp_path / "repository", {"Dockerfile": RUNS, ".dockfix.toml": text})
    found = looked(tmp_path)
    assert found.error
    assert len(found.error) < 500
    assert "\n" not in found.error
    assert [*branches(repository)] == ["main"]


def test_a_configuration_that_is_a_link_out_is_one_sentence(tmp_path: Path, outside: Outside) -> None:
    found = looked(tmp_path, {"Dockerfile": RUNS, ".dockfix.toml": str(outside.folder / "secret.txt")})
    assert found.error == ".dockfix.toml: a link that leads out of the repository, and is not followed"


def test_odd_words_in_a_configuration_are_words(tmp_path: Path, outside: Outside) -> None:
    configured = (
        '[bot]\nlabels = ["@ada <b>", "\\u202e", "a,b"]\nreviewers = ["../x", "a b"]\nmax-open = 1000\nper-hour = 1000\n'
        f'title-prefix = "<!-- dockfix:touched --> @ada ``` "\nskip-paths = ["{"*a" * 300}b", "{"**/" * 200}x"]\n'
        'group-by = ["file"]\n'
    )
    paths = (
        "a.b/Dockerfile",
        "a-b/Dockerfile",
        "A_b/Dockerfile",
        "a b/Dockerfile",
        "safe/Dockerfile",
        "a" * 200 + "/Dockerfile",
    )
    found = looked(tmp_path, {".dockfix.toml": configured.encode(), **dict.fromkeys(paths, RUNS)})
    titles = opened(found)
    assert len([one for one in titles.values() if "merge 2 RUN" in one or "Dockerfile" in one]) == len(paths)
    assert not [one for one in titles.values() if "@ada" in one]
    names = [name.lower() for name in branches(tmp_path / "repository")]
    assert len(names) == len({*names})


class TestMachine:
    """What goes wrong on the machine of whoever runs the bot is a sentence that says so, and nothing is half done."""

    def program(self, folder: Path, *arguments: str, under: tuple[str, ...] = (), **changes: str) -> tuple[int, str]:
        command = [*under, sys.executable, "-m", "dockfix", "bot", "run", "--platform", "local", "--no-onboarding"]
        done = subprocess.run(
            [*command, *arguments, "repository"],
            cwd=folder,
            env=environment(**changes),
            capture_output=True,
            check=False,
        )
        return done.returncode, (done.stdout + done.stderr).decode()

    def test_without_git(self, tmp_path: Path) -> None:
        bare(tmp_path / "repository", {"Dockerfile": RUNS})
        status, said = self.program(tmp_path, PATH=str(tmp_path))
        assert status == 2
        assert "is not installed" in said

    def test_with_a_git_that_cannot_be_told_what_not_to_do(self, tmp_path: Path) -> None:
        bare(tmp_path / "repository", {"Dockerfile": RUNS})
        old = tmp_path / "old"
        old.mkdir()
        real = shutil.which("git")
        (old / "git").write_text(
            f'#!/bin/sh\nfor word; do [ "$word" != version ] || {{ echo git version 2.30.9; exit; }}; done\n'
            f'exec {real} "$@"\n'
        )
        (old / "git").chmod(0o755)
        status, said = self.program(tmp_path, PATH=f"{old}:{os.environ['PATH']}")
        assert status == 2
        assert "error: git 2.36 or newer is needed, and this one is 2.30" in said

    @pytest.mark.parametrize("most", [0, 400])
    def test_with_no_room_on_the_disk(self, tmp_path: Path, most: int) -> None:
        """Files of more than so many bytes cannot be written: as on a full disk, writing fails in the middle."""
        repository = bare(tmp_path / "repository", {"Dockerfile": RUNS})
        (tmp_path / "temporary").mkdir()
        limited = ("prlimit", f"--fsize={most}")
        status, said = self.program(tmp_path, under=limited, TMPDIR=str(tmp_path / "temporary"))
        assert status == 2
        assert "internal error" not in said
        assert "error: " in said
        assert os.listdir(tmp_path / "temporary") == []
        assert [*branches(repository)] == ["main"]
        assert self.program(tmp_path)[0] == 0
        assert [name[:13] for name in branches(repository)] == ["dockfix/safe-", "main"]

    @pytest.mark.parametrize(
        ("how", "after"),
        [
            (signal.SIGINT, 0.3),
            (signal.SIGTERM, 1.2),
            *(pytest.param(how, 2.5, marks=pytest.mark.full) for how in (signal.SIGINT, signal.SIGTERM)),
        ],
    )
    def test_that_is_told_to_stop(self, tmp_path: Path, how: signal.Signals, after: float) -> None:
        """Nothing is left behind, and the next run comes to the same end as if nothing had been broken off."""
        for place in ("broken/org", "whole/org"):
            for number in range(3):
                bare(tmp_path / place / str(number), {"Dockerfile": RUNS})
        (tmp_path / "temporary").mkdir()
        command = [
            sys.executable,
            "-m",
            "dockfix",
            "bot",
            "run",
            "--platform",
            "local",
            "--no-onboarding",
            "--org",
            "org",
        ]
        known = environment(TMPDIR=str(tmp_path / "temporary"))
        begun = subprocess.Popen(
            [*command, "--journal", "journal"], cwd=tmp_path / "broken", env=known, stderr=subprocess.PIPE, text=True
        )
        _until(lambda: begun.poll() is not None or bool(os.listdir(tmp_path / "temporary")))
        time.sleep(after)
        begun.send_signal(how)
        _, said = begun.communicate(timeout=60)
        assert begun.returncode in (0, 130)
        assert "Traceback" not in said
        assert os.listdir(tmp_path / "temporary") == []
        _until(lambda: not _programs(tmp_path))
        for place, resumed in (("broken", ["--journal", "journal", "--resume"]), ("whole", [])):
            done = subprocess.run(
                [*command, *resumed], cwd=tmp_path / place, env=known, capture_output=True, check=False
            )
            assert done.returncode == 0, done.stdout
        trees = [
            [
                {name: git(one, "rev-parse", f"{name}^{{tree}}") for name in branches(one)}
                for one in sorted((tmp_path / place / "org").iterdir())
            ]
            for place in ("broken", "whole")
        ]
        assert trees[0] == trees[1]


def _until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def _programs(folder: Path) -> list[str]:
    """Those that still run and know of the folder: by their environment, or by what they were given."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            told = (process / "environ").read_bytes() + (process / "cmdline").read_bytes()
        except OSError:
            continue
        if os.fsencode(folder / "temporary") in told:
            found.append(process.name)
    return found


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_the_system_is_asked_for_nothing_outside_by_any_of_its_programs(tmp_path: Path, outside: Outside) -> None:
    files: dict[str, Value] = {}
    for trick in BESIDE.values():
        files |= {path: text.format(out=outside.folder).encode() for path, text in trick.items()}
    links: dict[str, Value] = {"b.Dockerfile": str(outside.folder / "Dockerfile"), "linked": str(outside.folder)}
    repository = bare(tmp_path / "repository", {"Dockerfile": RUNS, **files, **links})
    calls = "trace=open,openat,openat2,execve,execveat,unlink,unlinkat,rename,renameat2,mkdir,mkdirat,symlinkat,connect"
    command = [sys.executable, "-m", "dockfix", "bot", "run", "--platform", "local", "--no-onboarding", str(repository)]
    known = environment(TMPDIR=str(tmp_path / "temporary"), PYTHONDONTWRITEBYTECODE="1")
    done = subprocess.run(
        ["strace", "-f", "-qq", "-s", "4096", "-e", calls, "-o", str(tmp_path / "calls"), *command],
        cwd=tmp_path,
        env=known,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert len(branches(repository)) > 1
    made = [line.partition(" ")[2].strip() for line in (tmp_path / "calls").read_text(errors="replace").splitlines()]
    assert len(made) > 1000
    assert not [line for line in made if str(outside.folder) in line]
    started = {match[1].rpartition("/")[2] for line in made if (match := re.match(r'execve\("([^"]+)".*= 0$', line))}
    assert started - {"sh", "shfmt", "rm", "chmod"} == {one for one in started if one.startswith(("git", "python"))}
    written = [line for line in made if re.search(r"O_WRONLY|O_RDWR|O_CREAT|^mkdir|^rename|^unlink", line)]
    own = (str(tmp_path / "temporary"), str(repository), "/dev/", "/proc/")
    cache = known["DOCKFIX_CACHE_DIR"]
    elsewhere = [
        path for line in written for path in re.findall(r'"(/[^"]*)"', line)[:1] if not path.startswith((*own, cache))
    ]
    assert elsewhere == []
