"""Documents that carry Dockerfiles, as a user meets them: what is looked at, printed, applied and written."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from command import dockfix, environment, files_below, git

COMPOSE = b"""\
# two images
services:
  web:
    build:
      context: web
      dockerfile_inline: |  # small
        FROM debian:12-slim
        RUN echo a
        # why

        RUN echo b
    ports: ["80:80"]   # all
  db:
    build:
      dockerfile_inline: |-
        FROM debian:12-slim
        RUN echo c
        RUN echo d
"""
MARKDOWN = b"""\
Text
1. one
   ```dockerfile
   FROM debian:12-slim
   RUN echo a
   RUN echo b
   ```
"""
PYTHON = b'''\
# \xc3\xa9
IMAGE = r"""FROM debian:12-slim
RUN echo a
RUN echo b
"""  # kept
'''
BAKE = b"""\
target "app" {
  dockerfile-inline = <<-EOT
    FROM debian:12-slim
    RUN echo a
    RUN echo b
  EOT
}
"""
DOCUMENTS = {"README.md": MARKDOWN, "compose.yaml": COMPOSE, "docker-bake.hcl": BAKE, "images.py": PYTHON}
FOLDED = b"services:\n  web:\n    build:\n      dockerfile_inline: >\n        FROM debian:12-slim\n\n        RUN a\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One document of each kind."""
    for name, text in DOCUMENTS.items():
        (tmp_path / name).write_bytes(text)
    return tmp_path


class TestWhichAreLookedAt:
    def test_documents_in_folders_are_not_looked_at(self, folder: Path) -> None:
        assert dockfix(folder).err == "dockfix: no Dockerfile found in .\n"

    def test_with_embedded_they_are(self, folder: Path) -> None:
        ended = dockfix(folder, "--embedded")
        assert [line.split(b" ")[0] for line in ended.out.splitlines()] == [
            b"README.md:5:",
            b"compose.yaml:8:",
            b"compose.yaml:17:",
            b"docker-bake.hcl:4:",
            b"images.py:3:",
        ]
        assert (ended.status, ended.err) == (1, "5 changes (4 files)\n")

    @pytest.mark.parametrize("name", DOCUMENTS)
    def test_one_that_is_named_is(self, folder: Path, name: str) -> None:
        assert dockfix(folder, name).out.startswith(name.encode() + b":")

    def test_one_without_a_dockerfile_counts_for_nothing(self, folder: Path) -> None:
        (folder / "README.md").write_bytes(b"from here on\n")
        assert dockfix(folder, "--embedded").err == "4 changes (3 files)\n"
        assert dockfix(folder, "README.md") == (0, b"", "dockfix: no Dockerfile found in README.md\n")

    def test_a_dockerfile_that_is_called_like_a_document_is_a_dockerfile(self, tmp_path: Path) -> None:
        (tmp_path / "Dockerfile.md").write_bytes(b"FROM debian:12-slim\nRUN echo a\nRUN echo b\n")
        assert dockfix(tmp_path).out.startswith(b"Dockerfile.md:2: ")

    def test_what_is_too_large_is_an_error_if_it_is_named_and_passed_by_in_folders(self, folder: Path) -> None:
        (folder / "README.md").write_bytes(MARKDOWN + b"x\n" * 5_000_000)
        ended = dockfix(folder, "README.md")
        assert (ended.status, ended.out) == (2, b"")
        assert ended.err.startswith("README.md: error: larger than 5 MB")
        assert dockfix(folder, "--embedded").err == "4 changes (3 files)\n"

    def test_a_long_document_is_read_to_its_end(self, folder: Path) -> None:
        (folder / "README.md").write_bytes(b"text\n" * 900_000 + MARKDOWN)
        assert dockfix(folder, "README.md").out.startswith(b"README.md:900005: merge-runs ")

    def test_standard_input_is_what_its_name_says(self, tmp_path: Path) -> None:
        ended = dockfix(tmp_path, "-", "--write", "--stdin-filename", "docs/README.md", text=MARKDOWN)
        assert ended.out == MARKDOWN.replace(b"a\n   RUN", b"a \\\n       &&")
        assert (ended.status, ended.err) == (1, "")

    def test_a_document_on_standard_input_that_carries_none_comes_back(self, tmp_path: Path) -> None:
        ended = dockfix(tmp_path, "-", "--write", "--stdin-filename", "README.md", text=b"# x\n")
        assert ended == (0, b"# x\n", "")


