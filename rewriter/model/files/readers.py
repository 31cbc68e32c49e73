"""What commands do with a file that is named to them, as data; each row with its reason.

It matters to a file that is mounted: it can be read as any other, and not be replaced, moved or deleted.
"""

from __future__ import annotations

from enum import Enum

from .located import Located
from .sorted_words import sorted_words


class Use(Enum):
    """What a command does with a file."""

    READS = "it reads it"
    RUNS = "it runs it, and what that does is for its text to say"
    WRITES = "it writes it, or changes its mode or owner: a writable mount lets it, and forgets it"
    REPLACES = "it deletes, moves or replaces it, which no mount point bears"
    UNKNOWN = "nobody here knows"


def _names(text: str) -> frozenset[bytes]:
    return frozenset(name.encode() for name in text.split())


# They read what they are given, and write elsewhere: POSIX's utilities, dpkg(1), apt-get(8), rpm(8), dnf(8), pip,
# tar(1), unzip(1), gpg(1), apt-key(8), psql(1), mysql(1), conda(1).
_READ = _names(
    """cat cmp comm cut diff egrep envsubst fgrep file find grep head jq less ls md5sum od sha1sum sha256sum sha512sum
    sort stat strings tail test tr uniq wc [ [[ tar unzip gpg apt-key dpkg apt apt-get rpm dnf yum microdnf zypper apk
    pip pip2 pip3 psql mysql sqlite3 debconf-set-selections update-ca-certificates keytool conda mamba micromamba
    xargs cd pushd popd echo printf export openssl base64 awk readlink realpath basename dirname du crontab"""
)
# They run the text of a file; it may do anything.
_RUN = _names(
    "sh bash dash ash ksh zsh . source python python2 python3 perl ruby node php Rscript R lua tclsh java exec"
)
# They write into what they are given, without a new file in its place.
_WRITE = _names("chmod chown chgrp mkdir touch tee")
# They move, delete or replace what they are given: rename(2) and unlink(2) of a mount point give EBUSY, link(2) from
# it EXDEV; or they fetch something to there, so that it is no file of the build context.
_REPLACE = _names(
    "mv rm rmdir unlink shred truncate dos2unix ln gunzip bunzip2 unxz gzip bzip2 xz rename curl wget git patch"
)


def use(one: Located) -> Use:
    """What the command does with a file that its words name."""
    name = one.name
    if name == b"sed":
        in_place = any(word.startswith(b"--in-place") or b"i" in _letters(word) for word in one.words[1:])
        return Use.REPLACES if in_place else Use.READS
    rows = ((_READ, Use.READS), (_RUN, Use.RUNS), (_WRITE, Use.WRITES), (_REPLACE, Use.REPLACES))
    return next((meant for row, meant in rows if name in row), Use.UNKNOWN)


def _letters(word: bytes) -> bytes:
    return word[1:] if word[:1] == b"-" and word[1:2] != b"-" else b""


def read_by_copy(one: Located) -> tuple[bytes, ...]:
    """The words of what a `cp` reads, as written; empty where the command is none, or not understood."""
    words = sorted_words(one) if one.name == b"cp" else None
    return words.operands[:-1] if words is not None and len(words.operands) > 1 else ()


def removed_by(one: Located) -> tuple[bytes, ...]:
    """The words of what an `rm` deletes, as written; empty where the command is none, or not understood."""
    words = sorted_words(one) if one.name == b"rm" else None
    return words.operands if words is not None else ()
