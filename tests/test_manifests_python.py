"""What installs of pip, uv, poetry and pipenv read of a project: told completely, for review, or not told."""

from __future__ import annotations

import json

import pytest
from test_manifests_compiled import Case, check, told

SRC = {
    "app/__init__.py": "",
    "app/main.py": "",
    "README.md": "",
    "Dockerfile": "",
    "tests/test_x.py": "",
    "setup.cfg": "[metadata]",
}
LINES = "# all\nflask==3.1.0 ; python_version > '3.8'  # web\nuvicorn[standard]>=0.2,<1\nidna \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n"
PIP = {**SRC, "requirements.txt": LINES}
INSTALL = "pip install -r requirements.txt"
NESTED = {**SRC, "requirements/prod.txt": "-r base.txt\n-c ../constraints.txt\n", "requirements/base.txt": "flask\n",
          "requirements/dev.txt": "-r prod.txt\npytest", "constraints.txt": "flask<4\n"}  # fmt: skip


def reqs(text: str, **files: str) -> dict[str, str]:
    return {**SRC, "requirements.txt": text, **files}


PIP_CASES = (
    Case("one file is all", INSTALL, PIP, "requirements.txt"),
    Case("options of all kinds", "pip install --no-cache-dir --upgrade --disable-pip-version-check --progress-bar off -q --retries=5 "
         "--only-binary :all: --root-user-action=ignore --requirement=requirements.txt", PIP, "requirements.txt"),
    Case("short options together", "pip3 install -qqr requirements.txt", PIP, "requirements.txt"),
    Case("the file right behind its option", "pip install -rrequirements.txt -U", PIP, "requirements.txt"),
    Case("packages by name besides", "pip install --no-cache-dir -r requirements.txt gunicorn==20.1 'uvicorn[standard]>=0.2' wheel", PIP,
         "requirements.txt"),
    Case("an extra that the shell leaves alone", f"{INSTALL} celery[redis]", PIP, "requirements.txt"),
    Case("by python -m", f"python3 -m {INSTALL}", PIP, "requirements.txt"),
    Case("by python -m, with options", f"python -u -I -m {INSTALL}", {**PIP, "logging.py": ""}, "requirements.txt"),
    Case("modules with other names", f"python -m {INSTALL}", {**PIP, "main.py": "", "logging/x.txt": "", "test/__init__.py": ""},
         "requirements.txt"),
    Case("a module shadows nothing without -m", INSTALL, {**PIP, "logging.py": ""}, "requirements.txt"),
    Case("with sudo and a variable", f"sudo -E PIP_NO_CACHE_DIR=1 {INSTALL}", PIP, "requirements.txt"),
    Case("what a file includes", "pip install -r requirements/prod.txt", NESTED, "constraints.txt requirements/base.txt requirements/prod.txt"),
    Case("and what that includes", "pip install -r requirements/dev.txt", NESTED,
         "constraints.txt requirements/base.txt requirements/dev.txt requirements/prod.txt"),
    Case("constraints of the command", "pip install -r requirements.txt -c constraints.txt", {**PIP, "constraints.txt": "a==1"},
         "constraints.txt requirements.txt"),
    Case("only constraints are a file", "pip install -r https://x/r.txt -c c.txt", {**SRC, "c.txt": "a==1"}, "c.txt"),
    Case("a file that is fetched", "pip install -r requirements.txt -r https://x/r.txt", reqs("-r https://x/base.txt\na\n"), "requirements.txt"),
    Case("two files that include each other", INSTALL, reqs("-r b.txt", **{"b.txt": "-r requirements.txt\na"}), "b.txt requirements.txt"),
    Case("by its place in the image", "pip install -r /app/requirements.txt", PIP, "requirements.txt"),
    Case("from a folder of the context", "pip install -r requirements.txt", {"api/requirements.txt": "-r base.txt", "api/base.txt": "a"},
         "api/base.txt api/requirements.txt", folder="api"),
    Case("a file of a folder beside", "pip install -r ../requirements.txt", {**PIP, "api/x.py": ""}, "requirements.txt", folder="api"),
    Case("places to fetch from", f"{INSTALL} -i https://m/simple --trusted-host m", reqs("--index-url https://x/simple\n--extra-index-url "
         "https://${U}:${P}@y/simple\n--trusted-host x\n-f https://w/whl.html\n--pre\n--no-binary=:all:\na"), "requirements.txt"),
    Case("addresses", INSTALL, reqs("git+https://${T}@h/o/r.git@v1#egg=r\nb @ https://x/b.zip ; python_version<'3'\nc@git+ssh://git@h/c.git\n"
         "https://x/d-1.0-py3-none-any.whl\nx (>=1)\ny===1\n"), "requirements.txt"),
    Case("a comment ends a line that goes on", INSTALL, reqs("a \\\n# -e . \\\nb\n"), "requirements.txt"),
    Case("a virtual environment in the project", "./venv/bin/pip install -r requirements.txt", PIP, "requirements.txt"),
    Case("and one elsewhere", "/opt/venv/bin/pip install -r requirements.txt", PIP, "requirements.txt"),
    Case("wheels that are built", "pip wheel --no-deps -w /wheels -r requirements.txt", PIP, "requirements.txt"),
    Case("variables that only change what is told", INSTALL, PIP, "requirements.txt", env={"PIP_NO_CACHE_DIR": "1", "PYTHONUNBUFFERED": "1",
         "PYTHON_VERSION": "3.12", "PIP_INDEX_URL": "https://x/simple", "FLASK_APP": "app.py"}),
    Case("rustup reads the toolchain", INSTALL, {**PIP, "rust-toolchain.toml": ""}, "requirements.txt rust-toolchain.toml"),
    Case("PATH with an environment of the project", INSTALL, PIP, "requirements.txt", env={"PATH": "/app/.venv/bin:/usr/local/bin"}),
    Case("names alone", "pip install flask", PIP, refuses="it reads no requirements of the project"),
    Case("a file that is fetched alone", "pip install -r https://x/r.txt", PIP, refuses="it reads no requirements of the project"),
    Case("the project itself", "pip install .", PIP, refuses="it reads no requirements of the project"),
    Case("the project besides", f"{INSTALL} .", PIP, refuses="installs the project itself"),
    Case("an extra of the project", f"{INSTALL} '.[dev]'", PIP, refuses="installs the project itself"),
    Case("a folder besides", f"{INSTALL} ./lib", PIP, refuses="installs the project itself"),
    Case("an archive besides", f"{INSTALL} x-1.0-py3-none-any.whl", PIP, refuses="installs the project itself"),
    Case("editable", f"{INSTALL} -e .", PIP, refuses="-e"),
    *(Case(f"a line {line}", INSTALL, reqs(f"a\n{line}\n"), refuses=text) for line, text in (
        ("-e .", "requirements.txt installs the project itself"), ("--editable=./lib", "installs the project itself"),
        (".", "installs the project itself"), ("./lib", "installs the project itself"), ("file:///app/x", "installs the project itself"),
        ("b @ file:///app/b", "installs the project itself"), ("dist/b.whl", "installs the project itself"),
        ("-e git+https://x/r.git#egg=r", "sources into it"), ("--find-links ./wheels", "takes packages from ./wheels"),
        ("-i file:///app/simple", "takes packages from file:"), ("-r ../up.txt", "outside of what is copied"),
        ("-r /etc/r.txt", "outside of what is copied"), ("-r ${F}", "known only when the command runs"), ("-r none.txt", "none.txt is not in"),
        ("-c none.txt", "none.txt is not in"), ("--no-such-option", "it is not known what it reads"), ("lib/sub", "it is not known what it is"),
        ("--config-settings x=y", "it is not known what it reads"), ("b --global-option='-I.'", "it is not known what it reads"))),
    Case("an included file installs the project", "pip install -r a/b.txt", {**SRC, "a/b.txt": "-r c.txt", "a/c.txt": "-e .."},
         refuses="a/c.txt installs the project itself"),
    Case("a file that is not there", INSTALL, SRC, refuses="requirements.txt is not in the context"),
    Case("a file elsewhere in the image", "pip install -r /tmp/requirements.txt", PIP, refuses="outside of what is copied"),
    Case("a file that is a link", INSTALL, SRC, refuses="requirements.txt is a link", links={"requirements.txt": "x"}),
    *(Case(f"the option {option}", f"{INSTALL} {option}", PIP, refuses=option.partition(" ")[0].partition("=")[0]) for option in (
        "--user", "--target=/x", "--prefix /x", "--root /x", "--find-links /wheels", "--src x", "--log x", "--report r.json",
        "--python .venv", "--group dev", "--cert c.pem", "--dry-run")),
    Case("a place in the project", f"{INSTALL} -i file:///app/simple", PIP, refuses="takes packages from file:"),
    Case("a variable in its words", "pip install -r $FILE", PIP, refuses="known only when the command runs"),
    Case("a pattern in its words", "pip install -r requirements*.txt", PIP, refuses="may match files"),
    Case("a file that an extra matches", f"{INSTALL} a[bc]", {**PIP, "ab": ""}, refuses="may match files"),
    Case("it reads what is piped", "pip install -r requirements.txt < x", PIP, refuses="redirection"),
    Case("a module of the project is found first", f"python -m {INSTALL}", {**PIP, "logging.py": ""}, refuses="logging.py is found"),
    Case("a package of the project is found first", f"python -m {INSTALL}", {**PIP, "json/__init__.py": ""}, refuses="json is found"),
    Case("an installed project is found first", f"python -m {INSTALL}", {**PIP, "x.egg-info/PKG-INFO": ""}, refuses="x.egg-info is found"),
    Case("a program of unknown place", f"tools/{INSTALL}", PIP, refuses="not known where tools/pip installs"),
    Case("wheels that go into the project", "pip wheel -r requirements.txt", PIP, refuses="fills the folder of the project"),
    Case("another sub-command", "pip download", PIP, refuses="no requirements"),
    Case("pip list", "pip list -r requirements.txt", PIP, refuses="`pip list`"),
    Case("setup.cfg says where to install", INSTALL, {**PIP, "setup.cfg": "[install]\nprefix=/x"}, refuses="says where to install"),
    *(Case(f"{name} is set", INSTALL, PIP, refuses=name, env={name: value}) for name, value in (
        ("PIP_REQUIREMENT", "x.txt"), ("PIP_TARGET", "/x"), ("PIP_CONFIG_FILE", "pip.conf"), ("PIP_CONSTRAINT", "c.txt"),
        ("PIP_FIND_LINKS", "wheels"), ("PIP_INDEX_URL", "file:///app/x"), ("PYTHONPATH", "/app"), ("PYTHONHOME", "/x"),
        ("PYENV_ROOT", "/x"), ("CFLAGS", "-I./include"), ("LD_PRELOAD", "x.so"))),
    Case("PATH with a folder of the context", INSTALL, {**PIP, "bin/gcc": ""}, refuses="PATH has /app/bin", env={"PATH": "/app/bin:/bin"}),
)  # fmt: skip


