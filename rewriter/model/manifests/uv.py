"""What `uv sync` and `uv pip install -r` read.

Sources: https://docs.astral.sh/uv/concepts/projects/sync/, .../workspaces/, https://docs.astral.sh/uv/reference/settings/
and strace of uv 0.13: it reads pyproject.toml, those of the workspace, uv.toml, uv.lock and .python-version. With
--no-install-project it asks for no README and no sources, be it --locked or --frozen.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence

from .asked import Asked, Needs, NotTold
from .pip import TOOLCHAINS
from .python_project import Run, placed, refuse_above, run_of, written
from .reading import Table, above, home, inside, listed, literal, needs, table, there, those_there, toml
from .requirements import check_address, check_requirement, requirement_files
from .uv_settings import Manifest, check_settings, manifest_of
from .workspaces import workspaces

# Options by why they are all the same to what is read.
_FLAGS: Mapping[str, str] = {
    "which packages are installed, by the same manifests": """--dev --no-dev --only-dev --all-extras --all-groups
        --no-default-groups --all-packages --no-editable --inexact --exact --reinstall --no-sources""",
    "whether the project itself is": "--no-install-project --no-install-workspace --no-install-local",
    "whether uv.lock is written": "--locked --frozen",
    "how packages are built and fetched": """--compile-bytecode --no-cache -n --no-cache-dir --refresh --offline
        --no-build --no-build-isolation --native-tls --system-certs --no-index --require-hashes --no-verify-hashes""",
    "which python": "--managed-python --no-managed-python --no-python-downloads --active",
    "what it tells": "-q --quiet -v --verbose --no-progress --no-config",
}
_PIP_FLAGS: Mapping[str, str] = {
    **_FLAGS,
    "of uv pip": "--system --break-system-packages --no-deps -U --upgrade --pre --strict",
}
_VALUED: Mapping[str, str] = {
    "which packages are installed, by the same manifests": """--extra --no-extra --group --no-group --only-group
        --package --no-install-package --reinstall-package --refresh-package --no-build-package --no-binary-package
        --prerelease --resolution --python-platform --torch-backend --exclude-newer""",
    "how they are fetched": """--index-strategy --keyring-provider --allow-insecure-host --trusted-host --link-mode
        --color""",
    "where they come from: on the network": "--index --default-index -i --index-url --extra-index-url",
    "which python: by its version": "-p --python --python-preference --python-version",
    "folders, which are told": "--cache-dir",
}
_PIP_VALUED: Mapping[str, str] = {
    **_VALUED,
    "of uv pip": "--only-binary --no-binary",
    "files, which are told": """-r --requirement --requirements -c --constraint --constraints -b --build-constraint
        --build-constraints --override --overrides""",
}
_FILES = _PIP_VALUED["files, which are told"]
_OWN = r"UV_\w+|UV"
# https://docs.astral.sh/uv/reference/environment/
_HARMLESS: Mapping[str, str] = {
    "how packages are built and fetched": """UV_COMPILE_BYTECODE UV_LINK_MODE UV_NO_CACHE UV_HTTP_TIMEOUT
        UV_HTTP_RETRIES UV_CONCURRENT_* UV_NATIVE_TLS UV_SYSTEM_CERTS UV_INDEX_STRATEGY UV_KEYRING_PROVIDER
        UV_INSECURE_HOST UV_OFFLINE UV_REQUEST_TIMEOUT UV_INDEX_*_USERNAME UV_INDEX_*_PASSWORD UV_INDEX_URL
        UV_EXTRA_INDEX_URL UV_DEFAULT_INDEX UV_INDEX UV_NO_BUILD UV_NO_BINARY UV_REQUIRE_HASHES
        UV_VERIFY_HASHES UV_TORCH_BACKEND UV_GITHUB_TOKEN""",
    "which packages are installed, by the same manifests": """UV_NO_DEV UV_NO_EDITABLE UV_NO_DEFAULT_GROUPS UV_NO_GROUP
        UV_PRERELEASE UV_RESOLUTION UV_EXCLUDE_NEWER UV_LOCKED UV_FROZEN UV_NO_SOURCES""",
    "which python": """UV_PYTHON UV_PYTHON_DOWNLOADS UV_PYTHON_PREFERENCE UV_MANAGED_PYTHON UV_NO_MANAGED_PYTHON
        UV_SYSTEM_PYTHON UV_BREAK_SYSTEM_PACKAGES UV_PYTHON_INSTALL_MIRROR""",
    "what it tells": "UV_NO_PROGRESS UV_QUIET UV_LOG_CONTEXT UV_NO_WRAP UV_SHOW_RESOLUTION",
    "of other sub-commands, or a file's own": """UV_TOOL_DIR UV_TOOL_BIN_DIR UV_VERSION UV_PYTHON_BIN_DIR UV_INSTALL_DIR
        UV""",
    "where the environment is, which is told": "UV_PROJECT_ENVIRONMENT",
}
_FOLDERS = "UV_CACHE_DIR UV_PYTHON_INSTALL_DIR UV_PYTHON_CACHE_DIR"
_BESIDE = ("uv.toml", ".python-version", ".python-versions")
_REWRITES = "`uv sync` may rewrite uv.lock, and the copy puts the context's back; with --locked it does not"
_NO_LOCK = "no uv.lock says which versions are installed, and they are kept as long as pyproject.toml stays the same"


def uv(asked: Asked) -> Needs:
    """What a `uv sync` or a `uv pip install -r` needs; raises NotTold."""
    if asked.call is not None and asked.call.verb == b"sync":
        return _sync(asked, run_of(asked, "uv", ("sync",), _FLAGS, _VALUED))
    return _pip(asked, run_of(asked, "uv", ("pip install", "pip sync"), _PIP_FLAGS, _PIP_VALUED))


def _sync(asked: Asked, run: Run) -> Needs:
    folder = home(asked)
    _check_surroundings(asked, run, folder)
    if run.found.arguments:
        raise NotTold(f"`uv sync` is given {' '.join(run.found.arguments)}")
    manifests = _manifests(asked, folder)
    is_frozen = run.found.has("--frozen") or _is_on(run, "UV_FROZEN")
    keeps_lock = is_frozen or run.found.has("--locked") or _is_on(run, "UV_LOCKED")
    leaves_local = run.found.has("--no-install-local") and is_frozen
    _check_project(run, manifests)
    for manifest in manifests:
        check_settings(asked, manifest, leaves_local=leaves_local)
        if not is_frozen and manifest.project.get("dynamic"):
            raise NotTold(f"{manifest.path} leaves some to its build backend, which uv asks to check the lock file")
    lock = posixpath.join(folder, "uv.lock")
    if there(asked, lock):
        _check_lock(asked, lock, {manifest.folder for manifest in manifests}, leaves_local=leaves_local)
    elif keeps_lock:
        raise NotTold("uv.lock is not in the context")
    files = [*(manifest.path for manifest in manifests), *those_there(asked, folder, ("uv.lock", *_BESIDE))]
    unsure = _NO_LOCK if not there(asked, lock) else "" if keeps_lock else _REWRITES
    environment = run.told.env.get("UV_PROJECT_ENVIRONMENT") or ".venv"
    outputs, elsewhere = placed(asked, environment, "the environment")
    return needs(files, (*outputs, *run.outputs), (*_trees(asked, run), *elsewhere), unsure)


def _pip(asked: Asked, run: Run) -> Needs:
    folder = home(asked)
    _check_surroundings(asked, run, folder)
    files: list[str] = []
    if asked.call is not None and asked.call.verb == b"pip sync":
        for path in run.found.arguments:
            files += _requirements(asked, folder, path)
    else:
        for word in run.found.arguments:
            check_requirement(word, "the command")
    for path in run.found.values(*_FILES.split()):
        files += _requirements(asked, folder, path)
    if not files:
        raise NotTold("it reads no requirements of the project")
    if there(asked, posixpath.join(folder, "pyproject.toml")):
        manifest = manifest_of(asked, folder)
        check_settings(asked, manifest, leaves_local=manifest.path not in files)
    files += those_there(asked, folder, ("pyproject.toml", *_BESIDE, *TOOLCHAINS))
    is_system = run.found.has("--system") or _is_on(run, "UV_SYSTEM_PYTHON") or run.told.env.get("VIRTUAL_ENV")
    outputs, _ = ([], []) if is_system else placed(asked, ".venv", "the environment")
    return needs(files, (*outputs, *run.outputs), _trees(asked, run))


def _requirements(asked: Asked, folder: str, path: str) -> tuple[str, ...]:
    """The files that an option names; of a pyproject.toml, uv takes the dependencies."""
    if re.match(r"https?://", path):
        return ()
    if not re.search(r"\.(?:toml|py|cfg)$|-$", path):
        return requirement_files(asked, folder, path, "the command")
    target = inside(asked, folder, path, "the command")
    if posixpath.basename(target) != "pyproject.toml":
        raise NotTold(f"what {target} asks for is not followed")
    manifest = manifest_of(asked, posixpath.dirname(target))
    check_settings(asked, manifest, leaves_local=False)
    if not manifest.project or manifest.project.get("dynamic"):
        raise NotTold(f"{target} leaves some to its build backend, which uv asks")
    if any("workspace" in leaves_of for leaves_of in _sources(manifest)):
        raise NotTold(f"{target} depends on a workspace")
    return (target,)


def _sources(manifest: Manifest) -> Iterator[Table]:
    for said in table(manifest.uv.get("sources"), manifest.path).values():
        yield from (table(source, manifest.path) for source in (said if isinstance(said, list) else [said]))


def _check_surroundings(asked: Asked, run: Run, folder: str) -> None:
    """Raises NotTold where options or variables name files, or where a folder above counts."""
    for address in run.found.values(*_VALUED["where they come from: on the network"].split()):
        check_address(address, "the command")
    for name in ("UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX"):
        check_address(run.told.env.get(name, ""), name)
    for python in (*run.found.values("-p", "--python"), run.told.env.get("UV_PYTHON", "3")):
        if not re.fullmatch(r"[\w.+-]+|/usr/[\w./+-]+", python):
            raise NotTold(f"the python {python} may be one of the project")
    refuse_above(asked, folder, " ".join(_BESIDE))
    for each in list(above(asked, folder))[1:]:
        if there(asked, posixpath.join(each, "pyproject.toml")) and manifest_of(asked, each).uv:
            raise NotTold(f"{posixpath.join(each, 'pyproject.toml')} stands above, and what it says to uv may count")


def _manifests(asked: Asked, folder: str) -> tuple[Manifest, ...]:
    """The project and the members of its workspace."""
    root = manifest_of(asked, folder)
    said = table(root.uv.get("workspace"), root.path)
    patterns = [literal(pattern, root.path) for pattern in listed(said.get("members"), root.path)]
    found = workspaces(asked, folder, patterns, "pyproject.toml", root.path) if patterns else ()
    return (root, *(manifest_of(asked, each) for each in found if each != folder))


def _check_project(run: Run, manifests: Sequence[Manifest]) -> None:
    root = manifests[0]
    leaves_all = run.found.has("--no-install-workspace", "--no-install-local")
    if len(manifests) > 1 and not leaves_all:
        raise NotTold("uv installs members of the workspace, without --no-install-workspace")
    if root.is_built and not leaves_all and not run.found.has("--no-install-project"):
        raise NotTold("uv installs the project itself, without --no-install-project")


def _check_lock(asked: Asked, path: str, folders: set[str], *, leaves_local: bool) -> None:
    """Raises NotTold where the lock file names other folders or archives of the project."""
    for package in listed(toml(asked, path).get("package"), path):
        source = table(table(package, path).get("source"), path)
        check_address(str(source.get("registry", "")), path)
        for key in ("virtual", "editable", "directory", "path"):
            if key in source and not leaves_local:
                target = inside(asked, posixpath.dirname(path), literal(source[key], path), path)
                if key == "path" or target not in folders:
                    raise NotTold(f"{path} names {target or 'the project'}, which is no member of the workspace")


def _is_on(run: Run, name: str) -> bool:
    return run.told.env.get(name, "").lower() in ("1", "true", "yes", "on", "t", "y")


def _trees(asked: Asked, run: Run) -> tuple[bytes, ...]:
    found = list(written(run, _OWN, _HARMLESS, _FOLDERS))
    for path in run.found.values("--cache-dir"):
        outputs, elsewhere = placed(asked, path, "the cache")
        if outputs:
            raise NotTold(f"the cache {path} is in the project")
        found += elsewhere
    return tuple(found)