class TestDiffs:
    def test_a_diff_is_one_of_the_document(self, folder: Path) -> None:
        assert dockfix(folder, "--diff", "compose.yaml").out.partition(b"@@\n")[2].partition(b"# merge")[0] == (
            b"       context: web\n"
            b"       dockerfile_inline: |  # small\n"
            b"         FROM debian:12-slim\n"
            b"-        RUN echo a\n"
            b"-        # why\n"
            b"-\n"
            b"-        RUN echo b\n"
            b"+        RUN echo a \\\n"
            b"+            # why\n"
            b"+            && echo b\n"
            b'     ports: ["80:80"]   # all\n'
            b"   db:\n"
            b"     build:\n"
        )

    @pytest.mark.parametrize("flag", ["--diff", "--diff-net"])
    @pytest.mark.parametrize("tool", ["git apply", "patch -p1 --binary"])
    @pytest.mark.parametrize(
        "change", [lambda text: text, lambda text: text.replace(b"\n", b"\r\n"), lambda text: text.rstrip(b"\n")],
        ids=["as it is", "CRLF", "no final newline"],
    )  # fmt: skip
    def test_the_whole_output_applies_and_gives_what_write_gives(
        self, folder: Path, flag: str, tool: str, change: Callable[[bytes], bytes]
    ) -> None:
        before = {name: change(text) for name, text in DOCUMENTS.items()}
        for name, text in before.items():
            (folder / name).write_bytes(text)
        diff = dockfix(folder, flag, "--level", "safe", "--embedded").out
        subprocess.run(tool.split(), cwd=folder, input=diff, check=True, capture_output=True, env=environment())
        applied = files_below(folder)
        for name, text in before.items():
            (folder / name).write_bytes(text)
        dockfix(folder, "--write", "--embedded")
        assert files_below(folder) == applied
        assert all(applied[name] != text for name, text in before.items())


class TestWriting:
    def test_nothing_but_the_dockerfiles_changes(self, folder: Path) -> None:
        ended = dockfix(folder, "--write", "--embedded")
        assert ended.err == "5 changes made (4 files)\n"
        assert (folder / "images.py").read_bytes() == PYTHON.replace(b"a\nRUN", b"a \\\n    &&")
        assert (folder / "docker-bake.hcl").read_bytes() == BAKE.replace(b"a\n    RUN", b"a \\\n        &&")
        assert dockfix(folder, "--write", "--embedded").err == "nothing to do (4 files)\n"

    def test_one_dockerfile_with_an_error_keeps_its_document_as_it_is(self, folder: Path) -> None:
        text = COMPOSE.replace(b"RUN echo c", b"NONSENSE")
        (folder / "compose.yaml").write_bytes(text)
        ended = dockfix(folder, "--write", "compose.yaml")
        assert ended.status == 2
        assert ended.err.startswith("compose.yaml:17: error: ")
        assert (folder / "compose.yaml").read_bytes() == text

    def test_several_processes_give_the_same(self, folder: Path) -> None:
        assert dockfix(folder, "--embedded", "--diff", "-j", "3") == dockfix(folder, "--embedded", "--diff", "-j", "1")

    def test_each_change_is_asked_about_as_one_of_the_document(self, folder: Path) -> None:
        ended = dockfix(folder, "--interactive", "compose.yaml", text=b"n\ny\n")
        assert ended.out.count(b"+++ b/compose.yaml\n") == 2
        assert (folder / "compose.yaml").read_bytes() == COMPOSE.replace(b"c\n        RUN", b"c \\\n            &&")
        assert ended.err.startswith("1 change made (1 file)")


