"""What the package managers read and write, as data.

Of a system's packages the scripts are not seen, so all is taken that distributions let them touch (FHS 3.0; Debian's
policy 9.1 to 9.3 and 10; Fedora's packaging guidelines): /etc, /usr, /var and their like, and never /home or a folder
of the file's own at the root. Of what languages install, only packages of Python by name are known.
"""

from __future__ import annotations

import re

from ..packages.call import Call
from ..packages.manager import Does
from ..packages.managers_system import OF_SYSTEM
from .gathering import Gathering, NotKnown, Place, folders_in
from .places import (
    FOLDER_LISTS,
    NETWORK,
    PACKAGE_MOVERS,
    PACKAGES,
    SYSTEM,
    TEMPORARY,
    USR,
    home,
    is_known_base,
    is_root,
    matching,
)
from .touched import ALL_VARIABLES


def _names(text: str) -> frozenset[bytes]:
    return frozenset(name.encode() for name in text.split())


# A name of a package, with a version, an architecture or a release behind it; no file and no address.
_PACKAGE = re.compile(
    rb"@?[\w][\w.+ -]*(?::\w+)?(?:\[[\w,.-]*\])?(?:[=<>~!^@*]+[\w.+:~*=<>,!-]*)?(?:/[\w-]+)?[-+]?", re.ASCII
)
_SUFFIXES = tuple(b".deb .rpm .apk .whl .zip .tar .gz .tgz .bz2 .xz .zst .spec .dsc .changes".split())
# What apt is told for itself alone; other settings may name a folder or a command (apt.conf(5)).
_APT_SETTINGS = re.compile(
    rb"(?:Acquire::(?:Check-|Retries|http|ForceIPv|Max|Languages|Allow)|APT::(?:Install-|Get::|Immediate|Keep-)"
    rb"|Dpkg::Options::=--force-conf|Dpkg::Use-Pty|Dpkg::Progress|Debug::)[\w:=./\"-]*",
    re.IGNORECASE,
)
# Packages (git, build-essential) whose names files begin variables of their own with (GIT_SHA, BUILD_DATE). They are
# the distribution's, and their scripts ask for none.
_FILES_OWN = _names("git build")
# Options with which a manager works elsewhere, or by another configuration.
_ELSEWHERE = frozenset(
    b"""--root -R -p --installroot --config -c --config-file --userdata --reposd-dir --cache-dir --cachedir
    --releasever-from --setvar --repofrompath --reposdir --download-dir --downloaddir --destdir --dbpath -b --sysroot
    --hookdir --gpgdir --keys-dir --repositories-file --logfile""".split()
)


# pip of an official image installs below /usr, for root. A build of a source archive (setup.py) is code of a package;
# it runs in a temporary folder, knows nothing of the file's own folders, and may read what the system has and any
# variable. Only packages by name: a requirements file may name any file, and so may a project's own (package.json and
# go.mod too, which is why npm, go and their like have no rows: theirs would say no more than that nothing is known).
_PIP_OPTIONS = _names(
    """--no-cache-dir --no-cache -q --quiet -U --upgrade --no-deps --disable-pip-version-check --no-compile -v
    --root-user-action -i --index-url --extra-index-url --trusted-host --only-binary --prefer-binary --pre
    --no-warn-script-location --break-system-packages --timeout --default-timeout --retries --progress-bar --no-input
    --force-reinstall --ignore-installed -I"""
)
_PIP_MOVERS = _names("PIP_* PYTHON* VIRTUAL_ENV CONDA* PATH XDG_*")
# Of these, what changes how pip looks for packages and prints, not where it writes.
_PIP_HARMLESS = _names(
    """PIP_NO_CACHE_DIR PIP_DISABLE_PIP_VERSION_CHECK PIP_DEFAULT_TIMEOUT PIP_ROOT_USER_ACTION PIP_INDEX_URL
    PIP_EXTRA_INDEX_URL PIP_TRUSTED_HOST PIP_NO_INPUT PYTHONUNBUFFERED PYTHONDONTWRITEBYTECODE PYTHONHASHSEED
    PYTHONFAULTHANDLER PYTHONIOENCODING PYTHONUTF8 PYTHON_VERSION"""
)
# Packages that put sources of a kernel below /usr/src, or build what lies there (dkms(8)).
_OF_KERNEL = re.compile(rb"dkms|kernel|linux|-source\b|module-assistant")
_SYSTEM_DOES = frozenset({Does.UPDATE, Does.INSTALL, Does.REMOVE, Does.UPGRADE, Does.CLEAN})


def installs(call: Call, gathering: Gathering, place: Place) -> None:
    """What a call of a package manager touches; raises NotKnown."""
    if call.manager.name in OF_SYSTEM:
        _of_system(call, gathering, place)
    elif call.manager.name == "pip":
        _of_pip(call, gathering, place)
    elif call.manager.name == "npm" and call.has(b"-g", b"--global"):
        _of_npm_for_all(call, gathering, place)
    else:
        raise NotKnown(f"of what `{call.shown}` writes nothing is known")
    gathering.reach_out()


