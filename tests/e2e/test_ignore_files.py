"""The ignore files that are written at level safe, with BuildKit: the image has the same files with and without them.

And no more of the folder is sent than what the file lets through: that is asked of BuildKit itself.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import NamedTuple

import pytest
from command import dockfix, git
from rig.rig import Rig
from test_package_managers import Builder, builder
from verified import NOISE, write

SLIM = "debian:bookworm-slim"
HEAVY = {".git/objects/pack": "g" * 50_000, "node_modules/left-pad/index.js": "m" * 30_000, "docs/a.txt": "d" * 5_000}


class Case(NamedTuple):
    """Files beside those that are heavy, and the instructions behind FROM; `ignored` is an ignore file that is there."""

    says: str
    files: dict[str, str]
    instructions: str
    ignored: str | None = None
    links: tuple[tuple[str, str], ...] = ()


CASES = (
    Case("files by name", {"a": "1", "b": "2"}, "COPY a b /x/"),
    Case("a folder", {"src/a": "1", "src/deep/er/b": "2"}, "COPY src /x"),
    Case("what is in a folder, which has a node_modules of its own", {"src/node_modules/a": "1"}, "COPY src/ /x/"),
    Case("a pattern", {"package.json": "{}", "package-lock.json": "{}"}, "COPY package*.json /x/"),
    Case("a pattern in a folder", {"conf/a.conf": "1", "conf/b.conf": "2", "conf/c": "3"}, "COPY conf/*.conf /x/"),
    Case("a class in a pattern, and a file that is not there", {"a1": "1"}, "COPY a[0-9] b* /x/"),
    Case("a name with a blank", {"a b/c d": "1"}, 'COPY ["a b/c d", "/x/"]'),
    Case("a hidden file", {".config/app": "1", ".env.production": "A=1"}, "COPY .config .env.production /x/"),
    Case("a folder inside of one that is heavy", {}, "COPY node_modules/left-pad /x/"),
    Case("a bind mount", {"script.sh": "echo 1 > /made"}, "RUN --mount=type=bind,source=script.sh,target=/s sh /s"),
    Case("a stage that is not shipped", {"a": "1"}, f"COPY a /x/\nFROM {SLIM}\nCOPY --from=0 /x /y\nCOPY a /z"),
    Case("a path that leaves the context and comes back", {"a": "1"}, "COPY ../a ./a /x/"),
    Case("a variable of the file", {"lib/a": "1"}, "ENV D=lib\nCOPY $D/a /x/"),
    Case("a link", {"a": "1"}, "COPY link /x/link", links=(("link", "a"),)),
    Case("an ignore file that is there", {"a": "1", "old.log": "l" * 20_000}, "COPY a /x/", ignored="docs\n"),
)


@pytest.mark.parametrize("case", CASES, ids=[case.says for case in CASES])
def test_the_image_has_the_same_files_with_and_without_the_file(
    case: Case, rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = f"FROM {SLIM}\n{case.instructions}\n"
    folder = tmp_path / "context"
    folder.mkdir()
    write(folder, {"Dockerfile": text, **HEAVY, **case.files})
    for name, target in case.links:
        os.symlink(target, folder / name)
    if case.ignored is not None:
        (folder / ".dockerignore").write_text(case.ignored)
    with builder(rig, "docker", folder, monkeypatch) as built:
        before, _ = built.saved("before", text)
        ended = dockfix(folder, "--level", "safe", "--only", "write-dockerignore", "--write", "--format", "json")
        (change,) = [change for file in json.loads(ended.out)["files"] for change in file["changes"]]
        assert change["level"] == "safe"
        after, _ = built.saved("after", text)
        pair = built.compared([before, after])
    assert pair.comparison.differences.rows == ()
    assert {row.rule.name for row in pair.comparison.ignored} <= NOISE


def test_what_is_sent_is_what_the_ledger_says(rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bind mount of the whole context, in a Dockerfile elsewhere, lists what arrives."""
    folder = tmp_path / "context"
    folder.mkdir()
    write(
        folder,
        {"Dockerfile": f"FROM {SLIM}\nCOPY app /app\nCOPY pack*.json /\n", **HEAVY, "app/a": "1", "package.json": "{}"},
    )
    dockfix(folder, "--level", "safe", "--only", "write-dockerignore", "--write")
    ledger = json.loads(dockfix(folder, "context", "--format", "json").out)["contexts"][0]
    sent = {row["path"]: row["sent"]["files"] for row in ledger["paths"] if row["sent"]["files"]}
    with builder(rig, "docker", folder, monkeypatch) as built:
        assert arrived(built) == ["app/a", "package.json"]
    assert sent == {"app": 1, "package.json": 1}