@pytest.mark.parametrize("case", PIP_CASES, ids=[case.says for case in PIP_CASES])
def test_pip(case: Case) -> None:
    check(case)


def test_pip_installs_where_its_program_is() -> None:
    def places(line: str, **env: str) -> tuple[set[str], set[bytes]]:
        needs = told(Case("", line, PIP, env=env))
        return set(needs.outputs), set(needs.elsewhere)

    assert places(INSTALL)[0] == set()
    assert b"/usr/local" in places(INSTALL)[1]
    assert b"/usr" not in places(INSTALL)[1], "/usr/src/app is where many projects lie"
    assert places(f"venv/bin/{INSTALL}")[0] == {"venv"}
    assert places(f"/app/venv/bin/{INSTALL}")[0] == {"venv"}
    assert b"/srv/venv" in places(f"/srv/venv/bin/python -m {INSTALL}")[1]
    assert places(INSTALL, VIRTUAL_ENV="/app/.venv") == places(INSTALL, PATH="/app/.venv/bin:/bin")
    assert places(INSTALL, VIRTUAL_ENV="/app/.venv")[0] == {".venv"}
    assert b"/srv/env" in places(INSTALL, PATH="/srv/env/bin:/bin")[1]
    assert places("pip wheel -w wheels -r requirements.txt")[0] == {"wheels"}
    assert {b"/w", b"/c"} <= places("pip wheel -w /w -r requirements.txt", PIP_CACHE_DIR="/c")[1]


