"""What installs of npm, yarn and pnpm read of a project: told completely, for review, or not told."""

from __future__ import annotations

import json

import pytest
from test_manifests_compiled import Case, check, told

SRC = {"src/index.js": "", "README.md": "", "Dockerfile": "", "tsconfig.json": "{}", "public/logo.svg": ""}
LOCK = '{"lockfileVersion": 3, "packages": {"": {}, "node_modules/a": {"resolved": "https://r/a.tgz"}}}'


def package(**more: object) -> str:
    return json.dumps({"name": "p", "dependencies": {"a": "^1.0.0"}, **more})


def depends(specifier: object, name: str = "b") -> str:
    return package(dependencies={name: specifier})


def lock(**packages: object) -> str:
    return json.dumps({"lockfileVersion": 3, "packages": packages})


NPM = {**SRC, "package.json": package(), "package-lock.json": LOCK}
FILES = "package-lock.json package.json"
WORKS = {**NPM, "package.json": package(workspaces=["packages/*", "apps/{web,api}"]), "packages/one/package.json": package(),
         "packages/one/index.js": "", "packages/two/package.json": package(), "packages/readme.md": "", "apps/web/package.json":
         package(), "apps/old/package.json": "{", "packages/one/node_modules/x/package.json": "{"}  # fmt: skip
ALL = f"{FILES} apps/web/package.json packages/one/package.json packages/two/package.json"
WITH_LINK = lock(**{"": {}, "packages/one": {}, "packages/two": {}, "apps/web": {},
                    "node_modules/one": {"resolved": "packages/one", "link": True}})  # fmt: skip
PUPPETEER = {**NPM, "package.json": depends("24.0.0", "puppeteer")}


def npm(**more: object) -> dict[str, str]:
    return {**NPM, "package.json": package(**more)}


def rc(text: str) -> dict[str, str]:
    return {**NPM, ".npmrc": text}


def script(name: str, text: str = "node x.js") -> dict[str, str]:
    return npm(scripts={name: text, "build": "tsc", "test": "jest"})