def arrived(built: Builder, ignored: str | None = None) -> list[str]:
    """The files of the context that a bind mount of all of it shows."""
    listing = "FROM " + SLIM + "\nRUN --mount=type=bind,target=/c cd /c && find . -type f -o -type l > /list\n"
    _, image = built.saved("listing", listing, ignored)
    status, output = built.run(image, "cat /list")
    assert status == 0
    return sorted(line.removeprefix("./") for line in output.splitlines() if line.startswith("./"))


SIBLINGS = {
    "api/Dockerfile": f"FROM {SLIM}\nCOPY api /x\n",
    "web/Dockerfile": f"FROM {SLIM}\nCOPY web /x\nCOPY pack*.json web/deep /y/\n",
}
ARRIVES = {
    "api/Dockerfile": ["api/Dockerfile", "api/main.go"],
    "web/Dockerfile": ["package.json", "web/Dockerfile", "web/deep/a", "web/index.js"],
}


@pytest.mark.parametrize("name", SIBLINGS)
def test_a_file_of_its_own_counts_for_one_dockerfile_and_changes_nothing_in_its_image(
    name: str, rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "context"
    folder.mkdir()
    git(folder, "init", "-q")
    (folder / ".dockerignore").write_text("**/*.log\n")
    (folder / ".dockfix.toml").write_text("[transforms.write-dockerignore]\nown_files = true\n")
    heavy = {"api/main.go": "g" * 20_000, "api/x.log": "l", "web/index.js": "w" * 50_000, "web/deep/a": "1"}
    write(folder, {**SIBLINGS, **heavy, "package.json": "{}"})
    with builder(rig, "docker", folder, monkeypatch) as built:
        before, _ = built.saved("before", SIBLINGS[name])
        dockfix(folder, "--level", "safe", "--only", "write-dockerignore", "--write")
        own = (folder / f"{name}.dockerignore").read_text()
        after, _ = built.saved("after", SIBLINGS[name], own)
        pair = built.compared([before, after])
        assert arrived(built, own) == ARRIVES[name]
    assert pair.comparison.differences.rows == ()
    assert {row.rule.name for row in pair.comparison.ignored} <= NOISE
    (ledger,) = json.loads(dockfix(folder, "context", name, "--format", "json").out)["contexts"]
    assert ledger["total"]["sent"]["files"] == len(ARRIVES[name])


DELETED = {
    "below the whole context": "COPY . /app\nRUN rm -rf /app/docs /app/big.iso",
    "and commands behind it": "WORKDIR /app\nCOPY . .\nRUN rm -rf docs big.iso && ls -R > /listed && mkdir docs",
    "in a copied folder, with an owner": "COPY --chown=7:8 sub /app\nRUN rm -rf /app/docs && rm -f /app/big.iso",
}


@pytest.mark.parametrize("says", DELETED)
def test_what_is_deleted_unused_is_not_sent_and_the_image_is_the_same_without_it(
    says: str, rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = f"FROM {SLIM}\n{DELETED[says]}\n"
    folder = tmp_path / "context"
    folder.mkdir()
    files = {"main.py": "print()\n", "docs/deep/a.txt": "d" * 40_000, "big.iso": "i" * 90_000}
    below = "sub/" if "sub" in text else ""
    write(folder, {"Dockerfile": text, **{below + name: content for name, content in files.items()}})
    with builder(rig, "docker", folder, monkeypatch) as built:
        before, _ = built.saved("before", text)
        ended = dockfix(folder, "--write", "--format", "json")
        (change,) = [change for file in json.loads(ended.out)["files"] for change in file["changes"]]
        assert (change["transform"], change["level"]) == ("write-dockerignore", "safe")
        after, _ = built.saved("after", text)
        comparison = built.compared([before, after]).comparison
    assert comparison.differences.rows == ()
    assert {row.rule.name for row in comparison.ignored} <= NOISE | {"no longer hidden"}
    less = comparison.before.hidden_bytes - comparison.after.hidden_bytes
    assert comparison.before.bytes - comparison.after.bytes == less == 130_000
