r"""Rewrites that change what they must not, and some that change nothing: data for test_validator_bites.py.

A case is what it says, the text before, the text after, and the licences that the change would carry.
"""

from __future__ import annotations

from typing import NamedTuple

from real_shell_pairs import BIG

from dockfix.engine.licences import AppendCommand, DropRefresh, Licence, Regroup

REGROUP = (Regroup(),)
LISTS = "rm -rf /var/lib/apt/lists/*"
APPEND = (AppendCommand(LISTS.encode()),)
DROP = (DropRefresh(),)


class Case(NamedTuple):
    says: str
    before: str
    after: str
    may: tuple[Licence, ...]


def debian(*lines: str) -> str:
    return "".join(f"{line}\n" for line in ["FROM debian:12", *lines])


def merge(says: str, left: str, right: str, merged: str, head: str = "") -> Case:
    """Two RUNs into one."""
    top = [head] if head else []
    return Case(says, debian(*top, f"RUN {left}", f"RUN {right}"), debian(*top, f"RUN {merged}"), REGROUP)


def plain(says: str, left: str, right: str, head: str = "") -> Case:
    """Two RUNs joined by a bare &&."""
    return merge(says, left, right, f"{left} && {right}", head)


def wrapped(says: str, left: str, right: str, head: str = "") -> Case:
    """Two RUNs joined, the left one in a subshell: for what a subshell does not keep in."""
    return merge(says, left, right, f"( {left} ) && {right}", head)


def shell(says: str, before: str, after: str) -> Case:
    """One RUN, changed."""
    return Case(says, debian(f"RUN {before}"), debian(f"RUN {after}"), REGROUP)


def lines(says: str, before: list[str], after: list[str]) -> Case:
    return Case(says, debian(*before), debian(*after), REGROUP)


def append(says: str, before: str, after: str) -> Case:
    """A list cleanup at the wrong place, or more than that."""
    return Case(says, debian(f"RUN {before}"), debian(f"RUN {after}"), APPEND)


def drop(says: str, before: str, after: str) -> Case:
    """An update that is not redundant."""
    return Case(says, debian(f"RUN {before}"), debian(f"RUN {after}"), DROP)


BASH = 'SHELL ["/bin/bash", "-c"]'
ERREXIT = 'SHELL ["/bin/sh", "-ec"]'
GET = "apt-get update && apt-get install -y curl"

PROCESS_STATE = [
    plain("cd leaks through &&", "cd /opt", "make"),
    plain("cd leaks out of a brace group", "{ cd /opt && ls; }", "make"),
    plain("cd leaks out of an if", "if test -d /opt; then cd /opt; fi", "make"),
    plain("cd through command leaks", "command cd /opt", "make"),
    plain("cd through eval leaks", 'eval "cd /opt"', "make"),
    plain("cd through a variable leaks", "$GO /opt", "make"),
    plain("a sourced file may leak anything", ". ./env.sh", "make"),
    plain("source may leak anything", "source ./env.sh", "make", BASH),
    plain("pushd leaks", "pushd /opt", "make", BASH),
    merge("a group in the place of a subshell leaks cd", "cd /opt && ls", "make", "{ cd /opt && ls; } && make"),
    plain("umask leaks", "umask 077", "touch /a"),
    plain("ulimit leaks", "ulimit -n 64", "make"),
    plain("a variable leaks", "v=1", 'echo "$v"'),
    plain("a variable set behind && leaks", "make && v=1", 'echo "$v"'),
    plain("a variable set by default expansion leaks", ': "${v:=1}"', 'echo "$v"'),
    plain("a variable set by arithmetic leaks", "echo $((v = 1))", 'echo "$v"'),
    plain("the variable of a for loop leaks", "for v in 1 2; do echo $v; done", 'echo "$v"'),
    plain("read leaks", "read v < /etc/hostname", 'echo "$v"'),
    plain("getopts leaks", "getopts a v", "getopts a v"),
    plain("readonly leaks", "readonly v=1", "v=2 && echo $v"),
    plain("unset leaks", "unset HOME", "cd ~ && make"),
    plain("an assignment before a special built-in leaks in dash", "v=1 :", 'echo "$v"'),
    plain("export leaks", "export PATH=/opt/bin:$PATH", "make"),
    plain("export leaks to commands that are not known", "export CC=clang", "make"),
    plain("declare leaks", "declare -x CC=clang", "make", BASH),
    plain("set -e leaks", "set -e; make", "make check; make install"),
    plain("set -u leaks", "set -u", 'echo "$v"'),
    plain("set -x leaks", "set -x", "make"),
    plain("set -o pipefail leaks", "set -o pipefail", "false | cat", BASH),
    plain("shopt leaks", "shopt -s nullglob", "ls *.none", BASH),
    plain("a trap leaks", "trap 'echo bye' EXIT", "make"),
    plain("a function leaks", "make() { echo none; }; make", "make"),
    plain("an alias leaks", "alias make=false", "eval make"),
    plain("IFS leaks", "IFS=:", "for p in $PATH; do ls $p; done"),
    plain("set -- leaks", "set -- a b", 'echo "$#"'),
    plain("exit 0 skips the right side", "make; exit 0", "make install"),
    plain("exit 0 in a branch skips the right side", "if test -f /x; then exit 0; fi; make", "make install"),
    plain("exit of 256 skips the right side", "exit 256", "make install"),
    plain("exit of a variable may skip the right side", "make; exit $code", "make install"),
    plain("a bare exit skips the right side", "make; exit", "make install"),
    plain("exec skips the right side", "exec make", "make install"),
    plain("exec with a redirect leaks", "exec > /log", "make install"),
    plain("a trailing comment swallows the right side", "make # build it", "make install"),
    plain("a trailing semicolon is a syntax error", "make;", "make install"),
    plain("a trailing ampersand is a syntax error", "server &", "make install"),
    plain("a background process lives on", "server & sleep 1", "make install"),
    plain("a background process in a group lives on", "{ server & sleep 1; }", "make install"),
    wrapped("a background process lives on in a subshell", "server & sleep 1", "make install"),
    wrapped("a background process of nohup lives on in a subshell", "nohup server > /log 2>&1 & true", "client"),
    plain("a service lives on", "service mysql start", "mysql -e 'create database x'"),
    wrapped("a service lives on in a subshell", "service mysql start", "mysql -e 'create database x'"),
    wrapped("an init script's service lives on in a subshell", "/etc/init.d/postgresql start", "createdb x"),
    wrapped("a control program's daemon lives on in a subshell", "pg_ctl start -D /data", "createdb x"),
    wrapped("a daemonized server lives on in a subshell", "redis-server --daemonize yes", "redis-cli ping"),
    plain("x || true on the right forgives the left side", "make", "make check || true"),
    plain("x; y on the right runs y though the left side failed", "make", "make check; make install"),
    plain("x & on the right takes the left side along", "make", "make check & wait"),
    merge(
        "a group's brace swallowed by a comment",
        "make",
        "make check || true # sure",
        "make && { make check || true # sure; }",
    ),
    merge("the left side is dropped behind ||", "make", "make install", "make || make install"),
    merge("the right side runs whatever the left did", "make", "make install", "make; make install"),
    merge("the left side runs in the background", "make", "make install", "make & make install"),
    merge("the two sides become a pipeline", "make", "make install", "make | make install"),
    merge("the right side runs first", "make", "make install", "make install && make"),
    merge("the right side is lost", "make", "make install", "make"),
    merge("the left side is lost", "make", "make install", "make install"),
    merge("the right side runs twice", "make", "make install", "make && make install && make install"),
    merge(
        "only half of the right side is grouped",
        "make",
        "make check; make install || true",
        "make && { make check; make install; } || true",
    ),
    merge("the group takes the left side along", "make", "make check || true", "{ make && make check || true; }"),
    plain("the old pip3 is remembered", "pip3 install --upgrade pip", "pip3 install flask"),
    plain("the old npm is remembered", "npm install -g npm@10", "npm ci"),
    plain(
        "a remembered command that a package replaces",
        "apt-get install -y tar && tar --version && ./install-tar.sh",
        "tar xf /a.tar",
    ),
    plain(
        "a login shell reads what the left side wrote",
        "echo v=1 >> ~/.bash_profile",
        'echo "$v"',
        'SHELL ["/bin/bash", "-lc"]',
    ),
    wrapped(
        "a login shell reads what the left side wrote, in a subshell too",
        "echo v=1 >> ~/.bash_profile",
        'echo "$v"',
        'SHELL ["/bin/bash", "--login", "-c"]',
    ),
    plain(
        "an interactive shell reads what the left side wrote",
        "./install-nvm.sh",
        "nvm install 20",
        'SHELL ["/bin/bash", "-ic"]',
    ),
    plain("BASH_ENV is read anew by each RUN", "echo v=1 >> /env", 'echo "$v"', f"ENV BASH_ENV=/env\n{BASH}"),
    plain(
        "conda run reads what the left side wrote",
        "conda install numpy",
        "python -c 'import numpy'",
        'SHELL ["conda", "run", "-n", "e", "/bin/bash", "-c"]',
    ),
    plain(
        "PowerShell has no && that is known to work",
        "Install-Module x",
        "Import-Module x",
        'SHELL ["powershell", "-Command"]',
    ),
    merge(
        "PowerShell goes on behind ;",
        "Install-Module x",
        "Import-Module x",
        "Install-Module x; Import-Module x",
        'SHELL ["powershell", "-Command"]',
    ),
    plain("cmd reads the registry anew in each RUN", "choco install git", "git --version", 'SHELL ["cmd", "/S", "/C"]'),
    wrapped("/etc/hosts is fresh in each RUN", "echo 10.0.0.1 db >> /etc/hosts", "ping -c1 db"),
    plain("/etc/hosts written by tee is fresh in each RUN", "echo 10.0.0.1 db | tee -a /etc/hosts", "ping -c1 db"),
    plain("/etc/hosts written by sed is fresh in each RUN", "sed -i s/a/b/ /etc/hosts", "ping -c1 db"),
    plain("/etc/resolv.conf is fresh in each RUN", "echo nameserver 1.1.1.1 > /etc/resolv.conf", "make"),
    plain("/dev/shm is fresh in each RUN", "touch /dev/shm/lock", "test ! -e /dev/shm/lock"),
    plain("a merged script of more than 128 KiB cannot be started", BIG, BIG),
    plain("an open quote on the left becomes a closed one", 'echo "a', 'b"'),
    plain("an open group on the left becomes a closed one", "{ make", "make install; }"),
]