NPM_CASES = (
    Case("the manifest and its lock file are all", "npm ci", NPM, FILES),
    Case("options of all kinds", "npm ci --omit=dev --no-audit --no-fund --prefer-offline --loglevel error --legacy-peer-deps",
         NPM, FILES),
    Case("older options", "npm ci --only=production --quiet --unsafe-perm --production=false", NPM, FILES),
    Case("options before the sub-command", "npm --silent ci -ddd", NPM, FILES),
    Case("the sub-command by another name", "npm clean-install", NPM, FILES),
    Case("with sudo and a variable", "sudo -E env NODE_ENV=production npm ci", NPM, FILES),
    Case("its output goes nowhere", "npm ci > /dev/null 2>&1", NPM, FILES),
    Case("the program by its path", "/usr/local/bin/npm ci", NPM, FILES),
    Case("a cache elsewhere", "npm ci --cache /tmp/npm", NPM, FILES),
    Case("both kinds of lock file are read", "npm ci", {**NPM, "npm-shrinkwrap.json": LOCK}, f"{FILES} npm-shrinkwrap.json"),
    Case("settings of a registry are read", "npm ci", rc("@s:registry=https://r/\n//r/:_authToken=${T}\n; x\nfund = false"),
         f"{FILES} .npmrc"),
    Case("settings for installed scripts", "npm ci", rc("sass_binary_site=https://m/\npuppeteer_skip_download=true"), f"{FILES} .npmrc"),
    Case("in a folder of the context", "npm ci", {f"web/{path}": text for path, text in NPM.items()},
         "web/package-lock.json web/package.json", folder="web"),
    Case("a package.json above that has no workspaces", "npm ci", {**SRC, "package.json": package(), "web/package.json": package(),
         "web/package-lock.json": LOCK}, "web/package-lock.json web/package.json", folder="web"),
    Case("the package.json of each workspace", "npm ci", WORKS, ALL),
    Case("workspaces under `packages`", "npm ci", {**WORKS, "package.json": package(workspaces={"packages": ["./packages/*/",
         "apps/web"]})}, ALL),
    Case("workspaces at any depth", "npm ci", {**WORKS, "package.json": package(workspaces=["packages/**", "apps/w*"])}, ALL),
    Case("but for an exception at the end", "npm ci", {**WORKS, "package.json": package(workspaces=["packages/*", "apps/web",
         "!packages/two"])}, ALL.replace(" packages/two/package.json", "")),
    Case("an exception before others takes nothing away", "npm ci", {**WORKS, "package.json": package(workspaces=["!packages/two",
         "packages/*", "apps/web"])}, ALL),
    Case("links of the lock file lead to workspaces", "npm ci", {**WORKS, "package-lock.json": WITH_LINK}, ALL),
    Case("one of the workspaces alone", "npm ci --workspace=one --include-workspace-root", WORKS, ALL),
    Case("a dependency that is a workspace", "npm ci", {**WORKS, "apps/web/package.json": depends("file:../../packages/one")}, ALL),
    Case("an archive in the context", "npm ci", {**NPM, "package.json": depends("file:vendor/b.tgz"), "vendor/b.tgz": ""},
         f"{FILES} vendor/b.tgz"),
    Case("an archive of a workspace", "npm ci", {**WORKS, "packages/one/package.json": depends("./b.tgz"), "packages/one/b.tgz": ""},
         f"{ALL} packages/one/b.tgz"),
    Case("specifiers that are fetched", "npm ci", npm(dependencies={"b": "git+ssh://git@h/x.git#v1", "c": "o/r#main", "d":
         "npm:@s/x@1", "e": "https://h/x.tgz", "f": ">=1 <2 || 3.x", "g": "latest", "h": "", "i": "github:o/r", "j": "*"}), FILES),
    Case("overrides", "npm ci", npm(overrides={"a": "$a", "b": {".": "1.0.0", "c": "^2"}}), FILES),
    Case("scripts that do not run at an install", "npm ci", script("start"), FILES),
    Case("scripts are switched off", "npm ci --ignore-scripts", script("postinstall"), FILES),
    Case("scripts are switched off in .npmrc", "npm ci", {**script("prepare"), ".npmrc": "ignore-scripts=true"}, f"{FILES} .npmrc"),
    Case("husky without .git", "npm ci", script("prepare", "husky install"), FILES),
    Case("a script that only asks for pnpm", "npm ci", script("preinstall", "npx only-allow npm"), FILES),
    Case("settings of puppeteer", "npm ci", {**PUPPETEER, ".puppeteerrc.json": '{"skipDownload": true}'}, f"{FILES} .puppeteerrc.json"),
    Case("puppeteer by the lock file", "npm ci", {**NPM, "package-lock.json": lock(**{"node_modules/puppeteer": {}}),
         "puppeteer.config.cjs": "module.exports = {}"}, f"{FILES} puppeteer.config.cjs"),
    Case("settings of puppeteer without it", "npm ci", {**NPM, ".puppeteerrc.cjs": "fs.readFileSync('./x')"}, FILES),
    Case("prisma without a schema", "npm ci", {**NPM, "package.json": depends("5", "@prisma/client")}, FILES),
    Case("a schema of prisma without scripts", "npm ci --ignore-scripts", {**NPM, "package.json": depends("5", "@prisma/client"),
         "prisma/schema.prisma": ""}, FILES),
    Case("memory of node", "npm ci", NPM, FILES, env={"NODE_OPTIONS": "--max-old-space-size=4096", "NODE_VERSION": "22.1.0"}),
    Case("variables that only change what is told", "npm ci", NPM, FILES, env={"NPM_CONFIG_LOGLEVEL": "warn", "CI": "true",
         "npm_config_fund": "false", "YARN_VERSION": "1.22.22", "APP_PORT": "80", "CFLAGS": "-O2 -I/usr/include/x"}),
    Case("the lock file of yarn is looked at, too", "npm ci", {**NPM, "yarn.lock": ""}, f"{FILES} yarn.lock"),
    Case("the program of the root is not linked", "npm ci", npm(bin={"x": "src/index.js"}), FILES),
    Case("a program of a workspace that is built later", "npm ci", {**WORKS, "packages/one/package.json": package(bin="dist/x.js")}, ALL),
    Case("npm install", "npm install", NPM, FILES, unsure="may rewrite package-lock.json"),
    Case("npm i for production", "npm i --omit=dev", NPM, FILES, unsure="may rewrite package-lock.json"),
    Case("npm install without a lock file", "npm install", {**SRC, "package.json": package()}, "package.json",
         unsure="no lock file"),
    Case("npm ci without a lock file", "npm ci", {**SRC, "package.json": package()}, refuses="npm ci needs package-lock.json"),
    Case("no package.json", "npm ci", SRC, refuses="package.json is not in the context"),
    *(Case(f"a {name} script", "npm ci", script(name), refuses=f"package.json has a {name} script")
      for name in "preinstall install postinstall prepublish preprepare prepare postprepare dependencies".split()),
    Case("a script of a workspace", "npm ci", {**WORKS, "packages/two/package.json": package(scripts={"postinstall": "x"})},
         refuses="packages/two/package.json has a postinstall script"),
    Case("patch-package", "npm ci", {**script("postinstall", "patch-package"), "patches/a.patch": ""}, refuses="postinstall"),
    Case("husky with .git", "npm ci", {**script("prepare", "husky install"), ".git/HEAD": ""}, refuses="prepare script"),
    Case("husky and more", "npm ci", script("prepare", "husky install && node x.js"), refuses="prepare script"),
    Case("hooks of git", "npm ci", {**NPM, "package.json": depends("1", "simple-git-hooks"), ".git/HEAD": ""},
         refuses="simple-git-hooks puts hooks into .git"),
    Case("code that is compiled", "npm ci", {**NPM, "binding.gyp": ""}, refuses=".gyp file beside package.json"),
    Case("a schema of prisma", "npm ci", {**NPM, "package.json": depends("5", "@prisma/client"), "prisma/schema.prisma": ""},
         refuses="@prisma/client makes its client from a schema when it is installed: prisma/schema.prisma"),
    Case("nx", "npm ci", {**NPM, "package.json": depends("20", "nx"), "nx.json": "{}"}, refuses="nx looks through the workspace"),
    Case("settings of puppeteer that read more", "npm ci", {**PUPPETEER, ".puppeteerrc.cjs": "require('./x')"}, refuses="puppeteer"),
    Case("a browser that goes into the project", "npm ci", {**PUPPETEER, ".puppeteerrc.json": '{"cacheDirectory": ".c"}'},
         refuses="puppeteer"),
    Case("a folder that msw fills", "npm ci", npm(msw={"workerDirectory": "public"}), refuses="msw writes"),
    Case("a dependency that is a folder", "npm ci", npm(dependencies={"b": "file:lib"}), refuses="depends on lib, a folder"),
    Case("a dependency that is a folder by its path", "npm ci", npm(devDependencies={"b": "../b"}), refuses="outside"),
    Case("a path of three names is a folder", "npm ci", npm(dependencies={"b": "x/y/z"}), refuses="it is not known what it is"),
    Case("an archive that is not there", "npm ci", npm(dependencies={"b": "file:b.tgz"}), refuses="depends on b.tgz"),
    Case("a protocol that npm has not", "npm ci", npm(dependencies={"b": "workspace:*"}), refuses="workspace:*, which is not followed"),
    Case("an override that is a folder", "npm ci", npm(overrides={"b": {"c": "file:c"}}), refuses="depends on c, a folder"),
    Case("a folder of the lock file", "npm ci", {**NPM, "package-lock.json": lock(lib={}, **{"node_modules/b": {"resolved": "lib",
         "link": True}})}, refuses="package-lock.json names the folder lib"),
    Case("a file of the lock file", "npm ci", {**NPM, "package-lock.json": lock(**{"node_modules/b": {"resolved": "file:b.tgz"}})},
         refuses="package-lock.json names b.tgz"),
    Case("a folder of an old lock file", "npm ci", {**NPM, "package-lock.json": json.dumps({"dependencies": {"b": {"version":
         "file:b"}}})}, refuses="package-lock.json names b"),
    Case("a program of a workspace", "npm ci", {**WORKS, "packages/one/package.json": package(bin={"x": "./index.js"})},
         refuses="has the program packages/one/index.js"),
    Case("a workspace that is no JSON", "npm ci", {**WORKS, "packages/two/package.json": "{"}, refuses="two/package.json is no JSON"),
    Case("workspaces outside", "npm ci", {**NPM, "package.json": package(workspaces=["../x"])}, refuses="the pattern ../x"),
    Case("a pattern that is not simple", "npm ci", {**NPM, "package.json": package(workspaces=["p/@(a|b)"])}, refuses="the pattern p/@"),
    Case("workspaces that are no list", "npm ci", {**NPM, "package.json": package(workspaces="p")}, refuses="workspaces of package.json"),
    Case("a link among the workspaces", "npm ci", WORKS, refuses="packages/three is a link", links={"packages/three": "../x"}),
    Case("a root above", "npm ci", {**WORKS, "apps/web/package-lock.json": LOCK}, refuses="package.json stands above, and its workspaces",
         folder="apps/web"),
    Case("package.json is a link", "npm ci", {**SRC, "package-lock.json": LOCK}, refuses="package.json is a link",
         links={"package.json": "x"}),
    Case(".npmrc is a link", "npm ci", NPM, refuses=".npmrc is a link", links={".npmrc": "x"}),
    Case("package.json is no JSON", "npm ci", {**NPM, "package.json": "{"}, refuses="package.json is no JSON"),
    Case("package.json is a list", "npm ci", {**NPM, "package.json": "[]"}, refuses="package.json"),
    *(Case(f"{key.partition('=')[0]} in .npmrc", "npm ci", rc(key), refuses=f"sets {key.partition('=')[0]}")
      for key in ("prefix=/x", "cache=.npm", "cafile=./ca.pem", "userconfig=x", "install-links=true", "script-shell=./sh",
                  "node-options=--require ./x", "x_binary_site=./x")),
    Case("npm install of packages", "npm install express", NPM, refuses="`npm install` is given express"),
    Case("npm install of the project", "npm install -g .", NPM, refuses="-g"),
    Case("another folder", "npm ci --prefix web", NPM, refuses="--prefix"),
    Case("another sub-command", "npm rebuild", NPM, refuses="`npm rebuild`"),
    Case("a cache in the project", "npm ci --cache .npm", NPM, refuses="may be a folder of the project"),
    Case("a variable among its words", "npm ci --omit=$X", NPM, refuses="is known only when the command runs"),
    Case("it writes a log", "npm ci > npm.log", NPM, refuses="redirection"),
    Case("as another user", "sudo -u node npm ci", NPM, refuses="-u"),
    Case("a program of the project", "./node_modules/.bin/npm ci", NPM, refuses="is a file of the project"),
    *(Case(f"{name} is set", "npm ci", NPM, refuses=name, env={name: value})
      for name, value in (("NODE_OPTIONS", "--require ./x"), ("npm_config_prefix", "/x"), ("NODE_PATH", "src"),
                          ("BASH_ENV", "x"), ("NODE_EXTRA_CA_CERTS", "ca.pem"), ("CFLAGS", "-Iinclude"),
                          ("GIT_CONFIG_GLOBAL", "x"), ("ASDF_DIR", "/x"), ("PATH", "/root/.asdf/shims:/bin"))),
    Case("NPM_CONFIG_PREFIX in capitals", "npm ci", NPM, refuses="npm_config_prefix", env={"NPM_CONFIG_PREFIX": "/x"}),
)  # fmt: skip


