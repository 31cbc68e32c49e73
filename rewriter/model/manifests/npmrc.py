"""What .npmrc and yarn 1's .yarnrc say: a key that is in no table is refused, since it may name a file.

Sources: https://docs.npmjs.com/cli/using-npm/config, https://pnpm.io/9.x/npmrc,
https://classic.yarnpkg.com/docs/yarnrc/. What an installed package's own script takes from there names no file of the
project, either: mirrors and the like (`sass_binary_site`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase

from .asked import Asked, NotTold
from .reading import text

# Why each of these is the same to what is read.
_NPM: Mapping[str, str] = {
    "where packages come from, and who asks for them": """registry @*:registry //*:_authToken //*:_auth //*:_password
        //*:username //*:email //*:always-auth _auth _authToken _password username email always-auth auth-type
        replace-registry-host""",
    "how they are fetched": """strict-ssl fetch-retries fetch-retry-factor fetch-retry-mintimeout fetch-retry-maxtimeout
        fetch-timeout maxsockets network-concurrency child-concurrency fetching-concurrency proxy http-proxy https-proxy
        noproxy no-proxy network-timeout prefer-offline prefer-online offline user-agent""",
    "what it tells": """fund audit audit-level progress loglevel color unicode update-notifier message timing
        foreground-scripts reporter send-metrics""",
    "which packages are installed, by the same manifests": """engine-strict legacy-peer-deps strict-peer-deps omit
        include optional production dev only also prefer-dedupe install-strategy legacy-bundling global-style
        package-lock shrinkwrap lockfile-version force before min-release-age allow-scripts strict-allow-scripts
        omit-lockfile-registry-resolved package-lock-only save-bundle""",
    "what else is done with them": "ignore-scripts unsafe-perm rebuild-bundle bin-links format-package-lock",
    "of other sub-commands": """save save-exact save-prefix save-dev save-prod save-optional save-peer init-* init.*
        access tag tag-version-prefix sign-git-tag sign-git-commit git-tag-version commit-hooks provenance otp browser
        workspaces-update version-* publish-branch git-checks preid""",
    "how pnpm lays packages out, by the same manifests": """auto-install-peers strict-peer-dependencies
        dedupe-peer-dependents dedupe-direct-deps resolve-peers-from-workspace-root resolution-mode shamefully-hoist
        hoist hoist-pattern hoist-workspace-packages public-hoist-pattern node-linker symlink package-import-method
        prefer-frozen-lockfile frozen-lockfile link-workspace-packages prefer-workspace-packages save-workspace-protocol
        include-workspace-root ignore-workspace-root-check recursive-install side-effects-cache enable-pre-post-scripts
        verify-store-integrity minimum-release-age manage-package-manager-versions package-manager-strict
        package-manager-strict-version extend-node-path prefer-symlinked-executables ignore-dep-scripts
        ignored-optional-dependencies peers-suffix-max-length disallow-workspace-cycles workspace-concurrency""",
}
# These name where an installed package's script downloads from, or that it does not.
_DOWNLOADS = re.compile(
    r"\w+[-_](?:mirror|binary[-_](?:site|host|host[-_]mirror|mirror)|cdnurl|skip(?:[-_]\w+)?[-_]download)"
)
_YARN: Mapping[str, str] = {
    "where packages come from": "registry @*:registry email username",
    "how they are fetched": """strict-ssl network-timeout network-concurrency child-concurrency proxy http-proxy
        https-proxy prefer-offline --install.network-timeout --install.prefer-offline --network-timeout""",
    "what it tells": "lastUpdateCheck disable-self-update-check --install.silent --install.no-progress --no-progress",
    "which packages are installed, by the same manifests": """ignore-engines ignore-platform ignore-optional
        ignore-scripts workspaces-experimental --install.frozen-lockfile --frozen-lockfile --install.pure-lockfile
        --install.ignore-engines --ignore-engines --install.ignore-scripts --ignore-scripts --install.production
        --install.check-files unsafe-disable-integrity-migration --install.ignore-optional""",
    "of other sub-commands": """save-prefix save-exact --add.exact version-tag-prefix version-git-message
        version-sign-git-tag version-git-tag version-commit-hooks init-* --save-exact""",
    "the program itself: who reads the file sees to it": "yarn-path",
}


def npmrc(asked: Asked, path: str) -> Mapping[str, str]:
    """The settings of an .npmrc; raises NotTold for one that may name a file."""
    found = {}
    for raw in text(asked, path).splitlines():
        line = raw.strip()
        if not line or line.startswith((";", "#")):
            continue
        key, equals, value = line.partition("=")
        key = key.strip().strip("'\"").removesuffix("[]")
        value = value.strip().strip("'\"") if equals else "true"
        is_download = _DOWNLOADS.fullmatch(key) and re.fullmatch(r"https?://.*|true|false|1|0", value)
        if not is_download:
            _known(_NPM, key, path)
        found[key] = value
    return found


def yarnrc(asked: Asked, path: str) -> Mapping[str, str]:
    """The settings of a .yarnrc of yarn 1; raises NotTold for one that may name a file."""
    found = {}
    for raw in text(asked, path).splitlines():
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        words = [word.strip("\"'") for word in re.findall(r"\"[^\"]*\"|'[^']*'|\S+", line)]
        if len(words) > 2:
            raise NotTold(f"{path} is not written as it should be")
        key = words[0].removesuffix(":")
        _known(_YARN, key, path)
        found[key] = words[1] if len(words) > 1 else "true"
    return found


def _known(rows: Mapping[str, str], key: str, path: str) -> None:
    if not any(fnmatchcase(key, name) for names in rows.values() for name in names.split()):
        raise NotTold(f"{path} sets {key}, which may name a file")


def is_on(settings: Mapping[str, str], key: str) -> bool:
    """Whether a setting is there and is not switched off."""
    return settings.get(key, "false") not in ("false", "0", "null", "")