ERREXIT_CASES = [
    merge(
        "errexit is ignored in a subshell left of &&",
        "set -e; false; echo x",
        "make",
        "( set -e; false; echo x ) && make",
    ),
    merge(
        "errexit is ignored in a group left of &&",
        "set -e; false; echo x",
        "make",
        "{ set -e; false; echo x; } && make",
    ),
    plain("errexit is ignored in the group that is now left of &&", "set -e; { false; echo x; }", "make"),
    plain("errexit is ignored in the subshell that is now left of &&", "set -e; (false; echo x)", "make"),
    plain("errexit is ignored in the if that is now left of &&", "set -e; if true; then false; echo x; fi", "make"),
    plain(
        "errexit is ignored in the loop that is now left of &&", "set -e; for i in 1 2; do false; echo $i; done", "make"
    ),
    plain("errexit is ignored in the function that is now left of &&", "set -e; f() { false; echo x; }; f", "make"),
    plain("errexit of a subshell is ignored left of &&", "(set -e; false; echo x)", "make"),
    merge(
        "errexit by -o is ignored left of &&",
        "set -o errexit; false; echo x",
        "make",
        "( set -o errexit; false; echo x ) && make",
    ),
    merge(
        "errexit among other flags is ignored left of &&",
        "set -eux; false; echo x",
        "make",
        "( set -eux; false; echo x ) && make",
    ),
    merge(
        "errexit by a second flag is ignored left of &&",
        "set -u -e; false; echo x",
        "make",
        "( set -u -e; false; echo x ) && make",
    ),
    merge(
        "errexit behind && is ignored left of &&",
        "set -ex && { false; echo x; }",
        "make",
        "( set -ex && { false; echo x; } ) && make",
    ),
    merge(
        "errexit by eval is ignored left of &&",
        "eval 'set -e'; false; echo x",
        "make",
        "( eval 'set -e'; false; echo x ) && make",
    ),
    merge("errexit from SHELL is ignored left of &&", "false; echo x", "make", "( false; echo x ) && make", ERREXIT),
    plain("errexit from SHELL is ignored in the group left of &&", "{ false; echo x; }", "make", ERREXIT),
    merge(
        "errexit from SHELL among its flags is ignored left of &&",
        "false; echo x",
        "make",
        "{ false; echo x; } && make",
        'SHELL ["/bin/bash", "-o", "pipefail", "-e", "-u", "-c"]',
    ),
    merge(
        "errexit from SHELL by -o is ignored left of &&",
        "false; echo x",
        "make",
        "{ false; echo x; } && make",
        'SHELL ["/bin/bash", "-o", "errexit", "-c"]',
    ),
    plain("errexit of a substitution is ignored left of &&", "echo $(false; echo x)", "make", ERREXIT),
    merge(
        "errexit of a substitution is ignored in a subshell left of &&",
        "x=$(false; echo x)",
        "make",
        "(x=$(false; echo x)) && make",
        ERREXIT,
    ),
    merge("errexit is in force in the right side too", "set -e; make", "false; echo x", "set -e; make; false; echo x"),
    merge(
        "errexit is not in force in the right side any more",
        "make",
        "set -e; false; echo x",
        "make && { false; echo x; }",
    ),
    merge(
        "errexit of the right side is in force on the left",
        "false; echo x",
        "set -e; make",
        "set -e; false; echo x; make",
    ),
    merge(
        "errexit of the middle is ignored",
        "make",
        "set -e; false; echo x",
        "make && { set -e; false; echo x; } && true",
    ),
    shell("set -e is lost", "set -e; false; echo x", "false; echo x"),
    shell("set -e is added", "false; echo x", "set -e; false; echo x"),
    shell("set -ex becomes set -x", "set -ex; false; echo x", "set -x; false; echo x"),
    shell("set -u becomes set -eu", "set -u; false; echo x", "set -eu; false; echo x"),
    shell("set -e becomes set +e", "set -e; false; echo x", "set +e; false; echo x"),
    shell("set -e comes one command later", "set -e; false; echo x", "false; set -e; echo x"),
    shell("set +e is lost", "set -e; make; set +e; false; echo x", "set -e; make; false; echo x"),
    shell("a ; under errexit becomes &&", "set -e; false; echo x; echo y", "set -e; false && echo x; echo y"),
    shell("commands under errexit go into a condition", "set -e; make; echo y", "set -e; if make; then echo y; fi"),
    shell("commands under errexit go behind a negation", "set -e; { false; echo y; }", "set -e; ! { false; echo y; }"),
    shell("errexit moves into the subshell", "set -e; (false; echo x) || true", "(set -e; false; echo x)"),
    lines(
        "SHELL loses -e",
        ['SHELL ["/bin/sh", "-ec"]', "RUN false; echo x"],
        ['SHELL ["/bin/sh", "-c"]', "RUN false; echo x"],
    ),
    lines(
        "SHELL gains -e",
        ['SHELL ["/bin/sh", "-c"]', "RUN false; echo x"],
        ['SHELL ["/bin/sh", "-ec"]', "RUN false; echo x"],
    ),
    lines(
        "SHELL with -e comes one RUN later",
        ["RUN make; true", ERREXIT, "RUN false; echo x"],
        ["RUN make; true", "RUN false; echo x", ERREXIT],
    ),
]

