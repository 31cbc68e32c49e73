"""How each package manager is called: its programs, sub-commands and the options that take a value.

Rows are data; `call.py` reads commands by them. Source of each row: the option parser of the manager itself, or its
manual where it does not install here (apk, microdnf, conda and its kin, gradle, dotnet).
"""

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple


class Does(Enum):
    """What a sub-command does, as far as package lists and download caches are concerned.

    Where one does this or that depending on what it is given, the row says what it does with words (`npm install`).
    """

    UPDATE = "fetches the package lists"
    INSTALL = "installs what its words name"
    RESTORE = "installs what a file of the project names"
    UPGRADE = "brings what is installed up to date"
    REMOVE = "removes packages"
    READ = "asks the package lists or the cache"
    CLEAN = "empties lists or caches"
    BUILD = "builds or runs, and fetches what that needs"
    OTHER = "none of these"


class Manager(NamedTuple):
    """A package manager. `verbs`: its sub-commands, two words where the second one decides.

    `valued` are options whose value is the next word; `bare` is the sub-command that it runs without one; `module` is
    its name for `python -m`; `other` is what a sub-command does that is not in `verbs`.

    `letters`: the sub-command is an option (`-Syu`), and `verbs` holds what its upper-case letter does (`S`). A key of
    two letters (`Sc`) goes before that one where its second letter is among the lower-case ones (`-Scc`, `-Ssq`).
    """

    name: str
    programs: frozenset[bytes]
    verbs: Mapping[bytes, Does]
    valued: frozenset[bytes] = frozenset()
    bare: bytes = b""
    module: str = ""
    other: Does = Does.OTHER
    letters: bool = False


def _names(text: str) -> frozenset[bytes]:
    return frozenset(name.encode() for name in text.split())


def _verbs(**names: str) -> dict[bytes, Does]:
    """Sub-commands by what they do; commas part them, since some have two words."""
    return {
        verb.strip().encode(): Does[does.upper()] for does, text in names.items() for verb in text.split(",") if verb
    }


_RPM_VERBS = _verbs(
    update="makecache, check-update, check-upgrade",
    install="""install, localinstall, reinstall, downgrade, swap, builddep, build-dep, debuginfo-install, groupinstall,
        group install, group upgrade, group update, groupupdate, module install, do""",
    upgrade="""upgrade, update, up, upgrade-minimal, update-minimal, up-min, upgrade-to, update-to, localupdate,
        distro-sync, distrosync, dsync, dup, distribution-synchronization, module update, offline-upgrade""",
    remove="""remove, erase, rm, autoremove, autoerase, removen, remove-n, groupremove, groupuninstall, group remove,
        module remove, leaves""",
    read="""search, se, list, ls, info, provides, whatprovides, prov, repoquery, rq, repolist, repoinfo, deplist,
        download, reposync, updateinfo, group list, group info, grouplist, groupinfo, module list, module info,
        check""",
    clean="clean",
)
# Each of dnf 4, dnf 5, yum 3 and microdnf has only some of them. `-s`, `--source` and `--srpm` are flags of dnf.
_RPM_VALUED = _names(
    """-c --config -d --debuglevel -e --errorlevel -R --randomwait -x --exclude --excludepkgs --rpmverbosity --setopt
    --setvar --installroot --releasever --releasever-major --releasever-minor --enablerepo --disablerepo --enable-repo
    --disable-repo --repo --repoid --repofrompath --repofrompaths --enableplugin --disableplugin --enable-plugin
    --disable-plugin --disableexcludes --disableexcludepkgs --disableexclude --color --comment --destdir --downloaddir
    --download-dir --advisory --advisories --bz --bzs --bzfix --cve --cves --sec-severity --secseverity
    --advisory-severities --forcearch --arch --archlist --add-repo --save-repo --from-repo --store --qf --queryformat -D
    --define --whatprovides --whatrequires --latest-limit --reposdir --cachedir"""
)

