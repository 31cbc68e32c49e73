"""What pyproject.toml and uv.toml say to uv: https://docs.astral.sh/uv/reference/settings/."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from .asked import Asked, NotTold
from .dependencies import leaves
from .python_project import names
from .reading import Table, listed, literal, table, there, toml
from .requirements import check_address, check_requirement

# Keys by why they name no file of the project.
_KEYS: Mapping[str, str] = {
    "which packages are installed": """dev-dependencies default-groups default-extras dependency-groups
        constraint-dependencies override-dependencies exclude-dependencies build-constraint-dependencies environments
        required-environments conflicts dependency-metadata exclude-newer exclude-newer-package prerelease resolution
        fork-strategy upgrade reinstall no-sources no-binary no-binary-package no-build no-build-package
        index-strategy torch-backend""",
    "how they are built and fetched": """compile-bytecode link-mode no-build-isolation no-build-isolation-package
        concurrent-builds concurrent-downloads concurrent-installs native-tls
        system-certs keyring-provider allow-insecure-host trusted-host no-cache offline check-url publish-url
        pypy-install-mirror python-install-mirror""",
    "which python and which uv": "python-preference python-downloads required-version",
    "of other sub-commands, or of builds of the project": "add-bounds build-backend cache-keys preview managed",
    "looked at by itself": "package sources workspace index index-url extra-index-url find-links pip",
}
_PIP_KEYS: Mapping[str, str] = {
    "how it installs": """system break-system-packages compile-bytecode link-mode no-deps strict require-hashes
        verify-hashes no-build no-binary only-binary no-build-isolation index-strategy keyring-provider prerelease
        resolution python-version python-platform exclude-newer no-sources upgrade reinstall torch-backend""",
    "of uv pip compile": """annotation-style custom-compile-command emit-build-options emit-find-links
        emit-index-annotation emit-index-url emit-marker-expression generate-hashes no-annotate no-emit-package
        no-header no-strip-extras no-strip-markers universal output-file""",
}


class Manifest(NamedTuple):
    """A pyproject.toml: the folder of the context that it stands in, and what it says."""

    folder: str
    data: Table

    @property
    def path(self) -> str:
        """Its path in the context."""
        return posixpath.join(self.folder, "pyproject.toml")

    @property
    def project(self) -> Table:
        """Its table [project]; empty without one."""
        return table(self.data.get("project"), self.path)

    @property
    def uv(self) -> Table:
        """Its table [tool.uv]; empty without one."""
        return table(table(self.data.get("tool"), self.path).get("uv"), self.path)

    @property
    def is_built(self) -> bool:
        """Whether uv builds and installs the project itself (https://docs.astral.sh/uv/concepts/projects/config/)."""
        return bool(self.uv.get("package", "build-system" in self.data))


def manifest_of(asked: Asked, folder: str) -> Manifest:
    """The pyproject.toml of a folder; raises NotTold."""
    return Manifest(folder, toml(asked, posixpath.join(folder, "pyproject.toml")))


def check_settings(asked: Asked, manifest: Manifest, *, leaves_local: bool) -> None:
    """Raises NotTold where it names files of the project. `leaves_local`: folders that it names are not installed."""
    _check_keys(manifest.uv, manifest.path)
    for requirement in _requirements(manifest):
        check_requirement(requirement, manifest.path)
    for name, said in table(manifest.uv.get("sources"), manifest.path).items():
        for source in said if isinstance(said, list) else [said]:
            where = table(source, manifest.path)
            if "path" in where and not leaves_local:
                raise NotTold(f"{manifest.path} takes {name} from {where['path']}, a path of the project")
            check_address(str(where.get("url", "")), manifest.path)
    rc = posixpath.join(manifest.folder, "uv.toml")
    if there(asked, rc):
        _check_keys(toml(asked, rc), rc)


def _check_keys(settings: Table, path: str) -> None:
    unknown = next((key for key in settings if key not in names(_KEYS)), None)
    pip = table(settings.get("pip"), path)
    unknown = unknown or next((f"pip.{key}" for key in pip if key not in names(_PIP_KEYS)), None)
    if unknown is not None:
        raise NotTold(f"{path} sets {unknown} for uv, which may name a file")
    places = [settings.get(key) for key in ("index-url", "extra-index-url", "find-links")]
    places += [table(index, path).get("url") for index in listed(settings.get("index"), path)]
    for place in leaves(places):
        check_address(place, path)
    for key in ("constraint-dependencies", "override-dependencies", "build-constraint-dependencies"):
        for requirement in listed(settings.get(key), path):
            check_requirement(literal(requirement, path), path)


def _requirements(manifest: Manifest) -> Iterator[str]:
    """What it depends on, of itself and by its extras and groups (PEP 621, PEP 735)."""
    project = manifest.project
    yield from leaves(project.get("dependencies"))
    yield from leaves(project.get("optional-dependencies"))
    yield from leaves(manifest.uv.get("dev-dependencies"))
    for group in table(manifest.data.get("dependency-groups"), manifest.path).values():
        yield from (item for item in listed(group, manifest.path) if isinstance(item, str))
