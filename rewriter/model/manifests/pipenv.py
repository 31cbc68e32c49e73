"""What `pipenv install` and `pipenv sync` read: https://pipenv.pypa.io/en/latest/commands.html, .../configuration.html.

By strace of pipenv 2026 these are Pipfile, Pipfile.lock and, before any command, .env (pipenv's pull request 5338);
pylock.toml would count, too.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from .asked import Asked, Needs, NotTold
from .pip import TOOLCHAINS
from .python_project import Run, placed, refuse_modules, run_of, written
from .reading import Table, home, json_table, listed, needs, table, there, those_there, toml
from .requirements import check_address

# Options by why they are all the same to what is read.
_FLAGS: Mapping[str, str] = {
    "which packages are installed, by the same manifests": "-d --dev --deploy --ignore-pipfile --pre --skip-lock --all",
    "where to: into the system, or a virtual environment": "--system --site-packages --no-site-packages",
    "what is kept": "--clear --keep-outdated --sequential --clean",
    "what it tells": "-v --verbose -q --quiet --bare",
}
_VALUED: Mapping[str, str] = {
    "which packages are installed, by the same manifests": "--categories",
    "which python: by its version": "--python",
    "where they come from: on the network": "--pypi-mirror",
}
_OWN = r"PIPENV_\w+|WORKON_HOME|VIRTUALENV_\w+"
_HARMLESS: Mapping[str, str] = {
    "what it tells or asks": """PIPENV_NOSPIN PIPENV_YES PIPENV_VERBOSITY PIPENV_VERBOSE PIPENV_QUIET PIPENV_HIDE_EMOJIS
        PIPENV_COLORBLIND PIPENV_IS_CI PIPENV_SPINNER""",
    "how packages are fetched": """PIPENV_TIMEOUT PIPENV_INSTALL_TIMEOUT PIPENV_MAX_RETRIES PIPENV_REQUESTS_TIMEOUT
        PIPENV_PYPI_MIRROR PIPENV_KEYRING_PROVIDER""",
    "where the environment is, which is told": """PIPENV_VENV_IN_PROJECT PIPENV_IGNORE_VIRTUALENVS
        PIPENV_CUSTOM_VENV_NAME PIPENV_BREAK_SYSTEM_PACKAGES""",
    "whether .env is read, and what else is looked for": """PIPENV_DONT_LOAD_ENV PIPENV_DONT_USE_PYENV
        PIPENV_DONT_USE_ASDF PIPENV_VERSION""",
}
_FOLDERS = "PIPENV_CACHE_DIR WORKON_HOME"
# Tables of a Pipfile that hold no packages: https://pipenv.pypa.io/en/latest/pipfile.html.
_NO_PACKAGES = frozenset("source requires scripts pipenv".split())
_REWRITES = "`pipenv install` may rewrite Pipfile.lock, and the copy puts the context's back; with --deploy it does not"
_NO_LOCK = "no Pipfile.lock says which versions are installed, and they are kept as long as the Pipfile stays the same"


def pipenv(asked: Asked) -> Needs:
    """What a `pipenv install` or a `pipenv sync` needs; raises NotTold."""
    run = run_of(asked, "pipenv", ("install", "sync"), _FLAGS, _VALUED)
    folder = home(asked)
    if run.found.arguments:
        raise NotTold(f"`pipenv install` is given {' '.join(run.found.arguments)}")
    for address in (*run.found.values("--pypi-mirror"), run.told.env.get("PIPENV_PYPI_MIRROR", "")):
        check_address(address, "the command")
    if not all(python.replace(".", "").isdigit() for python in run.found.values("--python")):
        raise NotTold("the python that it is given may be one of the project")
    # It starts `python -c` in the folder (seen with pipenv 2026).
    refuse_modules(asked, "pipenv")
    _check_beside(asked, run, folder)
    path, lock = (posixpath.join(folder, name) for name in ("Pipfile", "Pipfile.lock"))
    _check_pipfile(toml(asked, path), path)
    is_locked = there(asked, lock)
    is_sync = asked.call is not None and asked.call.verb == b"sync"
    keeps = is_sync or run.found.has("--deploy", "--ignore-pipfile")
    if is_locked:
        _check_pipfile(_locked(json_table(asked, lock)), lock)
    elif keeps:
        raise NotTold("Pipfile.lock is not in the context")
    files = [path, *those_there(asked, folder, ("Pipfile.lock", *TOOLCHAINS))]
    in_project = run.told.env.get("PIPENV_VENV_IN_PROJECT", "") not in ("", "0", "false", "no")
    outputs = placed(asked, ".venv", "the environment")[0] if in_project else []
    unsure = _NO_LOCK if not is_locked else "" if keeps else _REWRITES
    return needs(files, (*run.outputs, *outputs), written(run, _OWN, _HARMLESS, _FOLDERS), unsure)


def _check_beside(asked: Asked, run: Run, folder: str) -> None:
    """Raises NotTold for files that pipenv takes where they are there."""
    reads_variables = not run.told.env.get("PIPENV_DONT_LOAD_ENV")
    for path in those_there(asked, folder, [".env"] if reads_variables else []):
        raise NotTold(f"pipenv takes variables from {path}")
    for path in those_there(asked, folder, ("pylock.toml",)):
        raise NotTold(f"pipenv may take {path} for its lock file")
    if asked.at(".venv") in asked.context.entries:
        raise NotTold("the context has a .venv, which pipenv would use")


def _check_pipfile(pipfile: Table, path: str) -> None:
    """Raises NotTold where packages come from files of the project, or are sources in it."""
    for source in listed(pipfile.get("source"), path):
        check_address(str(table(source, path).get("url", "")), path)
    for name, said in _packages(pipfile, path):
        where = {} if isinstance(said, str) else table(said, path)
        if "path" in where or where.get("editable"):
            raise NotTold(f"{path} takes {name} from a path of the project, or makes one of it")
        for key in ("file", "git", "hg", "svn", "bzr"):
            address = str(where.get(key, ""))
            if address.startswith((".", "/", "~", "file:")) or (key == "file" and address and "://" not in address):
                raise NotTold(f"{path} takes {name} from {address}, a path of the project")


def _packages(pipfile: Table, path: str) -> Iterator[tuple[str, object]]:
    for key, value in pipfile.items():
        if key not in _NO_PACKAGES:
            yield from table(value, path).items()


def _locked(lock: Table) -> Table:
    """A lock file in the form of a Pipfile."""
    meta = table(lock.get("_meta"), "Pipfile.lock")
    return {**{key: value for key, value in lock.items() if key != "_meta"}, "source": meta.get("sources")}