@pytest.mark.parametrize("case", NPM_CASES, ids=[case.says for case in NPM_CASES])
def test_npm(case: Case) -> None:
    check(case)


def test_npm_fills_the_folder_of_each_workspace() -> None:
    needs = told(Case("", "npm ci --cache /c", WORKS))
    assert set(needs.outputs) == {
        f"{folder}node_modules" for folder in ("", "apps/web/", "packages/one/", "packages/two/")
    }
    assert {b"/root/.npm", b"/c"} <= set(needs.elsewhere)
    assert b"/cache" in told(Case("", "npm ci", NPM, env={"NPM_CONFIG_CACHE": "/cache"})).elsewhere


FIRST = '# yarn lockfile v1\n\na@^1.0.0:\n  version "1.0.0"\n  resolved "https://r/a.tgz"\n'
YARN = {**SRC, "package.json": package(), "yarn.lock": FIRST}
FROZEN = "yarn install --frozen-lockfile"
YARN_FILES = "package.json yarn.lock"
YARN_WORKS = {**YARN, "package.json": package(private=True, workspaces={"packages": ["packages/*"], "nohoist": ["**/x"]}),
              "packages/one/package.json": package(), "packages/one/index.js": ""}  # fmt: skip


def yarn(**more: object) -> dict[str, str]:
    return {**YARN, "package.json": package(**more)}