SHELL_TEXT = [
    shell("a word is changed", "apt-get install -y curl", "apt-get install -y wget"),
    shell("a word is lost", "apt-get install -y curl", "apt-get install curl"),
    shell("a word is added", "apt-get install -y curl", "apt-get install -y curl wget"),
    shell("two words change places", "cp /a /b", "cp /b /a"),
    shell("a version is changed", "pip install flask==1.0", "pip install flask==1.1"),
    shell("single quotes become double", "echo '$HOME'", 'echo "$HOME"'),
    shell("quotes around an expansion are lost", 'rm -rf "$d"', "rm -rf $d"),
    shell("quotes around a blank are lost", 'mkdir "a b"', "mkdir a b"),
    shell("quotes around a glob are lost", "find / -name '*.pyc'", "find / -name *.pyc"),
    shell("an escape is lost", r"echo \$HOME", "echo $HOME"),
    shell("an expansion is changed", 'echo "${v:-a}"', 'echo "${v-a}"'),
    shell("a substitution is changed", "echo $(date)", "echo $(uname)"),
    shell("a command inside a substitution is lost", "echo $(make && date)", "echo $(date)"),
    shell("an arithmetic expression is changed", "echo $((1 + 2))", "echo $((1 - 2))"),
    shell("a redirect goes elsewhere", "make > /log", "make > /out"),
    shell("a redirect appends", "make > /log", "make >> /log"),
    shell("a redirect is lost", "make > /dev/null", "make"),
    shell("a redirect is added", "make", "make 2> /dev/null"),
    shell("two redirects change places", "make > /log 2>&1", "make 2>&1 > /log"),
    shell("a redirect of the last command covers the chain", "echo a && echo b > /f", "{ echo a && echo b; } > /f"),
    shell("a redirect of a group covers only the last command", "{ echo a && echo b; } > /f", "echo a && echo b > /f"),
    shell("a redirect of a pipeline moves to its first command", "make | tee /log > /out", "make > /out | tee /log"),
    shell("an input redirect is changed", "sort < /a", "sort < /b"),
    shell("an environment assignment is lost", "CC=clang make", "make"),
    shell("an environment assignment becomes a variable", "CC=clang make", "CC=clang; make"),
    shell("an assignment is changed", "v=1; echo $v", "v=2; echo $v"),
    shell("two commands change places", "make a && make b", "make b && make a"),
    shell("two commands of a list change places", "make a; make b", "make b; make a"),
    shell("a command is dropped at the end", "make && make install", "make"),
    shell("a command is dropped at the start", "make && make install", "make install"),
    shell("a command is dropped in the middle", "make && make check && make install", "make && make install"),
    shell("a command that seems to do nothing is dropped", "make && true", "make"),
    shell("a command is added", "make", "make && make install"),
    shell("&& becomes ;", "make && make install", "make; make install"),
    shell("; becomes &&", "make; make install", "make && make install"),
    shell("|| becomes &&", "make || make again", "make && make again"),
    shell("&& becomes ||", "make && make again", "make || make again"),
    shell("&& becomes &", "make && make install", "make & make install"),
    shell("& becomes &&", "server & client", "server && client"),
    shell("& becomes ;", "server & client", "server; client"),
    shell("a pipe becomes ||", "make | tee /log", "make || tee /log"),
    shell("a pipe takes standard error along", "make | tee /log", "make 2>&1 | tee /log"),
    shell("a negation is lost", "! grep x /f", "grep x /f"),
    shell("a negation covers more", "! grep x /f && make", "! { grep x /f && make; }"),
    shell("an if becomes an && list", "if test -f /x; then make; fi", "test -f /x && make"),
    shell("an else branch is lost", "if test -f /x; then make; else false; fi", "if test -f /x; then make; fi"),
    shell(
        "the branches change places",
        "if test -f /x; then make a; else make b; fi",
        "if test -f /x; then make b; else make a; fi",
    ),
    shell(
        "a command leaves its branch",
        "if test -f /x; then make; make install; fi",
        "if test -f /x; then make; fi; make install",
    ),
    shell("a loop runs once more", "for i in 1 2; do make $i; done", "for i in 1 2 3; do make $i; done"),
    shell("a while becomes an until", "while test -f /x; do make; done", "until test -f /x; do make; done"),
    shell("a pattern of a case is changed", "case $(uname) in a) make;; esac", "case $(uname) in b) make;; esac"),
    shell(
        "a branch of a case falls through", "case a in a) make;; *) false;; esac", "case a in a) make;& *) false;; esac"
    ),
    shell("a group is dissolved before ||", "make && { make check || true; }", "make && make check || true"),
    shell("a group is dissolved before ;", "make && { make check; make install; }", "make && make check; make install"),
    shell(
        "a subshell is dissolved, and cd leaks", "(cd /opt && make) && make install", "cd /opt && make && make install"
    ),
    shell(
        "a subshell becomes a group, and cd leaks",
        "(cd /opt && make) && make install",
        "{ cd /opt && make; } && make install",
    ),
    shell("a group becomes a subshell, and cd no longer counts", "{ cd /opt; } && make", "( cd /opt ) && make"),
    shell("a subshell takes in too much", "cd /opt && make && make install", "(cd /opt && make) && make install"),
    shell(
        "a subshell is dissolved, and exit 0 counts", "(make; exit 0) && make install", "make; exit 0 && make install"
    ),
    shell("a built-in that may end dash goes into a subshell under a negation", "! shift", "! (shift)"),
    shell("an exit goes into a subshell under a negation", "! exit 3", "! (exit 3)"),
    shell("a function's body is changed", "f() { make; }; f", "f() { make install; }; f"),
    shell("a function's name is changed", "f() { make; }; f", "g() { make; }; f"),
    shell("a function is called one time less", "f() { make; }; f; f", "f() { make; }; f"),
    shell("a script in quotes is changed", "sh -c 'make && make install'", "sh -c 'make; make install'"),
    shell("a non-zero exit is another", "make || exit 4", "make || exit 0"),
    shell("a trap is lost", "trap 'rm -f /x' EXIT; make", "make"),
    shell("a word is split by a blank before a continuation", "echo ab", "echo a \\\n    b"),
    shell("two words are glued by a continuation", "echo a b", "echo a\\\nb"),
    shell("a continuation inside quotes adds blanks", "echo 'a b'", "echo 'a \\\n    b'"),
    shell("the text is no longer a script", "make", "make && ("),
    shell("a text that nobody can read is changed", 'echo "open && make', 'echo "open; make'),
    shell("a text that nobody can read is closed", 'echo "open', 'echo "open"'),
    shell(
        "a command becomes a comment",
        "make \\\n    && make check \\\n    && make install",
        "make \\\n    # && make check\n    && make install",
    ),
    shell(
        "a comment becomes a command",
        "make \\\n    # && make check\n    && make install",
        "make \\\n    && make check \\\n    && make install",
    ),
    shell(
        "a comment becomes shell text and swallows the rest",
        "make \\\n    # then\n    && make install",
        "make # then && make install",
    ),
    shell("a comment becomes arguments", "make \\\n    # install\n    -j4", "make \\\n    install\\\n    -j4"),
    shell(
        "a comment is put at the end of a line", "make \\\n    && make install", "make \\ # build\n    && make install"
    ),
    shell("a shell comment loses its sign", "make # install", "make install"),
]

SPLITS = [
    lines("a split takes cd away from what follows", ["RUN cd /opt && make"], ["RUN cd /opt", "RUN make"]),
    lines("a split takes a variable away from what follows", ['RUN v=1 && echo "$v"'], ["RUN v=1", 'RUN echo "$v"']),
    lines(
        "a split takes set -e away from what follows",
        ["RUN set -e; false; echo x"],
        ["RUN set -e", "RUN false; echo x"],
    ),
    lines(
        "a split takes a function away from what follows", ["RUN f() { make; } && f"], ["RUN f() { make; }", "RUN f"]
    ),
    lines(
        "a split ends a background process", ["RUN server & sleep 1 && client"], ["RUN server & sleep 1", "RUN client"]
    ),
    lines(
        "a split of || runs the right side after success", ["RUN make || make again"], ["RUN make", "RUN make again"]
    ),
    lines("a split of ; stops where the list went on", ["RUN false; make"], ["RUN false", "RUN make"]),
    lines("a split of a pipeline", ["RUN make | tee /log"], ["RUN make", "RUN tee /log"]),
]

FLAGS = [
    lines(
        "RUNs of different mounts are merged",
        ["RUN --mount=type=cache,target=/c make", "RUN make install"],
        ["RUN --mount=type=cache,target=/c make && make install"],
    ),
    lines(
        "RUNs of different mounts are merged without",
        ["RUN --mount=type=cache,target=/c make", "RUN make install"],
        ["RUN make && make install"],
    ),
    lines(
        "a secret reaches the RUN before",
        ["RUN make", "RUN --mount=type=secret,id=k make install"],
        ["RUN --mount=type=secret,id=k make && make install"],
    ),
    lines(
        "mounts of different targets are merged",
        ["RUN --mount=type=cache,target=/c make", "RUN --mount=type=cache,target=/d make install"],
        ["RUN --mount=type=cache,target=/c make && make install"],
    ),
    lines(
        "mounts of both are given to both",
        ["RUN --mount=type=cache,target=/c make", "RUN --mount=type=cache,target=/d make install"],
        ["RUN --mount=type=cache,target=/c --mount=type=cache,target=/d make && make install"],
    ),
    lines(
        "RUNs of different networks are merged",
        ["RUN make", "RUN --network=none make check"],
        ["RUN --network=none make && make check"],
    ),
    lines(
        "RUNs of different security are merged",
        ["RUN --security=insecure make", "RUN make check"],
        ["RUN --security=insecure make && make check"],
    ),
    lines(
        "tmpfs mounts are fresh in each RUN",
        ["RUN --mount=type=tmpfs,target=/t touch /t/x", "RUN --mount=type=tmpfs,target=/t test ! -e /t/x"],
        ["RUN --mount=type=tmpfs,target=/t touch /t/x && test ! -e /t/x"],
    ),
    lines(
        "what is written to a bind mount is gone in the next RUN",
        ["RUN --mount=type=bind,rw,target=/s touch /s/x", "RUN --mount=type=bind,rw,target=/s test ! -e /s/x"],
        ["RUN --mount=type=bind,rw,target=/s touch /s/x && test ! -e /s/x"],
    ),
    lines("a mount is lost", ["RUN --mount=type=cache,target=/c make"], ["RUN make"]),
    lines("a mount is added", ["RUN make"], ["RUN --mount=type=cache,target=/c make"]),
    lines(
        "a mount's target is changed",
        ["RUN --mount=type=cache,target=/c make"],
        ["RUN --mount=type=cache,target=/d make"],
    ),
    lines("a network flag is lost", ["RUN --network=none make"], ["RUN make"]),
    lines("a network flag becomes shell text", ["RUN --network=none make"], ["RUN make --network=none"]),
]

FORMS = [
    lines("RUN becomes the exec form", ["RUN make install"], ['RUN ["make", "install"]']),
    lines("RUN leaves the exec form", ['RUN ["make", "install"]'], ["RUN make install"]),
    lines("the exec form is joined", ['RUN ["make", "all"]', "RUN make install"], ["RUN make all && make install"]),
    lines(
        "the exec form is joined as text",
        ['RUN ["make", "all"]', "RUN make install"],
        ['RUN ["make", "all"] && make install'],
    ),
    lines("an argument of the exec form is changed", ['RUN ["make", "all"]'], ['RUN ["make", "install"]']),
    lines("the exec form loses its JSON", ['RUN ["make", "all"]'], ["RUN ['make', 'all']"]),
    lines("CMD leaves the exec form", ['CMD ["server", "-p"]'], ["CMD server -p"]),
    lines("ENTRYPOINT becomes the exec form", ["ENTRYPOINT server -p"], ['ENTRYPOINT ["server", "-p"]']),
]

