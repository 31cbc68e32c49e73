"""What is known of commands, as data. A command that stands nowhere here is unknown: it may do anything."""

from typing import NamedTuple

# Builtins that change the shell that runs them, with what they change; sources: POSIX 2.14, bash(1).
PROCESS_STATE = {
    b"cd": "the working directory",
    b"chdir": "the working directory",
    b"pushd": "the working directory",
    b"popd": "the working directory",
    b"umask": "the file mode mask",
    b"ulimit": "the process limits",
    b"export": "variables",
    b"unset": "variables",
    b"readonly": "variables",
    b"declare": "variables",
    b"typeset": "variables",
    b"local": "variables",
    b"let": "variables",
    b"read": "variables",
    b"mapfile": "variables",
    b"readarray": "variables",
    b"getopts": "variables",
    b"shift": "positional parameters",
    b"set": "shell options or positional parameters",
    b"shopt": "shell options",
    b"enable": "builtins",
    b"alias": "aliases",
    b"unalias": "aliases",
    b"hash": "remembered paths",
    b"wait": "jobs",
    b"disown": "jobs",
    b"coproc": "jobs",
    b"trap": "traps",
}

# Of these, the ones whose failure ends a POSIX shell, dash for one: POSIX 2.8.1.
SPECIAL_BUILTINS = {b"export", b"readonly", b"set", b"shift", b"trap", b"unset"}

# Builtins behind which nothing more can be said of the shell: they run text that we do not see.
RUNS_UNSEEN_TEXT = {b"eval", b".", b"source"}

# Prefixes that run the rest of their words as a command of the same shell.
SHELL_PREFIXES = {b"command", b"builtin", b"time"}

# Commands that run the rest of their words as a command, and how many words they take themselves, options aside.
RUNNERS = {
    **dict.fromkeys((b"sudo", b"env", b"nice", b"ionice", b"eatmydata", b"exec", b"command", b"time"), 0),
    **dict.fromkeys((b"gosu", b"su-exec", b"timeout", b"chroot"), 1),
}
# Commands that run a word of theirs as a script, or as a command for each of many things.
SHELL_RUNNERS = frozenset(b"sh bash dash ash ksh zsh busybox su runuser xargs find parallel script".split())
# Commands that write the files which their words name.
WRITES_FILES = frozenset(b"tee sed cp mv ln install rm dd truncate mknod chmod chown touch".split())

# Tools of the operating system. They leave no process behind and change no shell.
OS_TOOLS = frozenset(
    name.encode()
    for name in """
    : [ [[ apk apt apt-cache apt-get apt-key apt-mark add-apt-repository adduser addgroup apt-add-repository arch
    aptitude awk base32 base64 basename busybox bzip2 bunzip2 c_rehash cat chgrp chmod chown chpasswd chroot chsh cksum
    cmp comm cp cpio cut date dd deluser delgroup df diff dirname dnf dpkg dpkg-divert dpkg-query dpkg-reconfigure du
    echo egrep env expand expr false fc-cache fgrep file find fmt fold free getconf getent gawk gpasswd grep
    groupadd groupdel groupmod groups gunzip gzip head hostname iconv id install ionice join kill ldconfig link ln
    locale locale-gen localedef logname ls lsb_release lscpu lz4 lzma mawk md5sum microdnf mkdir mkfifo mknod mktemp
    more mv nice nl nproc od pacman passwd paste patch pathchk pr printenv printf ps pwd readlink realpath rm rmdir
    rpm sed seq setcap sha1sum sha224sum sha256sum sha384sum sha512sum shred shuf sleep sort split stat strings
    strip stty su sudo sum sync tac tail tar tdnf tee test timeout touch tr true truncate tsort tty tzselect uname
    unexpand uniq unlink unlzma unxz unzip update-alternatives update-ca-certificates update-ca-trust update-locale
    update-rc.d useradd userdel usermod users wc which who whoami xargs xz xzcat yes yum yum-config-manager zcat zip
    zypper rpmkeys install_packages debconf-set-selections ssh-keyscan a2enmod a2dismod a2ensite a2dissite a2enconf
    a2disconf
    """.split()
)

# Of these, programs of their own that a later version from elsewhere may stand in for; the rest is the same tool
# wherever a shell remembers it from.
REPLACEABLE = frozenset(
    b"""
    awk bunzip2 busybox bzip2 cpio diff egrep fgrep file find gawk grep gunzip gzip lz4 lzma mawk more patch ps sed tar
    unlzma unxz unzip which xargs xz xzcat zcat zip
    """.split()
)

# Tools that leave no process behind and put nothing on PATH, unless told to write there.
QUIET = frozenset(
    name.encode()
    for name in """
    curl wget git git-lfs svn hg rsync scp ssh ssh-keygen openssl jq xmlstarlet gcc g++ cc c++ clang clang++ ld ar as
    javac jar keytool gofmt rustc pkg-config autoconf automake aclocal autoheader libtoolize doxygen
    docker-php-ext-configure docker-php-ext-enable docker-php-ext-install docker-php-source phpenmod phpdismod
    a2query sqlite3 envsubst upx aria2c 7z 7za unrar fc-list mkfontscale mkfontdir convert
    """.split()
)