YARN_CASES = (
    Case("the manifest and its lock file are all", FROZEN, YARN, YARN_FILES),
    Case("yarn alone installs", "yarn --frozen-lockfile --production=true --non-interactive", YARN, YARN_FILES),
    Case("with a time limit", f"{FROZEN} --network-timeout 600000 --silent", YARN, YARN_FILES),
    Case("the program by its other name", "yarnpkg install --frozen-lockfile", YARN, YARN_FILES),
    Case("a lock file that is not written", "yarn install --pure-lockfile", YARN, YARN_FILES),
    Case("settings", FROZEN, {**YARN, ".npmrc": "registry=https://r/", ".yarnrc": 'registry "https://r/"\n# x\n"@s:registry" "https://s/"'},
         f"{YARN_FILES} .npmrc .yarnrc"),
    Case("settings that freeze the lock file", "yarn install", {**YARN, ".yarnrc": "--install.frozen-lockfile true"},
         f"{YARN_FILES} .yarnrc"),
    Case("what yarn cleans up", FROZEN, {**YARN, ".yarnclean": "*.md"}, f"{YARN_FILES} .yarnclean"),
    Case("yarn itself", FROZEN, {**YARN, ".yarnrc": 'yarn-path ".yarn/releases/yarn-1.22.19.cjs"', ".yarn/releases/yarn-1.22.19.cjs": ""},
         f"{YARN_FILES} .yarnrc .yarn/releases/yarn-1.22.19.cjs"),
    Case("package.json asks for yarn 1", FROZEN, yarn(packageManager="yarn@1.22.22+sha512.x"), YARN_FILES),
    Case("the package.json of each workspace", FROZEN, YARN_WORKS, f"{YARN_FILES} packages/one/package.json"),
    Case("no exceptions among workspaces", FROZEN, {**YARN_WORKS, "package.json": package(workspaces=["packages/*", "!packages/one"])},
         f"{YARN_FILES} packages/one/package.json"),
    Case("a dependency that is a workspace", FROZEN, {**YARN_WORKS, "package.json": package(workspaces=["packages/*"],
         dependencies={"one": "link:packages/one"})}, f"{YARN_FILES} packages/one/package.json"),
    Case("resolutions", FROZEN, yarn(resolutions={"**/b": "1.2.3"}), YARN_FILES),
    Case("scripts are switched off", f"{FROZEN} --ignore-scripts", yarn(scripts={"postinstall": "x"}), YARN_FILES),
    Case("scripts are switched off in .yarnrc", FROZEN, {**yarn(scripts={"postinstall": "x"}), ".yarnrc": "ignore-scripts true"},
         f"{YARN_FILES} .yarnrc"),
    Case("yarn install", "yarn install", YARN, YARN_FILES, unsure="may rewrite yarn.lock"),
    Case("yarn alone", "yarn", YARN, YARN_FILES, unsure="may rewrite yarn.lock"),
    Case("no lock file", FROZEN, {**SRC, "package.json": package()}, "package.json", unsure="no yarn.lock"),
    Case("a postinstall script", FROZEN, yarn(scripts={"postinstall": "x"}), refuses="has a postinstall script"),
    Case("a script of a workspace", FROZEN, {**YARN_WORKS, "packages/one/package.json": package(scripts={"prepare": "x"})},
         refuses="packages/one/package.json has a prepare script"),
    Case("a folder that is copied", FROZEN, {**YARN_WORKS, "package.json": package(workspaces=["packages/*"], dependencies={"one":
         "file:packages/one"})}, refuses="depends on packages/one, a folder"),
    Case("a program of a workspace", FROZEN, {**YARN_WORKS, "packages/one/package.json": package(bin="index.js")}, refuses="program"),
    Case("a mirror in the project", FROZEN, {**YARN, ".yarnrc": 'yarn-offline-mirror "./npm"'}, refuses="sets yarn-offline-mirror"),
    Case("another yarn in the project", FROZEN, {**YARN, ".yarnrc": 'yarn-path "tools/yarn.js"'}, refuses="no yarn 1 of the context"),
    Case("settings above", FROZEN, {"web/package.json": package(), ".yarnrc": ""}, refuses=".yarnrc stands above", folder="web"),
    Case("another manifest", FROZEN, {**YARN, "yarn.json": "{}"}, refuses="yarn.json is read"),
    Case("which yarn it is cannot be told", FROZEN, yarn(packageManager="yarn@4.1.0"), refuses="whether yarn 1 or a later one"),
    Case("yarn add", "yarn add express", YARN, refuses="`yarn add`"),
    Case("another folder", f"{FROZEN} --cwd web", YARN, refuses="--cwd"),
    Case("modules elsewhere", f"{FROZEN} --modules-folder x", YARN, refuses="--modules-folder"),
    Case("a variable of yarn", FROZEN, YARN, refuses="YARN_RC_FILENAME", env={"YARN_RC_FILENAME": "x"}),
)  # fmt: skip