def _of_system(call: Call, gathering: Gathering, place: Place) -> None:
    shown = call.shown
    # `apt-get download`, `apk fetch` and their like write to the folder that they run in.
    if call.does not in _SYSTEM_DOES or call.verb == b"fetch":
        raise NotKnown(f"of what `{shown}` does nothing is known")
    for option in call.options:
        name, _, text = option.partition(b"=")
        settings = call.manager.name == "apt-get" and _APT_SETTINGS.fullmatch(option.removeprefix(b"-o")) is not None
        if name in _ELSEWHERE and not (call.manager.name == "apt-get" and name in (b"-p", b"-b")):
            raise NotKnown(f"`{shown} {name.decode('utf-8', 'replace')}` works elsewhere")
        odd = b"/" in (text or option) and b"://" not in option and not settings
        if odd or b"$" in place.literal(option) or b"Dir" in option or (b"::" in option and not settings):
            raise NotKnown(f"of `{shown} {option.decode('utf-8', 'replace')}` it is not known what it does")
    _names_packages(call, place)
    movers = (name for name in (*place.config.env, *place.config.args) if matching(name, PACKAGE_MOVERS))
    moved = next(movers, None)
    if moved is not None:
        raise NotKnown(f"{moved.decode('utf-8', 'replace')} is set, which moves what packages write")
    gathering.heed(NETWORK | PACKAGES | PACKAGE_MOVERS | _by_name(call))
    gathering.read_trees(*SYSTEM, *_folders(place))
    gathering.write_trees(*SYSTEM, TEMPORARY)
    if any(_OF_KERNEL.search(argument) for argument in call.arguments):
        gathering.write_trees(b"/usr/src")
    gathering.need_folders(b"/tmp")
    gathering.replace_nothing()


def _folders(place: Place) -> tuple[bytes, ...]:
    """Scripts of packages call programs by name, and interpreters load what these folders hold."""
    return tuple(folder for name in FOLDER_LISTS for folder in folders_in(place.config, name))


def _names_packages(call: Call, place: Place) -> None:
    """Refuse files and addresses: what those hold no distribution has looked through."""
    if call.does in (Does.UPDATE, Does.CLEAN):
        return
    for argument in call.arguments:
        known = place.literal(argument)
        name = re.sub(rb"(?<=[\w.+-])(=+|~=|>=|@)\$\w+$", rb"\1x", known)
        if _PACKAGE.fullmatch(name) is None or name.endswith(_SUFFIXES):
            shown = argument.decode("utf-8", "replace")
            raise NotKnown(f"`{shown}` may be a file of anybody's making")


def _by_name(call: Call) -> frozenset[bytes]:
    """Scripts of a vendor may ask for variables that begin with the name of the package."""
    firsts = {re.split(rb"[^A-Za-z]", argument)[0].lower() for argument in call.arguments} - _FILES_OWN
    return frozenset(first.upper() + b"*" for first in firsts if len(first) > 1)


def _of_pip(call: Call, gathering: Gathering, place: Place) -> None:
    shown = call.shown
    if call.prefix or not (is_root(place.config) and is_known_base(place.config)) or not home(place.config):
        raise NotKnown(f"where `{shown}` installs to is not known")
    set_here = (*place.config.env, *place.config.args)
    if any(matching(name, _PIP_MOVERS) and name not in _PIP_HARMLESS for name in set_here):
        raise NotKnown(f"a variable moves what `{shown}` writes")
    given = {option.partition(b"=")[0] for option in call.options if option.startswith(b"-")}
    strange = sorted(given - _PIP_OPTIONS)
    if strange or call.verb != b"install":
        told = strange[0].decode("utf-8", "replace") if strange else call.verb.decode("utf-8", "replace")
        raise NotKnown(f"of `{shown}` nothing is known ({told})")
    _names_packages(call, place)
    gathering.heed(ALL_VARIABLES)
    gathering.read_trees(*SYSTEM)
    gathering.write_trees(*USR, b"/root/.cache", b"/root/.config", TEMPORARY)
    gathering.need_folders(b"/tmp")
    if not call.program.startswith(b"pip"):
        # `python -m` looks for modules in its folder first.
        gathering.read(b".")


# npm of an official image installs programs for everybody below /usr/local (https://docs.npmjs.com/cli/configuring-npm/folders),
# and heeds no settings of a project then (npm's config: "global mode enabled, ignored"). Scripts of packages run in
# their own folder there. Only packages by name: a path or an address may be anything.
_NPM_NAME = re.compile(rb"(?:@[\w.-]+/)?[a-z0-9][\w.-]*(?:@[\w.^~*-]+)?", re.ASCII)
_NPM_OPTIONS = _names(
    """-g --global --no-audit --no-fund --audit --fund --loglevel --silent -s --quiet -q --no-progress --progress
    --no-update-notifier --force -f --unsafe-perm --registry --omit --production"""
)
_NPM_MOVERS = _names("npm_* NPM_* NODE_OPTIONS NODE_PATH XDG_*")


def _of_npm_for_all(call: Call, gathering: Gathering, place: Place) -> None:
    shown = f"{call.shown} -g"
    if call.prefix or not (is_root(place.config) and is_known_base(place.config)) or not home(place.config):
        raise NotKnown(f"where `{shown}` installs to is not known")
    if any(matching(name, _NPM_MOVERS) for name in (*place.config.env, *place.config.args)):
        raise NotKnown(f"a variable moves what `{shown}` writes")
    strange = sorted({option.partition(b"=")[0] for option in call.options if option[:1] == b"-"} - _NPM_OPTIONS)
    named = [argument for argument in call.arguments if _NPM_NAME.fullmatch(place.literal(argument))]
    if strange or call.does is not Does.INSTALL or not named or len(named) < len(call.arguments):
        raise NotKnown(f"of `{shown}` it is not known what it installs")
    gathering.heed(ALL_VARIABLES)
    gathering.read_trees(*SYSTEM)
    gathering.write_trees(b"/usr/local", b"/root/.npm", b"/root/.cache", b"/root/.config", TEMPORARY)
    gathering.need_folders(b"/tmp")
