"""Package managers of Python, JavaScript, Ruby and PHP, as rows of the table in `managers.py`."""

from .manager import Manager, names as _names, verbs as _verbs

SCRIPTING = (
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
)
