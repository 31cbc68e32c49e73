"""What `composer install` reads: https://getcomposer.org/doc/03-cli.md#install-i, /04-schema.md and /06-config.md."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping

from .asked import Asked, Needs, NotTold
from .reading import (
    Said,
    Table,
    above,
    check_variables,
    home,
    inside,
    json_table,
    line,
    listed,
    needs,
    options,
    table,
    there,
    those_there,
    trees,
)

_FLAGS = frozenset(
    """--no-dev --dev -n --no-interaction --no-progress --prefer-dist --prefer-source --no-suggest --no-scripts
    --no-autoloader --no-plugins --ignore-platform-reqs --ansi --no-ansi -q --quiet -v --verbose -vv -vvv --no-cache
    --profile --audit --no-audit --no-security-blocking -o --optimize-autoloader -a --classmap-authoritative
    --apcu-autoloader""".split()
)
_VALUED = frozenset("--prefer-install --ignore-platform-req --audit-format".split())
# https://getcomposer.org/doc/03-cli.md#environment-variables
_HARMLESS = {
    "COMPOSER_ALLOW_SUPERUSER": "it runs as root",
    "COMPOSER_ALLOW_XDEBUG": "it keeps an extension",
    "COMPOSER_AUDIT_ABANDONED": "tells more",
    "COMPOSER_AUTH": "who fetches packages",
    "COMPOSER_DEBUG_EVENTS": "tells more",
    "COMPOSER_DISABLE_NETWORK": "no network",
    "COMPOSER_DISABLE_XDEBUG_WARN": "tells less",
    "COMPOSER_DISCARD_CHANGES": "of vendor/",
    "COMPOSER_FUND": "tells less",
    "COMPOSER_HTACCESS_PROTECT": "of its own folders",
    "COMPOSER_IGNORE_PLATFORM_REQ": "as the option",
    "COMPOSER_IGNORE_PLATFORM_REQS": "as the option",
    "COMPOSER_IPRESOLVE": "how it fetches",
    "COMPOSER_MAX_PARALLEL_HTTP": "how it fetches",
    "COMPOSER_MAX_PARALLEL_PROCESSES": "how it unpacks",
    "COMPOSER_MEMORY_LIMIT": "how much memory it has",
    "COMPOSER_MIRROR_PATH_REPOS": "of folders, and these are refused by themselves",
    "COMPOSER_NO_AUDIT": "tells less",
    "COMPOSER_NO_DEV": "as the option; the stricter reading is without it",
    "COMPOSER_NO_INTERACTION": "it asks nothing",
    "COMPOSER_PREFER_LOWEST": "of updates",
    "COMPOSER_PREFER_STABLE": "of updates",
    "COMPOSER_PROCESS_TIMEOUT": "how long its programs may run",
    "COMPOSER_ROOT_VERSION": "which version the project is said to have",
    "COMPOSER_VERSION": "images set it for their own use",
}
_TREES = ("COMPOSER_HOME", "COMPOSER_CACHE_DIR")
# Events of `composer install`: https://getcomposer.org/doc/articles/scripts.md#event-names. Others are commands.
_EVENTS = re.compile(r"(?:pre|post)-(?!root-package-install|create-project|status|archive|update)[\w-]+|init|command")
_UPDATES = re.compile(r"(?:pre|post)-update-cmd")
# Settings that say where files are; `vendor-dir` and `bin-dir` are heeded by themselves.
_MOVED = frozenset(
    "home data-dir cache-dir cache-files-dir cache-repo-dir cache-vcs-dir cafile capath archive-dir".split()
)
# Plugins are programs that are given the whole project; of these it is known what they read.
_PLUGINS = {
    "phpstan/extension-installer": "it lists packages in vendor/: src/Plugin.php",
    "symfony/runtime": "it writes vendor/autoload_runtime.php by a template of its own: Internal/ComposerPlugin.php",
}
_NO_PROJECT = "composer asks git for the version of the project, and .git is copied later"


def composer(asked: Asked) -> Needs:
    """What `composer install` needs: composer.json, composer.lock and auth.json.

    The autoloader only lists the folders of psr-4 and psr-0, whether they are there or not; it looks for classes in
    them for `classmap`, and where it is told to be fast (src/Composer/Autoload/AutoloadGenerator.php).
    """
    words, env = line(asked)
    check_variables(env, r"COMPOSER(?:_\w+)?|PHP_INI_SCAN_DIR|PHPRC", (*_HARMLESS, *_TREES))
    folder = home(asked)
    said = _said(words)
    manifest = json_table(asked, posixpath.join(folder, "composer.json"))
    lock = those_there(asked, folder, ("composer.lock",))
    packages = [each for path in lock for each in _packages(json_table(asked, path), said.has("--no-dev"))]
    _check_repositories(manifest, packages)
    if not said.has("--no-scripts"):
        _check_scripts(manifest, bool(lock))
    if not said.has("--no-plugins"):
        _check_plugins(manifest, packages, bool(lock))
    if not said.has("--no-autoloader"):
        _check_autoload(manifest, said)
    # Composer takes the version of the project from there: src/Composer/Package/Loader/RootPackageLoader.php.
    asks = "version" not in manifest and not env.get("COMPOSER_ROOT_VERSION") and _has_history(asked, folder)
    unsure = "there is no composer.lock" if not lock else _NO_PROJECT if asks else ""
    elsewhere = trees(env, "/root/.composer /tmp /root/.cache /root/.config /root/.local", _TREES)
    files = those_there(asked, folder, ("composer.json", "composer.lock", "auth.json"))
    return needs(files, _outputs(asked, folder, manifest), elsewhere, unsure)


def _said(words: tuple[str, ...]) -> Said:
    rest = list(words[1:])
    verb = next((at for at, word in enumerate(rest) if not word.startswith("-")), len(rest))
    if rest[verb : verb + 1] not in (["install"], ["i"]):
        raise NotTold(f"it is not known what composer {' '.join(rest[verb : verb + 1])} reads".replace("  ", " "))
    said = options((*rest[:verb], *rest[verb + 1 :]), _FLAGS, _VALUED)
    if said.arguments:
        raise NotTold(f"it is not known what composer install makes of {said.arguments[0]}")
    return said


def _has_history(asked: Asked, folder: str) -> bool:
    names = (".git", ".hg", ".svn", ".fslckout")
    return any(posixpath.join(each, name) in asked.context.entries for each in above(asked, folder) for name in names)


def _packages(lock: Table, without_dev: bool) -> Iterator[Table]:
    for key in ("packages",) if without_dev else ("packages", "packages-dev"):
        yield from (table(package, "composer.lock") for package in listed(lock.get(key), "composer.lock"))


def _check_repositories(manifest: Table, packages: list[Table]) -> None:
    """NotTold where packages come from folders."""
    told = manifest.get("repositories")
    rows = list(told.values()) if isinstance(told, dict) else listed(told, "repositories")
    for row in rows:
        if row is False or (isinstance(row, dict) and list(row.values()) == [False]):
            continue  # `"packagist.org": false`
        repository = table(row, "repositories")
        kind = repository.get("type")
        if kind in ("path", "artifact") or not isinstance(kind, str):
            raise NotTold(f"composer.json has a repository of the type {kind}, which is a folder")
        own = repository.get("package", [])
        _check_addresses([repository, *(own if isinstance(own, list) else [own])])
    _check_addresses(list(packages))


def _check_addresses(rows: list[object]) -> None:
    for row in rows:
        told = table(row, "a package")
        sources = [told, *(table(told.get(kind), kind) for kind in ("source", "dist"))]
        for source in sources:
            url = source.get("url")
            if source.get("type") == "path" or (
                isinstance(url, str) and not re.match(r"(?!file:)[\w+]+://|[\w.-]+@", url)
            ):
                raise NotTold(f"{told.get('name', 'a repository')} comes from the folder {url}")


def _check_scripts(manifest: Table, locked: bool) -> None:
    for name in table(manifest.get("scripts"), "scripts"):
        if _EVENTS.fullmatch(name) or (not locked and _UPDATES.fullmatch(name)):
            raise NotTold(f"composer.json has the script {name}, which may read any file")


def _check_plugins(manifest: Table, packages: list[Table], locked: bool) -> None:
    """NotTold where a plugin runs: one that is locked and not forbidden; without a lock, one that is allowed."""
    config = table(manifest.get("config"), "config")
    allowed = config.get("allow-plugins", {})
    if allowed is False:
        return
    rules = table(allowed, "allow-plugins") if allowed is not True else {}
    names = [
        str(each.get("name")) for each in packages if each.get("type") in ("composer-plugin", "composer-installer")
    ]
    names = [name for name in names if rules.get(name) is not False]
    if not locked:
        names += ["that is allowed"] if allowed is True else [name for name, on in rules.items() if on is not False]
    for name in names:
        if name not in _PLUGINS:
            raise NotTold(f"the plugin {name} may read any file of the project")
    runtime = table(manifest.get("extra"), "extra").get("runtime")
    if isinstance(runtime, dict) and "autoload_template" in runtime:
        raise NotTold("symfony/runtime reads a template of the project")


def _check_autoload(manifest: Table, said: Said) -> None:
    config = table(manifest.get("config"), "config")
    fast = said.has("-o", "--optimize-autoloader", "-a", "--classmap-authoritative")
    if fast or config.get("optimize-autoloader") or config.get("classmap-authoritative"):
        raise NotTold("the optimized autoloader lists all classes that it finds")
    for part in ("autoload",) if said.has("--no-dev") else ("autoload", "autoload-dev"):
        for kind in table(manifest.get(part), part):
            if kind not in ("psr-4", "psr-0"):
                raise NotTold(
                    f"composer.json has {kind} in {part}, so the autoloader is made of the files that are there"
                )
    if "include-path" in manifest or "target-dir" in manifest:
        raise NotTold("composer.json has an include-path or a target-dir, which nobody knows any more")


def _outputs(asked: Asked, folder: str, manifest: Table) -> Iterator[str]:
    config: Mapping[str, object] = table(manifest.get("config"), "config")
    moved = next((name for name in config if name in _MOVED), "")
    if moved:
        raise NotTold(f"composer.json says {moved}, which may be a folder of the project")
    for name, usual in (("vendor-dir", "vendor"), ("bin-dir", "vendor/bin")):
        told = config.get(name, usual)
        if not isinstance(told, str) or re.search(r"[$~]", told):
            raise NotTold(f"where {name} is is not known")
        yield inside(asked, folder, told, name)
    if there(asked, posixpath.join(folder, "vendor/composer/installed.json")):
        raise NotTold("vendor/ is in the context itself, and composer install brings it up to date")
