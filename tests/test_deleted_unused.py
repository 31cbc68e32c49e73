"""What is copied and deleted unused: left out by the COPY, else by the ignore file, else by a stage of its own."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest
from command import dockfix

from dockfix.adapters.context import texts
from dockfix.engine.licences import IgnoreDeleted
from dockfix.engine.validate_context import moved
from dockfix.model.together import Together
from dockfix.syntax.edit import Edit

_PDF = "x" * 20_000


class Case(NamedTuple):
    """A Dockerfile, what lies beside its server.py, and what becomes of it: lines, `stage`, `exclude`, or nothing."""

    says: str
    dockerfile: str
    files: dict[str, str]
    becomes: tuple[str, ...] | str


# A new ignore file would be copied like the rest.
_ITSELF = ".dockerignore"
_DOCS = {"docs/guide.pdf": _PDF}
CASES = [
    Case("a folder below the whole context", "COPY . /app\nRUN rm -rf /app/docs\n", _DOCS, ("docs", _ITSELF)),
    Case("a path from the working directory", "WORKDIR /app\nCOPY . .\nRUN rm -rf docs\n", _DOCS, ("docs", _ITSELF)),
    Case("a path behind cd", "COPY . /app\nRUN cd /app && rm -rf ./docs/\n", _DOCS, ("docs", _ITSELF)),
    Case("a single file", "COPY . /app\nRUN rm -f /app/docs/guide.pdf\n", _DOCS, ("docs/guide.pdf", _ITSELF)),
    Case("a long option", "COPY . /app\nRUN rm --recursive --force /app/docs\n", _DOCS, ("docs", _ITSELF)),
    Case(
        "a copied folder of the context", "COPY src /app\nRUN rm -rf /app/docs\n", {"src/docs/a": _PDF}, ("src/docs",)
    ),
    Case(
        "several paths, of two deletions in one RUN",
        "COPY . /app\nRUN rm -rf /app/docs && rm -f /app/a.iso\n",
        _DOCS | {"a.iso": _PDF},
        ("a.iso", "docs", _ITSELF),
    ),
    Case("one of two is not there today", "COPY . /app\nRUN rm -rf /app/docs /app/tmp\n", _DOCS, "stage"),
    Case("a name with a character of patterns", "COPY . /app\nRUN rm -rf /app/a[1]\n", {"a[1]/x": _PDF}, "stage"),
    Case("an owner is given", "COPY --chown=1:1 . /app\nRUN rm -rf /app/docs\n", _DOCS, ("docs", _ITSELF)),
    Case(
        "a command behind the deletion", "COPY . /app\nRUN rm -rf /app/docs && ./app/build\n", _DOCS, ("docs", _ITSELF)
    ),
    Case(
        "another Dockerfile that deletes it too",
        "COPY . /app\nRUN rm -rf /app/docs\n",
        _DOCS | {"b/Dockerfile": "FROM debian:12\nCOPY . /b\nRUN rm -rf /b/docs\n"},
        ("docs", _ITSELF),
    ),
    Case(
        "another Dockerfile that takes it",
        "COPY . /app\nRUN rm -rf /app/docs\n",
        _DOCS | {"web.Dockerfile": "FROM nginx\nCOPY docs /usr/share/nginx/html\n"},
        "stage",
    ),
    Case(
        "another Dockerfile that takes something in it",
        "COPY . /app\nRUN rm -rf /app/docs\n",
        _DOCS | {"web.Dockerfile": "FROM nginx\nCOPY docs/guide.pdf /usr/share/nginx/html/\n"},
        "stage",
    ),
    Case("another copy takes it", "COPY . /app\nCOPY docs /docs\nRUN rm -rf /app/docs\n", _DOCS, "stage"),
    Case(
        "a mount takes it",
        "COPY . /app\nRUN rm -rf /app/docs\nRUN --mount=source=docs,target=/d ls /d\n",
        _DOCS,
        "stage",
    ),
    Case("the deletion fails without the path", "COPY . /app\nRUN rm -r /app/docs\n", _DOCS, "stage"),
    Case("a file called like the option", "COPY . /app\nRUN cd /app && rm -r -- -f docs\n", _DOCS, "stage"),
    Case("a pattern", "COPY . /app\nRUN rm -rf /app/docs/*.pdf\n", _DOCS, "stage"),
    Case("a builder that leaves out", "COPY . /app\nRUN rm -rf /app/docs\n", _DOCS, "exclude"),
    Case("a step between may use it", "COPY . /app\nRUN ./app/build\nRUN rm -rf /app/docs\n", _DOCS, ""),
    Case("a command before it may use it", "COPY . /app\nRUN ./app/build && rm -rf /app/docs\n", _DOCS, ""),
    Case("it is not always deleted", "ARG X\nCOPY . /app\nRUN test -n $X || rm -rf /app/docs\n", _DOCS, ""),
    Case(
        "a compose file that is not understood",
        "COPY . /app\nRUN rm -rf /app/docs\n",
        _DOCS | {"compose.yaml": "services: {a: ["},
        "stage",
    ),
    Case(
        "an ignore file that is copied, too",
        "COPY . /app\nRUN rm -rf /app/docs\n",
        _DOCS | {".dockerignore": "tmp\n"},
        "stage",
    ),
    Case(
        "an ignore file that keeps itself out",
        "COPY . /app\nRUN rm -rf /app/docs\n",
        _DOCS | {".dockerignore": ".dockerignore\n"},
        ("docs",),
    ),
    Case("it is kept out already", "COPY . /app\nRUN rm -rf /app/docs\n", _DOCS | {".dockerignore": "docs\n"}, ""),
]


def made(folder: Path, case: Case) -> Path:
    """The folder of the case."""
    syntax = "# syntax=docker/dockerfile:1\n" if case.becomes == "exclude" else ""
    files = {"Dockerfile": f"{syntax}FROM debian:12\n{case.dockerfile}", "server.py": "print()\n", **case.files}
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


_CHOSEN = ("--only", "copy-then-delete", "--only", "write-dockerignore", "Dockerfile")


def way_of(folder: Path, before: str) -> tuple[str, ...] | str:
    """How it was kept out: the new lines of the ignore file, `exclude`, `stage`, or nothing."""
    text = (folder / "Dockerfile").read_text()
    if "--exclude=" in text or "--from=" in text:
        return "exclude" if "--exclude=" in text else "stage"
    path = folder / ".dockerignore"
    added = path.read_text().removeprefix(before).splitlines() if path.exists() else []
    return tuple(line for line in added if line and not line.startswith("#")) or ""


@pytest.mark.parametrize("case", CASES, ids=[case.says for case in CASES])
def test_it_is_kept_out_in_the_first_way_that_fits_and_that_stays(case: Case, tmp_path: Path) -> None:
    folder = made(tmp_path, case)
    written = dockfix(folder, "--write", *_CHOSEN)
    assert written.status in (0, 1), written.err
    assert way_of(folder, case.files.get(".dockerignore", "")) == case.becomes
    again = dockfix(folder, "--diff", *_CHOSEN)
    assert (again.status, again.out) == (0, b"")


def test_the_ignore_file_tells_who_copies_it(tmp_path: Path) -> None:
    folder = made(tmp_path, CASES[0])
    dockfix(folder, "--write", *_CHOSEN)
    assert "# what Dockerfile:2 copies and a later step deletes\ndocs\n" in (folder / ".dockerignore").read_text()


def test_who_does_not_write_ignore_files_gets_the_stage(tmp_path: Path) -> None:
    folder = made(tmp_path, CASES[0])
    dockfix(folder, "--write", "--only", "copy-then-delete", "Dockerfile")
    assert way_of(folder, "") == "stage"


def test_the_refusal_of_a_stage_says_what_comes_in_its_place(tmp_path: Path) -> None:
    folder = made(tmp_path, CASES[0])
    told = dockfix(folder, "--diff", "-v", *_CHOSEN)
    assert "write-dockerignore keeps docs out of the build context" in told.err + told.out.decode()


@pytest.mark.parametrize(
    ("dockerfile", "paths", "reason"),
    [
        ("COPY . /app\nRUN rm -rf /app/docs\n", ("server.py",), "server.py is not deleted unused"),
        ("COPY . /app\nRUN ls /app && rm -rf /app/docs\n", ("docs",), "docs is not deleted unused"),
        ("COPY . /app\nRUN rm -rf /app/docs\n", ("docs",), ""),
    ],
)
def test_the_validator_asks_again_whether_it_is_deleted_unused(
    dockerfile: str, paths: tuple[str, ...], reason: str
) -> None:
    text = f"FROM debian:12\n{dockerfile}".encode()
    context = texts({"Dockerfile": text}, {"server.py": 10, "docs/guide.pdf": 20_000})
    view = Together(context, ".dockerignore", None, {"Dockerfile": text}, {})
    lines = "".join(f"{path}\n" for path in (*paths, _ITSELF)).encode()
    wrong = moved(view, (Edit(0, 0, lines),), (IgnoreDeleted(paths),))
    assert wrong == () if not reason else reason in "; ".join(wrong)