@pytest.mark.parametrize("case", YARN_CASES, ids=[case.says for case in YARN_CASES])
def test_yarn_1(case: Case) -> None:
    check(case)


def test_yarn_1_writes_its_cache_where_it_is_told() -> None:
    needs = told(Case("", f"{FROZEN} --cache-folder /c", YARN_WORKS, env={"YARN_CACHE_FOLDER": "/d"}))
    assert set(needs.outputs) == {"node_modules", "packages/one/node_modules"}
    assert {b"/usr/local/share/.cache", b"/c", b"/d"} <= set(needs.elsewhere)


LATER = '__metadata:\n  version: 8\n  cacheKey: 10c0\n\n"a@npm:^1.0.0":\n  version: 1.0.0\n'
BERRY = {
    **SRC,
    "package.json": package(packageManager="yarn@4.5.0"),
    "yarn.lock": LATER,
    ".yarnrc.yml": "nodeLinker: node-modules\n",
}
BERRY_FILES = "package.json yarn.lock .yarnrc.yml"
BERRY_WORKS = {**BERRY, "package.json": package(workspaces=["packages/*"]), "packages/one/package.json": depends("workspace:^", "p"),
               "packages/one/x.js": ""}  # fmt: skip


def berry(settings: str, **files: str) -> dict[str, str]:
    return {**BERRY, ".yarnrc.yml": settings, **files}