PROJECT = '[project]\nname = "p"\nversion = "1"\nreadme = "README.md"\ndependencies = ["idna==3.7", "x[y]>1; python_version>\'3\'"]\n'
BUILD = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
UV_LOCK = 'version = 1\n[[package]]\nname = "idna"\nsource = { registry = "https://pypi.org/simple" }\n[[package]]\nname = "p"\nsource = { virtual = "." }\n'
UV = {**SRC, "pyproject.toml": PROJECT + BUILD, "uv.lock": UV_LOCK}
UV_FILES = "pyproject.toml uv.lock"
SYNC = "uv sync --frozen --no-install-project"
UV_WORKS = {**UV, "pyproject.toml": PROJECT + BUILD + '[tool.uv.workspace]\nmembers = ["libs/*"]\nexclude = ["libs/old"]\n[tool.uv.sources]\nm = { workspace = true }\n',
            "libs/m/pyproject.toml": PROJECT + BUILD, "libs/m/src/m.py": "",
            "uv.lock": UV_LOCK + '[[package]]\nname = "m"\nsource = { editable = "libs/m" }\n'}  # fmt: skip
UV_ALL = f"{UV_FILES} libs/m/pyproject.toml"


def uv(more: str, **files: str) -> dict[str, str]:
    return {**UV, "pyproject.toml": PROJECT + BUILD + more, **files}