class Family(NamedTuple):
    """Package managers of one language: they leave no process behind; a word of `verbs` puts commands on PATH.

    What they install spares `names` (the remembered paths of those stay right), unless it is named in `itself` or
    can't be told from the words (a requirements file, a folder, a variable).
    """

    managers: frozenset[bytes]
    verbs: frozenset[bytes]
    names: frozenset[bytes]
    itself: frozenset[bytes]


def _names(text: str) -> frozenset[bytes]:
    return frozenset(word.encode() for word in text.split())


_NODE = _names("npm npx node yarn pnpm corepack")
FAMILIES = (
    Family(
        _names("pip pip2 pip3 pipx easy_install uv poetry pipenv"),
        _names("install sync tool add"),
        _names("pip pip2 pip3 python python2 python3 uv poetry pipenv virtualenv"),
        _names("pip pip-tools pipenv poetry uv virtualenv python"),
    ),
    Family(
        _names("npm npx yarn pnpm corepack"),
        _names("-g --global global enable"),
        _NODE,
        _NODE | _names("n nvm"),
    ),
    Family(_names("gem bundle bundler"), _names("install update"), _names("gem ruby bundle bundler"),
           _names("rubygems-update bundler --system")),
    Family(_names("go"), _names("install get"), _names("go gofmt"), _names("")),
    Family(_names("cargo rustup"), _names("install"), _names("cargo rustc rustup"), _names("")),
    Family(_names("composer pecl pear"), _names("global install"), _names("composer pecl pear php"),
           _names("composer")),
    Family(_names("conda mamba micromamba"), _names("install update create env"), _names("conda mamba micromamba"),
           _names("conda mamba python pip")),
    Family(_names("luarocks cabal stack cpan cpanm"), _names("install -i"), _names("luarocks cabal stack cpan cpanm"),
           _names("App::cpanminus")),
)  # fmt: skip
MANAGERS = frozenset(name for family in FAMILIES for name in family.managers)

# Commands after which a process may stay, with the reason.
DAEMONS = {
    b"service": "starts a service",
    b"systemctl": "starts a service",
    b"initctl": "starts a service",
    b"invoke-rc.d": "starts a service",
    b"rc-service": "starts a service",
    b"start-stop-daemon": "starts a daemon",
    b"daemon": "starts a daemon",
    b"daemonize": "starts a daemon",
    b"nohup": "leaves a process behind",
    b"setsid": "leaves a process behind",
    b"screen": "leaves a process behind",
    b"tmux": "leaves a process behind",
    b"mysqld_safe": "starts a server",
    b"mysqld": "starts a server",
    b"pg_ctlcluster": "starts a server",
    b"rabbitmq-server": "starts a server",
    b"slapd": "starts a server",
    b"named": "starts a server",
    b"memcached": "starts a server",
    b"php-fpm": "starts a server",
    b"vncserver": "starts a server",
    b"coproc": "leaves a process behind",
    b"postgres": "starts a server",
    b"postmaster": "starts a server",
    b"mongod": "starts a server",
    b"redis-server": "starts a server",
    b"nginx": "starts a server",
    b"httpd": "starts a server",
    b"apache2": "starts a server",
    b"sshd": "starts a server",
    b"cron": "starts a daemon",
    b"crond": "starts a daemon",
    b"rsyslogd": "starts a daemon",
    b"dockerd": "starts a daemon",
    b"supervisord": "starts a daemon",
    b"Xvfb": "starts a server",
    b"gpg": "starts gpg-agent",
    b"gpg2": "starts gpg-agent",
    b"gpg-agent": "starts a daemon",
    b"ssh-agent": "starts a daemon",
    b"dbus-daemon": "starts a daemon",
    b"gradle": "leaves its daemon behind",
    b"gradlew": "leaves Gradle's daemon behind",
    b"mvnd": "leaves its daemon behind",
    b"sbt": "may leave its server behind",
    b"bazel": "leaves its server behind",
    b"bazelisk": "leaves Bazel's server behind",
    b"dotnet": "leaves its build servers behind",
    b"msbuild": "leaves its build nodes behind",
    b"watchman": "leaves its server behind",
    b"adb": "leaves its server behind",
    b"emulator": "starts an emulator",
}

# A word with which a command of that list starts nothing.
STARTS_NOTHING = frozenset({b"--dearmor", b"--version", b"--help", b"-V", b"-v", b"-t"})

# A word that makes any command a daemon.
DAEMON_WORDS = (b"--daemonize", b"--daemon", b"--detach", b"--fork", b"--background", b"-detached")
DAEMON_ENDINGS = (b"ctl", b"-daemon")
# Names with such an ending that only look and set.
NO_DAEMONS = frozenset(
    {b"paxctl", b"sysctl", b"timedatectl", b"localectl", b"loginctl", b"kubectl", b"bootctl", b"hostnamectl"}
)

# The engine mounts these anew for each RUN, so what one RUN writes there the next one does not see.
# (/dev and /etc/hostname too; these two also when they are named from inside of /etc.)
ENGINE_NAMES = frozenset({b"hosts", b"resolv.conf"})

# A word that writes where the shell looks for commands.
ON_PATH = (b"bin", b"/usr/local", b"PATH")