class TestReasons:
    def test_what_is_left_alone_is_named_by_v(self, tmp_path: Path) -> None:
        (tmp_path / "compose.yaml").write_bytes(FOLDED)
        assert dockfix(tmp_path, "compose.yaml").err == "nothing to do (1 file); 1 place left alone (-v names them)\n"
        told = dockfix(tmp_path, "-v", "compose.yaml").err.splitlines()[0]
        assert told == "compose.yaml:4: left alone: it is a folded block (`>`): write it as a literal block (`|`)"

    def test_a_change_that_the_literal_cannot_hold_is_left_alone(self, tmp_path: Path) -> None:
        (tmp_path / "x.py").write_bytes(PYTHON.replace(b'r"""', b'"""'))
        ended = dockfix(tmp_path, "--level", "unsafe", "-v", "x.py")
        assert ended.out == b""
        assert "x.py:3: left alone: merge-runs: it brings a backslash, which is an escape in this literal" in ended.err

    def test_what_python_would_warn_of_is_not_said_here(self, tmp_path: Path) -> None:
        (tmp_path / "x.py").write_bytes(b'X = """FROM debian:12-slim\nRUN grep \\d\n"""\n')
        assert dockfix(tmp_path, "x.py", PYTHONWARNINGS="always").err.startswith("nothing to do (1 file); 1 place left")

    def test_its_line_is_that_of_the_file_as_it_was(self, tmp_path: Path) -> None:
        (tmp_path / "x.md").write_bytes(MARKDOWN + b"\n```dockerfile\nRUN x\n```\n")
        assert "x.md:9: left alone: this is no whole Dockerfile" in dockfix(tmp_path, "-v", "x.md").err

    def test_a_comment_in_the_dockerfile_counts(self, folder: Path) -> None:
        (folder / "README.md").write_bytes(MARKDOWN.replace(b"   FROM", b"   # dockfix: ignore-file\n   FROM"))
        assert "README.md:4: left alone: a comment says" in dockfix(folder, "-v", "README.md").err


class TestJson:
    def test_paths_lines_and_diffs_are_those_of_the_document(self, folder: Path) -> None:
        ended = dockfix(folder, "--format", "json", "compose.yaml")
        (file,) = json.loads(ended.out)["files"]
        assert (file["path"], file["errors"]) == ("compose.yaml", [])
        assert [change["line"] for change in file["changes"]] == [8, 17]
        assert file["changes"][1]["diff"].startswith("--- a/compose.yaml\n+++ b/compose.yaml\n@@ -13,5 +13,5 @@\n")
        assert [finding["line"] for finding in file["findings"]] == [7, 16]


class TestContexts:
    @pytest.fixture
    def shop(self, tmp_path: Path) -> Path:
        """A Compose file whose inline Dockerfile is built in a folder with what no image needs."""
        text = COMPOSE.replace(b"        RUN echo a\n", b"        COPY . /app\n        RUN echo a\n")
        (tmp_path / "web").mkdir()
        (tmp_path / "web/app.py").write_bytes(b"print()\n")
        (tmp_path / "web/README.md").write_bytes(b"x" * 20_000)
        (tmp_path / "compose.yaml").write_bytes(text)
        git(tmp_path, "init", "--quiet")
        return tmp_path

    def test_an_inline_dockerfile_is_built_where_its_file_says(self, shop: Path) -> None:
        out = dockfix(shop, "--diff", "compose.yaml", "--only", "write-dockerignore").out
        assert b"+++ b/web/.dockerignore\n" in out
        assert b"+README*\n" in out

    def test_it_is_none_of_a_document_that_only_shows_it(self, shop: Path) -> None:
        (shop / "web/x.md").write_bytes(b"```dockerfile\nFROM debian:12-slim\nCOPY . /app\n```\n")
        assert dockfix(shop, "web/x.md").out == b""

    def test_a_context_that_nobody_names_is_not_guessed(self, shop: Path) -> None:
        (shop / "compose.yaml").rename(shop / "stack.yaml")
        assert b"dockerignore" not in dockfix(shop, "--diff", "stack.yaml").out
        assert b"+++ b/web/.dockerignore" in dockfix(shop, "--diff", "--context", "web", "stack.yaml").out
