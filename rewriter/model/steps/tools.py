"""Commands of which it is known what they read and write, as data: their options, and what their operands are.

An option that is not in the row makes the command an unknown one. Sources: POSIX's utilities, the manuals of
coreutils, busybox, shadow, curl, wget, git, tar, unzip and gnupg.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import NamedTuple


class Operands(Enum):
    """What a command does with the words that are no options."""

    IGNORE = "it prints them, or does nothing"
    READ = "it reads these files"
    MAKE = "it makes these folders; with -p also those above, and none that is there"
    REMOVE = "it removes these trees"
    WRITE = "it writes these files"
    CHANGE = "behind the first word (a mode, an owner), it changes these trees"
    LINK = "it makes a symbolic link at the second one"
    COPY = "it reads all but the last, and writes that"
    MOVE = "it takes all but the last away, and writes that"
    FETCH = "it fetches these addresses"
    CLONE = "`clone`, an address, and the folder that it makes"
    UNPACK = "it unpacks an archive"
    DEARMOR = "it turns a key into another form"
    ACCOUNT = "it adds to the users and groups"
    SYSTEM = "it works on what packages have installed, as their own scripts do"


class Found(Enum):
    """Where a command comes from."""

    BUILTIN = "the shell has it itself"
    ANYWHERE = "each image with a shell has it, and each version of it does the same with these options"
    INSTALLED = "it may be missing or another one, so that what is installed and replaced matters"


class Tool(NamedTuple):
    """A command: its options without a value (letters, long names) and with one.

    A value is nothing to us (`""`), a path that is written (`write`) or the folder that it works in (`folder`).
    `network`: it speaks to others.
    """

    operands: Operands
    letters: str = ""
    longs: str = ""
    valued: Mapping[str, str] = MappingProxyType({})
    found: Found = Found.ANYWHERE
    network: bool = False


def _ignored(text: str, **others: str) -> dict[str, str]:
    return {**dict.fromkeys(text.split(), ""), **{("-" if len(k) == 1 else "--") + k: v for k, v in others.items()}}


# Modes are what a umask of 022 makes of them: no builder gives a RUN another, and `umask` is no known command.
TOOLS: Mapping[bytes, Tool] = {
    # Nothing is touched; a redirect is read by itself.
    b":": Tool(Operands.IGNORE, found=Found.BUILTIN),
    b"true": Tool(Operands.IGNORE, found=Found.BUILTIN),
    b"echo": Tool(Operands.IGNORE, "neE", found=Found.BUILTIN),
    b"printf": Tool(Operands.IGNORE, found=Found.BUILTIN),
    # Options of the shell that change no path: not -f, -k or -a, which change what words mean or what is exported.
    b"set": Tool(Operands.IGNORE, "euxv", "", {"-o": "", "+o": ""}, found=Found.BUILTIN),
    b"cat": Tool(Operands.READ, ""),
    b"mkdir": Tool(Operands.MAKE, "pvm", "parents verbose", {"-m": "", "--mode": ""}),
    b"rm": Tool(Operands.REMOVE, "rRfvd", "recursive force verbose"),
    b"rmdir": Tool(Operands.REMOVE, "v"),
    b"touch": Tool(Operands.WRITE, "acm"),
    b"tee": Tool(Operands.WRITE, "a", "append"),
    b"chmod": Tool(Operands.CHANGE, "Rvfc", "recursive verbose changes"),
    b"chown": Tool(Operands.CHANGE, "Rvfch", "recursive verbose changes no-dereference"),
    b"chgrp": Tool(Operands.CHANGE, "Rvfch", "recursive verbose changes no-dereference"),
    b"ln": Tool(Operands.LINK, "sfnvT", "symbolic force no-dereference verbose"),
    b"cp": Tool(
        Operands.COPY, "aprRfvdLPTn", "archive recursive force verbose no-clobber no-target-directory"
    ),
    b"mv": Tool(Operands.MOVE, "fvnT", "force verbose no-clobber no-target-directory"),
    # -O and -J name the file by the address or by the server: it comes to stand in the folder that curl runs in.
    b"curl": Tool(
        Operands.FETCH,
        "fsSLkgv46#iIOR",
        """fail silent show-error location insecure remote-name compressed progress-bar no-progress-meter
        tlsv1.2 tlsv1.3 retry-connrefused retry-all-errors fail-with-body http1.1 http2 ipv4 ipv6 no-buffer globoff""",
        _ignored(
            """-m --max-time --connect-timeout --retry --retry-delay --retry-max-time --proto --proto-redir -H --header
            -A --user-agent -e --referer -u --user -X --request --max-redirs --speed-limit --speed-time --limit-rate""",
            o="write",
            output="write",
        ),
        found=Found.INSTALLED,
        network=True,
    ),
    b"wget": Tool(
        Operands.FETCH,
        "qcSv46N",
        """quiet no-verbose verbose no-check-certificate continue show-progress no-hsts no-cache https-only inet4-only
        timestamping max-redirect no-config""",
        _ignored(
            """--progress -t --tries -T --timeout --retry-connrefused --waitretry --read-timeout --connect-timeout
            --dns-timeout -U --user-agent --header --secure-protocol -w --wait --compression -n""",
            O="write",
            P="folder",
        )
        | {"--output-document": "write", "--directory-prefix": "folder"},
        found=Found.INSTALLED,
        network=True,
    ),
    # Not `-c`, which may name a program to run; a template's hooks are those of the installed git.
    b"git": Tool(
        Operands.CLONE,
        "qv",
        """quiet verbose progress single-branch no-single-branch no-tags recursive recurse-submodules shallow-submodules
        no-checkout mirror bare""",
        _ignored("-b --branch --depth -j --jobs --filter --shallow-since"),
        found=Found.INSTALLED,
        network=True,
    ),
    b"tar": Tool(
        Operands.UNPACK,
        "xzjJvopmkh",
        """extract get gzip gunzip bzip2 xz zstd verbose no-same-owner no-same-permissions same-owner
        preserve-permissions overwrite keep-old-files touch wildcards numeric-owner auto-compress warning""",
        _ignored("--strip-components --strip --owner --group --exclude --warning --mode", C="folder", f="archive")
        | {"--directory": "folder", "--file": "archive"},
        found=Found.INSTALLED,
    ),
    b"unzip": Tool(Operands.UNPACK, "qonjuDL", "", {"-d": "folder", "-x": ""}, found=Found.INSTALLED),
    b"gpg": Tool(Operands.DEARMOR, "v", "dearmor batch yes no-tty quiet", {"-o": "write", "--output": "write"},
                 found=Found.INSTALLED),
    # All of these find their users in the same files, and may run the hooks that an administrator has put there.
    **dict.fromkeys(
        (b"useradd", b"groupadd", b"usermod", b"groupmod", b"userdel", b"groupdel", b"gpasswd", b"addgroup",
         b"delgroup", b"adduser", b"deluser"),
        Tool(Operands.ACCOUNT, found=Found.INSTALLED),
    ),
    # These run what packages have put in /etc and /usr, and write there: as broad as an install.
    **dict.fromkeys(
        (b"ldconfig", b"update-ca-certificates", b"update-ca-trust", b"locale-gen", b"update-locale", b"localedef",
         b"update-alternatives", b"dpkg-reconfigure", b"apt-key", b"add-apt-repository", b"apt-add-repository",
         b"apt-mark", b"debconf-set-selections", b"a2enmod", b"a2dismod", b"a2ensite", b"a2dissite", b"a2enconf",
         b"fc-cache", b"yum-config-manager", b"install_packages"),
        Tool(Operands.SYSTEM, found=Found.INSTALLED),
    ),
}  # fmt: skip