RELEASE = "yarnPath: .yarn/releases/yarn-4.5.0.cjs"
PLUGIN = "plugins:\n  - path: .yarn/plugins/@yarnpkg/plugin-typescript.cjs\n    spec: '@yarnpkg/plugin-typescript'\n"
BERRY_CASES = (
    Case("the manifest, its lock file and settings are all", "yarn install --immutable", BERRY, BERRY_FILES),
    Case("the option of yarn 1", "yarn --frozen-lockfile", BERRY, BERRY_FILES),
    Case("the lock file alone tells of it", "yarn install --immutable --inline-builds", {**SRC, "package.json": package(),
         "yarn.lock": LATER}, YARN_FILES),
    Case("settings freeze the lock file", "yarn", berry("enableImmutableInstalls: true"), BERRY_FILES),
    Case("yarn itself and a plugin of it", "yarn install --immutable", berry(f"{RELEASE}\n{PLUGIN}", **{
         ".yarn/releases/yarn-4.5.0.cjs": "", ".yarn/plugins/@yarnpkg/plugin-typescript.cjs": ""}),
         f"{BERRY_FILES} .yarn/releases/yarn-4.5.0.cjs .yarn/plugins/@yarnpkg/plugin-typescript.cjs"),
    Case("variables for what runs", "yarn install --immutable", {**BERRY, ".env.yarn": ""}, f"{BERRY_FILES} .env.yarn"),
    Case("workspaces that need each other", "yarn install --immutable", BERRY_WORKS, f"{BERRY_FILES} packages/one/package.json"),
    Case("patches", "yarn install --immutable", {**BERRY, "package.json": package(resolutions={"a@npm:^1.0.0":
         "patch:a@npm%3A1.0.0#~/.yarn/patches/a-npm-1.0.0-x.patch", "t": "patch:t@npm%3A5#optional!builtin<compat/typescript>"}),
         ".yarn/patches/a-npm-1.0.0-x.patch": "", ".yarn/patches/old.patch": ""}, f"{BERRY_FILES} .yarn/patches/a-npm-1.0.0-x.patch"),
    Case("a patch of a workspace", "yarn install --immutable", {**BERRY_WORKS, "packages/one/package.json":
         depends("patch:b@1.0.0#./b.patch"), "packages/one/b.patch": ""},
         f"{BERRY_FILES} packages/one/package.json packages/one/b.patch"),
    Case("catalogs", "yarn install --immutable", {**berry("catalog:\n  a: ^1.0.0\n"), "package.json": depends("catalog:")}, BERRY_FILES),
    Case("a prepare script does not run", "yarn install --immutable", {**BERRY, "package.json": package(scripts={"prepare": "x"})},
         BERRY_FILES),
    Case("no script runs", "yarn install --immutable --mode=skip-build", {**BERRY, "package.json": package(scripts={"install": "x"})},
         BERRY_FILES),
    Case("without --immutable", "yarn install", BERRY, BERRY_FILES, unsure="with --immutable it does not"),
    Case("without a lock file", "yarn install", {**SRC, "package.json": package(packageManager="yarn@4.0.0")}, "package.json",
         unsure="no yarn.lock"),
    Case("packages that lie in the project", "yarn install --immutable", {**BERRY, ".yarn/cache/a.zip": ""}, refuses=".yarn/cache is in"),
    Case("a postinstall script", "yarn install --immutable", {**BERRY, "package.json": package(scripts={"postinstall": "x"})},
         refuses="has a postinstall script"),
    Case("a program of the root is linked, too", "yarn install --immutable", {**BERRY, "package.json": package(bin="src/index.js")},
         refuses="has the program src/index.js"),
    Case("a plugin from elsewhere", "yarn install --immutable", berry("plugins:\n  - path: p.cjs\n    spec: https://x/p.js\n",
         **{"p.cjs": ""}), refuses="p.cjs is a plugin"),
    Case("yarn itself is not there", "yarn install --immutable", berry(RELEASE), refuses="which is not in the context"),
    Case("a patch that is not there", "yarn install --immutable", {**BERRY, "package.json": depends("patch:b@1#./b.patch")},
         refuses="b.patch is not in the context"),
    Case("a patch of a folder", "yarn install --immutable", {**BERRY, "package.json": depends("patch:b@file%3Alib#./b.patch")},
         refuses="is not followed"),
    Case("a folder by portal:", "yarn install --immutable", {**BERRY, "package.json": depends("portal:./lib")}, refuses="a folder"),
    Case("a script by exec:", "yarn install --immutable", {**BERRY, "package.json": depends("exec:./gen.js")}, refuses="exec:./gen.js"),
    Case("a workspace where there is none", "yarn install --immutable", {**BERRY, "package.json": depends("workspace:*")},
         refuses="none of the workspaces"),
    *(Case(f"{key} is set", "yarn install --immutable", berry(f"{key}: x"), refuses=f"sets {key}")
      for key in ("cacheFolder", "lockfileFilename", "enableConstraintsChecks", "injectEnvironmentFiles")),
    Case("settings that are no YAML", "yarn install --immutable", berry("a: [\n"), refuses=".yarnrc.yml is no YAML"),
    Case("settings with anchors", "yarn install --immutable", berry("npmScopes: &a\n  x: {}\n"), refuses="has anchors"),
    Case("only the lock file is made", "yarn install --mode=update-lockfile", BERRY, refuses="update-lockfile"),
    Case("workspaces focus", "yarn workspaces focus --all", BERRY, refuses="yarn workspaces"),
    Case("settings by a variable", "yarn install --immutable", BERRY, refuses="YARN_NODE_LINKER", env={"YARN_NODE_LINKER": "pnp"}),
)  # fmt: skip