HEREDOCS = [
    lines("a byte of a RUN heredoc is changed", ["RUN <<EOF", "make", "EOF"], ["RUN <<EOF", "make ", "EOF"]),
    lines(
        "a line of a RUN heredoc is lost",
        ["RUN <<EOF", "make", "make install", "EOF"],
        ["RUN <<EOF", "make install", "EOF"],
    ),
    lines(
        "a comment of a RUN heredoc is changed",
        ["RUN <<EOF", "#!/usr/bin/python", "print()", "EOF"],
        ["RUN <<EOF", "#!/usr/bin/python3", "print()", "EOF"],
    ),
    lines(
        "a RUN heredoc gains errexit",
        ["RUN <<EOF", "false", "echo x", "EOF"],
        ["RUN <<EOF", "set -e", "false", "echo x", "EOF"],
    ),
    lines(
        "a RUN heredoc becomes an && chain", ["RUN <<EOF", "make", "make install", "EOF"], ["RUN make && make install"]
    ),
    lines(
        "a RUN heredoc loses its interpreter",
        ["RUN <<EOF", "#!/usr/bin/python", "import this", "EOF"],
        ["RUN import this"],
    ),
    lines(
        "a RUN heredoc is joined behind",
        ["RUN <<EOF", "make", "EOF", "RUN make install"],
        ["RUN <<EOF && make install", "make", "EOF"],
    ),
    lines(
        "a RUN heredoc is joined before",
        ["RUN make", "RUN <<EOF", "make install", "EOF"],
        ["RUN make && <<EOF", "make install", "EOF"],
    ),
    lines(
        "a RUN heredoc takes in the next RUN",
        ["RUN <<EOF", "make", "EOF", "RUN make install"],
        ["RUN <<EOF", "make", "make install", "EOF"],
    ),
    lines("a heredoc of a command is changed", ["RUN cat <<EOF > /f", "a", "EOF"], ["RUN cat <<EOF > /f", "b", "EOF"]),
    lines(
        "a heredoc is no longer quoted",
        ["RUN cat <<'EOF' > /f", "$HOME", "EOF"],
        ["RUN cat <<EOF > /f", "$HOME", "EOF"],
    ),
    lines("a heredoc keeps its tabs", ["RUN cat <<-EOF > /f", "\ta", "EOF"], ["RUN cat <<EOF > /f", "\ta", "EOF"]),
    lines("the file of a heredoc is changed", ["RUN cat <<EOF > /f", "a", "EOF"], ["RUN cat <<EOF > /g", "a", "EOF"]),
    lines("a byte of a COPY heredoc is changed", ["COPY <<EOF /f", "a", "EOF"], ["COPY <<EOF /f", "b", "EOF"]),
    lines(
        "a blank line of a COPY heredoc is lost",
        ["COPY <<EOF /f", "a", "", "b", "EOF"],
        ["COPY <<EOF /f", "a", "b", "EOF"],
    ),
    lines("a COPY heredoc is no longer quoted", ['COPY <<"EOF" /f', "$a", "EOF"], ["COPY <<EOF /f", "$a", "EOF"]),
    lines(
        "the second of two heredocs is changed",
        ["COPY <<A <<B /d/", "a", "A", "b", "B"],
        ["COPY <<A <<B /d/", "a", "A", "c", "B"],
    ),
    lines(
        "a RUN in a heredoc is no instruction",
        ["COPY <<EOF /f", "RUN make", "RUN make install", "EOF"],
        ["COPY <<EOF /f", "RUN make && make install", "EOF"],
    ),
    lines("a comment in a heredoc is its text", ["COPY <<EOF /f", "# a", "b", "EOF"], ["COPY <<EOF /f", "b", "EOF"]),
    lines("a comment is put into a heredoc", ["COPY <<EOF /f", "a", "EOF"], ["COPY <<EOF /f", "# a", "a", "EOF"]),
]

COMMENTS = [
    lines(
        "a comment between two RUNs is lost",
        ["RUN make", "# to /usr", "RUN make install"],
        ["RUN make \\", "    && make install"],
    ),
    lines(
        "a comment between two RUNs is changed",
        ["RUN make", "# to /usr", "RUN make install"],
        ["RUN make \\", "    # to /opt", "    && make install"],
    ),
    lines(
        "one of two equal comments is lost",
        ["# x", "RUN make", "# x", "RUN make install"],
        ["# x", "RUN make \\", "    && make install"],
    ),
    lines(
        "a comment inside a continuation is lost",
        ["RUN make \\", "    # to /usr", "    && make install"],
        ["RUN make \\", "    && make install"],
    ),
    lines(
        "a comment of a stage that does not change is lost",
        ["# why", "EXPOSE 80", "RUN make"],
        ["EXPOSE 80", "RUN make"],
    ),
    lines(
        "a comment becomes the end of a RUN",
        ["RUN make", "# to /usr", "RUN make install"],
        ["RUN make && make install # to /usr"],
    ),
    lines("a trailing shell comment is lost", ["RUN make # all", "RUN make install"], ["RUN make && make install"]),
    lines(
        "a shell comment in the middle swallows the rest",
        ["RUN make", "# to /usr", "RUN make install"],
        ["RUN make # to /usr \\", "    && make install", "# to /usr"],
    ),
    Case("a comment of the head is lost", "# about\n\n" + debian("RUN make"), debian("RUN make"), REGROUP),
    Case(
        "the escape directive is changed",
        "# escape=`\n" + debian("RUN echo a `", "    b"),
        "# escape=\\\n" + debian("RUN echo a `", "    b"),
        REGROUP,
    ),
    Case("the escape directive is lost", "# escape=`\n" + debian("RUN echo a\\b"), debian("RUN echo a\\b"), REGROUP),
    Case(
        "a comment above the escape directive ends it",
        "# escape=`\n" + debian("RUN echo a `", "    b"),
        "# about\n# escape=`\n" + debian("RUN echo a `", "    b"),
        REGROUP,
    ),
    Case(
        "a blank line above the syntax directive ends it",
        "# syntax=docker/dockerfile:1\n" + debian("RUN make"),
        "\n# syntax=docker/dockerfile:1\n" + debian("RUN make"),
        REGROUP,
    ),
    Case(
        "the syntax directive is lost",
        "# syntax=docker/dockerfile:1\n" + debian("RUN make"),
        debian("RUN make"),
        REGROUP,
    ),
    Case(
        "the syntax directive is changed",
        "# syntax=docker/dockerfile:1\n" + debian("RUN make"),
        "# syntax=docker/dockerfile:1.4\n" + debian("RUN make"),
        REGROUP,
    ),
    Case(
        "a syntax directive appears",
        debian("RUN make"),
        "# syntax=docker/dockerfile:1-labs\n" + debian("RUN make"),
        REGROUP,
    ),
    Case("the check directive is lost", "# check=skip=all\n" + debian("RUN make"), debian("RUN make"), REGROUP),
    Case(
        "a comment becomes a directive",
        "# about\n# escape=`\n" + debian("RUN echo a"),
        "# escape=`\n# about\n" + debian("RUN echo a"),
        REGROUP,
    ),
]

BUILD = "FROM golang:1.22 AS build\nRUN go build -o /app\n"
STAGES = [
    Case("the base is another", debian("RUN make"), "FROM debian:11\nRUN make\n", REGROUP),
    Case(
        "the base loses its digest", "FROM debian:12@sha256:" + "0" * 64 + "\nRUN make\n", debian("RUN make"), REGROUP
    ),
    Case("the platform is lost", "FROM --platform=$BUILDPLATFORM debian:12\nRUN make\n", debian("RUN make"), REGROUP),
    Case(
        "the platform is another",
        "FROM --platform=linux/amd64 debian:12\nRUN make\n",
        "FROM --platform=linux/arm64 debian:12\nRUN make\n",
        REGROUP,
    ),
    Case("the name of the stage is lost", "FROM debian:12 AS app\nRUN make\n", debian("RUN make"), REGROUP),
    Case(
        "the name of the stage is another",
        "FROM debian:12 AS app\nRUN make\n",
        "FROM debian:12 AS prod\nRUN make\n",
        REGROUP,
    ),
    Case("a stage gets a name", debian("RUN make"), "FROM debian:12 AS app\nRUN make\n", REGROUP),
    Case("a stage that nobody uses is dropped", BUILD + debian("RUN make"), debian("RUN make"), REGROUP),
    Case(
        "a stage that is copied from is dropped",
        BUILD + debian("COPY --from=build /app /app"),
        debian("COPY --from=build /app /app"),
        REGROUP,
    ),
    Case("a stage is added", debian("RUN make"), BUILD + debian("RUN make"), REGROUP),
    Case("two stages change places", BUILD + debian("RUN make"), debian("RUN make") + BUILD, REGROUP),
    Case(
        "two stages become one",
        debian("RUN make") + "FROM debian:12\nRUN make install\n",
        debian("RUN make && make install"),
        REGROUP,
    ),
    Case("a RUN moves to another stage", BUILD + debian("RUN make"), BUILD + "RUN make\nFROM debian:12\n", REGROUP),
    Case(
        "a RUN moves from a child stage to its parent",
        "FROM debian:12 AS a\nRUN make\nFROM a\nRUN make install\n",
        "FROM debian:12 AS a\nRUN make && make install\nFROM a\n",
        REGROUP,
    ),
    Case(
        "a stage is built from the image and not from the stage of that name",
        "FROM debian:12 AS base\nRUN make\nFROM base\nRUN make install\n",
        "FROM debian:12 AS base\nRUN make\nFROM debian:12\nRUN make install\n",
        REGROUP,
    ),
    Case(
        "the ARG of the FROM line has another default",
        "ARG V=12\nFROM debian:$V\nRUN make\n",
        "ARG V=11\nFROM debian:$V\nRUN make\n",
        REGROUP,
    ),
    Case(
        "the ARG of the FROM line is dropped",
        "ARG V=12\nFROM debian:$V\nRUN make\n",
        "FROM debian:$V\nRUN make\n",
        REGROUP,
    ),
    Case(
        "the ARG of the FROM line is written out",
        "ARG V=12\nFROM debian:$V\nRUN make\n",
        "ARG V=12\nFROM debian:12\nRUN make\n",
        REGROUP,
    ),
    Case("a FROM line is lost and BuildKit refuses the file", debian("RUN make"), "RUN make\n", REGROUP),
    Case(
        "an instruction gets a name that BuildKit does not know",
        debian("RUN make", "RUN make install"),
        debian("RUM make && make install"),
        REGROUP,
    ),
    Case("nothing is left", debian("RUN make"), "", REGROUP),
]

