"""What `yarn install` reads, of yarn 1 and of later ones: which of them runs, the project itself says.

Sources: https://classic.yarnpkg.com/docs/cli/install, .../yarnrc, .../workspaces, and strace of yarn 1.22 (it asks for
.yarnclean, and for yarn.json in place of package.json, too).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

from .asked import Asked, Needs, NotTold
from .berry import berry
from .dependencies import NETWORK, Means, Package, leaves, named_files
from .javascript import has, modules, package_of, project, refuse_above, said, those, written
from .lifecycle import SCRIPTS, looked_for, refuse_programs, refuse_scripts
from .npmrc import is_on, npmrc, yarnrc
from .reading import home, inside, needs, text, there

# Options by why they are all the same to what is read.
_FLAGS: Mapping[str, str] = {
    "whether yarn.lock is written": "--frozen-lockfile --pure-lockfile --no-lockfile",
    "which packages are installed, by the same manifests": """--production --prod --ignore-optional --ignore-engines
        --ignore-platform --force --check-files --link-duplicates --no-bin-links --no-node-version-check
        --skip-integrity-check --update-checksums""",
    "what else is done with them": "--ignore-scripts --non-interactive --no-default-rc",
    "how they are fetched": "--prefer-offline --offline",
    "what it tells": "--silent -s --verbose --no-progress --json --audit --no-emoji",
}
_VALUED: Mapping[str, str] = {
    "how packages are fetched": "--network-timeout --network-concurrency --registry --proxy --https-proxy",
    "a folder, which is told": "--cache-folder",
}
_PROTOCOLS = {**NETWORK, "file": Means.COPIED, "link": Means.LINKED}
_OTHERS = "yarn.json .yarn-metadata.json .corepack.env"
_REWRITES = (
    "`yarn install` may rewrite yarn.lock, and the copy puts the context's back; with --frozen-lockfile it does not"
)
_NO_LOCK = "no yarn.lock says which versions are installed, and they are kept as long as the manifests stay the same"


def yarn(asked: Asked) -> Needs:
    """What a `yarn install` needs; raises NotTold."""
    folder = home(asked)
    for path in those(asked, folder, _OTHERS):
        raise NotTold(f"{path} is read, and not followed")
    refuse_above(asked, folder, ".yarnrc .yarnrc.yml .npmrc yarn.lock")
    lock = posixpath.join(folder, "yarn.lock")
    locked = text(asked, lock) if there(asked, lock) else ""
    version = _version(package_of(asked, folder))
    rc = those(asked, folder, ".yarnrc.yml")
    is_later = bool(rc) or version > 1 or re.search(r"(?m)^__metadata:", locked) is not None
    is_first = bool(those(asked, folder, ".yarnrc")) or version == 1 or "# yarn lockfile v1" in locked
    if is_later and is_first:
        raise NotTold("it cannot be told whether yarn 1 or a later one runs")
    return berry(asked, locked) if is_later else _classic(asked, folder, locked)


def _version(root: Package) -> int:
    """The major version of yarn that package.json asks for; 0 where it asks for none."""
    wanted = re.match(r"yarn@(\d+)", str(root.data.get("packageManager", "")))
    return int(wanted[1]) if wanted else 0


def _classic(asked: Asked, folder: str, locked: str) -> Needs:
    told, found = said(asked, "yarn", "install", _FLAGS, _VALUED)
    settings: dict[str, str] = {}
    for path in those(asked, folder, ".npmrc"):
        settings |= npmrc(asked, path)
    for path in those(asked, folder, ".yarnrc"):
        settings |= {key.removeprefix("--install.").lstrip("-"): value for key, value in yarnrc(asked, path).items()}
    # Yarn 1 knows no exceptions: to it, `!packages/old` is a name (seen with 1.22).
    packages = project(asked, folder, excepts=False)
    runs = not has(found, "--ignore-scripts") and not is_on(settings, "ignore-scripts")
    if runs:
        refuse_scripts(asked, packages, SCRIPTS)
    for package in packages[1:]:
        refuse_programs(asked, package)
    files = [*those(asked, folder, "yarn.lock .npmrc .yarnrc .yarnclean"), *(package.path for package in packages)]
    files += _program(asked, folder, settings)
    files += named_files(asked, packages, _PROTOCOLS, [*leaves(packages[0].data.get("resolutions"))])
    files += looked_for(asked, packages, locked) if runs else ()
    keeps = has(found, "--frozen-lockfile --pure-lockfile --no-lockfile") or is_on(settings, "frozen-lockfile")
    unsure = _NO_LOCK if not locked else "" if keeps or is_on(settings, "pure-lockfile") else _REWRITES
    return needs(files, modules(packages), written(told, found, "--cache-folder"), unsure)


def _program(asked: Asked, folder: str, settings: Mapping[str, str]) -> list[str]:
    """The file of yarn itself that .yarnrc names."""
    if "yarn-path" not in settings:
        return []
    path = inside(asked, folder, settings["yarn-path"], ".yarnrc")
    if not re.fullmatch(r".*/yarn-1\.[\d.]+\.c?js", path) or not there(asked, path):
        raise NotTold(f".yarnrc names {path}, which is no yarn 1 of the context")
    return [path]
