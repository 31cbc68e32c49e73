r"""Calls of package managers that are written otherwise than their licence lets them: data for test_validator_bites.py."""

from __future__ import annotations

from wrong_rewrites import Case, debian

from dockfix.engine.licences import AppendCommand, ChangeCall, JoinCalls, Licence

FLAG = "--no-install-recommends"


def words(text: str) -> tuple[bytes, ...]:
    return tuple(text.encode().split())


def changed(before: str, after: str) -> tuple[Licence, ...]:
    return (ChangeCall(words(before), words(after)),)


def call(says: str, before: str, after: str) -> Case:
    """A call changed, by a licence that says just what is done."""
    return Case(says, debian(f"RUN {before}"), debian(f"RUN {after}"), changed(before, after))


def join(says: str, first: str, second: str, both: str, joint: str = " && ") -> Case:
    licence = JoinCalls(words(first), words(second), words(both))
    return Case(says, debian(f"RUN {first}{joint}{second}"), debian(f"RUN {both}"), (licence,))


def clean(says: str, before: str, command: str, head: str = "", tail: str = "") -> Case:
    """A cleanup appended; `head` and `tail` are further lines."""
    rest = [tail] if tail else []
    lines = [head] if head else []
    licence = AppendCommand(command.encode())
    return Case(
        says, debian(*lines, f"RUN {before}", *rest), debian(*lines, f"RUN {before} && {command}", *rest), (licence,)
    )


WRONG_CALLS = [
    call("a package more that no rule keeps", "apt-get install -y curl", "apt-get install -y curl git"),
    call("a package less", "apt-get install -y curl git", "apt-get install -y curl"),
    call("another package", "apt-get install -y curl", "apt-get install -y wget"),
    call("a pin is lost", "apt-get install -y curl=7.88.1-10", "apt-get install -y curl"),
    call("an option that no table has", "apt-get install -y curl", "apt-get install -y --force-yes curl"),
    call("an option less", "apt-get install -y -q curl", "apt-get install -y curl"),
    call("recommended packages are asked for", "apt-get install -y curl", "apt-get install -y --install-recommends curl"),
    call("the flag where another one decides", "apt-get install --install-recommends curl",
         f"apt-get install --install-recommends {FLAG} curl"),
    call("the flag in front of the sub-command", "apt-get install -y curl", f"apt-get {FLAG} install -y curl"),
    call("the flag as the value of an option", "apt-get install -t x curl", f"apt-get install -t {FLAG} x curl"),
    call("the flag behind the end of the options", "apt-get install -- curl", f"apt-get install -- {FLAG} curl"),
    call("the flag for a removal", "apt-get remove -y curl", f"apt-get remove -y {FLAG} curl"),
    call("a yes to a simulation", "apt-get install -s curl", "apt-get install -s -y curl"),
    call("a yes where no is said", "apt-get install --assume-no x", "apt-get install --assume-no -y x"),
    call("another sub-command", "apt-get install -y curl", "apt-get reinstall -y curl"),
    call("another program", "apt-get install -y curl", "aptitude install -y curl"),
    call("apt for apt-get", "apt-get install -y curl", "apt install -y curl"),
    call("apt-get for an apt that does something else", "apt full-upgrade -y", "apt-get full-upgrade -y"),
    call("apt-get elsewhere", "apt install -y curl", "/usr/local/bin/apt-get install -y curl"),
    call("sudo is gone", "sudo apt-get install -y curl", f"apt-get install -y {FLAG} curl"),
    call("sudo is new", "apt-get install -y curl", f"sudo apt-get install -y {FLAG} curl"),
    call("another manager's option", "npm install x", "npm install --no-cache-dir x"),
    call("the option of pip for another of its sub-commands", "pip uninstall -y x", "pip uninstall --no-cache-dir -y x"),
    call("the option of pip as a requirement", "pip install -r x", "pip install -r --no-cache-dir x"),
    call("a kept package for pip", "pip install x", "pip install ca-certificates x"),
    call("apk no longer told to update", "apk add --update curl", "apk add curl"),
    call("words that are quoted otherwise", "apt-get install -y 'curl'", f"apt-get install -y {FLAG} curl"),
    call("a command that is no call of a manager", "make all", "make -y all"),
    Case(
        "the licence is for another call",
        debian("RUN apt-get install -y curl && apt-get install -y git"),
        debian(f"RUN apt-get install -y curl && apt-get install -y {FLAG} git"),
        changed("apt-get install -y curl", f"apt-get install -y {FLAG} curl"),
    ),
    Case(
        "only one of two same calls is changed",
        debian("RUN apt-get install -y curl && make && apt-get install -y curl"),
        debian(f"RUN apt-get install -y {FLAG} curl && make && apt-get install -y curl"),
        changed("apt-get install -y curl", f"apt-get install -y {FLAG} curl"),
    ),
    Case(
        "a call is changed and a redirect is lost",
        debian("RUN apt-get install -y curl > /log"),
        debian(f"RUN apt-get install -y {FLAG} curl"),
        changed("apt-get install -y curl", f"apt-get install -y {FLAG} curl"),
    ),
    Case(
        "a call is changed and its failure is forgiven",
        debian("RUN apt-get install -y curl && make"),
        debian(f"RUN apt-get install -y {FLAG} curl; make"),
        changed("apt-get install -y curl", f"apt-get install -y {FLAG} curl"),
    ),
    Case(
        "a call is changed in a loop, whose text is one",
        debian("RUN for p in a b; do apt-get install -y $p; done"),
        debian(f"RUN for p in a b; do apt-get install -y {FLAG} $p; done"),
        changed("apt-get install -y $p", f"apt-get install -y {FLAG} $p"),
    ),
    join("installs of other options", "apt-get install -y a", f"apt-get install -y {FLAG} b", "apt-get install -y a b"),
    join("an install of a release", "apt-get install -y a", "apt-get install -y -t x b", "apt-get install -y -t x a b"),
    join("an install of a version", "apt-get install -y a=1", "apt-get install -y b", "apt-get install -y a=1 b"),
    join("an install of a file", "apt-get install -y ./a.deb", "apt-get install -y b", "apt-get install -y ./a.deb b"),
    join("an install that brings a source", "apt-get install -y x-keyring", "apt-get install -y b",
         "apt-get install -y x-keyring b"),
    join("an install and a removal", "apt-get install -y a", "apt-get remove -y b", "apt-get install -y a b"),
    join("a package is lost on the way", "apt-get install -y a b", "apt-get install -y c", "apt-get install -y a c"),
    join("where the second runs although the first one failed", "apt-get install -y a", "apt-get install -y b",
         "apt-get install -y a b", "; "),
    join("where the second runs only if the first one failed", "apt-get install -y a", "apt-get install -y b",
         "apt-get install -y a b", " || "),
    join("where the first one is in a pipe", "yes | apt-get install -y a", "apt-get install -y b",
         "apt-get install -y a b"),
    join("apt's update is not apk's", "apt-get update", "apt-get install -y a", "apt-get install -y a"),
    join("an index from a file of its own", "apk update -X file:///x", "apk add a", "apk add --no-cache a"),
    join("apk add still reads the stored index", "apk update", "apk add a", "apk add a"),
    clean("a cleanup for a manager that is not known", "npm ci", "npm cache clear --force"),
    clean("go's modules, which CMD builds from", "go build x", "go clean -modcache", tail='CMD ["go", "run", "x"]'),
    clean("maven's repository, which a later RUN reads", "mvn package", "rm -rf ~/.m2/repository", tail="RUN mvn -o verify"),
    Case(
        "pip's cache is cleaned where a mount holds it",
        debian("RUN --mount=type=cache,target=/root/.cache/pipenv pipenv install"),
        debian("RUN --mount=type=cache,target=/root/.cache/pipenv pipenv install && rm -rf ~/.cache/pipenv ~/.cache/pip"),
        (AppendCommand(b"rm -rf ~/.cache/pipenv ~/.cache/pip"),),
    ),
]  # fmt: skip

