"""What `pip install -r` reads: https://pip.pypa.io/en/stable/cli/pip_install/.

By strace of pip 23 these are the files of requirements and constraints, and nothing else of the project but
rust-toolchain, since it asks rustc for its version.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping

from .asked import Asked, Needs, NotTold
from .python_project import Run, placed, run_of, written
from .reading import home, needs, text, there, those_there
from .requirements import check_address, check_requirement, requirement_files

# Options by why they are all the same to what is read. Left out, among others: `-e`, `--target`, `--prefix`, `--user`,
# `--root`, `--python`, `--group`, `--find-links` and what writes reports.
_FLAGS: Mapping[str, str] = {
    "which versions are installed": """-U --upgrade --pre --no-deps --prefer-binary --require-hashes --force-reinstall
        -I --ignore-installed --ignore-requires-python --no-index""",
    "how they are built": """--no-build-isolation --use-pep517 --no-use-pep517 --check-build-dependencies --no-compile
        --compile --no-clean""",
    "what is kept": "--no-cache-dir --no-cache",
    "what it tells, asks or warns of": """-q --quiet -v --verbose --disable-pip-version-check --no-input --no-color
        --no-warn-script-location --no-warn-conflicts --no-python-version-warning --break-system-packages
        --require-virtualenv --isolated""",
}
_VALUED: Mapping[str, str] = {
    "which versions are installed": """--only-binary --no-binary --upgrade-strategy --platform --python-version
        --implementation --abi""",
    "how they are fetched": "--trusted-host --timeout --default-timeout --retries --proxy --keyring-provider",
    "what it tells, asks or warns of": """--progress-bar --root-user-action --exists-action --use-feature
        --use-deprecated""",
    "where they come from: on the network": "-i --index-url --pypi-url --extra-index-url",
    "files, which are told": "-r --requirement -c --constraint --build-constraint",
    "folders, which are told": "--cache-dir -w --wheel-dir -d --dest",
}
_FILES = "-r --requirement -c --constraint --build-constraint"
# What rustup heeds when pip asks for the version of rustc.
TOOLCHAINS = ("rust-toolchain", "rust-toolchain.toml")


def pip(asked: Asked) -> Needs:
    """What a `pip install -r` needs; raises NotTold."""
    run = run_of(asked, "pip", ("install", "wheel", "download"), _FLAGS, _VALUED)
    folder = home(asked)
    if not run.found.values("-r", "--requirement"):
        raise NotTold("it reads no requirements of the project")
    for word in run.found.arguments:
        check_requirement(word, "the command")
    for address in run.found.values("-i", "--index-url", "--pypi-url", "--extra-index-url"):
        check_address(address, "the command")
    _check_setup_cfg(asked, folder)
    files = list(named_files(asked, run, folder, _FILES))
    if not files:
        raise NotTold("it reads no requirements of the project")
    outputs, elsewhere = _folders(asked, run)
    files += those_there(asked, folder, TOOLCHAINS)
    return needs(files, (*run.outputs, *outputs), (*written(run), *elsewhere))


def named_files(asked: Asked, run: Run, folder: str, options: str) -> Iterator[str]:
    """The files that these options name, and those that are named there; addresses are left out."""
    for path in run.found.values(*options.split()):
        if not re.match(r"https?://", path):
            yield from requirement_files(asked, folder, path, "the command")


def _folders(asked: Asked, run: Run) -> tuple[list[str], list[bytes]]:
    """Where wheels and caches go; untold, `pip wheel` and `pip download` fill the folder that they run in."""
    call = asked.call
    paths = run.found.values("-w", "--wheel-dir", "-d", "--dest")
    if call is not None and call.verb != b"install" and not paths:
        raise NotTold(f"`{call.shown}` fills the folder of the project")
    outputs: list[str] = []
    elsewhere: list[bytes] = []
    for path in (*paths, *run.found.values("--cache-dir")):
        output, tree = placed(asked, path, "the folder")
        outputs += output
        elsewhere += tree
    return outputs, elsewhere


def _check_setup_cfg(asked: Asked, folder: str) -> None:
    """Raises NotTold for a setup.cfg that says where to install: distutils, and so pip before 3.10, takes it."""
    path = posixpath.join(folder, "setup.cfg")
    if there(asked, path) and re.search(r"(?m)^\s*\[\s*(?:install|easy_install)\w*\s*\]", text(asked, path)):
        raise NotTold(f"{path} says where to install")
