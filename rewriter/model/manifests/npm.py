"""What `npm ci` and `npm install` read: https://docs.npmjs.com/cli/commands/npm-ci, .../npm-install.

npm reads .npmrc, package.json, its lock files, yarn.lock and the package.json of each workspace (strace of npm 11), and
looks for binding.gyp; a workspace's .npmrc it does not heed.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence

from .asked import Asked, Needs, NotTold
from .dependencies import NETWORK, Means, Package, leaves, named_files
from .javascript import has, modules, project, said, those, written
from .lifecycle import SCRIPTS, looked_for, refuse_programs, refuse_scripts
from .npmrc import is_on, npmrc
from .reading import Table, home, inside, json_table, needs, table, text, there

_CLEAN = "ci clean-install ic install-clean isntall-clean"
_INSTALL = "install i in ins inst insta instal isnt isnta isntal isntall add"
# Options by why they are all the same to what is read: https://docs.npmjs.com/cli/using-npm/config.
_FLAGS: Mapping[str, str] = {
    "which packages are installed, by the same manifests": """--production --prod --dev --no-optional --optional
        --legacy-peer-deps --strict-peer-deps --no-package-lock --package-lock --no-shrinkwrap --engine-strict --force
        -f --include-workspace-root --workspaces --prefer-dedupe --no-save --save -D -P --save-dev --save-prod""",
    "what else is done with them": "--ignore-scripts --unsafe-perm --bin-links --no-bin-links --rebuild-bundle",
    "how they are fetched": "--prefer-offline --prefer-online --offline --strict-ssl --no-strict-ssl",
    "what it tells": """--audit --no-audit --fund --no-fund --progress --no-progress --quiet -q --silent -s --verbose -d
        -dd -ddd --foreground-scripts --color --no-color --update-notifier --no-update-notifier --yes -y --json
        --parseable -p --timing""",
}
_VALUED: Mapping[str, str] = {
    "which packages are installed, by the same manifests": """--omit --include --only --also -w --workspace --os --cpu
        --libc --install-strategy --before""",
    "how they are fetched": """--registry --maxsockets --fetch-retries --fetch-retry-factor --fetch-retry-mintimeout
        --fetch-retry-maxtimeout --fetch-timeout --proxy --https-proxy --noproxy""",
    "what it tells": "--loglevel --audit-level",
    "a folder, which is told": "--cache",
}
# A folder is linked to, since `install-links` is no known key.
_PROTOCOLS = {**NETWORK, "file": Means.LINKED}
_REWRITES = "`npm install` may rewrite package-lock.json, and the copy puts the context's back; `npm ci` does not"
_NO_LOCK = "no lock file says which versions are installed, and they are kept as long as the manifests stay the same"


def npm(asked: Asked) -> Needs:
    """What an `npm ci` or `npm install` needs; raises NotTold."""
    told, found = said(asked, "npm", f"{_CLEAN} {_INSTALL}", _FLAGS, _VALUED)
    folder = home(asked)
    settings = npmrc(asked, posixpath.join(folder, ".npmrc")) if those(asked, folder, ".npmrc") else {}
    packages = project(asked, folder)
    locks = those(asked, folder, "npm-shrinkwrap.json package-lock.json")
    is_clean = asked.call is not None and asked.call.verb.decode() in _CLEAN.split()
    if is_clean and not locks:
        raise NotTold("npm ci needs package-lock.json, which is not in the context")
    for lock in locks:
        _check_lock(asked, lock, packages)
    runs = not has(found, "--ignore-scripts") and not is_on(settings, "ignore-scripts")
    if runs:
        refuse_scripts(asked, packages, SCRIPTS)
    for package in packages[1:]:
        refuse_programs(asked, package)
    overrides = [spec for spec in leaves(packages[0].data.get("overrides")) if spec]
    files = [*those(asked, folder, ".npmrc yarn.lock"), *locks, *(package.path for package in packages)]
    files += named_files(asked, packages, _PROTOCOLS, overrides)
    if runs:
        files += looked_for(asked, packages, "\n".join(text(asked, lock) for lock in locks))
    unsure = "" if is_clean else _REWRITES if locks else _NO_LOCK
    return needs(files, modules(packages), written(told, found, "--cache"), unsure)


def _check_lock(asked: Asked, path: str, packages: Sequence[Package]) -> None:
    """Raises NotTold where the lock file names files or folders that the manifests do not."""
    folder = posixpath.dirname(path)
    known = {package.folder for package in packages}
    lock = json_table(asked, path)
    for key, value in table(lock.get("packages"), path).items():
        entry = table(value, f"{path} on {key}")
        if not key.startswith("node_modules/") and "/node_modules/" not in key:
            _check_folder(path, inside(asked, folder, key or ".", path), known)
        if entry.get("link"):
            _check_folder(path, inside(asked, folder, str(entry.get("resolved") or "."), path), known)
        else:
            _check_archive(asked, path, entry.get("resolved"))
    for version in _versions(lock, path):
        _check_archive(asked, path, version)


def _check_folder(path: str, target: str, known: set[str]) -> None:
    if target not in known:
        raise NotTold(f"{path} names the folder {target}, which is no workspace")


def _check_archive(asked: Asked, path: str, said: object) -> None:
    if isinstance(said, str) and said.startswith("file:"):
        target = inside(asked, posixpath.dirname(path), said.removeprefix("file:"), path)
        if not there(asked, target):
            raise NotTold(f"{path} names {target}, which is no file of the context")


def _versions(lock: Table, path: str) -> Iterator[object]:
    """The versions in a lock file as npm 6 writes it, where they may be addresses."""
    for name, value in table(lock.get("dependencies"), path).items():
        entry = table(value, f"{path} on {name}")
        yield entry.get("version")
        yield from _versions(entry, path)