RIGHT_CALLS = [
    call("the flag behind the options that follow the sub-command", "apt-get install -y curl",
         f"apt-get install -y {FLAG} curl"),
    call("the flag and a package that is kept", "apt-get install -y curl", f"apt-get install -y {FLAG} ca-certificates curl"),
    call("a yes", "apt-get install curl", "apt-get install -y curl"),
    call("apt-get for apt", "apt install -y curl", "apt-get install -y curl"),
    call("apt-get for apt, and a yes", "/usr/bin/apt remove curl", "/usr/bin/apt-get remove -y curl"),
    call("pip stores nothing", "pip install -r x", "pip install --no-cache-dir -r x"),
    call("apk stores nothing, which is more than an update", "apk add --update curl", "apk add --no-cache curl"),
    call("apk stores nothing, said in front", "apk --update add curl", "apk --no-cache add curl"),
    call("dnf takes no weak dependencies", "dnf install -y x", "dnf install -y --setopt=install_weak_deps=False x"),
    call("with sudo", "sudo -E apt-get install curl", "sudo -E apt-get install -y curl"),
    join("two installs", "apt-get install -y a", "apt-get install -y b c", "apt-get install -y a b c"),
    join("apk's update and an add", "apk update", "apk add a", "apk add --no-cache a"),
    clean("npm's cache", "npm ci", "npm cache clean --force"),
    clean("npm's cache with sudo", "sudo npm install -g x", "sudo npm cache clean --force"),
    clean("go's modules, which nothing reads", "go build x", "go clean -modcache", tail='CMD ["/x"]'),
    clean("dnf's metadata", "dnf install -y x", "dnf clean all"),
]  # fmt: skip
