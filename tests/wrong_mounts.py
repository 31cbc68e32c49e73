"""Cache mounts that a RUN may not get, or not so, and some that it may: data for test_validator_bites.py."""

from __future__ import annotations

from wrong_rewrites import Case, debian

from dockfix.engine.licences import AddMount, DropCleanup, Licence, PrependCommand

PIP = "type=cache,target=/root/.cache/pip"
NPM = "type=cache,target=/root/.npm"
ARCHIVES = "type=cache,target=/var/cache/apt,sharing=locked"
LISTS = "type=cache,target=/var/lib/apt/lists,sharing=locked"
KEEP = "rm -f /etc/apt/apt.conf.d/docker-clean"
CLEAN = "rm -rf /var/lib/apt/lists/*"
GET = "apt-get update && apt-get install -y curl"


def licences(mounts: tuple[str, ...], first: str = "", dropped: tuple[str, ...] = ()) -> tuple[Licence, ...]:
    return (
        *(AddMount(mount.encode()) for mount in mounts),
        *([PrependCommand(first.encode())] if first else []),
        *(DropCleanup(tuple(command.encode().split())) for command in dropped),
    )


def mount(
    says: str,
    before: str,
    after: str,
    *mounts: str,
    first: str = "",
    dropped: tuple[str, ...] = (),
    head: tuple[str, ...] = (),
    tail: tuple[str, ...] = (),
    given: tuple[str, ...] | None = None,
) -> Case:
    """A RUN gets the mounts that its licences name, or those `given`; `head` and `tail` are further lines."""
    flags = "".join(f"--mount={each} " for each in (mounts if given is None else given))
    old, new = (debian(*head, f"RUN {text}", *tail) for text in (before, flags + after))
    return Case(says, old, new, licences(mounts, first, dropped))


def pip(says: str, script: str, *, head: tuple[str, ...] = (), tail: tuple[str, ...] = (), text: str = PIP) -> Case:
    return mount(says, script, script, text, head=head, tail=tail)


def apt(says: str, after: str, before: str = GET, first: str = KEEP, dropped: tuple[str, ...] = (), *tail: str) -> Case:
    return mount(says, before, after, ARCHIVES, LISTS, first=first, dropped=dropped, tail=tail)


