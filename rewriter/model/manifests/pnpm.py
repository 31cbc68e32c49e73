"""What `pnpm install` and `pnpm fetch` read: https://pnpm.io/cli/install, .../fetch, https://pnpm.io/settings.

By strace of pnpm 9 these are .npmrc (of the workspaces, too), pnpm-workspace.yaml, pnpm-lock.yaml and the manifests;
package.json5 and package.yaml would count in place of a package.json. `pnpm fetch` installs from the lock file alone.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from .asked import Asked, Needs, NotTold
from .dependencies import NETWORK, Means, Package, leaves, named_files
from .javascript import has, modules, names, package_of, project, refuse_above, said, texts, those, written, yaml_table
from .lifecycle import READS_MORE, SCRIPTS, looked_for, refuse_programs, refuse_scripts
from .npmrc import is_on, npmrc
from .reading import Table, home, inside, literal, needs, table, text, there

# Options by why they are all the same to what is read.
_FLAGS: Mapping[str, str] = {
    "whether pnpm-lock.yaml may be written": "--frozen-lockfile --no-frozen-lockfile --prefer-frozen-lockfile",
    "which packages are installed, by the same manifests": """--prod -P --production --dev -D --no-optional --force
        --shamefully-hoist --strict-peer-dependencies --no-strict-peer-dependencies -r --recursive --no-hoist --hoist
        --include-workspace-root --ignore-workspace --no-verify-store-integrity --side-effects-cache""",
    "what else is done with them": "--ignore-scripts --ignore-pnpmfile --unsafe-perm",
    "how they are fetched": "--offline --prefer-offline",
    "what it tells": "--silent -s --color --no-color --aggregate-output --stream --use-stderr",
}
_VALUED: Mapping[str, str] = {
    "which packages are installed, by the same manifests": "--filter -F --filter-prod --node-linker --os --cpu --libc",
    "how they are fetched": """--registry --network-concurrency --fetch-retries --fetch-timeout --fetch-retry-factor
        --fetch-retry-mintimeout --fetch-retry-maxtimeout --child-concurrency --workspace-concurrency""",
    "what it tells": "--reporter --loglevel",
    "a folder, which is told": "--store-dir",
}
_PROTOCOLS = {
    **NETWORK,
    "file": Means.COPIED,
    "link": Means.LINKED,
    "workspace": Means.WORKSPACE,
    "catalog": Means.NETWORK,
}
# Settings, of pnpm-workspace.yaml and of `pnpm` in package.json, by why they name no file.
_KEYS: Mapping[str, str] = {
    "which packages are installed, by the same manifests": """packages catalog catalogs overrides packageExtensions
        peerDependencyRules allowedDeprecatedVersions supportedArchitectures ignoredOptionalDependencies engineStrict
        autoInstallPeers strictPeerDependencies dedupePeerDependents dedupeDirectDeps resolutionMode
        resolvePeersFromWorkspaceRoot linkWorkspacePackages preferWorkspacePackages minimumReleaseAge
        minimumReleaseAgeExclude trustPolicy trustPolicyExclude blockExoticSubdeps catalogMode cleanupUnusedCatalogs
        updateConfig auditConfig optimisticRepeatInstall preferFrozenLockfile""",
    "how they are laid out": """nodeLinker hoist hoistPattern publicHoistPattern shamefullyHoist hoistWorkspacePackages
        symlink packageImportMethod savePrefix saveExact saveWorkspaceProtocol includeWorkspaceRoot
        ignoreWorkspaceRootCheck disallowWorkspaceCycles ignoreWorkspaceCycles""",
    "whose scripts run": """onlyBuiltDependencies ignoredBuiltDependencies neverBuiltDependencies allowBuilds
        strictDepBuilds dangerouslyAllowAllBuilds ignoreScripts ignoreDepScripts requiredScripts enablePrePostScripts
        verifyDepsBeforeRun sideEffectsCache""",
    "how they are fetched": """registry registries networkConcurrency fetchRetries fetchTimeout childConcurrency
        workspaceConcurrency strictSsl""",
    "which pnpm runs": "managePackageManagerVersions packageManagerStrict packageManagerStrictVersion",
    "patches, which are told": "patchedDependencies allowUnusedPatches allowNonAppliedPatches ignorePatchFailures",
}
_OTHERS = "package.json5 package.yaml pnpm-workspace.yml .corepack.env pnpmfile.js"
_REWRITES = (
    "`pnpm install` may rewrite pnpm-lock.yaml, and the copy puts the context's back; "
    "with --frozen-lockfile it does not"
)
_NO_LOCK = (
    "no pnpm-lock.yaml says which versions are installed, and they are kept as long as the manifests stay the same"
)


# What pnpm takes from package.json even where it installs by the lock file alone.
_HEEDED = ("pnpm", "packageManager", "devEngines", "engines")


class _Settings(NamedTuple):
    """The folder of the project, and what is set there: by .npmrc, pnpm-workspace.yaml, and `pnpm` in package.json."""

    folder: str
    npmrc: Mapping[str, str]
    workspace: Table
    package: Table


def pnpm(asked: Asked) -> Needs:
    """What a `pnpm install` or `pnpm fetch` needs; raises NotTold."""
    told, found = said(asked, "pnpm", "install i fetch", _FLAGS, _VALUED)
    settings = _settings(asked, home(asked))
    folder = settings.folder
    is_fetch = asked.call is not None and asked.call.verb == b"fetch"
    packages = _fetched(asked, settings) if is_fetch else _installed(asked, settings)
    lock = posixpath.join(folder, "pnpm-lock.yaml")
    locked = text(asked, lock) if is_fetch or there(asked, lock) else ""
    runs = not (
        has(found, "--ignore-scripts")
        or is_on(settings.npmrc, "ignore-scripts")
        or settings.workspace.get("ignoreScripts") is True
    )
    if runs and not is_fetch:
        refuse_scripts(asked, packages, SCRIPTS)
    files = those(asked, folder, "pnpm-lock.yaml pnpm-workspace.yaml .npmrc")
    files += _patches(asked, settings)
    files += () if has(found, "--ignore-pnpmfile") else _hooks(asked, folder)
    files += _manifests(asked, packages, is_fetch=is_fetch)
    files += () if is_fetch else _named(asked, settings, packages)
    files += looked_for(asked, packages, locked) if runs else ()
    is_frozen = is_fetch or has(found, "--frozen-lockfile")
    unsure = _NO_LOCK if not locked else "" if is_frozen else _REWRITES
    return needs(files, modules(packages), written(told, found, "--store-dir"), unsure)


def _settings(asked: Asked, folder: str) -> _Settings:
    for path in those(asked, folder, _OTHERS):
        raise NotTold(f"{path} is read, and not followed")
    refuse_above(asked, folder, "pnpm-workspace.yaml")
    rc, workspace, manifest = (
        posixpath.join(folder, name) for name in (".npmrc", "pnpm-workspace.yaml", "package.json")
    )
    settings = _Settings(
        folder,
        npmrc(asked, rc) if there(asked, rc) else {},
        yaml_table(asked, workspace) if there(asked, workspace) else {},
        table(package_of(asked, folder).data.get("pnpm"), manifest) if there(asked, manifest) else {},
    )
    for path, said_there in ((workspace, settings.workspace), (manifest, settings.package)):
        unknown = next((key for key in said_there if key not in names(_KEYS)), None)
        if unknown is not None:
            raise NotTold(f"{path} sets {unknown}, which may name a file")
    return settings


def _installed(asked: Asked, settings: _Settings) -> tuple[Package, ...]:
    """The root and the workspaces; without a list of them, older ones take every folder."""
    folder = settings.folder
    is_workspace = there(asked, posixpath.join(folder, "pnpm-workspace.yaml"))
    patterns = texts(settings.workspace.get("packages"), "packages of pnpm-workspace.yaml")
    packages = project(asked, folder, (patterns or ["**"]) if is_workspace else [], "pnpm-workspace.yaml")
    others = ("package.json5", "package.yaml")
    for path in asked.context.entries:
        if is_workspace and posixpath.basename(path) in others and "node_modules/" not in path:
            raise NotTold(f"{path} counts as a package.json does, and is not followed")
    for package in packages[1:]:
        refuse_programs(asked, package)
    for package in packages:
        published = table(package.data.get("publishConfig"), f"publishConfig of {package.path}")
        injected = any("injected" in table(each, package.path) for each in _meta(package))
        if injected or "directory" in published:
            raise NotTold(f"{package.path} has files of a workspace installed")
    return packages


def _meta(package: Package) -> list[object]:
    return list(table(package.data.get("dependenciesMeta"), f"dependenciesMeta of {package.path}").values())


def _fetched(asked: Asked, settings: _Settings) -> tuple[Package, ...]:
    """The root alone, with what `pnpm fetch` heeds of it."""
    folder = settings.folder
    data = package_of(asked, folder).data if there(asked, posixpath.join(folder, "package.json")) else {}
    return (Package(folder, {key: value for key, value in data.items() if key in _HEEDED}),)


def _manifests(asked: Asked, packages: Sequence[Package], *, is_fetch: bool) -> Iterator[str]:
    if not is_fetch or packages[0].data:
        yield packages[0].path
    for package in packages[1:]:
        yield package.path
        for path in those(asked, package.folder, ".npmrc"):
            npmrc(asked, path)
            yield path


def _named(asked: Asked, settings: _Settings, packages: Sequence[Package]) -> Iterator[str]:
    more = [packages[0].data.get("resolutions")]
    for place in (settings.workspace, settings.package):
        more += [place.get(key) for key in ("overrides", "packageExtensions", "catalog", "catalogs")]
    return named_files(asked, packages, _PROTOCOLS, [*leaves(more)])


def _patches(asked: Asked, settings: _Settings) -> Iterator[str]:
    for place in (settings.workspace, settings.package):
        for name, path in table(place.get("patchedDependencies"), "patchedDependencies").items():
            target = inside(asked, settings.folder, literal(path, "patchedDependencies"), "patchedDependencies")
            if not there(asked, target):
                raise NotTold(f"{target}, the patch of {name}, is not in the context")
            yield target


def _hooks(asked: Asked, folder: str) -> Iterator[str]:
    for path in those(asked, folder, ".pnpmfile.cjs .pnpmfile.mjs"):
        if READS_MORE.search(text(asked, path)):
            raise NotTold(f"{path} may read other files")
        yield path