UV_CASES = (
    Case("the manifest and its lock file are all", SYNC, UV, UV_FILES),
    Case("the lock file is checked", "uv sync --locked --no-install-project --no-dev --no-cache", UV, UV_FILES),
    Case("options of all kinds", f"{SYNC} --all-extras --group web --no-group dev --compile-bytecode --link-mode=copy -q -p 3.12 --no-editable", UV,
         UV_FILES),
    Case("nothing is built where there is no build system", "uv sync --frozen", {**UV, "pyproject.toml": PROJECT}, UV_FILES),
    Case("nor where the project is no package", "uv sync --frozen", uv("[tool.uv]\npackage = false\n"), UV_FILES),
    Case("settings and the version of python", SYNC, {**UV, "uv.toml": 'index-url = "https://x/simple"', ".python-version": "3.12"},
         f"{UV_FILES} uv.toml .python-version"),
    Case("places to fetch from", SYNC, uv('[[tool.uv.index]]\nname = "t"\nurl = "https://x/whl"\n[tool.uv.sources]\ntorch = { index = "t" }\n'
         'g = { git = "https://h/g" }\n'), UV_FILES),
    Case("groups and extras", SYNC, uv('[dependency-groups]\ndev = ["pytest>8", {include-group = "x"}]\nx = ["a @ https://h/a.zip"]\n'), UV_FILES),
    Case("the manifests of the workspace", "uv sync --locked --no-install-workspace", UV_WORKS, UV_ALL),
    Case("nothing of the project at all", "uv sync --frozen --no-install-local", UV_WORKS, UV_ALL),
    Case("folders that are not installed", "uv sync --frozen --no-install-local", {**UV, "uv.lock": UV_LOCK + '[[package]]\nname = "l"\nsource = '
         '{ directory = "lib" }', "pyproject.toml": PROJECT + '[tool.uv.sources]\nl = { path = "lib" }\n'}, UV_FILES),
    Case("frozen by a variable", "uv sync --no-install-project", UV, UV_FILES, env={"UV_FROZEN": "1", "UV_LINK_MODE": "copy", "UV_COMPILE_BYTECODE": "1"}),
    Case("parts that are left to the build backend, frozen", SYNC, {**UV, "pyproject.toml": PROJECT.replace('version = "1"', 'dynamic = ["version"]')
         + BUILD}, UV_FILES),
    Case("without --locked", "uv sync --no-install-project", UV, UV_FILES, unsure="may rewrite uv.lock"),
    Case("without a lock file", "uv sync", {**SRC, "pyproject.toml": PROJECT}, "pyproject.toml", unsure="no uv.lock"),
    Case("the project is installed", "uv sync --frozen", UV, refuses="without --no-install-project"),
    Case("it is installed where that is asked for", "uv sync --frozen", {**UV, "pyproject.toml": PROJECT + "[tool.uv]\npackage = true"},
         refuses="without --no-install-project"),
    Case("members of the workspace are installed", SYNC, UV_WORKS, refuses="without --no-install-workspace"),
    Case("a folder that is installed", SYNC, uv('[tool.uv.sources]\nl = { path = "lib", editable = true }\n'), refuses="takes l from lib"),
    Case("a folder of the lock file", SYNC, {**UV, "uv.lock": UV_LOCK + '[[package]]\nname = "l"\nsource = { directory = "lib" }\n'},
         refuses="uv.lock names lib"),
    Case("a dependency that is a file", SYNC, uv('[dependency-groups]\ndev = ["l @ file:///app/l"]\n'), refuses="installs the project itself"),
    Case("packages of a folder", SYNC, uv('[tool.uv]\nfind-links = ["wheels"]\n'), refuses="takes packages from wheels"),
    Case("an index that is a folder", SYNC, uv('[[tool.uv.index]]\nurl = "./simple"\n'), refuses="takes packages from ./simple"),
    Case("settings that are not known", SYNC, uv('[tool.uv]\ncache-dir = ".c"\n'), refuses="sets cache-dir for uv"),
    Case("paths for builds", SYNC, uv('[tool.uv.config-settings]\nx = "./y"\n'), refuses="sets config-settings"),
    Case("settings of uv.toml that are not known", SYNC, {**UV, "uv.toml": 'cache-dir = ".c"'}, refuses="uv.toml sets cache-dir"),
    Case("parts that are left to the build backend", "uv sync --locked --no-install-project", {**UV, "pyproject.toml": PROJECT.replace('version = "1"',
         'dynamic = ["version"]') + BUILD}, refuses="leaves some to its build backend"),
    Case("a workspace above", SYNC, {**UV_WORKS, "libs/m/uv.lock": UV_LOCK}, refuses="pyproject.toml stands above", folder="libs/m"),
    Case("a version of python above", SYNC, {".python-version": "3", **{f"a/{path}": text for path, text in UV.items()}},
         refuses=".python-version stands above", folder="a"),
    Case("--frozen without a lock file", SYNC, {"pyproject.toml": PROJECT}, refuses="uv.lock is not in the context"),
    Case("no TOML", SYNC, {**UV, "pyproject.toml": "["}, refuses="pyproject.toml is no TOML"),
    Case("no pyproject.toml", SYNC, SRC, refuses="pyproject.toml is not in the context"),
    *(Case(f"the option {option}", f"{SYNC} {option}", UV, refuses=option.partition(" ")[0]) for option in (
        "--project web", "--directory web", "--config-file x.toml", "--script x.py", "--upgrade", "--find-links w", "--dry-run")),
    Case("a python of the project", f"{SYNC} -p ./python", UV, refuses="may be one of the project"),
    Case("uv run", "uv run app/main.py", UV, refuses="`uv run`"),
    *(Case(f"{name} is set", SYNC, UV, refuses=name, env={name: value}) for name, value in (
        ("UV_PROJECT", "web"), ("UV_CONFIG_FILE", "x.toml"), ("UV_ENV_FILE", ".env"), ("UV_INDEX_URL", "file:///app/x"), ("UV_CONSTRAINT", "c.txt"))),
)  # fmt: skip
UV_PIP = "uv pip install --system -r requirements.txt"
UV_PIP_CASES = (
    Case("one file is all", UV_PIP, PIP, "requirements.txt"),
    Case("options of all kinds", "uv pip install --system --no-cache --index-strategy unsafe-best-match -qr requirements.txt 'a[b]'", PIP,
         "requirements.txt"),
    Case("by python -m", f"python -m {UV_PIP}", PIP, "requirements.txt"),
    Case("what a file includes", "uv pip install -r requirements/dev.txt", NESTED,
         "constraints.txt requirements/base.txt requirements/dev.txt requirements/prod.txt"),
    Case("a file alone", "uv pip sync --system requirements.txt", PIP, "requirements.txt"),
    Case("settings are read", UV_PIP, {**PIP, "pyproject.toml": PROJECT + BUILD + "[tool.uv.pip]\nsystem = true\n", "uv.toml": ""},
         "pyproject.toml requirements.txt uv.toml"),
    Case("the dependencies of a project", "uv pip install --system -r pyproject.toml --all-extras", UV, "pyproject.toml"),
    Case("the project itself", f"{UV_PIP} .", PIP, refuses="installs the project itself"),
    Case("editable", f"{UV_PIP} -e .", PIP, refuses="-e"),
    Case("names alone", "uv pip install --system flask", PIP, refuses="it reads no requirements"),
    Case("dependencies that are left to the build backend", "uv pip install -r pyproject.toml", {"pyproject.toml":
         '[project]\nname = "p"\ndynamic = ["dependencies"]\n' + BUILD}, refuses="leaves some to its build backend"),
    Case("dependencies that are folders", "uv pip install -r pyproject.toml", uv('[tool.uv.sources]\nl = { path = "lib" }\n'), refuses="takes l from"),
    Case("dependencies of setup.py", "uv pip install -r setup.py", {**PIP, "setup.py": ""}, refuses="what setup.py asks for"),
    Case("another folder to install into", f"{UV_PIP} --target x", PIP, refuses="--target"),
    Case("uv pip compile", "uv pip compile requirements.in", PIP, refuses="`uv pip`"),
)  # fmt: skip


