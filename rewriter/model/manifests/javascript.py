"""What npm, yarn and pnpm have in common: the command, the variables, package.json and its workspaces.

Nothing is guessed: an option, a variable or a key that no table here has raises NotTold.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping, Sequence

from .asked import Asked, NotTold
from .dependencies import Package
from .environment import check_environment, with_known_path
from .reading import (
    Line,
    Said,
    Table,
    above,
    check_variables,
    json_table,
    line,
    listed,
    literal,
    options,
    table,
    text,
    there,
    those_there,
    trees,
)
from .workspaces import workspaces

# Variables of the programs that run, besides those of the package manager itself, and why they are all the same.
_NODE = (
    r"npm_config_\w+|npm_package_\w+|NODE_(?:OPTIONS|PATH|EXTRA_CA_CERTS|COMPILE_CACHE)|COREPACK_\w+|YARN_\w+|yarn_\w+"
    r"|PNPM_\w+|pnpm_\w+|PUPPETEER_\w+|PRISMA_SCHEMA\w*|INIT_CWD"
)
_HARMLESS: Mapping[str, str] = {
    "what npm tells": """npm_config_loglevel npm_config_progress npm_config_fund npm_config_audit npm_config_color
        npm_config_update_notifier npm_config_foreground_scripts npm_config_audit_level""",
    "how packages are fetched": """npm_config_registry npm_config_fetch_* npm_config_maxsockets npm_config_strict_ssl
        npm_config_proxy npm_config_https_proxy npm_config_noproxy npm_config_prefer_offline npm_config_timeout
        npm_config_network_timeout COREPACK_NPM_* COREPACK_ENABLE_NETWORK YARN_HTTP_TIMEOUT YARN_NETWORK_CONCURRENCY
        YARN_HTTP_RETRY YARN_NPM_REGISTRY_SERVER YARN_NPM_AUTH_TOKEN YARN_REGISTRY YARN_ENABLE_NETWORK""",
    "which packages are installed, by the same manifests": """npm_config_production npm_config_omit npm_config_include
        npm_config_only npm_config_optional npm_config_legacy_peer_deps npm_config_engine_strict npm_config_force
        npm_config_ignore_scripts npm_config_unsafe_perm npm_config_platform npm_config_arch npm_config_libc
        npm_config_build_from_source npm_config_node_gyp_cache npm_config_yes npm_config_python YARN_PRODUCTION
        YARN_CHECKSUM_BEHAVIOR YARN_ENABLE_SCRIPTS YARN_ENABLE_IMMUTABLE_INSTALLS YARN_IGNORE_NODE""",
    "where installed packages load their binaries": """npm_config_*_mirror npm_config_*_binary_host
        npm_config_*_binary_site
        PUPPETEER_SKIP_* PUPPETEER_EXECUTABLE_PATH PUPPETEER_PRODUCT""",
    "which version of a package manager runs, by package.json": """COREPACK_ENABLE_* COREPACK_DEFAULT_TO_LATEST
        COREPACK_INTEGRITY_KEYS YARN_VERSION YARN_IGNORE_PATH PNPM_VERSION""",
    "what yarn tells or counts": """YARN_ENABLE_TELEMETRY YARN_ENABLE_PROGRESS_BARS YARN_ENABLE_COLORS
        YARN_ENABLE_INLINE_BUILDS YARN_ENABLE_GLOBAL_CACHE YARN_ENABLE_MIRROR YARN_COMPRESSION_LEVEL""",
}
_FOLDERS = "npm_config_cache YARN_CACHE_FOLDER YARN_GLOBAL_FOLDER PNPM_HOME COREPACK_HOME PUPPETEER_CACHE_DIR"
# Options of node that name no file.
_NODE_OPTIONS = re.compile(
    r"--(?:max[-_]old[-_]space[-_]size|max[-_]semi[-_]space[-_]size|max-http-header-size|dns-result-order"
    r"|unhandled-rejections|stack-size)=[\w-]+|--(?:openssl-legacy-provider|use-openssl-ca|use-system-ca"
    r"|use-bundled-ca|no-[\w-]+|tls-min-v\d\.\d)"
)
# Where packages' own scripts put what they load, besides the caches of npm, yarn (run as root, that of yarn 1 is in
# /usr/local/share), pnpm and node-gyp.
_TREES = """/root/.npm /root/.cache /root/.config /root/.local /root/.node-gyp /root/.yarn /root/.yarnrc
    /root/.pnpm-state /usr/local/share/.cache /usr/local/share/.config /.pnpm-store /tmp /var/tmp"""


def names(rows: Mapping[str, str]) -> tuple[str, ...]:
    """All names of a table by reasons."""
    return tuple(name for row in rows.values() for name in row.split())


def said(
    asked: Asked, manager: str, verbs: str, flags: Mapping[str, str], valued: Mapping[str, str]
) -> tuple[Line, Said]:
    """The command as text, and its options by tables of reasons; raises NotTold, also where it names packages.

    A flag may be given as `--flag=true` or `--flag=false`, too.
    """
    told, call = line(with_known_path(asked)), asked.call
    if call is None or call.manager.name != manager or call.verb.decode("utf-8", "replace") not in verbs.split():
        raise NotTold(f"of `{' '.join(told.words[:2])}` it is not known what it reads")
    if "/" in told.words[0] and not re.fullmatch(r"/usr/(?:local/)?bin/\w+", told.words[0]):
        raise NotTold(f"{told.words[0]} may be a program of the project")
    switches = [name + value for name in names(flags) for value in ("", "=true", "=false")]
    found = options(told.words[1:], switches, names(valued))
    typed = call.verb.decode().split() if call.verb_at != call.at else []
    if list(found.arguments) != typed:
        raise NotTold(f"`{call.shown}` is given {' '.join(found.arguments[len(typed) :]) or 'other words'}")
    return told, found


def has(found: Said, flags: str) -> bool:
    """Whether one of the flags is on."""
    return any(found.has(flag, f"{flag}=true") for flag in flags.split())


def written(told: Line, found: Said, folders: str = "") -> tuple[bytes, ...]:
    """The trees that are written besides node_modules; raises NotTold for a variable that is not known.

    `folders` are options that name another one.
    """
    env = {name.lower() if name.lower().startswith("npm_config_") else name: value for name, value in told.env.items()}
    check_environment(env)
    node = env.get("NODE_OPTIONS", "")
    if not all(map(_NODE_OPTIONS.fullmatch, node.split())):
        raise NotTold("NODE_OPTIONS may name a file")
    if not re.fullmatch(r"|/(?:etc|usr)/.*", env.pop("NODE_EXTRA_CA_CERTS", "")):
        raise NotTold("NODE_EXTRA_CA_CERTS names a file")
    check_variables(env, _NODE, ("NODE_OPTIONS", *names(_HARMLESS), *_FOLDERS.split()))
    moved = found.values(*folders.split())
    if not all(re.fullmatch(r"/[\w./@+-]+", path) for path in moved):
        raise NotTold(f"{' '.join(moved)} may be a folder of the project")
    return (*trees(env, _TREES, _FOLDERS.split()), *map(str.encode, moved))


def package_of(asked: Asked, folder: str) -> Package:
    """The package.json of a folder; raises NotTold."""
    return Package(folder, json_table(asked, posixpath.join(folder, "package.json")))


def project(
    asked: Asked, folder: str, patterns: Sequence[str] | None = None, who: str = "", *, excepts: bool = True
) -> tuple[Package, ...]:
    """The root of the project, and its workspaces by these patterns, else by those of its package.json.

    `excepts`: a pattern behind `!` takes workspaces away. Raises NotTold where a folder above may be the root: tools
    look there, too.
    """
    for above_it in list(above(asked, folder))[1:]:
        if there(asked, posixpath.join(above_it, "package.json")):
            _check_above(package_of(asked, above_it))
    root = package_of(asked, folder)
    if patterns is None:
        value, who = root.data.get("workspaces"), root.path
        value = table(value, f"workspaces of {who}").get("packages") if isinstance(value, dict) else value
        patterns = texts(value, f"workspaces of {who}")
    patterns = [pattern for pattern in patterns if excepts or not pattern.startswith("!")]
    found = workspaces(asked, folder, patterns, "package.json", who) if patterns else ()
    return (root, *(package_of(asked, each) for each in found if each != folder))


def _check_above(package: Package) -> None:
    key = next((key for key in ("workspaces", "packageManager", "devEngines") if key in package.data), None)
    if key is not None:
        raise NotTold(f"{package.path} stands above, and its {key} count")


def texts(value: object, who: str) -> list[str]:
    """A list of texts; raises NotTold for anything else."""
    return [literal(item, who) for item in listed(value, who)]


def refuse_above(asked: Asked, folder: str, names: str) -> None:
    """Raises NotTold where one of these stands in a folder above that is copied, too."""
    for each in list(above(asked, folder))[1:]:
        for name in names.split():
            path = posixpath.join(each, name)
            if path in asked.context.entries:
                raise NotTold(f"{path} stands above, and may count")


def modules(packages: Iterable[Package]) -> tuple[str, ...]:
    """The folders that packages are installed into."""
    return tuple(posixpath.join(package.folder, "node_modules") for package in packages)


def yaml_table(asked: Asked, path: str) -> Table:
    """What a file of YAML says, which must be a mapping or nothing; raises NotTold."""
    import yaml

    told = text(asked, path)
    # With anchors, a small file may stand for one of any size.
    if re.search(r"(?m)(?:^|[:,\[-])\s*&\w", told):
        raise NotTold(f"{path} has anchors")
    try:
        found: object = yaml.safe_load(told)
    except (yaml.YAMLError, ValueError, RecursionError):
        raise NotTold(f"{path} is no YAML") from None
    return table(found, path)


def those(asked: Asked, folder: str, names: str) -> list[str]:
    """Those of these files that are in the folder."""
    return those_there(asked, folder, names.split())
