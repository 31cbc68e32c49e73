"""The extension for VS Code is built and packed from what its folder holds, and says what its settings are."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import pytest
from vscode_extension import FOLDER, copied, npm, packed

MANIFEST = json.loads((FOLDER / "package.json").read_text())
SETTINGS = MANIFEST["contributes"]["configuration"]["properties"]
NODE = set("child_process crypto fs net os path readline util".split())  # modules of Node itself


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(tmp_path_factory.mktemp("editors"))


def test_the_package_holds_the_bundle_the_manifest_and_what_is_to_be_read(copy: Path) -> None:
    with zipfile.ZipFile(packed(copy)) as archive:
        files = {info.filename: info.file_size for info in archive.infolist()}
        manifest = json.loads(archive.read("extension/package.json"))
        bundle = archive.read("extension/dist/extension.js").decode()
        licences = archive.read("extension/dist/LICENSES.txt").decode()
    assert sorted(files) == [
        "[Content_Types].xml",
        "extension.vsixmanifest",
        "extension/LICENSE.txt",
        "extension/dist/LICENSES.txt",
        "extension/dist/extension.js",
        "extension/package.json",
        "extension/readme.md",
    ]
    assert sum(files.values()) < 600_000
    assert manifest["main"] == "./dist/extension.js"
    assert set(re.findall(r'require\("([^"]+)"\)', bundle)) - NODE == {"vscode"}
    assert "vscode-languageclient 11" in licences


def test_a_type_error_stops_the_package(copy: Path) -> None:
    wrong = copy / "src" / "wrong.ts"
    wrong.write_text("export const count: number = 'one';\n")
    succeeded, said = npm(copy, "run", "package")
    wrong.unlink()
    assert not succeeded
    assert "src/wrong.ts" in said


def test_the_lock_file_names_no_registry() -> None:
    assert '"resolved"' not in (FOLDER / "package-lock.json").read_text()


@pytest.mark.parametrize("page", ["editors/vscode/README.md", "docs/editors.md"])
def test_the_page_names_the_settings_that_there_are_and_their_defaults(page: str) -> None:
    rows = re.findall(r"^\| `(dockfix\.[\w.]+)` \| (\S+) \|", (FOLDER.parent.parent / page).read_text(), re.MULTILINE)
    assert dict(rows) == {name: default(setting["default"]) for name, setting in SETTINGS.items()}


def default(value: object) -> str:
    """How a table shows a default; an empty one of text is none."""
    return f"`{json.dumps(value)}`" if value not in (None, "") else "none"


def test_the_version_is_that_of_the_program() -> None:
    project = (FOLDER.parent.parent / "pyproject.toml").read_text()
    assert f'\nversion = "{MANIFEST["version"]}"\n' in project