CONFIGURATION = [
    lines("an ENV has another value", ["ENV A=1", "RUN make"], ["ENV A=2", "RUN make"]),
    lines("an ENV has another name", ["ENV A=1", "RUN make"], ["ENV B=1", "RUN make"]),
    lines("an ENV is lost", ["ENV A=1", "RUN make"], ["RUN make"]),
    lines("an ENV is added", ["RUN make"], ["ENV A=1", "RUN make"]),
    lines("an ENV that refers to the one before is put on its line", ["ENV A=1", "ENV B=$A"], ["ENV A=1 B=$A"]),
    lines("an ENV loses its quotes", ['ENV A="1 B=2"'], ["ENV A=1 B=2"]),
    lines("an ENV expands", [r"ENV A=\$HOME"], ["ENV A=$HOME"]),
    lines("an ENV becomes an ARG", ["ENV A=1", "RUN make"], ["ARG A=1", "RUN make"]),
    lines("an ENV becomes an export in the RUN", ["ENV A=1", "RUN make"], ["RUN export A=1 && make"]),
    lines("an ARG has another default", ["ARG A=1", "RUN make"], ["ARG A=2", "RUN make"]),
    lines("an ARG loses its default", ["ARG A=1", "RUN make"], ["ARG A", "RUN make"]),
    lines("an ARG is lost", ["ARG A=1", "RUN make"], ["RUN make"]),
    lines("a CMD is another", ["CMD server"], ["CMD server -d"]),
    lines("a CMD is lost", ["RUN make", "CMD server"], ["RUN make"]),
    lines("a CMD becomes a RUN", ["CMD server"], ["RUN server"]),
    lines("a CMD is joined to the RUN", ["RUN make", "CMD server"], ["RUN make && server"]),
    lines("an ENTRYPOINT is another", ['ENTRYPOINT ["a"]'], ['ENTRYPOINT ["b"]']),
    lines("an ENTRYPOINT is lost", ['ENTRYPOINT ["a"]', "CMD b"], ["CMD b"]),
    lines("a USER is another", ["USER app", "RUN make"], ["USER root", "RUN make"]),
    lines("a USER is lost at the end", ["RUN make", "USER app"], ["RUN make"]),
    lines("a WORKDIR is another", ["WORKDIR /a", "RUN make"], ["WORKDIR /b", "RUN make"]),
    lines("a WORKDIR becomes a cd", ["WORKDIR /a", "RUN make"], ["RUN cd /a && make"]),
    lines("a WORKDIR is lost at the end", ["RUN make", "WORKDIR /a"], ["RUN make"]),
    lines("a relative WORKDIR is taken twice", ["WORKDIR a", "RUN make"], ["WORKDIR a", "WORKDIR a", "RUN make"]),
    lines("a LABEL is another", ['LABEL a="1"'], ['LABEL a="2"']),
    lines("a LABEL is lost", ["LABEL a=1", "RUN make"], ["RUN make"]),
    lines("a MAINTAINER is lost", ["MAINTAINER me", "RUN make"], ["RUN make"]),
    lines("an EXPOSE is another", ["EXPOSE 80"], ["EXPOSE 81"]),
    lines("an EXPOSE has another protocol", ["EXPOSE 53/udp"], ["EXPOSE 53"]),
    lines("a VOLUME is lost", ["VOLUME /data"], []),
    lines("a VOLUME is another", ["VOLUME /data"], ["VOLUME /date"]),
    lines("a SHELL is another", [BASH, "RUN make"], ['SHELL ["/bin/sh", "-c"]', "RUN make"]),
    lines("a SHELL is lost", [BASH, "RUN make"], ["RUN make"]),
    lines("a SHELL loses pipefail", ['SHELL ["/bin/bash", "-o", "pipefail", "-c"]', "RUN a | b"], [BASH, "RUN a | b"]),
    lines("a SHELL that only CMD uses is lost", ["RUN make", BASH, "CMD server"], ["RUN make", "CMD server"]),
    lines("a HEALTHCHECK is another", ["HEALTHCHECK CMD curl localhost"], ["HEALTHCHECK CMD curl host"]),
    lines(
        "a HEALTHCHECK has another interval",
        ["HEALTHCHECK --interval=5s CMD true"],
        ["HEALTHCHECK --interval=9s CMD true"],
    ),
    lines("a HEALTHCHECK is lost", ["HEALTHCHECK NONE", "RUN make"], ["RUN make"]),
    lines("a STOPSIGNAL is another", ["STOPSIGNAL SIGTERM"], ["STOPSIGNAL SIGINT"]),
    lines("an ONBUILD is another", ["ONBUILD RUN make"], ["ONBUILD RUN make install"]),
    lines("an ONBUILD is lost", ["ONBUILD RUN make", "RUN make"], ["RUN make"]),
    lines(
        "two ONBUILDs are merged",
        ["ONBUILD RUN make", "ONBUILD RUN make install"],
        ["ONBUILD RUN make && make install"],
    ),
    lines("an ONBUILD is joined to a RUN", ["RUN make", "ONBUILD RUN make install"], ["RUN make && make install"]),
    lines("a RUN becomes an ONBUILD", ["RUN make"], ["ONBUILD RUN make"]),
    lines("a COPY has another source", ["COPY a /d/"], ["COPY b /d/"]),
    lines("a COPY has another destination", ["COPY a /d/"], ["COPY a /e/"]),
    lines("a COPY loses the slash of its destination", ["COPY a /d/"], ["COPY a /d"]),
    lines("a COPY has another owner", ["COPY --chown=1:1 a /d/"], ["COPY --chown=2:2 a /d/"]),
    lines("a COPY loses its mode", ["COPY --chmod=755 a /d/"], ["COPY a /d/"]),
    lines("a COPY comes from elsewhere", ["COPY --from=nginx /a /d/"], ["COPY --from=httpd /a /d/"]),
    lines("a COPY becomes an ADD", ["COPY a.tar /d/"], ["ADD a.tar /d/"]),
    lines("an ADD becomes a COPY", ["ADD a.tar /d/"], ["COPY a.tar /d/"]),
    lines("a COPY is lost", ["COPY a /d/", "RUN make"], ["RUN make"]),
    lines("two COPYs change places", ["COPY a /d/", "COPY b /d/"], ["COPY b /d/", "COPY a /d/"]),
    lines("an ADD loses its checksum", ["ADD --checksum=sha256:00 https://e.org/a /a"], ["ADD https://e.org/a /a"]),
]

MOVES = [
    lines("an ARG moves below a RUN", ["ARG SHA=1", "RUN make"], ["RUN make", "ARG SHA=1"]),
    lines("an ARG moves above a RUN", ["RUN make", "ARG SHA=1"], ["ARG SHA=1", "RUN make"]),
    lines("an ENV moves below a RUN", ["ENV A=1", "RUN make"], ["RUN make", "ENV A=1"]),
    lines("an ENV moves above a RUN", ["RUN make", "ENV A=1"], ["ENV A=1", "RUN make"]),
    lines("an ENV moves above the ARG that it expands", ["ARG V=1", "ENV A=$V"], ["ENV A=$V", "ARG V=1"]),
    lines("a USER moves above a RUN", ["RUN make", "USER app"], ["USER app", "RUN make"]),
    lines("a USER moves below a RUN", ["USER app", "RUN make"], ["RUN make", "USER app"]),
    lines("a WORKDIR moves above a RUN", ["RUN make", "WORKDIR /a"], ["WORKDIR /a", "RUN make"]),
    lines("a WORKDIR moves below a COPY", ["WORKDIR /a", "COPY a ."], ["COPY a .", "WORKDIR /a"]),
    lines("a COPY moves below a RUN", ["COPY a /d/", "RUN make"], ["RUN make", "COPY a /d/"]),
    lines("a COPY moves above a RUN", ["RUN make", "COPY a /d/"], ["COPY a /d/", "RUN make"]),
    lines("an ADD moves above a RUN", ["RUN make", "ADD a /d/"], ["ADD a /d/", "RUN make"]),
    lines("a SHELL moves below a RUN", [BASH, "RUN make"], ["RUN make", BASH]),
    lines(
        "a VOLUME moves above a RUN that writes there",
        ["RUN touch /data/x", "VOLUME /data"],
        ["VOLUME /data", "RUN touch /data/x"],
    ),
    lines("two RUNs change places", ["RUN make", "RUN make install"], ["RUN make install", "RUN make"]),
    lines("a RUN is lost", ["RUN make", "RUN make install"], ["RUN make install"]),
    lines("a RUN is repeated", ["RUN make"], ["RUN make", "RUN make"]),
    *(
        case
        for name, barrier in {
            "an ENV": "ENV A=1",
            "an ARG": "ARG A=1",
            "a USER": "USER app",
            "a WORKDIR": "WORKDIR /a",
            "a SHELL": BASH,
            "a COPY": "COPY a /d/",
            "an ADD": "ADD a /d/",
            "a VOLUME": "VOLUME /data",
        }.items()
        for case in [
            lines(
                f"RUNs are merged over {name}, which comes last",
                ["RUN make", barrier, "RUN make install > /data/log"],
                ["RUN make && make install > /data/log", barrier],
            ),
            lines(
                f"RUNs are merged over {name}, which comes first",
                ["RUN make > /data/log", barrier, "RUN make install"],
                [barrier, "RUN make > /data/log && make install"],
            ),
        ]
    ),
    lines(
        "RUNs are merged over an ENV that is lost",
        ["RUN make", "ENV A=1", "RUN make install"],
        ["RUN make && make install"],
    ),
    lines(
        "RUNs are merged over a COPY that is lost",
        ["RUN make", "COPY a /d/", "RUN make install"],
        ["RUN make && make install"],
    ),
    lines(
        "an ENV between two RUNs becomes an export",
        ["RUN make", "ENV A=1", "RUN make install"],
        ["RUN make && export A=1 && make install"],
    ),
]