@pytest.mark.parametrize("case", BERRY_CASES, ids=[case.says for case in BERRY_CASES])
def test_later_yarn(case: Case) -> None:
    check(case)


def test_later_yarn_makes_what_its_settings_say() -> None:
    made = {
        text: set(told(Case("", "yarn install", berry(text))).outputs)
        for text in ("nodeLinker: pnp", "nodeLinker: node-modules")
    }
    assert made["nodeLinker: pnp"] == {".pnp.cjs", ".pnp.loader.mjs", ".yarn/unplugged", ".yarn/install-state.gz"}
    assert made["nodeLinker: node-modules"] == {"node_modules", ".yarn/install-state.gz"}
    older = {**BERRY, "package.json": package(packageManager="yarn@3.6.0")}
    assert ".yarn/cache" in told(Case("", "yarn install", older)).outputs


PNPM_LOCK = "lockfileVersion: '9.0'\npackages:\n  a@1.0.0:\n    resolution: {integrity: x}\n"
PNPM = {**SRC, "package.json": package(), "pnpm-lock.yaml": PNPM_LOCK}
PNPM_FILES = "package.json pnpm-lock.yaml"
PNPM_WORKS = {**PNPM, "pnpm-workspace.yaml": "packages:\n  - 'packages/*'\n  - '!**/test/**'\ncatalog:\n  a: ^1.0.0\n",
              "packages/one/package.json": depends("workspace:*", "two"), "packages/one/.npmrc": "save-exact=true",
              "packages/two/package.json": depends("catalog:", "a"), "packages/two/x.js": ""}  # fmt: skip
PNPM_ALL = f"{PNPM_FILES} pnpm-workspace.yaml packages/one/.npmrc packages/one/package.json packages/two/package.json"
CI = "pnpm install --frozen-lockfile"


def pnpm(**more: object) -> dict[str, str]:
    return {**PNPM, "package.json": package(**more)}


