"""What `yarn install` reads, of yarn 2 and later: https://yarnpkg.com/cli/install, https://yarnpkg.com/configuration.

By strace of yarn 4 it reads .yarnrc.yml, .env.yarn, yarn.lock, package.json and those of the workspaces, and links to
programs of the root of the project, too.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping

from .asked import Asked, Needs, NotTold
from .dependencies import NETWORK, Means, Package, leaves, named_files
from .javascript import has, modules, project, said, those, written, yaml_table
from .lifecycle import looked_for, refuse_programs, refuse_scripts
from .reading import Table, home, inside, listed, literal, needs, table, there

# Options by why they are all the same to what is read.
_FLAGS: Mapping[str, str] = {
    "whether yarn.lock may be written": "--immutable --frozen-lockfile --immutable-cache",
    "how much it checks": "--check-cache --check-resolutions --refresh-lockfile",
    "what it tells": "--inline-builds --json",
}
_VALUED: Mapping[str, str] = {
    "how packages are fetched; yarn 2 and later ignore it": "--network-timeout",
    "whether scripts run": "--mode",
}
_SCRIPTS = "preinstall install postinstall"
_PROTOCOLS = {
    **NETWORK,
    "file": Means.COPIED,
    "link": Means.LINKED,
    "portal": Means.LINKED,
    "workspace": Means.WORKSPACE,
    "catalog": Means.NETWORK,
    "patch": Means.PATCHED,
}
# Keys of .yarnrc.yml by why they name no file: https://yarnpkg.com/configuration/yarnrc.
_KEYS: Mapping[str, str] = {
    "how packages are laid out, by the same manifests": """nodeLinker nmHoistingLimits nmMode nmSelfReferences pnpMode
        pnpFallbackMode pnpIgnorePatterns pnpEnableEsmLoader pnpEnableInlining pnpShebang winLinkType packageExtensions
        supportedArchitectures enableTransparentWorkspaces defaultProtocol defaultSemverRangePrefix catalog catalogs
        preferDeferredVersions tsEnableAutoTypes enableScripts enableImmutableInstalls immutablePatterns logFilters""",
    "how they are fetched": """npmRegistryServer npmRegistries npmScopes npmAuthToken npmAuthIdent npmAlwaysAuth
        npmAuditRegistry npmPublishRegistry npmMinimalAgeGate npmPreapprovedPackages enableStrictSsl httpTimeout
        httpRetry httpProxy httpsProxy networkConcurrency cloneConcurrency taskPoolConcurrency taskPoolMode
        unsafeHttpWhitelist enableNetwork enableOfflineMode enableHardenedMode checksumBehavior compressionLevel
        enableGlobalCache enableMirror enableCacheClean approvedGitRepositories""",
    "what it tells": """enableTelemetry telemetryInterval telemetryUserId enableProgressBars enableColors
        enableHyperlinks enableInlineBuilds enableInlineHunks enableMessageNames enableTimers enableTips
        preferTruncatedLines preferAggregateCacheInfo progressBarStyle""",
    "of other sub-commands": """changesetBaseRefs changesetIgnorePatterns initScope initFields preferInteractive
        preferReuse npmAuditExcludePackages npmAuditIgnoreAdvisories npmPublishAccess npmPublishProvenance
        enableImmutableCache""",
    "files, which are told": "yarnPath plugins",
    "whether yarnPath counts; what runs is in the image else": "ignorePath",
}
_REWRITES = "`yarn install` may rewrite yarn.lock, and the copy puts the context's back; with --immutable it does not"
_NO_LOCK = "no yarn.lock says which versions are installed, and they are kept as long as the manifests stay the same"


def berry(asked: Asked, locked: str) -> Needs:
    """What a `yarn install` of yarn 2 and later needs, by the text of yarn.lock; raises NotTold."""
    told, found = said(asked, "yarn", "install", _FLAGS, _VALUED)
    folder = home(asked)
    rc = posixpath.join(folder, ".yarnrc.yml")
    settings = yaml_table(asked, rc) if there(asked, rc) else {}
    known = {key for keys in _KEYS.values() for key in keys.split()}
    unknown = next((key for key in settings if key not in known), None)
    if unknown is not None:
        raise NotTold(f"{rc} sets {unknown}, which may name a file")
    if any(path.startswith(posixpath.join(folder, ".yarn/cache/")) for path in asked.context.entries):
        raise NotTold(".yarn/cache is in the context, and packages are installed from there")
    modes = found.values("--mode")
    if not set(modes) <= {"skip-build"}:
        raise NotTold(f"--mode={modes[-1]} installs nothing, or not all")
    packages = project(asked, folder)
    if not modes:
        refuse_scripts(asked, packages, _SCRIPTS)
    for package in packages:
        refuse_programs(asked, package)
    files = [*those(asked, folder, ".yarnrc.yml .env.yarn yarn.lock"), *(package.path for package in packages)]
    files += _program(asked, folder, settings)
    more = (packages[0].data.get("resolutions"), *map(settings.get, ("packageExtensions", "catalog", "catalogs")))
    files += named_files(asked, packages, _PROTOCOLS, [*leaves(list(more))])
    files += looked_for(asked, packages, locked) if not modes else ()
    keeps = has(found, "--immutable --frozen-lockfile") or settings.get("enableImmutableInstalls") is True
    unsure = _NO_LOCK if not locked else "" if keeps else _REWRITES
    made = [posixpath.join(folder, path) for path in _outputs(settings, packages[0])]
    if str(settings.get("nodeLinker", "pnp")) != "pnp":
        made += modules(packages)
    return needs(files, made, (*written(told, found), b"/root/.yarn"), unsure)


def _outputs(settings: Table, root: Package) -> list[str]:
    """What it makes besides node_modules; before yarn 4, the cache lies in the project unless told otherwise."""
    made = [".yarn/install-state.gz"]
    if str(settings.get("nodeLinker", "pnp")) == "pnp":
        made += [".pnp.cjs", ".pnp.loader.mjs", ".yarn/unplugged"]
    said_to_be = f"{root.data.get('packageManager', '')} {settings.get('yarnPath', '')}"
    is_global = settings.get("enableGlobalCache", re.search(r"yarn[@-](?:[4-9]|\d\d)", said_to_be) is not None)
    return made if is_global is True else [*made, ".yarn/cache"]


def _program(asked: Asked, folder: str, settings: Table) -> Iterator[str]:
    """The files of yarn itself and of its plugins; only yarn's own plugins are known to read no more."""
    if "yarnPath" in settings:
        yield _there(asked, inside(asked, folder, literal(settings["yarnPath"], "yarnPath"), ".yarnrc.yml"))
    for item in listed(settings.get("plugins"), "plugins"):
        plugin = {"path": item} if isinstance(item, str) else table(item, "plugins")
        path = inside(asked, folder, literal(plugin.get("path"), "plugins"), ".yarnrc.yml")
        name = str(plugin.get("spec", path.partition("/plugins/")[2]))
        if not name.startswith("@yarnpkg/plugin-"):
            raise NotTold(f"{path} is a plugin, which may read anything")
        yield _there(asked, path)


def _there(asked: Asked, path: str) -> str:
    if not there(asked, path):
        raise NotTold(f".yarnrc.yml names {path}, which is not in the context")
    return path
