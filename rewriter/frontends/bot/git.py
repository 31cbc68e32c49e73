"""The git program as the bot runs it: neither a repository nor this machine's configuration decides what it does."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import IO

from .errors import CloneError, GitFailed
from .origin import Origin, Settings
from .settings import Operator
from .temporary import Temporary

# https://git-scm.com/docs/git-config; given by environment, they outdo what a repository's own configuration says.
_SETTINGS: Settings = (
    ("core.hooksPath", "/dev/null"),  # hooks are programs
    ("core.fsmonitor", "false"),  # it may name a program
    ("core.attributesFile", "/dev/null"),
    ("core.symlinks", "false"),  # links are made when it is known where all of them lead
    ("core.protectHFS", "true"),  # names that are .git for another file system are refused here, too
    ("core.protectNTFS", "true"),
    ("credential.helper", ""),
    ("fetch.unpackLimit", "1"),  # packs are one file, so that the limit on files is one on what is fetched
    ("gc.auto", "0"),
    ("maintenance.auto", "false"),
    # git sends its extra headers wherever it is redirected to.
    ("http.followRedirects", "false"),
    ("http.lowSpeedLimit", "1000"),  # bytes in a second, for the next one's seconds
    ("http.lowSpeedTime", "60"),
    ("pack.threads", "2"),  # several repositories are worked on at once
    ("push.recurseSubmodules", "no"),
    ("submodule.recurse", "false"),
    # What fsck would refuse is harmful only where it is checked out, and read-tree refuses it there, while many a
    # healthy repository has old commits that are merely untidy (a bad time zone): those are not to be refused.
    ("transfer.fsckObjects", "false"),
)
# For git in a repository on this machine that it fetches from: that forgets what the environment says.
_FOR_OTHERS: Settings = (
    ("safe.directory", "*"),  # the operator has named it, and what it could make git run is off
    ("uploadpack.allowFilter", "true"),
    ("uploadpack.allowAnySHA1InWant", "true"),
    ("core.bigFileThreshold", "16m"),  # larger ones are passed on in parts, not held in memory
    # A window is a GB otherwise, more than the limit on memory may leave.
    ("core.packedGitWindowSize", "32m"),
    ("core.packedGitLimit", "256m"),
)
# What says how the network is reached; everything else, GIT_DIR and tokens among it, is left out.
_PASSED = (
    *("PATH", "http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO", "GIT_SSL_CAPATH"),
)
# A limit that the system does not know, or that is lower already, is no reason to fail. Blocks are 512 bytes, as POSIX
# says, and kilobytes. Without the signal git says that a file is too large, with it, it dies without a word. Nothing of
# the arguments is read by the shell.
_LIMITED = 'trap "" XFSZ; ulimit -c 0; ulimit -f "$1"; ulimit -v "$2"; shift 2; exec "$@"'
# Before 2.31 what the environment says of the configuration is passed over, and hooks and filters with it; 2.36 has
# `git worktree list -z`. https://git-scm.com/docs/git-config#Documentation/git-config.txt-GITCONFIGCOUNT
_OLDEST = (2, 36)
_MOST_SAID = 64_000_000  # bytes that are kept of what git prints
_MOST_COMPLAINT = 64_000
_NO_RIGHT = "there is no token, or it has no right to this repository"
# What git says, and what that means, the first that fits.
_MEANINGS = (
    ("could not read Username", _NO_RIGHT),
    ("Authentication failed", _NO_RIGHT),
    ("returned error: 403", _NO_RIGHT),
    ("' not found", "there is no such repository, or the token has no right to it"),
    ("returned error: 30", "its address leads to another one, and a token is not sent there"),
    ("does not appear to be a git repository", "it is not a git repository"),
    ("not a git repository", "it is not a git repository"),
    ("mismatched algorithms", "its objects are named by SHA-256, which the bot cannot read"),
    ("not our ref", "what it names is not there: it was changed meanwhile, or is broken; run again"),
    ("unadvertised object", "its server gives no files by their names, as `uploadpack.allowAnySHA1InWant` has it do"),
    ("from promisor remote", "it is a partial clone, and some of its files are not there; use a whole one"),
    ("File too large", "it is larger than is allowed"),
    ("invalid path", "it has a file whose name git refuses, such as one in .git"),
)


class Git:
    """Runs git; all that it needs besides a repository is in the temporary folder.

    Raises CloneError where git is missing, or too old to be told what it must not do.
    """

    def __init__(self, temporary: Temporary, operator: Operator) -> None:
        program = shutil.which("git")
        if program is None:
            raise CloneError("git is not installed; the bot needs it")
        self._program = program
        self._temporary = temporary
        self._operator = operator
        self.home = os.path.join(temporary.folder, "home")
        os.mkdir(self.home)
        self._configuration = os.path.join(self.home, "gitconfig")
        with open(self._configuration, "w", encoding="ascii") as file:
            for key, value in _FOR_OTHERS:
                section, _, name = key.partition(".")
                file.write(f"[{section}]\n{name} = {value}\n")
        self._check_version()

    def run(
        self,
        folder: str,
        *arguments: str,
        given: bytes = b"",
        origin: Origin | None = None,
        settings: Settings = (),
        environment: Mapping[str, str] | None = None,
    ) -> bytes:
        """What git prints in a folder, with `given` on its standard input. Raises GitFailed, a CloneError.

        With an origin it may talk to that; without one it talks to nobody.
        """
        with self.reading(
            folder, *arguments, given=given, origin=origin, settings=settings, environment=environment
        ) as out:
            said = out.read(_MOST_SAID + 1)
            if len(said) > _MOST_SAID:
                raise CloneError(f"git {arguments[0]} says more than {_MOST_SAID // 1_000_000} MB")
            return said

    @contextmanager
    def reading(
        self,
        folder: str,
        *arguments: str,
        given: bytes = b"",
        origin: Origin | None = None,
        settings: Settings = (),
        environment: Mapping[str, str] | None = None,
    ) -> Iterator[IO[bytes]]:
        """The same to be read as a stream; git is killed where the reader raises."""
        for argument in arguments:
            _check(argument)
        blocks, kilobytes = self._operator.largest // 512, self._operator.memory // 1024
        limits = ["sh", "-c", _LIMITED, "sh", str(blocks), str(kilobytes)]
        command = [*limits, self._program, "--no-pager", "-C", folder, *arguments]
        known = self._environment(folder, origin, (*_SETTINGS, *_FOR_OTHERS, *settings))
        with (
            tempfile.TemporaryFile(dir=self.home) as into,
            tempfile.TemporaryFile(dir=self.home) as complaints,
        ):
            into.write(given)
            into.seek(0)
            process = subprocess.Popen(
                command,
                stdin=into,
                stdout=subprocess.PIPE,
                stderr=complaints,
                cwd=self.home,
                env={**known, **(environment or {})},
                start_new_session=True,
            )
            with self._temporary.working(process.pid), _within(process, self._operator.timeout) as late:
                assert process.stdout is not None  # noqa: S101
                yield process.stdout
                # What is left unread must not block it.
                process.stdout.close()
                status = process.wait()
            complaints.seek(0)
            said = complaints.read(_MOST_COMPLAINT).decode("utf-8", "replace")
        if late.is_set():
            raise CloneError(f"git {arguments[0]} takes longer than {self._operator.timeout:g} s")
        if status:
            said = origin.scrubbed(said) if origin else said
            raise GitFailed(f"git {arguments[0]} fails: {_meaning(said, status)}", status, said)

    def _check_version(self) -> None:
        found = re.match(rb"git version (\d+)\.(\d+)", self.run(self.home, "version"))
        if found is None or (int(found[1]), int(found[2])) < _OLDEST:
            known = "of an unknown version" if found is None else f"{int(found[1])}.{int(found[2])}"
            raise CloneError(f"git {'.'.join(map(str, _OLDEST))} or newer is needed, and this one is {known}")

    def _environment(self, folder: str, origin: Origin | None, settings: Settings) -> dict[str, str]:
        settings = (*settings, *origin.settings) if origin else settings
        known = {name: os.environ[name] for name in _PASSED if name in os.environ}
        known |= {
            "HOME": self.home,
            "LC_ALL": "C",
            "GIT_ALLOW_PROTOCOL": origin.protocol if origin else "",
            "GIT_ATTR_NOSYSTEM": "1",
            # A folder that is no repository is not taken for a part of one further up.
            "GIT_CEILING_DIRECTORIES": os.path.dirname(folder),
            "GIT_CONFIG_GLOBAL": self._configuration,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_COUNT": str(len(settings)),
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_TERMINAL_PROMPT": "0",
            **author(self._operator),
        }
        for at, (key, value) in enumerate(settings):
            known |= {f"GIT_CONFIG_KEY_{at}": key, f"GIT_CONFIG_VALUE_{at}": value}
        return known


def _check(argument: str) -> None:
    """What no program can be given: NUL, and halves of characters, as JSON may have them."""
    try:
        if b"\0" not in os.fsencode(argument):
            return
    except UnicodeEncodeError:
        pass
    raise CloneError(f"{shown(argument)} is not the name of anything in git")


def author(operator: Operator) -> dict[str, str]:
    """The author and committer of the bot's commits, as git is told. Raises CloneError."""
    name, bracket, address = operator.author.removesuffix(">").partition(" <")
    if not name.strip() or not bracket or not address.strip() or any(sign in operator.author for sign in "\0\n"):
        raise CloneError(f"the author of commits must be `Name <address>`, and is {operator.author!r}")
    return {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in _named(name, address)}


def _named(name: str, address: str) -> Iterator[tuple[str, str]]:
    yield "NAME", name
    yield "EMAIL", address


@contextmanager
def _within(process: subprocess.Popen[bytes], seconds: float) -> Iterator[threading.Event]:
    """Kills the process with its whole group when it is late, and when it is not waited for."""
    late = threading.Event()

    def end() -> None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)

    def end_late() -> None:
        late.set()
        end()

    timer = threading.Timer(seconds, end_late)
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()
        if process.returncode is None:
            end()
            process.wait()


def _meaning(said: str, status: int) -> str:
    for part, meaning in _MEANINGS:
        if part in said:
            return meaning
    lines = [line for line in said.splitlines() if line.startswith(("fatal: ", "error: "))] or said.splitlines()
    if not lines:
        return f"it was ended by signal {-status}" if status < 0 else f"it ended with status {status}"
    return shown(lines[0].removeprefix("fatal: ").removeprefix("error: "))


def shown(text: str) -> str:
    """Some words of git as a part of a sentence: short, and without what a terminal would act on."""
    return "".join(sign if sign.isprintable() else "?" for sign in text.strip()[:300]).rstrip(".")