_CONDA_VERBS = _verbs(
    install="install, create",
    restore="env create, env update",
    upgrade="update, upgrade, self-update",
    remove="remove, uninstall, env remove, package uninstall",
    read="search, info, list, repoquery, package",
    clean="clean",
    build="build, mambabuild, debug, run",
    other="env, env list, env export, config, init, activate, shell",
)
# `-f` is a flag of `conda clean` and of old `conda install`; of `env create -f FILE` the words name no packages.
_CONDA_VALUED = _names(
    """-n --name -p --prefix -c --channel --file --solver --platform --subdir --repodata-fn --revision --clone --cwd
    --channel-priority --experimental --env --trace-level --log-level"""
)

MANAGERS = (
    Manager(
        "apt-get",
        _names("apt-get apt aptitude"),
        _verbs(
            update="update, upd",
            install="install, build-dep, satisfy, reinstall",
            upgrade="upgrade, dist-upgrade, full-upgrade, safe-upgrade, dselect-upgrade",
            remove="remove, purge, autoremove, autopurge",
            clean="clean, autoclean, distclean",
            other="check, moo, markauto, unmarkauto",
        ),
        # `-a` is a flag of `apt list`, `-P` one of aptitude (and the build profiles of `apt-get build-dep`).
        _names(
            """-t -o -c -a -S --target-release --option --config-file --host-architecture --default-release --snapshot
            --build-profiles --with-source --solver --planner -F --display-format -O --sort -w --width"""
        ),
        other=Does.READ,
    ),
    Manager(
        "apk",
        _names("apk"),
        _verbs(
            update="update",
            install="add, fix, fetch",
            upgrade="upgrade",
            remove="del",
            read="info, search, list, policy, dot, version, query, stats",
            clean="cache clean, cache purge",
        ),
        # `-o` is a flag of `apk search`, `-t` one of `apk info` and `apk version`.
        _names(
            """-t --virtual -X --repository -p --root -o --output --arch --cache-dir --cache-max-age --keys-dir
            --progress-fd --repositories-file --timeout --wait --pkgname-spec --limit"""
        ),
    ),
    Manager("dnf", _names("dnf dnf-3 dnf4 dnf5"), _RPM_VERBS, _RPM_VALUED),
    Manager("yum", _names("yum"), _RPM_VERBS, _RPM_VALUED),
    Manager("microdnf", _names("microdnf"), _RPM_VERBS, _RPM_VALUED),
    Manager("tdnf", _names("tdnf"), _RPM_VERBS, _RPM_VALUED),
    Manager(
        "zypper",
        _names("zypper"),
        _verbs(
            update="refresh, ref, refresh-services, refs",
            install="""install, in, source-install, si, install-new-recommends, inr, verify, ve, download,
                source-download""",
            upgrade="update, up, patch, dist-upgrade, dup",
            remove="remove, rm, removeptf, rmptf, purge-kernels",
            read="""search, se, info, if, patch-info, pattern-info, product-info, list-updates, lu, list-patches, lp,
                patch-check, pchk, patches, pch, packages, pa, patterns, pt, products, pd, what-provides, wp""",
            clean="clean, cc",
        ),
        # Left out since flags too: `-n` (non-interactive), `-D` (dry run), `-C` (capability), `-s`, `-g`.
        # Taken although a flag in front of the sub-command: `-t` (terse).
        _names(
            """-c --config --userdata --table-style --reposd-dir --cache-dir --raw-cache-dir --solv-cache-dir
            --pkg-cache-dir -p --plus-repo --plus-content --releasever -R --root --installroot -t --type --from -r
            --repo --download --solver-focus --category --severity --date -b --bugzilla --cve --priority --name -m
            --medium-type --export"""
        ),
    ),
    Manager(
        "pacman",
        _names("pacman yay paru"),
        _verbs(
            install="S, U",
            remove="R",
            read="F, Ss, Si, Sl, Sg, Sp",
            clean="Sc",
            other="Q, D, T, V",
        ),
        _names(
            """-b --dbpath -r --root --arch --assume-installed --cachedir --color --config --gpgdir --hookdir --ignore
            --ignoregroup --logfile --overwrite --print-format --sysroot --ask"""
        ),
        letters=True,
    ),
    Manager(
        "pip",
        _names("pip pip2 pip3 pip2.7 pip3.5 pip3.6 pip3.7 pip3.8 pip3.9 pip3.10 pip3.11 pip3.12 pip3.13 pip3.14"),
        _verbs(
            update="lock",
            install="install, download, wheel",
            remove="uninstall",
            read="search, index",
            clean="cache purge, cache remove",
        ),
        # Those of pip 23 and 26, and what older ones had. `-e` and `-f` are flags of `list` and `show`.
        _names(
            """-r --requirement -c --constraint --build-constraint -e --editable -t --target -i --index-url --index
            --pypi-url --extra-index-url -f --find-links --trusted-host --prefix --root --platform --python-version
            --implementation --abi --progress-bar --only-binary --no-binary --only-final --all-releases -C
            --config-settings --global-option --install-option --build-option --upgrade-strategy --src --source
            --source-dir --source-directory -d --dest --destination-dir --destination-directory -w --wheel-dir
            --cache-dir --cert --client-cert --proxy --timeout --default-timeout --retries --resume-retries
            --exists-action --log --log-file --local-log --report --root-user-action --keyring-provider --python
            --use-feature --use-deprecated --uploaded-prior-to --refresh-package --requirements-from-script --group
            --path --exclude --format -a --algorithm -o --output --editor -b --build --download --download-cache
            --allow-external --allow-unverified"""
        ),
        module="pip",
    ),
    Manager(
        "uv",
        _names("uv"),
        _verbs(
            update="lock, pip compile, export",
            install="pip install, add, tool install, python install",
            restore="sync, pip sync",
            upgrade="tool upgrade, python upgrade, self update",
            remove="pip uninstall, remove, tool uninstall, python uninstall",
            read="pip list, tree, tool list, python list, audit",
            clean="cache clean, cache prune, clean",
            build="run, build, tool run, format, check",
        ),
        # `-m` and `--script` are flags of `run`, whose words name no packages.
        _names(
            """--allow-insecure-host --annotation-style --author-from --bounds --branch --build-backend --bump
            --cache-dir --cert --check-url --color --config-file --config-setting --config-settings
            --config-setting-package --config-settings-package --default-index --description --directory --env-file
            --exclude --exclude-newer --exclude-newer-package --excludes --extra --extra-index-url --fork-strategy
            --format --from --group --index --index-strategy --keyring-provider --link-mode --mirror --name --no-binary
            --no-binary-package --no-build-isolation-package --no-build-package --no-editable-package --no-emit-package
            --no-extra --no-group --no-install-package --no-sources-package --only-binary --only-group --optional
            --output-format --override --overrides --package --path --prefix --prerelease --prerelease-package --project
            --prompt --publish-url --pypy-mirror --pyodide-mirror --python-downloads-json-url --python-platform
            --platform --python-version --python-fetch --python-preference --refresh-package --reinstall-package
            --resolution --rev --script --tag --token --torch-backend --trusted-host --trusted-publishing
            --upgrade-group --vcs --with-editable --with-executables-from --with-requirements -C -P --upgrade-package -b
            --build-constraint --build-constraints -c --constraint --constraints -d --depth -e --editable -f
            --find-links -i --index-url --install-dir -m --marker -o --output-file --out-dir --password -p --python -r
            --requirement --requirements -t --target -u --username -w --with"""
        ),
        module="uv",
    ),
    Manager(
        "poetry",
        _names("poetry"),
        _verbs(
            update="lock, self lock",
            install="add, self add, python install, plugin add",
            restore="install, sync, self install, self sync",
            upgrade="update, self update",
            remove="remove, self remove, env remove, python remove, plugin remove",
            read="search",
            clean="cache clear",
            build="build",
        ),
        # Left out, since flags of another sub-command: `-l -p -r -i`.
        _names(
            """-C --directory -P --project -G --group -E --extras --with --without --only --optional --python --platform
            --markers --source -f --format -o --output -c --config-settings --local-version --name --description
            --author --dependency --dev-dependency --license --readme --repository --username --password --cert
            --client-cert --dist-dir --implementation --priority"""
        ),
        module="poetry",
    ),
    Manager(
        "pipenv",
        _names("pipenv"),
        _verbs(
            update="lock",
            install="install",
            restore="sync",
            upgrade="update, upgrade",
            remove="uninstall, clean",
            read="check, audit",
        ),
        _names(
            """--python --pypi-mirror -i --index -e --editable -r --requirements --categories --extra-pip-args --extras
            --config-settings --backend --resolver -p"""
        ),
        module="pipenv",
    ),
    Manager(
        "npm",
        _names("npm"),
        _verbs(
            install="""install, i, in, ins, inst, insta, instal, isnt, isnta, isntal, isntall, add, install-test, it,
                link, ln, pack""",
            restore="""ci, clean-install, ic, install-clean, isntall-clean, install-ci-test, cit, clean-install-test,
                sit, dedupe, ddp""",
            upgrade="update, up, u, upgrade, udpate, audit fix",
            remove="uninstall, unlink, remove, rm, r, un, prune",
            read="view, info, show, v, search, find, s, se, outdated, audit, query, diff",
            clean="cache clean, cache clear, cache rm",
            build="rebuild, rb, exec, x, init, create, innit",
        ),
        # `--production`, `--global`, `--save` and `--no-...` are flags; `--color` takes but `always`.
        _names(
            """--access --allow-scripts --also --audit-level --auth-type --before --ca --cache --cache-max --cache-min
            --cafile -c --call --cert --cidr --cpu --depth --diff --diff-dst-prefix --diff-src-prefix --diff-unified
            --editor --enjoy-by --expect-result-count --fetch-retries --fetch-retry-factor --fetch-retry-maxtimeout
            --fetch-retry-mintimeout --fetch-timeout --git --globalconfig --heading --https-proxy --include
            --init-author-email --init-author-name --init-author-url --init-license --init-module --init-version
            --install-strategy --key --libc --local-address -L --location --lockfile-version --loglevel --logs-dir
            --logs-max --maxsockets -m --message --min-release-age --node-gyp --node-options --noproxy --omit --only
            --os --otp --pack-destination --package -C --prefix --preid --provenance-file --proxy --reg --registry
            --replace-registry-host --save-prefix --sbom-format --sbom-type --scope --script-shell --searchexclude
            --searchlimit --searchopts --searchstaleness --shell --tag --tag-version-prefix --umask --user-agent
            --userconfig --viewer --which -w --workspace"""
        ),
    ),
    Manager(
        "yarn",
        _names("yarn yarnpkg"),
        _verbs(
            install="add, global add, plugin import, dlx, create",
            restore="install, import, workspaces focus, dedupe",
            upgrade="upgrade, up, upgrade-interactive, global upgrade, upgradeInteractive",
            remove="remove, global remove",
            read="info, outdated, audit, why, npm info, npm audit, search",
            clean="cache clean",
            build="rebuild",
        ),
        # yarn 1 and later. `-p` and `--production` are flags (`dlx -p NAME` is not, but its words name no packages).
        _names(
            """--cache-folder --cwd --global-folder --https-proxy --link-folder --modules-folder --mutex
            --network-concurrency --network-timeout --otp --preferred-cache-folder --prefix --proxy --registry
            --use-yarnrc --scope --pattern --level --groups --mode --package --strategy --extra --name --out --filename
            --severity --environment --ignore --from --include --exclude -j --jobs --require --access --tag --fields
            --path --repository --branch --plugin"""
        ),
        bare=b"install",
    ),
    Manager(
        "pnpm",
        _names("pnpm"),
        _verbs(
            install="""add, install, i, install-test, it, link, ln, dlx, create, runtime set, env use, env add,
                recursive add""",
            restore="""ci, clean-install, ic, install-clean, fetch, deploy, import, dedupe, recursive install,
                recursive i""",
            upgrade="update, up, upgrade, self-update, recursive update",
            remove="remove, rm, uninstall, un, uni, prune, unlink, recursive remove",
            read="outdated, audit, view, info, show, v, search, s, se, find, store status",
            clean="store prune, cache delete",
            build="rebuild, rb",
        ),
        # `-w`, `--workspace-root`, `-P`, `--prod`, `-D` and `--dev` are flags, unlike npm's `-w`.
        _names(
            """-C --dir -F --filter --filter-prod --allow-build --audit-level --cache-dir --catalog-mode
            --changed-files-ignore-pattern --child-concurrency --color --config-dir --cpu --depth --dlx-cache-max-age
            --env-file --fetch-retries --fetch-retry-factor --fetch-retry-maxtimeout --fetch-retry-mintimeout
            --fetch-timeout --fetch-warn-timeout-ms --fetch-min-speed-ki-bps --fetching-concurrency --global-bin-dir
            --global-dir --global-path --global-pnpmfile --hoist-pattern --http-proxy --https-proxy --init-type --libc
            --lockfile-dir --lockfile-directory --loglevel --maxsockets --minimum-release-age
            --minimum-release-age-exclude --modules-cache-max-age --modules-dir --network-concurrency --node-linker
            --node-options --noproxy --no-proxy --npm-path --only-built-dependencies --os --pack-destination
            --pack-gzip-level --package --package-import-method --patches-dir --peers-suffix-max-length --pnpmfile
            --prefix --proxy --public-hoist-pattern --publish-branch --registry --reporter --resolution-mode
            --resume-from --save-catalog-name --save-prefix --script-shell --state-dir --store-dir --store --tag
            --test-pattern --trust-policy --trust-policy-exclude --trust-policy-ignore-after --use-node-version
            --user-agent --userconfig --virtual-store-dir --virtual-store-dir-max-length --workspace-concurrency
            --workspace-packages --npmrc-auth-file"""
        ),
    ),
    Manager(
        "gem",
        _names("gem"),
        _verbs(
            install="install, i, fetch, exec",
            upgrade="update",
            remove="uninstall, cleanup",
            read="pristine, unpack, check, search, outdated, specification, dependency, mirror, rebuild",
            build="build",
        ),
        # `--document` takes a value with `=` or not at all.
        _names(
            """-v --version -i --install-dir -n --bindir -B --bulk-threshold -s --source -P --trust-policy --platform
            --without --build-root --target-rbconfig --config-file --http-proxy -p --document-dir --key --host --otp
            --gemspec --add --remove --output -C -K -A -k"""
        ),
    ),
    Manager(
        "bundle",
        _names("bundle bundler"),
        _verbs(
            update="lock",
            install="add, inject, plugin install",
            restore="install, i, cache, package, pack",
            upgrade="update",
            remove="remove, clean, plugin uninstall",
            read="pristine, outdated, check",
            build="exec, e, ex, exe",
        ),
        # `--deployment`, `--system`, `--standalone`, `--clean` and `--binstubs` are flags or take `=`.
        _names(
            """-j --jobs --retry --without --with --path --gemfile -g --group --only-group --without-group --source -s
            --shebang --trust-policy --target-rbconfig --cache-path --lockfile --add-platform --remove-platform --git
            --github --branch --ref --glob --require --version -v"""
        ),
        bare=b"install",
    ),
    Manager(
        "composer",
        _names("composer composer.phar"),
        _verbs(
            install="require, r, create-project, global require, global r, archive",
            restore="install, i, reinstall, global install",
            upgrade="update, u, upgrade, global update, self-update, selfupdate",
            remove="remove, rm, uninstall, global remove",
            read="search, outdated, audit, show, info, prohibits, why-not",
            clean="clear-cache, clearcache, cc",
        ),
        # Of short ones, those that are flags of `install`, `require` and `update` (`-a -i -l -t`) are left out.
        _names(
            """-d --working-dir --prefer-install --ignore-platform-req --repository --repository-url
            --add-repository-url -s --stability --apcu-prefix --apcu-autoloader-prefix --audit-format --ignore-severity
            -f --format --dir --file --name --description --author --type --homepage --require --require-dev --license
            --autoload --timeout"""
        ),
    ),
    Manager("conda", _names("conda"), _CONDA_VERBS, _CONDA_VALUED),
    Manager("mamba", _names("mamba"), _CONDA_VERBS, _CONDA_VALUED | _names("-r --root-prefix --rc-file -f")),
    Manager(
        "micromamba", _names("micromamba"), _CONDA_VERBS, _CONDA_VALUED | _names("-r --root-prefix --rc-file -f -e")
    ),
    Manager(
        "go",
        _names("go"),
        _verbs(
            install="install, get",
            restore="mod download, mod vendor, mod tidy, work sync, work vendor",
            read="list, mod verify, mod why, mod graph",
            clean="clean",
            build="build, run, test, vet, generate, fix, tool",
        ),
        _names(
            """-C -p -o -f -covermode -coverpkg -asmflags -buildmode -compiler -gccgoflags -gcflags -installsuffix
            -ldflags -mod -modfile -overlay -pgo -pkgdir -tags -toolexec -bench -benchtime -count -cpu -fuzz -fuzztime
            -fuzzminimizetime -list -parallel -run -shuffle -skip -timeout -vet -vettool -blockprofile -blockprofilerate
            -coverprofile -cpuprofile -memprofile -memprofilerate -mutexprofile -mutexprofilefraction -outputdir -trace
            -exec -reuse"""
        ),
    ),
    Manager(
        "cargo",
        _names("cargo"),
        _verbs(
            update="update, generate-lockfile, add, search, info",
            install="install, binstall",
            restore="fetch, vendor, metadata, tree",
            remove="uninstall, remove, rm",
            build="""build, b, run, r, test, t, bench, check, c, doc, d, rustc, rustdoc, clippy, fix, package, publish,
                chef cook, nextest, zigbuild, auditable, leptos, deb, component, tauri, make, cross""",
        ),
        # `--bin`, `--test`, `--example` and `--bench` may stand alone, but take the next word if they can.
        _names(
            """-C -F --features -Z -j --jobs -p --package --artifact-dir --out-dir --base --bench --bin --branch --color
            --config --crate-type --crate-types --depth -e --edges --edition --example --exclude --filter-platform
            --format --format-version --git --index -i --invert --limit --lockfile-path --manifest-path --message-format
            --name --path --precise --prefix --print --profile --prune --recipe-path --registry --rename --rev --root
            --sync --tag --target --target-dir --test --vcs --version --vers"""
        ),
    ),
    Manager(
        "maven",
        _names("mvn mvnw mvnd"),
        {},
        _names(
            """-b --builder --color -D --define -emp --encrypt-master-password -ep --encrypt-password -f --file -gs
            --global-settings -gt --global-toolchains -l --log-file -P --activate-profiles -pl --projects -rf
            --resume-from -s --settings -t --toolchains -T --threads"""
        ),
        other=Does.BUILD,
    ),
    Manager(
        "gradle",
        _names("gradle gradlew"),
        {},
        _names(
            """-b --build-file -c --settings-file -g --gradle-user-home -p --project-dir -x --exclude-task -I
            --init-script -D --system-prop -P --project-prop -F --dependency-verification -M
            --write-verification-metadata --console --warning-mode --priority --max-workers --include-build
            --project-cache-dir --configuration-cache-problems --tests --configuration --gradle-version
            --gradle-distribution-url --distribution-type --type --task"""
        ),
        other=Does.BUILD,
    ),
    Manager(
        "dotnet",
        _names("dotnet nuget"),
        _verbs(
            install="tool install, add, add package, package add, workload install, new install, install",
            restore="restore, tool restore, workload restore",
            upgrade="tool update, workload update, update",
            remove="tool uninstall, remove, remove package, package remove, workload uninstall",
            read="list, list package, package list, package search, search",
            clean="nuget locals, locals",
            build="build, publish, run, test, pack, msbuild, watch, store, tool run, build-server",
        ),
        # `--self-contained` and `--sc` take but `true` and `false`; `-p:Name=value` is one word, `-t` lists tests.
        _names(
            """-c --configuration -o --output -r --runtime -f --framework -v --verbosity -s --source -a --arch --os -p
            --packages --configfile --project --version --tool-path --add-source --logger --filter --settings
            --results-directory --version-suffix --lock-file-path --manifest --tool-manifest --launch-profile -lp
            --temp-dir --from-rollback-file --package-directory --artifacts-path --environment -n --name --collect
            --test-adapter-path --diag --blame-hang-timeout --property -OutputDirectory -Version -Source -ConfigFile
            -PackagesDirectory -SolutionDirectory -Verbosity -FallbackSource -Framework -DependencyVersion -MSBuildPath
            -MSBuildVersion"""
        ),
    ),
)