@pytest.mark.parametrize("case", UV_CASES, ids=[case.says for case in UV_CASES])
def test_uv_sync(case: Case) -> None:
    check(case)


@pytest.mark.parametrize("case", UV_PIP_CASES, ids=[case.says for case in UV_PIP_CASES])
def test_uv_pip(case: Case) -> None:
    check(case)


def test_uv_installs_where_it_is_told() -> None:
    assert told(Case("", SYNC, UV)).outputs == (".venv",)
    moved = told(Case("", SYNC, UV, env={"UV_PROJECT_ENVIRONMENT": "/opt/env", "UV_CACHE_DIR": "/c"}))
    assert moved.outputs == ()
    assert {b"/opt/env", b"/c", b"/root/.cache"} <= set(moved.elsewhere)
    assert told(Case("", SYNC, UV, env={"UV_PROJECT_ENVIRONMENT": "/app/env"})).outputs == ("env",)
    assert told(Case("", UV_PIP, PIP)).outputs == ()
    assert told(Case("", UV_PIP.replace("--system ", ""), PIP)).outputs == (".venv",)


POETRY_PROJECT = '[tool.poetry]\nname = "p"\nversion = "1"\nreadme = "README.md"\n[tool.poetry.dependencies]\npython = "^3.12"\nidna = "3.7"\ng = {git = "https://h/g.git"}\n[tool.poetry.group.dev.dependencies]\npytest = {version = "^8", extras = ["x"]}\n'
POETRY_LOCK = '[[package]]\nname = "idna"\nversion = "3.7"\n[metadata]\nlock-version = "2.0"\n'
POETRY = {**SRC, "pyproject.toml": POETRY_PROJECT, "poetry.lock": POETRY_LOCK}
POETRY_FILES = "pyproject.toml poetry.lock"
NO_ROOT = "poetry install --no-root"