WRONG_MOUNTS = [
    pip("a mount for nobody", "make"),
    pip("a mount of another manager", "npm ci"),
    pip("a mount of the folder above", "pip install flask", text="type=cache,target=/root/.cache"),
    pip("a mount in the home folder of another user", "pip install flask", head=("USER app",)),
    pip("a mount elsewhere than a variable puts it", "pip install flask", head=("ENV PIP_CACHE_DIR=/c",)),
    pip("a mount that is not shared as the table says", "pip install flask", text=PIP + ",sharing=private"),
    pip("a mount that another id names", "pip install flask", text=PIP + ",id=x"),
    pip("a mount of another type", "pip install flask", text="type=tmpfs,target=/root/.cache/pip"),
    pip("a mount where nothing is stored", "pip install --no-cache-dir flask"),
    pip("a mount that the RUN deletes", "pip install flask && rm -rf /root/.cache"),
    pip("a mount whose contents a later instruction takes", "pip install flask", tail=("RUN cp -r /root/.cache/pip /x",)),
    pip("a mount over what is copied there", "pip install flask", head=("COPY wheels /root/.cache/pip",)),
    mount("a mount for what a later call takes offline", "npm ci", "npm ci", NPM, tail=("RUN npm ci --offline",)),
    mount("a mount for an offline call", "npm ci --offline", "npm ci --offline", NPM),
    mount("the mount is another one than the licence names", "npm ci", "npm ci", NPM, given=(PIP,)),
    mount("one mount more than the licence names", "npm ci", "npm ci", NPM, given=(NPM, PIP)),
    mount("a mount twice", "npm ci", "npm ci", NPM, given=(NPM, NPM)),
    mount("the mount, and other words", "npm ci", "npm install", NPM),
    mount("the mount, and a command more", "npm ci", "npm ci && make", NPM),
    mount("a mount in the place of a secret", "--mount=type=secret,id=x npm ci", "npm ci", NPM),
    mount("a cleanup goes, but no mount comes", "npm ci && npm cache clean --force", "npm ci", NPM,
          dropped=("npm cache clean --force",), given=()),
    mount("a cleanup stays that would empty the mount", "npm ci && npm cache clean --force",
          "npm ci && npm cache clean --force", NPM),
    mount("a cleanup of something else goes", "npm ci && rm -rf /tmp/x", "npm ci", NPM, dropped=("rm -rf /tmp/x",)),
    mount("a cleanup goes that deletes more", "npm ci && rm -rf /root/.npm /tmp/x", "npm ci", NPM,
          dropped=("rm -rf /root/.npm /tmp/x",)),
    mount("a cleanup goes that decides whether the RUN fails", "npm ci; npm cache clean --force", "npm ci", NPM,
          dropped=("npm cache clean --force",)),
    mount("a cleanup goes, and what stands behind it, too", "npm ci && npm cache clean --force && make", "npm ci", NPM,
          dropped=("npm cache clean --force",)),
    mount("only one of apt's mounts", GET, f"{KEEP} && {GET}", ARCHIVES, first=KEEP),
    apt("apt's packages would be deleted at once", GET, first=""),
    apt("another command at the start", f"rm -f /etc/apt/apt.conf && {GET}", first="rm -f /etc/apt/apt.conf"),
    apt("the command at the start may keep the rest from running", f"{KEEP} || {GET}"),
    apt("the command stands at the end", f"{GET} && {KEEP}"),
    apt("the command stands there twice", f"{KEEP} && {KEEP} && {GET}"),
    apt("the lists' cleanup stays", f"{KEEP} && {GET} && {CLEAN}", f"{GET} && {CLEAN}"),
    apt("the lists' cleanup goes unsaid", f"{KEEP} && {GET}", f"{GET} && {CLEAN}"),
    apt("the update goes, too", f"{KEEP} && apt-get install -y curl", f"{GET} && {CLEAN}", KEEP, (CLEAN,)),
    apt("an install without an update", f"{KEEP} && apt-get install -y curl", "apt-get install -y curl"),
    apt("a later RUN needs the lists", f"{KEEP} && {GET}", GET, KEEP, (), "RUN apt-get install -y git"),
    apt("a later RUN would keep its packages", f"{KEEP} && {GET}", GET, KEEP, (), "RUN apt update && apt install -y git"),
    Case("a mount under an old syntax", "# syntax=docker/dockerfile:1.1\nFROM node:20\nRUN npm ci\n",
         f"# syntax=docker/dockerfile:1.1\nFROM node:20\nRUN --mount={NPM} npm ci\n", licences((NPM,))),
    Case("a mount for a heredoc", debian("RUN <<EOF", "npm ci", "EOF"),
         debian(f"RUN --mount={NPM} <<EOF", "npm ci", "EOF"), licences((NPM,))),
    Case("a mount for an exec form", debian('RUN ["npm", "ci"]'), debian(f'RUN --mount={NPM} ["npm", "ci"]'), licences((NPM,))),
    Case("a mount for an ONBUILD", debian("ONBUILD RUN npm ci"), debian(f"ONBUILD RUN --mount={NPM} npm ci"), licences((NPM,))),
    Case("a mount for two RUNs by one licence", debian("RUN npm ci", "RUN npm rebuild"),
         debian(f"RUN --mount={NPM} npm ci", f"RUN --mount={NPM} npm rebuild"), licences((NPM,))),
    Case("a mount, and the RUN becomes two", debian("RUN npm ci && make"),
         debian(f"RUN --mount={NPM} npm ci", "RUN make"), licences((NPM,))),
    Case("a mount, and a comment is lost", debian("RUN npm ci \\", "    # why", "    && make"),
         debian(f"RUN --mount={NPM} npm ci \\", "    && make"), licences((NPM,))),
]  # fmt: skip

RIGHT_MOUNTS = [
    pip("pip gets its mount", "pip install flask"),
    mount("npm gets its mount behind a secret", "--mount=type=secret,id=x npm ci", f"--mount=type=secret,id=x --mount={NPM} npm ci",
          NPM, given=()),
    mount("npm's cleanup goes", "npm ci && npm cache clean --force", "npm ci", NPM, dropped=("npm cache clean --force",)),
    apt("apt keeps what it fetches", f"{KEEP} && {GET}"),
    apt("apt keeps what it fetches, by a statement", f"{KEEP}; {GET}"),
    apt("apt's cleanup goes", f"{KEEP} && {GET}", f"{GET} && {CLEAN}", KEEP, (CLEAN,)),
]  # fmt: skip