UNLICENSED = [
    Case(
        "RUNs are merged without a licence",
        debian("RUN make", "RUN make install"),
        debian("RUN make && make install"),
        (),
    ),
    Case(
        "RUNs are merged with the licence to append",
        debian("RUN make", "RUN make install"),
        debian("RUN make && make install"),
        APPEND,
    ),
    Case("a command is appended without a licence", debian(f"RUN {GET}"), debian(f"RUN {GET} && {LISTS}"), ()),
    Case(
        "a command is appended with the licence to regroup",
        debian(f"RUN {GET}"),
        debian(f"RUN {GET} && {LISTS}"),
        REGROUP,
    ),
    Case("a command is appended with the licence to drop", debian(f"RUN {GET}"), debian(f"RUN {GET} && {LISTS}"), DROP),
    Case(
        "a refresh is dropped without a licence",
        debian(f"RUN {GET} && {LISTS} && apt-get update && apt-get install -y git"),
        debian(f"RUN {GET} && apt-get install -y git"),
        (),
    ),
    Case(
        "a refresh is dropped with the licence to regroup",
        debian(f"RUN {GET} && {LISTS} && apt-get update && apt-get install -y git"),
        debian(f"RUN {GET} && apt-get install -y git"),
        REGROUP,
    ),
    Case("an ENV is changed without a licence", debian("ENV A=1"), debian("ENV A=2"), ()),
    Case(
        "a licence to append what is no known cleanup",
        debian(f"RUN {GET}"),
        debian(f"RUN {GET} && rm -rf /srv"),
        (AppendCommand(b"rm -rf /srv"),),
    ),
    Case(
        "a licence to append a command of the user's",
        debian(f"RUN {GET}"),
        debian(f"RUN {GET} && make"),
        (AppendCommand(b"make"),),
    ),
    Case(
        "a licence to append two commands at once",
        debian(f"RUN {GET}"),
        debian(f"RUN {GET} && {LISTS} && make"),
        (AppendCommand(f"{LISTS} && make".encode()),),
    ),
]

APPENDED = [
    append("another command is appended", GET, f"{GET} && apt-get purge -y curl"),
    append("more than the cleanup is removed", GET, f"{GET} && {LISTS} /tmp/*"),
    append("the folder itself is removed", GET, f"{GET} && rm -rf /var/lib/apt/lists"),
    append("the parent folder is removed", GET, f"{GET} && rm -rf /var/lib/apt/*"),
    append("the glob is quoted", GET, f"{GET} && rm -rf '/var/lib/apt/lists/*'"),
    append("the cleanup comes before the install", GET, f"apt-get update && {LISTS} && apt-get install -y curl"),
    append("the cleanup comes before the update", GET, f"{LISTS} && {GET}"),
    append("the cleanup runs only after a failure", GET, f"{GET} || {LISTS}"),
    append("the cleanup forgives a failure", GET, f"{GET}; {LISTS}"),
    append("the cleanup runs beside the install", GET, f"{GET} & {LISTS}"),
    append("the cleanup runs behind the RUN", GET, f"{GET} && {LISTS} &"),
    append("the cleanup reads from the install", GET, f"{GET} | {LISTS}"),
    append("the cleanup's failure is forgiven, and the install's too", GET, f"{GET} && {LISTS} || true"),
    append("the cleanup is appended twice", GET, f"{GET} && {LISTS} && {LISTS}"),
    append("the cleanup has a redirect", GET, f"{GET} && {LISTS} > /log"),
    append("the cleanup has a variable", GET, f"{GET} && A=1 {LISTS}"),
    append("the cleanup is negated", GET, f"{GET} && ! {LISTS}"),
    append(
        "the cleanup runs in one branch only",
        f"if test -f /x; then {GET}; fi",
        f"if test -f /x; then {GET} && {LISTS}; fi",
    ),
    append(
        "the cleanup runs in every round of a loop",
        f"for i in a b; do {GET}; done",
        f"for i in a b; do {GET} && {LISTS}; done",
    ),
    append("the cleanup runs behind a test", GET, f"{GET} && test -f /x && {LISTS}"),
    append(
        "the cleanup runs behind a list that may have failed",
        "apt-get update; apt-get install -y curl",
        f"apt-get update; apt-get install -y curl; {LISTS}",
    ),
    append("the cleanup is in a function that nobody calls", GET, f"{GET} && f() {{ {LISTS}; }}"),
    append("the cleanup is appended and two commands change places", f"make && {GET}", f"{GET} && make && {LISTS}"),
    append(
        "the cleanup is appended and a word is changed", GET, f"apt-get update && apt-get install -y wget && {LISTS}"
    ),
    append("the cleanup is appended and a command is lost", f"{GET} && make", f"{GET} && {LISTS}"),
    append("the cleanup is appended and && becomes ;", GET, f"apt-get update; apt-get install -y curl && {LISTS}"),
    append("the cleanup is inside a quoted script", "sh -c 'apt-get update'", f"sh -c 'apt-get update && {LISTS}'"),
    append("the cleanup is inside a substitution", "echo $(apt-get update)", f"echo $(apt-get update && {LISTS})"),
    append("the cleanup is swallowed by a comment", f"{GET} # tools", f"{GET} # tools && {LISTS}"),
    append(
        "the cleanup takes errexit away from the whole script",
        "set -e; apt-get update; apt-get install -y curl; make",
        f"( set -e; apt-get update; apt-get install -y curl; make ) && {LISTS}",
    ),
    append(
        "the cleanup takes errexit away from a group",
        f"set -e; {{ {GET}; make; }}",
        f"set -e; {{ {GET}; make; }} && {LISTS}",
    ),
    append(
        "the cleanup takes errexit away from a loop",
        "set -e; apt-get update; for p in a b; do apt-get install -y $p; done",
        f"set -e; apt-get update; for p in a b; do apt-get install -y $p; done && {LISTS}",
    ),
    append(
        "the cleanup takes errexit away from a group of braces",
        "set -e; apt-get update; apt-get install -y curl",
        f"{{ set -e; apt-get update; apt-get install -y curl; }} && {LISTS}",
    ),
    append(
        "errexit is added along with the cleanup",
        "apt-get update; apt-get install -y curl",
        f"set -e; apt-get update; apt-get install -y curl; {LISTS}",
    ),
    append(
        "the cleanup goes where errexit was switched off",
        "set -e; apt-get update; set +e; apt-get install -y curl",
        f"set -e; apt-get update; set +e; apt-get install -y curl; {LISTS}",
    ),
    # Errexit passes over a compound command that ends in a failure which was itself ignored; the RUN fails only
    # because it is the last command. A subshell, a pipeline and a function are not passed over.
    *(
        append(
            f"the cleanup forgives {name} that errexit passes over",
            f"set -e; {GET}; {last}",
            f"set -e; {GET}; {last}; {LISTS}",
        )
        for name, last in {
            "a for loop": "for f in a b; do test -f $f && apt-get install -y $f; done",
            "a while loop": "while read f; do test -f $f && apt-get install -y $f; done < /list",
            "a case": "case a in a) test -f /x && apt-get install -y git;; esac",
            "an if": "if true; then test -f /x && apt-get install -y git; fi",
            "a group": "{ test -f /x && apt-get install -y git; }",
            "a group with a redirect": "{ test -f /x && apt-get install -y git; } > /log",
            "a negation in a group with a redirect": "{ ! apt-get check; } > /log",
            "a negation": "! apt-get check",
            "an && list": "test -f /x && apt-get install -y git",
        }.items()
    ),
    Case(
        "errexit from SHELL is taken away by the cleanup",
        debian(ERREXIT, f"RUN {{ {GET}; make; }}"),
        debian(ERREXIT, f"RUN {{ {GET}; make; }} && {LISTS}"),
        APPEND,
    ),
    Case(
        "a later RUN installs without update",
        debian(f"RUN {GET}", "RUN apt-get install -y git"),
        debian(f"RUN {GET} && {LISTS}", "RUN apt-get install -y git"),
        APPEND,
    ),
    Case(
        "a later RUN asks the lists",
        debian(f"RUN {GET}", "RUN apt-cache policy git"),
        debian(f"RUN {GET} && {LISTS}", "RUN apt-cache policy git"),
        APPEND,
    ),
    Case(
        "a later RUN builds a source package",
        debian(f"RUN {GET}", "RUN apt-get build-dep -y git"),
        debian(f"RUN {GET} && {LISTS}", "RUN apt-get build-dep -y git"),
        APPEND,
    ),
    Case(
        "a later RUN installs behind another command",
        debian(f"RUN {GET}", "USER root", "RUN make && apt-get -qq install -y git"),
        debian(f"RUN {GET} && {LISTS}", "USER root", "RUN make && apt-get -qq install -y git"),
        APPEND,
    ),
    Case(
        "a later RUN installs by apt",
        debian(f"RUN {GET}", "RUN apt install -y git"),
        debian(f"RUN {GET} && {LISTS}", "RUN apt install -y git"),
        APPEND,
    ),
    Case(
        "a later RUN updates too late",
        debian(f"RUN {GET}", "RUN apt-get install -y git && apt-get update"),
        debian(f"RUN {GET} && {LISTS}", "RUN apt-get install -y git && apt-get update"),
        APPEND,
    ),
    Case(
        "a later RUN may not update",
        debian(f"RUN {GET}", "RUN (test -f /x && apt-get update); apt-get install -y git"),
        debian(f"RUN {GET} && {LISTS}", "RUN (test -f /x && apt-get update); apt-get install -y git"),
        APPEND,
    ),
    Case(
        "a child stage installs without update",
        f"FROM debian:12 AS a\nRUN {GET}\nFROM a\nRUN apt-get install -y git\n",
        f"FROM debian:12 AS a\nRUN {GET} && {LISTS}\nFROM a\nRUN apt-get install -y git\n",
        APPEND,
    ),
    Case(
        "an ONBUILD installs without update",
        debian(f"RUN {GET}", "ONBUILD RUN apt-get install -y git"),
        debian(f"RUN {GET} && {LISTS}", "ONBUILD RUN apt-get install -y git"),
        APPEND,
    ),
    Case(
        "the lists are a cache mount",
        debian(f"RUN --mount=type=cache,target=/var/lib/apt/lists {GET}"),
        debian(f"RUN --mount=type=cache,target=/var/lib/apt/lists {GET} && {LISTS}"),
        APPEND,
    ),
    Case("the cleanup becomes a RUN of its own", debian(f"RUN {GET}"), debian(f"RUN {GET}", f"RUN {LISTS}"), APPEND),
    Case(
        "the cleanup is appended and an ENV is changed",
        debian(f"RUN {GET}", "ENV A=1"),
        debian(f"RUN {GET} && {LISTS}", "ENV A=2"),
        APPEND,
    ),
    Case(
        "the cleanup is appended and a comment is lost",
        debian("# tools", f"RUN {GET}"),
        debian(f"RUN {GET} && {LISTS}"),
        APPEND,
    ),
    Case(
        "the cleanup is appended and RUNs are merged",
        debian("RUN make", f"RUN {GET}"),
        debian(f"RUN make && {GET} && {LISTS}"),
        APPEND,
    ),
    Case(
        "the cleanup is put behind a heredoc",
        debian("RUN <<EOF", "apt-get update", "EOF"),
        debian("RUN <<EOF", "apt-get update", LISTS, "EOF"),
        APPEND,
    ),
    Case(
        "the cleanup is put on the opening line of a heredoc",
        debian("RUN <<EOF", "apt-get update", "EOF"),
        debian(f"RUN <<EOF && {LISTS}", "apt-get update", "EOF"),
        APPEND,
    ),
    Case(
        "the cleanup is put into an exec form",
        debian('RUN ["apt-get", "update"]'),
        debian(f'RUN ["apt-get", "update", "&&", "{LISTS}"]'),
        APPEND,
    ),
    Case(
        "the cleanup is put behind CMD", debian("CMD apt-get update"), debian(f"CMD apt-get update && {LISTS}"), APPEND
    ),
    Case(
        "the cleanup is put behind an ONBUILD",
        debian(f"ONBUILD RUN {GET}"),
        debian(f"ONBUILD RUN {GET} && {LISTS}"),
        APPEND,
    ),
]