def poetry(more: str, **files: str) -> dict[str, str]:
    return {**POETRY, "pyproject.toml": POETRY_PROJECT + more, **files}


POETRY_CASES = (
    Case("the manifest and its lock file are all", NO_ROOT, POETRY, POETRY_FILES),
    Case("options of all kinds", f"{NO_ROOT} --no-interaction --no-ansi --only main --without=dev -E pgsql --sync -vvv", POETRY, POETRY_FILES),
    Case("older options", f"{NO_ROOT} -n --no-dev", POETRY, POETRY_FILES),
    Case("poetry sync", "poetry sync --no-root", POETRY, POETRY_FILES),
    Case("the project is no package", "poetry install", {**POETRY, "pyproject.toml": "[tool.poetry]\npackage-mode = false\n" + PROJECT}, POETRY_FILES),
    Case("a project by the standard", NO_ROOT, {**POETRY, "pyproject.toml": PROJECT}, POETRY_FILES),
    Case("settings", NO_ROOT, {**POETRY, "poetry.toml": "[virtualenvs]\nin-project = true\n[installer]\nparallel = false\n"},
         f"{POETRY_FILES} poetry.toml"),
    Case("places to fetch from", NO_ROOT, poetry('[[tool.poetry.source]]\nname = "s"\nurl = "https://x/simple"\n'), POETRY_FILES),
    Case("variables", NO_ROOT, POETRY, POETRY_FILES, env={"POETRY_VIRTUALENVS_CREATE": "false", "POETRY_VERSION": "1.8", "POETRY_NO_INTERACTION": "1",
         "POETRY_HOME": "/opt/poetry", "POETRY_CACHE_DIR": "/tmp/c", "POETRY_HTTP_BASIC_X_PASSWORD": "y"}),
    Case("without a lock file", NO_ROOT, {**SRC, "pyproject.toml": POETRY_PROJECT}, "pyproject.toml", unsure="no poetry.lock"),
    Case("the project is installed", "poetry install", POETRY, refuses="without --no-root"),
    Case("a folder", NO_ROOT, poetry('[tool.poetry.group.x.dependencies]\nl = {path = "lib", develop = true}\n'), refuses="takes l from a path"),
    Case("a folder among others", NO_ROOT, poetry('[tool.poetry.dev-dependencies]\nl = [{version = "1"}, {path = "lib"}]\n'), refuses="takes l from"),
    Case("a folder by the standard", NO_ROOT, {**POETRY, "pyproject.toml": PROJECT.replace("idna==3.7", "l @ file:///app/l")},
         refuses="installs the project itself"),
    Case("a folder of the lock file", NO_ROOT, {**POETRY, "poetry.lock": '[[package]]\nname = "l"\n[package.source]\ntype = "directory"\nurl = "lib"'},
         refuses="poetry.lock names lib"),
    Case("packages of a folder", NO_ROOT, poetry('[[tool.poetry.source]]\nname = "s"\nurl = "file:///app/x"\n'), refuses="takes packages from file:"),
    Case("a version from the history", NO_ROOT, poetry("[tool.poetry-dynamic-versioning]\nenable = true\n"), refuses="poetry-dynamic-versioning"),
    Case("plugins of the project", NO_ROOT, poetry('[tool.poetry.requires-plugins]\nx = "1"\n'), refuses="plugins of its own"),
    Case("settings that are not known", NO_ROOT, {**POETRY, "poetry.toml": 'cache-dir = ".c"'}, refuses="sets cache-dir"),
    Case("environments in the project", NO_ROOT, {**POETRY, "poetry.toml": '[virtualenvs]\npath = ".envs"'}, refuses="sets virtualenvs.path"),
    Case("an environment is there", NO_ROOT, {**POETRY, ".venv/bin/python": ""}, refuses="the context has a .venv"),
    Case("by python -m", f"python -m {NO_ROOT}", POETRY, refuses="may import modules of the project"),
    Case("another folder", f"{NO_ROOT} -C web", POETRY, refuses="-C"),
    Case("nothing is done", f"{NO_ROOT} --dry-run", POETRY, refuses="--dry-run"),
    Case("poetry add", "poetry add flask", POETRY, refuses="`poetry add`"),
    Case("no pyproject.toml", NO_ROOT, SRC, refuses="pyproject.toml is not in the context"),
    Case("a variable that is not known", NO_ROOT, POETRY, refuses="POETRY_CONFIG_DIR", env={"POETRY_CONFIG_DIR": "/x"}),
    Case("an environment by a variable, in an unknown folder", NO_ROOT, POETRY, refuses="leads to", env={"POETRY_VIRTUALENVS_PATH": ".envs"}),
)  # fmt: skip


