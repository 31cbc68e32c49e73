"""Folders and variables that steps have to do with without naming them, as data; each row with its reason."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from functools import lru_cache

from ..image import Configuration

_REFERENCE = re.compile(rb"(?:docker\.io/)?(?:library/)?([a-z0-9._-]+)(?:[:@].*)?")


# Images of vendors that are built on those, and set no USER either: https://github.com/dotnet/dotnet-docker.
_OF_VENDORS = re.compile(rb"mcr\.microsoft\.com/dotnet/sdk(?:[:@].*)?")


def _names(text: str) -> frozenset[bytes]:
    return frozenset(name.encode() for name in text.split())


# Official images (library/*) of Linux distributions with the folders of FHS 3.0, whose Dockerfiles set no USER.
# Left out: gradle, jenkins, haproxy, varnish, elastic's and others that do or did; busybox and scratch, which have
# few of the folders.
_ROOT_BASES = _names(
    """alpine almalinux amazoncorretto amazonlinux archlinux buildpack-deps centos composer debian eclipse-temurin
    elixir erlang fedora gcc golang haskell httpd julia maven nginx node openjdk oraclelinux perl php pypy python
    r-base rockylinux ruby rust swift tomcat ubuntu"""
)
# Those that set no WORKDIR either, by their Dockerfiles: a RUN begins in `/`. golang, php, perl, httpd, tomcat do.
_IN_ROOT = _names(
    """alpine almalinux amazonlinux archlinux buildpack-deps centos debian eclipse-temurin fedora gcc nginx node
    openjdk oraclelinux python rockylinux ruby rust ubuntu"""
)
# Folders that are there in all of those (FHS 3.0, chapters 3 to 5), so that nobody is the first to make them.
STANDING = _names(
    """/etc /home /media /mnt /opt /root /run /srv /tmp /usr /usr/bin /usr/lib /usr/local /usr/local/bin
    /usr/local/lib /usr/local/share /usr/share /var /var/cache /var/lib /var/log /var/tmp"""
)

# Where packages of an operating system write: FHS 3.0 keeps them to these, and Debian's policy 9.1 forbids /home.
# /app, /code, /workspace and their like are nobody's but the file's. What they read is there, too.
# In /opt, /srv and /usr/src each package has a folder of its own name, so that they meet the file's own folders there
# no more than in /app: FHS 3.0 ("/opt/<package>", "no program should rely on a specific subdirectory structure of
# /srv"). What builds modules of the kernel looks through all of /usr/src (dkms(8)); see `installs`.
USR = tuple(
    sorted(
        b"/usr/" + name
        for name in _names("bin etc games include lib lib32 lib64 libexec libx32 local sbin share X11R6 <triplet>")
    )
)
_BY_NAME = (b"/opt/<vendor>", b"/srv/<service>", b"/usr/src/<package>")
SYSTEM = (*sorted(_names("/boot /etc /root /run /var /media /mnt")), *USR, *_BY_NAME)
# Temporary files have names drawn at random (mkstemp): they hit nobody's own file, but whoever empties the folder.
TEMPORARY = b"/tmp/<temporary files>"

# Each RUN finds these as the engine mounts them; what the image has there it does not see.
ENGINE_PATHS = tuple(sorted(_names("/dev /proc /sys /etc/hosts /etc/hostname /etc/resolv.conf /etc/mtab")))
# What the loader of every program reads: ld.so(8).
LIBRARIES = frozenset({b"/usr/lib", b"/usr/lib32", b"/etc/ld.so.preload", b"/etc/ld.so.cache"})
# PATH where nobody sets it, by canonical name: BuildKit's and buildah's default, and those of the official images.
PATH_FOLDERS = (b"/usr/local/bin", b"/usr/bin")
ACCOUNTS = (b"/etc/passwd", b"/etc/group")

# Variables that any program may heed: the loader's and the C library's (ld.so(8), environ(7), locale(7)), the
# shell's (sh(1), bash(1)), and the options that tools take from a variable (TAR_OPTIONS, LS_COLORS, POSIXLY_CORRECT).
ANY_PROGRAM = _names(
    """*PATH LD_* LC_* LANG LANGUAGE HOME USER LOGNAME SHELL TERM PWD OLDPWD IFS ENV BASH* SHELLOPTS PS[0-9] OPTIND
    OPTARG PPID RANDOM LINENO MAIL* TMP TEMP TMPDIR TEMPDIR TZ TZDIR MALLOC_* GLIBC_* POSIXLY_CORRECT *_OPTIONS
    COREUTILS* BLOCK* VERSION_CONTROL *BACKUP_SUFFIX COLUMNS LINES GZIP BZIP BZIP2 XZ_* TAPE TAR_* UNZIP* ZIPINFO*
    SUDO_* GCONV* NLS* OUTPUT_CHARSET RESOLV_* RES_* HOSTALIASES LOCALDOMAIN FAKE* GETCONF*"""
)
# Those of git(1) by name: GIT_SHA, GIT_COMMIT and their like are the file's own.
_GIT = _names(
    """GIT_CONFIG* GIT_SSH* GIT_DIR GIT_WORK_TREE GIT_EXEC_PATH GIT_TEMPLATE_DIR GIT_TRACE* GIT_TERMINAL* GIT_ASKPASS
    GIT_PROXY* GIT_SSL* GIT_HTTP* GIT_ALLOW* GIT_DEFAULT* GIT_LFS* GIT_OBJECT* GIT_INDEX* GIT_NAMESPACE GIT_CURL*
    GIT_ATTR* GIT_AUTHOR* GIT_COMMITTER* GIT_EDITOR GIT_PAGER GIT_CEILING* GIT_COMMON_DIR GIT_ALTERNATE* GIT_PROTOCOL*
    GIT_QUARANTINE* GIT_NO_* GIT_LITERAL* GIT_GLOB* GIT_ICASE* GIT_OPTIONAL* GIT_REDIRECT* GIT_REPLACE* GIT_SHALLOW*"""
)
# Besides: whoever speaks to the network (curl(1), wget(1), git(1), ssh(1), openssl).
NETWORK = _GIT | _names(
    """*PROXY* *proxy* *SSL* *TLS* *CERT* *CA_* CURL* *WGET* SSH* GNUPG* GPG* NETRC *TOKEN* *PASSWORD* XDG_*
    *_HOME"""
)
# Besides: package managers of operating systems and the scripts of their packages (apt.conf(5), dpkg(1), debconf(7),
# dnf(8), zypper(8), apk(8), deb-systemd-invoke(1)). Debian's policy 9.9 keeps programs from depending on others.
# What asks for consent or for secrets, and what interpreters heed, is in here because scripts of vendors do ask.
PACKAGES = _names(
    """APT* DEB* DPKG* UCF* NEEDRESTART* DNF* YUM* ZYPP* RPM* APK* PACMAN* PERL* PYTHON* RUBY* JAVA* JDK* JRE* NODE_*
    NPM* npm_* PHP* PIP* SYSTEMD* DBUS* XDG_* DISPLAY EDITOR VISUAL PAGER RUNLEVEL POLICY* *FRONTEND* *EULA* *LICEN*
    *ACCEPT* *AGREE* *SECRET* *KEY* *LOCALE* *TIMEZONE* *MIRROR* *REPO* *SOURCE* ARCH *INTERACTIVE* CI INIT* container
    DOCKER* KERNEL* UID GID EUID HOST* *SERVICE* *RESTART* *UPGRADE* *INSTALL* *RC *_HOME *_ROOT *_DIR *_PREFIX
    *OPTIONS *OPTS *OPT *FLAGS *ARGS *CONFIG* *PATH_*"""
)

# Set, these make any program write or read elsewhere than the tables say, or run something else.
MOVERS = _names("LD_PRELOAD LD_AUDIT TMP TEMP TMPDIR TEMPDIR HOME ENV BASH_ENV SHELLOPTS BASHOPTS *_OPTIONS CDPATH")
NETWORK_MOVERS = _GIT | _names("CURL_HOME WGETRC SYSTEM_WGETRC XDG_* GNUPGHOME NETRC SSL_* CURL_*")
PACKAGE_MOVERS = _names("APT_CONFIG DPKG_* DNF_* ZYPP_* ZYPPER_* APK_* RPM_* XDG_* PERL5OPT PYTHONHOME PYTHONSTARTUP")
# Lists of folders: where they are known, what is in those folders is read.
FOLDER_LISTS = (b"PATH", b"LD_LIBRARY_PATH", b"PYTHONPATH", b"PERL5LIB", b"NODE_PATH", b"RUBYLIB", b"CLASSPATH")

# What the images above have at their root besides FHS 3.0; source: the images' own Dockerfiles, and the packages that
# their layers hold.
_TOP = _names(
    """bin boot dev etc home lib lib32 lib64 libx32 media mnt opt proc root run sbin sys tmp usr var afs local
    bin.usr-is-merged sbin.usr-is-merged lib.usr-is-merged anaconda-post.log __cacert_entrypoint.sh"""
)
_OWN_TOP = {
    b"composer": _names("app docker-entrypoint.sh"),
    b"golang": _names("go"),
    b"nginx": _names("docker-entrypoint.d docker-entrypoint.sh"),
}


def is_free(path: bytes, config: Configuration) -> bool:
    """Whether the base is known to have nothing there, nor above it but the root and /srv, which is empty."""
    match = _REFERENCE.fullmatch(config.base)
    if match is None or match[1] not in _ROOT_BASES:
        return False
    top, _, below = path.strip(b"/").partition(b"/")
    if top == b"srv":
        return bool(below)
    return bool(top) and path.startswith(b"/") and top not in _TOP | _OWN_TOP.get(match[1], frozenset())


def _official(config: Configuration, names: frozenset[bytes]) -> bool:
    match = _REFERENCE.fullmatch(config.base)
    return match is not None and match[1] in names


def is_known_base(config: Configuration) -> bool:
    """Whether the base is one of the images whose folders and user are known."""
    return _official(config, _ROOT_BASES) or _OF_VENDORS.fullmatch(config.base) is not None


def begins_in_root(config: Configuration) -> bool:
    """Whether a RUN is known to begin in `/`, as neither the file nor the base sets another folder."""
    return config.workdir is None and _official(config, _IN_ROOT)


def is_root(config: Configuration) -> bool:
    """Whether a RUN is known to run as root."""
    return config.user in (b"root", b"0", b"0:0", b"root:root") or (config.user is None and is_known_base(config))


def stands(path: bytes, config: Configuration) -> bool:
    """Whether the folder is known to be there in the base."""
    return path in STANDING and is_known_base(config)


def home(config: Configuration) -> bytes:
    """The home folder of who runs a RUN; empty where it is not known."""
    return b"/root" if is_root(config) and b"HOME" not in config.env and b"HOME" not in config.args else b""


@lru_cache(1 << 14)
def matching(name: bytes, patterns: frozenset[bytes]) -> bool:
    """Whether one of the patterns matches the name of a variable."""
    return any(fnmatchcase(name, pattern) for pattern in patterns)