PNPM_CASES = (
    Case("the manifest and its lock file are all", CI, PNPM, PNPM_FILES),
    Case("options of all kinds", "pnpm i --frozen-lockfile --prod --reporter=silent --offline --network-concurrency 4", PNPM, PNPM_FILES),
    Case("recursively, for some of the workspaces", f"{CI} -r --filter 'one...'", PNPM_WORKS, PNPM_ALL),
    Case("all manifests and settings of workspaces", CI, PNPM_WORKS, PNPM_ALL),
    Case("without a list, every folder counts", CI, {**PNPM_WORKS, "pnpm-workspace.yaml": "onlyBuiltDependencies: [esbuild]\ncatalog: {a: 1}"},
         PNPM_ALL),
    Case("settings of a registry", CI, {**PNPM, ".npmrc": "shamefully-hoist=true\npublic-hoist-pattern[]=*eslint*"}, f"{PNPM_FILES} .npmrc"),
    Case("patches that package.json names", CI, {**pnpm(pnpm={"patchedDependencies": {"a@1.0.0": "patches/a.patch"}}),
         "patches/a.patch": "", "patches/b.patch": ""}, f"{PNPM_FILES} patches/a.patch"),
    Case("patches that pnpm-workspace.yaml names", CI, {**PNPM, "pnpm-workspace.yaml": "patchedDependencies:\n  a: p/a.patch\n",
         "p/a.patch": ""}, f"{PNPM_FILES} pnpm-workspace.yaml p/a.patch"),
    Case("hooks", CI, {**PNPM, ".pnpmfile.cjs": "module.exports = {hooks: {}}"}, f"{PNPM_FILES} .pnpmfile.cjs"),
    Case("hooks are switched off", f"{CI} --ignore-pnpmfile", {**PNPM, ".pnpmfile.cjs": "require('./x')"}, PNPM_FILES),
    Case("overrides", CI, pnpm(pnpm={"overrides": {"b": "npm:c@1", "d": "-", "e>f": "$a"}}), PNPM_FILES),
    Case("workspaces of package.json do not count", CI, {**pnpm(workspaces=["packages/*"]), "packages/x/package.json": "{"}, PNPM_FILES),
    Case("a link to a workspace", CI, {**PNPM_WORKS, "package.json": depends("link:packages/two", "two")}, PNPM_ALL),
    Case("scripts are switched off", f"{CI} --ignore-scripts", pnpm(scripts={"prepare": "x"}), PNPM_FILES),
    Case("a script that only asks for pnpm", CI, pnpm(scripts={"preinstall": "npx only-allow pnpm"}), PNPM_FILES),
    Case("pnpm install", "pnpm install", PNPM, PNPM_FILES, unsure="may rewrite pnpm-lock.yaml"),
    Case("pnpm install without a lock file", "pnpm i", {**SRC, "package.json": package()}, "package.json", unsure="no pnpm-lock.yaml"),
    Case("pnpm fetch needs the lock file alone", "pnpm fetch", PNPM, "pnpm-lock.yaml"),
    Case("and the settings", "pnpm fetch --prod", PNPM_WORKS, "pnpm-lock.yaml pnpm-workspace.yaml"),
    Case("package.json may say which pnpm runs", "pnpm fetch", pnpm(packageManager="pnpm@9.1.0"), PNPM_FILES),
    Case("it may be without a package.json, and runs no script", "pnpm fetch", {"pnpm-lock.yaml": PNPM_LOCK}, "pnpm-lock.yaml"),
    Case("scripts of the project do not run", "pnpm fetch", pnpm(scripts={"postinstall": "x"}), "pnpm-lock.yaml"),
    Case("pnpm fetch without a lock file", "pnpm fetch", {"package.json": package()}, refuses="pnpm-lock.yaml is not in the context"),
    *(Case(f"a {name} script", CI, pnpm(scripts={name: "x"}), refuses=f"has a {name} script")
      for name in ("pnpm:devPreinstall", "preinstall", "postinstall", "prepare")),
    Case("a folder", CI, pnpm(dependencies={"b": "file:lib"}), refuses="depends on lib, a folder"),
    Case("a folder that is linked", CI, pnpm(dependencies={"b": "link:../lib"}), refuses="outside"),
    Case("a workspace that is not there", CI, {**PNPM_WORKS, "package.json": depends("workspace:./lib")}, refuses="none of the workspaces"),
    Case("files of a workspace are installed", CI, {**PNPM_WORKS, "package.json": package(dependenciesMeta={"one": {"injected": True}})},
         refuses="has files of a workspace installed"),
    Case("by a setting", CI, {**PNPM, "pnpm-workspace.yaml": "injectWorkspacePackages: true"}, refuses="sets injectWorkspacePackages"),
    Case("lock files of their own", CI, {**PNPM, "pnpm-workspace.yaml": "sharedWorkspaceLockfile: false"}, refuses="sharedWorkspaceLockfile"),
    Case("a program of a workspace", CI, {**PNPM_WORKS, "packages/two/package.json": package(bin="x.js")}, refuses="packages/two/x.js"),
    Case("hooks that read files", CI, {**PNPM, ".pnpmfile.cjs": "require('./hooks')"}, refuses=".pnpmfile.cjs may read other files"),
    Case("a patch that is not there", CI, pnpm(pnpm={"patchedDependencies": {"a": "a.patch"}}), refuses="the patch of a"),
    Case("settings of package.json that are not known", CI, pnpm(pnpm={"onlyBuiltDependenciesFile": "x"}), refuses="sets onlyBuiltDependenciesFile"),
    Case("an override that is a folder", CI, pnpm(pnpm={"overrides": {"b": "link:./b"}}), refuses="depends on ./b"),
    Case("another kind of manifest", CI, {**PNPM_WORKS, "packages/x/package.yaml": ""}, refuses="packages/x/package.yaml counts"),
    Case("a workspace above", CI, {**PNPM_WORKS, "packages/two/pnpm-lock.yaml": ""}, refuses="pnpm-workspace.yaml stands above",
         folder="packages/two"),
    Case("no YAML", CI, {**PNPM, "pnpm-workspace.yaml": "- x"}, refuses="pnpm-workspace.yaml"),
    Case("a virtual store elsewhere", f"{CI} --virtual-store-dir /x", PNPM, refuses="--virtual-store-dir"),
    Case("a setting as an option", f"{CI} --config.hoist=false", PNPM, refuses="--config.hoist"),
    Case("another folder", f"{CI} -C web", PNPM, refuses="-C"),
    Case("pnpm deploy", "pnpm deploy /out", PNPM, refuses="`pnpm deploy`"),
    Case("a variable of pnpm", CI, PNPM, refuses="pnpm_config_store_dir", env={"pnpm_config_store_dir": "x"}),
)  # fmt: skip


@pytest.mark.parametrize("case", PNPM_CASES, ids=[case.says for case in PNPM_CASES])
def test_pnpm(case: Case) -> None:
    check(case)


def test_pnpm_keeps_its_store_where_it_is_told() -> None:
    needs = told(Case("", f"{CI} --store-dir /s", PNPM, env={"PNPM_HOME": "/pnpm", "PATH": "/pnpm:/usr/bin"}))
    assert needs.outputs == ("node_modules",)
    assert {b"/root/.local", b"/s", b"/pnpm"} <= set(needs.elsewhere)