@pytest.mark.parametrize("case", POETRY_CASES, ids=[case.says for case in POETRY_CASES])
def test_poetry(case: Case) -> None:
    check(case)


def test_poetry_installs_into_the_project_where_it_is_told() -> None:
    assert told(Case("", NO_ROOT, POETRY)).outputs == ()
    assert told(Case("", NO_ROOT, POETRY, env={"POETRY_VIRTUALENVS_IN_PROJECT": "1"})).outputs == (".venv",)
    assert told(Case("", NO_ROOT, {**POETRY, "poetry.toml": "[virtualenvs]\nin-project = true"})).outputs == (".venv",)


PIPFILE = '[[source]]\nurl = "https://pypi.org/simple"\nname = "pypi"\n[packages]\nidna = "==3.7"\nx = {version = "*", extras = ["y"]}\n[requires]\npython_version = "3.12"\n'
PIPFILE_LOCK = json.dumps(
    {
        "_meta": {"sources": [{"url": "https://pypi.org/simple"}]},
        "default": {"idna": {"version": "==3.7"}},
        "develop": {},
    }
)
PIPENV = {**SRC, "Pipfile": PIPFILE, "Pipfile.lock": PIPFILE_LOCK}
PIPENV_FILES = "Pipfile Pipfile.lock"
DEPLOY = "pipenv install --system --deploy"


def pipfile(more: str) -> dict[str, str]:
    return {**PIPENV, "Pipfile": PIPFILE + more}