AGAIN = "apt-get update && apt-get install -y git"
DROPPED = [
    drop(
        "the refresh follows a repository",
        f"{GET} && {LISTS} && echo deb http://e.org/ x main > /etc/apt/sources.list.d/x.list && {AGAIN}",
        f"{GET} && echo deb http://e.org/ x main > /etc/apt/sources.list.d/x.list && apt-get install -y git",
    ),
    drop(
        "the cleanup and the refresh follow a repository",
        f"{GET} && echo deb http://e.org/ x main > /etc/apt/sources.list.d/x.list && {LISTS} && {AGAIN}",
        f"{GET} && echo deb http://e.org/ x main > /etc/apt/sources.list.d/x.list && apt-get install -y git",
    ),
    drop(
        "the refresh follows a tool that adds repositories",
        f"{GET} && add-apt-repository ppa:x/y && {LISTS} && {AGAIN}",
        f"{GET} && add-apt-repository ppa:x/y && apt-get install -y git",
    ),
    drop(
        "the refresh follows an edit of the sources",
        f"{GET} && sed -i s/main/contrib/ /etc/apt/sources.list && {LISTS} && {AGAIN}",
        f"{GET} && sed -i s/main/contrib/ /etc/apt/sources.list && apt-get install -y git",
    ),
    drop(
        "the refresh follows a script from the network",
        f"{GET} && curl https://e.org/setup | bash - && {LISTS} && {AGAIN}",
        f"{GET} && curl https://e.org/setup | bash - && apt-get install -y git",
    ),
    drop(
        "the refresh follows a repository's package",
        f"{GET} && dpkg -i /repo.deb && {LISTS} && {AGAIN}",
        f"{GET} && dpkg -i /repo.deb && apt-get install -y git",
    ),
    drop(
        "the refresh follows a new architecture",
        f"{GET} && dpkg --add-architecture i386 && {LISTS} && {AGAIN}",
        f"{GET} && dpkg --add-architecture i386 && apt-get install -y git",
    ),
    drop(
        "the refresh follows a script that is not known",
        f"{GET} && ./prepare.sh && {LISTS} && {AGAIN}",
        f"{GET} && ./prepare.sh && apt-get install -y git",
    ),
    drop("there was no update before", f"make && {LISTS} && {AGAIN}", "make && apt-get install -y git"),
    drop(
        "the first update is dropped",
        f"apt-get update && apt-get install -y curl && {LISTS}",
        f"apt-get install -y curl && {LISTS}",
    ),
    drop(
        "the update is dropped, the cleanup stays",
        f"{GET} && {LISTS} && {AGAIN}",
        f"{GET} && {LISTS} && apt-get install -y git",
    ),
    drop("a cleanup at the end is dropped", f"{GET} && {LISTS}", GET),
    drop("the cleanup removed more", f"{GET} && {LISTS} /tmp/x && {AGAIN}", f"{GET} && apt-get install -y git"),
    drop("an install is dropped along", f"{GET} && {LISTS} && {AGAIN}", GET),
    drop(
        "the update had options",
        f"{GET} && {LISTS} && apt-get update -o Dir::Etc::sourcelist=/x && apt-get install -y git",
        f"{GET} && apt-get install -y git",
    ),
    drop(
        "the update was in a branch",
        f"{GET} && {LISTS} && if test -f /x; then apt-get update; fi; apt-get install -y git",
        f"{GET} && if test -f /x; then true; fi; apt-get install -y git",
    ),
    drop(
        "the update's failure was forgiven",
        f"{GET} && {LISTS} && {{ apt-get update || true; }} && apt-get install -y git",
        f"{GET} && apt-get install -y git",
    ),
    drop(
        "the update before may have failed",
        f"apt-get update; {LISTS}; {AGAIN}",
        "apt-get update; apt-get install -y git",
    ),
    Case(
        "the cleanup and the refresh are in two RUNs",
        debian(f"RUN {GET} && {LISTS}", f"RUN {AGAIN}"),
        debian(f"RUN {GET}", "RUN apt-get install -y git"),
        DROP,
    ),
    Case(
        "the refresh follows a COPY",
        debian(f"RUN {GET} && {LISTS}", "COPY x.list /etc/apt/sources.list.d/", f"RUN {AGAIN}"),
        debian(f"RUN {GET}", "COPY x.list /etc/apt/sources.list.d/", "RUN apt-get install -y git"),
        (*REGROUP, *DROP),
    ),
    drop(
        "another manager's update is dropped",
        "apk update && apk add curl && rm -rf /var/cache/apk/* && apk update && apk add git",
        "apk update && apk add curl && apk add git",
    ),
]

WRONG: list[Case] = [
    *PROCESS_STATE,
    *ERREXIT_CASES,
    *SHELL_TEXT,
    *SPLITS,
    *FLAGS,
    *FORMS,
    *HEREDOCS,
    *COMMENTS,
    *STAGES,
    *CONFIGURATION,
    *MOVES,
    *UNLICENSED,
    *APPENDED,
    *DROPPED,
]

