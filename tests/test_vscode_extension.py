"""The extension for VS Code is built and packed from what its folder holds, and says what its settings are."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from command import environment

FOLDER = Path(__file__).parent.parent / "editors" / "vscode"
MANIFEST = json.loads((FOLDER / "package.json").read_text())
SETTINGS = MANIFEST["contributes"]["configuration"]["properties"]
NPM = shutil.which("npm")
NODE = set("child_process crypto fs net os path readline util".split())  # modules of Node itself


def npm(folder: Path, *arguments: str) -> tuple[bool, str]:
    """Whether `npm ARGUMENTS...` succeeds, and what it prints."""
    assert NPM is not None
    done = subprocess.run(
        [NPM, *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment(),
        timeout=540,
        check=False,
    )
    return done.returncode == 0, done.stdout.decode()


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the folder with the packages that its lock file names."""
    if NPM is None:
        pytest.skip("npm is not installed")
    folder = tmp_path_factory.mktemp("editors") / "vscode"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("node_modules", "dist", "*.vsix"))
    succeeded, said = npm(folder, "ci")
    assert succeeded, said
    return folder


def test_the_package_holds_the_bundle_the_manifest_and_what_is_to_be_read(installed: Path) -> None:
    succeeded, said = npm(installed, "run", "package")
    assert succeeded, said
    (package,) = installed.glob("*.vsix")
    with zipfile.ZipFile(package) as archive:
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


def test_a_type_error_stops_the_package(installed: Path) -> None:
    wrong = installed / "src" / "wrong.ts"
    wrong.write_text("export const count: number = 'one';\n")
    succeeded, said = npm(installed, "run", "package")
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
