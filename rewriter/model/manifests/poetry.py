"""What `poetry install --no-root` reads: https://python-poetry.org/docs/cli/#install, .../configuration/.

By strace of poetry 2.5 these are pyproject.toml, poetry.lock and poetry.toml; a README is asked for only where the
project itself is installed.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from .asked import Asked, Needs, NotTold
from .dependencies import leaves
from .python_project import Run, names, placed, run_of, written
from .reading import Table, home, listed, needs, table, there, those_there, toml
from .requirements import check_address, check_requirement

# Options by why they are all the same to what is read.
_FLAGS: Mapping[str, str] = {
    "which packages are installed, by the same manifests": """--no-root --no-dev --dev-only --sync --remove-untracked
        --all-extras --all-groups --no-directory""",
    "how they are installed": "--compile --no-cache --no-plugins",
    "what it tells or asks": "-n --no-interaction --no-ansi --ansi -q --quiet -v -vv -vvv --verbose",
}
_VALUED: Mapping[str, str] = {
    "which packages are installed, by the same manifests": "--with --without --only -E --extras",
}
_OWN = r"POETRY_\w+|VIRTUALENVS_\w+"
_HARMLESS: Mapping[str, str] = {
    "where the environment is, which is told": "POETRY_VIRTUALENVS_CREATE POETRY_VIRTUALENVS_IN_PROJECT",
    "how it is made": """POETRY_VIRTUALENVS_OPTIONS_* POETRY_VIRTUALENVS_PREFER_* POETRY_VIRTUALENVS_USE_*
        POETRY_VIRTUALENVS_PROMPT""",
    "how packages are fetched and installed": """POETRY_INSTALLER_* POETRY_REQUESTS_* POETRY_HTTP_BASIC_*
        POETRY_PYPI_TOKEN_* POETRY_REPOSITORIES_*_URL POETRY_SOLVER_* POETRY_KEYRING_* POETRY_WARNINGS_*
        POETRY_EXPERIMENTAL_* POETRY_SYSTEM_GIT_CLIENT""",
    "what it asks": "POETRY_NO_INTERACTION POETRY_NO_ANSI",
    "which poetry is installed, and where": "POETRY_VERSION POETRY_HOME",
}
_FOLDERS = "POETRY_CACHE_DIR POETRY_VIRTUALENVS_PATH"
# Tables of poetry.toml, and of those that name folders, the keys that do not.
_SETTINGS: Mapping[str, str] = {
    "how packages are fetched and installed": """installer solver requests keyring http-basic pypi-token repositories
        experimental system-git-client warnings""",
    "where the environment is, which is told": "virtualenvs",
}
_VIRTUALENVS = frozenset("create in-project options prefer-active-python use-poetry-python prompt".split())
# Plugins that read the project or its history when poetry runs, by their tables in [tool].
_PLUGINS = (
    "poetry-dynamic-versioning",
    "poetry-version-plugin",
    "poetry-monoranger-plugin",
    "poetry-multiproject-plugin",
)
_NO_LOCK = (
    "no poetry.lock says which versions are installed, and they are kept as long as pyproject.toml stays the same"
)


def poetry(asked: Asked) -> Needs:
    """What a `poetry install` needs; raises NotTold."""
    run = run_of(asked, "poetry", ("install", "sync"), _FLAGS, _VALUED)
    folder = home(asked)
    if run.found.arguments:
        raise NotTold(f"`poetry install` is given {' '.join(run.found.arguments)}")
    path, lock = (posixpath.join(folder, name) for name in ("pyproject.toml", "poetry.lock"))
    manifest = toml(asked, path)
    said = table(table(manifest.get("tool"), path).get("poetry"), path)
    if not run.found.has("--no-root") and said.get("package-mode") is not False:
        raise NotTold("poetry installs the project itself, without --no-root")
    _check_manifest(manifest, said, path)
    if there(asked, lock):
        _check_lock(toml(asked, lock), lock)
    files = [path, *those_there(asked, folder, ("poetry.lock", "poetry.toml"))]
    outputs = _environment(asked, run, folder)
    unsure = "" if there(asked, lock) else _NO_LOCK
    return needs(files, (*run.outputs, *outputs), written(run, _OWN, _HARMLESS, _FOLDERS), unsure)


def _check_manifest(manifest: Table, said: Table, path: str) -> None:
    """Raises NotTold where pyproject.toml names files of the project, or plugins that look through it."""
    tools = table(manifest.get("tool"), path)
    plugin = next((name for name in _PLUGINS if name in tools), None)
    if plugin is not None or "requires-plugins" in said:
        raise NotTold(f"{path} has settings of {plugin or 'plugins of its own'}, which may read anything")
    project = table(manifest.get("project"), path)
    groups = table(manifest.get("dependency-groups"), path).values()
    listed_ones = [project.get("dependencies"), project.get("optional-dependencies")]
    listed_ones += [[item for item in listed(group, path) if isinstance(item, str)] for group in groups]
    for requirement in leaves(listed_ones):
        check_requirement(requirement, path)
    for name, dependency in _dependencies(said, path):
        if not isinstance(dependency, str):
            where = table(dependency, path)
            if "path" in where or "file" in where:
                raise NotTold(f"{path} takes {name} from a path of the project")
            for key in ("url", "git"):
                _check_remote(str(where.get(key, "")), path)
    for source in listed(said.get("source"), path):
        check_address(str(table(source, path).get("url", "")), path)


def _check_remote(address: str, path: str) -> None:
    if address.startswith((".", "/", "~", "file:")):
        raise NotTold(f"{path} takes a package from {address}, which may be a folder of the project")


def _dependencies(said: Table, path: str) -> Iterator[tuple[str, object]]:
    groups = [table(group, path) for group in table(said.get("group"), path).values()]
    for place in (said, *groups):
        for key in ("dependencies", "dev-dependencies"):
            for name, dependency in table(place.get(key), path).items():
                for each in dependency if isinstance(dependency, list) else [dependency]:
                    yield name, each


def _check_lock(lock: Table, path: str) -> None:
    for package in listed(lock.get("package"), path):
        source = table(table(package, path).get("source"), path)
        if source.get("type") in ("directory", "file"):
            raise NotTold(f"{path} names {source.get('url')}, a path of the project")
        _check_remote(str(source.get("url", "")), path)


def _environment(asked: Asked, run: Run, folder: str) -> list[str]:
    """The environment in the project, where it is told to be there; one that is there already would be taken."""
    path = posixpath.join(folder, "poetry.toml")
    settings = toml(asked, path) if there(asked, path) else {}
    virtualenvs = table(settings.get("virtualenvs"), path)
    unknown = next((key for key in settings if key not in names(_SETTINGS)), None)
    unknown = unknown or next((f"virtualenvs.{key}" for key in virtualenvs if key not in _VIRTUALENVS), None)
    if unknown is not None:
        raise NotTold(f"{path} sets {unknown}, which may name a folder")
    if asked.at(".venv") in asked.context.entries:
        raise NotTold("the context has a .venv, which poetry would use")
    asked_for = run.told.env.get("POETRY_VIRTUALENVS_IN_PROJECT", str(virtualenvs.get("in-project", "")))
    if asked_for.lower() not in ("1", "true"):
        return []
    return placed(asked, ".venv", "the environment")[0]