RIGHT: list[Case] = [
    merge("two commands become an && list", "make", "make install", "make && make install"),
    merge("two commands become an && list over two lines", "make", "make install", "make \\\n    && make install"),
    merge(
        "two commands become an && list with the sign at the end",
        "make",
        "make install",
        "make && \\\n    make install",
    ),
    lines("three RUNs become one", ["RUN a", "RUN b && c", "RUN d"], ["RUN a \\", "    && b && c \\", "    && d"]),
    merge("cd stays in a subshell", "cd /opt && make", "make install", "(cd /opt && make) && make install"),
    merge("umask stays in a subshell", "umask 077; touch /a", "touch /b", "( umask 077; touch /a ) && touch /b"),
    merge(
        "export stays in a subshell",
        "export CC=clang && make",
        "make install",
        "(export CC=clang && make) \\\n    && make install",
    ),
    merge("a variable stays in a subshell", "v=1; echo $v", 'echo "$v"', '(v=1; echo $v) && echo "$v"'),
    merge("a function stays in a subshell", "f() { make; }; f", "f", "(f() { make; }; f) && f"),
    merge(
        "a trap stays in a subshell",
        "trap 'rm -f /x' EXIT; make",
        "make install",
        "(trap 'rm -f /x' EXIT; make) && make install",
    ),
    merge(
        "exit 0 stays in a subshell",
        "test -f /x && exit 0; make",
        "make install",
        "(test -f /x && exit 0; make) && make install",
    ),
    merge(
        "the command hash stays in a subshell",
        "pip3 install --upgrade pip",
        "pip3 install flask",
        "(pip3 install --upgrade pip) && pip3 install flask",
    ),
    merge(
        "a leak on the right of the last side needs no subshell",
        "make",
        "cd /opt && make install",
        "make && cd /opt && make install",
    ),
    merge("x || true on the right is grouped", "make", "make check || true", "make && { make check || true; }"),
    merge(
        "x || true on the right is put in a subshell", "make", "make check || true", "make && ( make check || true )"
    ),
    merge(
        "x; y on the right is grouped",
        "make",
        "make check; make install",
        "make \\\n    && { make check; make install; }",
    ),
    merge(
        "x || y on the left needs no group", "make || make again", "make install", "make || make again && make install"
    ),
    merge(
        "a non-zero exit on the right is grouped", "make", "test -f /x || exit 1", "make && { test -f /x || exit 1; }"
    ),
    merge("a semicolon at the end of the left side goes", "make;", "make install", "make && make install"),
    merge(
        "an if on the right needs no group",
        "make",
        "if test -f /x; then make install; fi",
        "make && if test -f /x; then make install; fi",
    ),
    merge(
        "a for loop on the right needs no group",
        "make",
        "for i in 1 2; do make $i; done",
        "make && for i in 1 2; do make $i; done",
    ),
    merge("a pipeline on the right needs no group", "make", "make check | tee /log", "make && make check | tee /log"),
    merge("a redirect stays with its command", "echo a > /a", "echo b > /b", "echo a > /a && echo b > /b"),
    merge("a negation on the right needs no group", "make", "! grep x /f", "make && ! grep x /f"),
    merge("single commands under SHELL -e", "make", "make install", "make && make install", ERREXIT),
    merge(
        "errexit on the right stays in its group at the end",
        "make",
        "set -e; make check; make install",
        "make && { set -e; make check; make install; }",
    ),
    merge(
        "pipefail from SHELL holds in both",
        "a | b",
        "c | d",
        "a | b && c | d",
        'SHELL ["/bin/bash", "-o", "pipefail", "-c"]',
    ),
    lines(
        "equal mounts are kept",
        ["RUN --mount=type=cache,target=/c make", "RUN --mount=type=cache,target=/c make install"],
        ["RUN --mount=type=cache,target=/c make && make install"],
    ),
    lines(
        "a comment between two RUNs goes into the continuation",
        ["RUN make", "# to /usr", "RUN make install"],
        ["RUN make \\", "    # to /usr", "    && make install"],
    ),
    lines(
        "comments and blank lines between go into the continuation",
        ["RUN make", "", "# to", "", "  # /usr", "RUN make install"],
        ["RUN make \\", "    # to", "    # /usr", "    && make install"],
    ),
    lines(
        "a comment inside the left continuation stays",
        ["RUN a \\", "  # then", "  && b", "RUN c"],
        ["RUN a \\", "  # then", "  && b \\", "  && c"],
    ),
    lines(
        "RUNs on both sides of an ENV are merged apart",
        ["RUN a", "RUN b", "ENV A=1", "RUN c", "RUN d"],
        ["RUN a && b", "ENV A=1", "RUN c && d"],
    ),
    lines(
        "a chain between other instructions is merged",
        ["COPY a /a", "RUN make", "RUN make install", "USER app", "CMD server"],
        ["COPY a /a", "RUN make && make install", "USER app", "CMD server"],
    ),
    lines(
        "a heredoc beside the chain stays",
        ["COPY <<EOF /f", "a", "EOF", "RUN make", "RUN make install"],
        ["COPY <<EOF /f", "a", "EOF", "RUN make && make install"],
    ),
    lines("one RUN is split where nothing leaks", ["RUN make && make install"], ["RUN make", "RUN make install"]),
    Case(
        "a chain in the second stage is merged",
        BUILD + debian("COPY --from=build /app /", "RUN a", "RUN b"),
        BUILD + debian("COPY --from=build /app /", "RUN a && b"),
        REGROUP,
    ),
    Case(
        "a chain in a named stage with directives is merged",
        "# syntax=docker/dockerfile:1\nFROM debian:12 AS app\nRUN a\nRUN b\n",
        "# syntax=docker/dockerfile:1\nFROM debian:12 AS app\nRUN a && b\n",
        REGROUP,
    ),
    Case(
        "a chain with CRLF is merged",
        "FROM debian:12\r\nRUN a\r\n# why\r\nRUN b\r\n",
        "FROM debian:12\r\nRUN a \\\r\n    # why\r\n    && b\r\n",
        REGROUP,
    ),
    Case(
        "a chain without a final newline is merged",
        "FROM debian:12\nRUN a\nRUN b",
        "FROM debian:12\nRUN a \\\n    && b",
        REGROUP,
    ),
    Case(
        "a chain behind a BOM is merged",
        "\ufeffFROM debian:12\nRUN a\nRUN b\n",
        "\ufeffFROM debian:12\nRUN a && b\n",
        REGROUP,
    ),
    Case(
        "a chain with a backquote as escape character is merged",
        "# escape=`\nFROM debian:12\nRUN a\nRUN b\n",
        "# escape=`\nFROM debian:12\nRUN a `\n    && b\n",
        REGROUP,
    ),
    Case(
        "a chain in small letters is merged", "from debian:12\nrun a\nrun b\n", "from debian:12\nrun a && b\n", REGROUP
    ),
    Case("a list cleanup is appended", debian(f"RUN {GET}"), debian(f"RUN {GET} && {LISTS}"), APPEND),
    Case(
        "a list cleanup is appended on its own line",
        debian("RUN apt-get update \\", "    && apt-get install -y curl"),
        debian("RUN apt-get update \\", "    && apt-get install -y curl \\", f"    && {LISTS}"),
        APPEND,
    ),
    Case(
        "a list cleanup is appended behind other commands",
        debian(f"RUN {GET} && make"),
        debian(f"RUN {GET} && make && {LISTS}"),
        APPEND,
    ),
    Case(
        "a list cleanup is appended to a grouped ||",
        debian(f"RUN {GET} || true"),
        debian(f"RUN {{ {GET} || true; }} && {LISTS}"),
        APPEND,
    ),
    Case(
        "a list cleanup is appended by ; under errexit",
        debian("RUN set -e; apt-get update; apt-get install -y curl"),
        debian(f"RUN set -e; apt-get update; apt-get install -y curl; {LISTS}"),
        APPEND,
    ),
    Case(
        "a list cleanup is appended by ; behind a subshell that errexit heeds",
        debian(f"RUN set -e; {GET}; (test -f /x && apt-get install -y git)"),
        debian(f"RUN set -e; {GET}; (test -f /x && apt-get install -y git); {LISTS}"),
        APPEND,
    ),
    Case(
        "a list cleanup is appended before a RUN that updates",
        debian(f"RUN {GET}", "RUN apt-get update && apt-get install -y git"),
        debian(f"RUN {GET} && {LISTS}", "RUN apt-get update && apt-get install -y git"),
        APPEND,
    ),
    Case(
        "a list cleanup is appended before a RUN that installs nothing",
        debian(f"RUN {GET}", "RUN curl -V"),
        debian(f"RUN {GET} && {LISTS}", "RUN curl -V"),
        APPEND,
    ),
    Case(
        "RUNs are merged and the cleanup is appended",
        debian("RUN apt-get update", "RUN apt-get install -y curl"),
        debian("RUN apt-get update \\", "    && apt-get install -y curl \\", f"    && {LISTS}"),
        (*REGROUP, *APPEND),
    ),
    Case(
        "an inner cleanup and update are dropped",
        debian(f"RUN {GET} && {LISTS} && {AGAIN} && {LISTS}"),
        debian(f"RUN {GET} && apt-get install -y git && {LISTS}"),
        DROP,
    ),
    Case("a comment is added", debian("RUN make"), debian("# build it", "RUN make"), ()),
    Case(
        "a comment is added inside a continuation",
        debian("RUN a \\", "    && b"),
        debian("RUN a \\", "    # then", "    && b"),
        (),
    ),
    Case("a line is broken", debian("RUN make && make install"), debian("RUN make \\", "    && make install"), ()),
    Case("a blank line is added", debian("RUN make"), debian("", "RUN make"), ()),
]
