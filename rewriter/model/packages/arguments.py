"""What may be added to a call of a package manager, as data: the word, and what else says the same or the contrary."""

from collections.abc import Iterator
from typing import NamedTuple

from .call import Call
from .manager import Does, names as _names
from .stores import STORES


class Argument(NamedTuple):
    """A word that may be put behind the sub-command of a manager's calls that do one of `does`.

    A call is left as it is where one of the options `said` decides already, or one of `contrary` forbids it.
    `only`: the sub-commands; empty: all that do it.
    """

    manager: str
    word: bytes
    does: frozenset[Does]
    said: frozenset[bytes]
    contrary: frozenset[bytes] = frozenset()
    only: frozenset[bytes] = frozenset()


_INSTALL = frozenset({Does.INSTALL})
_CHANGE = frozenset({Does.INSTALL, Does.UPGRADE, Does.REMOVE})

# Without the word, an install, an upgrade or a removal that wants to do more than its words say asks, and no answer is
# a No. To conda and microdnf, it is a Yes: they are no rows.
YES = (
    Argument(
        "apt-get",
        b"-y",
        _CHANGE,
        _names("-y --yes --assume-yes -qq --force-yes"),
        _names("-s --simulate --just-print --dry-run --recon --no-act --print-uris --assume-no -d --download-only"),
    ),
    *(
        Argument(manager, b"-y", _CHANGE, _names("-y --assumeyes"), _names("--assumeno --downloadonly -h --help"))
        for manager in ("dnf", "yum")
    ),
    Argument(
        "zypper",
        b"-y",
        _CHANGE,
        _names("-y --no-confirm -n --non-interactive"),
        _names("-D --dry-run -d --download-only -h --help"),
    ),
    Argument("pacman", b"--noconfirm", _CHANGE, _names("--noconfirm"), _names("-p --print --confirm -h --help")),
)

NO_RECOMMENDS = (
    Argument(
        "apt-get",
        b"--no-install-recommends",
        _INSTALL,
        _names("--no-install-recommends --install-recommends --install-suggests"),
        only=_names("install"),
    ),
    *(
        # microdnf reads no other words than 0 and 1: dnf/dnf-main.c of rpm-software-management/microdnf.
        Argument(
            manager,
            b"--setopt=install_weak_deps=" + no,
            _INSTALL,
            _names("--setopt=install_weak_deps=False --setopt=install_weak_deps=0"),
            only=_names("install"),
        )
        for manager, no in (("dnf", b"False"), ("microdnf", b"0"))
    ),
    Argument(
        "zypper",
        b"--no-recommends",
        _INSTALL,
        _names("--no-recommends --recommends"),
        only=_names("install in"),
    ),
)

NO_CACHE = tuple(
    Argument(store.manager, store.option, store.filled_by, frozenset({store.option}))
    for store in STORES
    if store.option
)

ARGUMENTS = (*YES, *NO_RECOMMENDS, *NO_CACHE)


def rows(call: Call, table: tuple[Argument, ...]) -> Iterator[Argument]:
    """The rows of the table that speak of this call."""
    for row in table:
        if row.manager == call.manager.name and call.does in row.does and (not row.only or call.verb in row.only):
            yield row