PIPENV_CASES = (
    Case("Pipfile and its lock file are all", DEPLOY, PIPENV, PIPENV_FILES),
    Case("pipenv sync", "pipenv sync --system --dev", PIPENV, PIPENV_FILES),
    Case("options of all kinds", f"{DEPLOY} --ignore-pipfile --clear --python 3.12 --verbose --categories 'packages web'", PIPENV, PIPENV_FILES),
    Case("by the lock file alone", "pipenv install --ignore-pipfile", PIPENV, PIPENV_FILES),
    Case("categories of its own", DEPLOY, pipfile('[web]\nflask = "*"\n[scripts]\nx = "y"\n[pipenv]\nallow_prereleases = true\n'), PIPENV_FILES),
    Case("variables of .env are not taken", DEPLOY, {**PIPENV, ".env": "A=1"}, PIPENV_FILES, env={"PIPENV_DONT_LOAD_ENV": "1"}),
    Case("variables", DEPLOY, PIPENV, PIPENV_FILES, env={"PIPENV_VENV_IN_PROJECT": "1", "PIP_NO_CACHE_DIR": "1", "WORKON_HOME": "/envs"}),
    Case("a package that is fetched", DEPLOY, pipfile('[dev-packages]\na = {file = "https://x/a.zip"}\nb = {git = "https://h/b.git", ref = "v1"}\n'),
         PIPENV_FILES),
    Case("pipenv install", "pipenv install --system", PIPENV, PIPENV_FILES, unsure="may rewrite Pipfile.lock"),
    Case("without a lock file", "pipenv install", {**SRC, "Pipfile": PIPFILE}, "Pipfile", unsure="no Pipfile.lock"),
    Case("--deploy without a lock file", DEPLOY, {"Pipfile": PIPFILE}, refuses="Pipfile.lock is not in the context"),
    Case("variables of .env", DEPLOY, {**PIPENV, ".env": "A=1"}, refuses="takes variables from .env"),
    Case("the project itself", DEPLOY, pipfile('[dev-packages]\np = {editable = true, path = "."}\n'), refuses="takes p from a path"),
    Case("sources in the project", DEPLOY, pipfile('[dev-packages]\np = {editable = true, git = "https://h/p.git"}\n'), refuses="takes p from a path"),
    Case("an archive of the project", DEPLOY, pipfile('[dev-packages]\np = {file = "p.whl"}\n'), refuses="takes p from p.whl"),
    Case("a folder of the lock file", DEPLOY, {**PIPENV, "Pipfile.lock": json.dumps({"default": {"p": {"path": "./p"}}})}, refuses="Pipfile.lock takes p"),
    Case("packages of a folder", DEPLOY, {**PIPENV, "Pipfile": '[[source]]\nurl = "file:///app/x"\n[packages]\n'}, refuses="takes packages from file:"),
    Case("another lock file", DEPLOY, {**PIPENV, "pylock.toml": ""}, refuses="pylock.toml for its lock file"),
    Case("an environment is there", DEPLOY, {**PIPENV, ".venv/bin/python": ""}, refuses="the context has a .venv"),
    Case("by python -m", f"python -m {DEPLOY}", PIPENV, refuses="may import modules of the project"),
    Case("a module of the project is found first", DEPLOY, {**PIPENV, "platform.py": ""}, refuses="platform.py is found by pipenv"),
    Case("a python of the project", f"{DEPLOY} --python ./python", PIPENV, refuses="may be one of the project"),
    Case("a file of requirements", "pipenv install -r requirements.txt", PIPENV, refuses="-r"),
    Case("a package", "pipenv install flask", PIPENV, refuses="is given flask"),
    Case("pipenv lock", "pipenv lock", PIPENV, refuses="`pipenv lock`"),
    Case("no Pipfile", DEPLOY, SRC, refuses="Pipfile is not in the context"),
    Case("the lock file is no JSON", DEPLOY, {**PIPENV, "Pipfile.lock": "{"}, refuses="Pipfile.lock is no JSON"),
    Case("another Pipfile", DEPLOY, PIPENV, refuses="PIPENV_PIPFILE", env={"PIPENV_PIPFILE": "/x/Pipfile"}),
)  # fmt: skip


@pytest.mark.parametrize("case", PIPENV_CASES, ids=[case.says for case in PIPENV_CASES])
def test_pipenv(case: Case) -> None:
    check(case)


def test_pipenv_installs_into_the_project_where_it_is_told() -> None:
    assert told(Case("", DEPLOY, PIPENV)).outputs == ()
    moved = told(Case("", "pipenv sync", PIPENV, env={"PIPENV_VENV_IN_PROJECT": "1", "WORKON_HOME": "/envs"}))
    assert moved.outputs == (".venv",)
    assert b"/envs" in moved.elsewhere
