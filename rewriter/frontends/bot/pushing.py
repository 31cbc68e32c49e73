"""Branches put where they belong, only if they are still where they were expected to be."""

from __future__ import annotations

import re

from .errors import CloneError, GitFailed, MovedError
from .git import Git, shown
from .origin import Origin
from .tree import BASE

_NOTHING = "0" * 40
# What git says when a branch is not where the lease has it, in front of it and behind the door of the server.
_MOVED = (
    *("stale info", "fetch first", "non-fast-forward", "remote ref does not exist"),
    *("but expected", "reference already exists", "unable to resolve reference"),
)

# A branch is a file for git, and one in whose name it is a folder cannot be there, too.
_IN_THE_WAY = re.compile(r"'(refs/heads/[^']+)' exists; cannot create")


def put(git: Git, folder: str, origin: Origin, branch: str, commit: str | None, over: str | None) -> None:
    """Let a branch of the origin be at a commit of the repository in `folder`; None: let it be gone.

    `over` is where it must be now; None: it must not be there. Raises MovedError where it is elsewhere, and CloneError.
    """
    ref = f"refs/heads/{branch}"
    git.run(git.home, "check-ref-format", ref)
    if origin.protocol == "file":
        _on_disk(git, folder, origin.url, ref, commit, over)
    else:
        _by_push(git, folder, origin, ref, commit, over)


def _by_push(git: Git, folder: str, origin: Origin, ref: str, commit: str | None, over: str | None) -> None:
    options = ("--quiet", "--no-verify", "--no-follow-tags", "--no-signed", "--recurse-submodules=no")
    lease = f"--force-with-lease={ref}:{over or ''}"
    try:
        git.run(folder, "push", *options, lease, "--end-of-options", "origin", f"{commit or ''}:{ref}", origin=origin)
    except GitFailed as error:
        raise _refused(ref, error, f"cannot be pushed: {_reason(error)}") from error


def _on_disk(git: Git, folder: str, target: str, ref: str, commit: str | None, over: str | None) -> None:
    """Not by a push: that would run the hooks of the repository that it goes to.

    Its own configuration is read, but nothing of what is done here asks it for a program. The branch itself is set, not
    one that it may be another name for.
    """
    at = f"branch {ref}\0".encode()
    if at in git.run(target, "worktree", "list", "--porcelain", "-z"):
        raise CloneError(f"{_name(ref)} is checked out in {shown(target)}; switch to another branch there")
    now = _now(git, target, ref)
    if commit and now == commit:
        return
    if now != over:
        raise _moved(ref)
    if commit:
        told = f"{commit}\n^{BASE}\n".encode()
        pack = git.run(folder, "pack-objects", "--quiet", "--revs", "--stdout", given=told)
        git.run(target, "unpack-objects", "-q", given=pack)
        order = f"update {ref}\0{commit}\0{over or _NOTHING}\0"
    else:
        order = f"delete {ref}\0{over}\0"
    try:
        git.run(target, "update-ref", "--no-deref", "-z", "--stdin", given=order.encode())
    except GitFailed as error:
        raise _refused(ref, error, f"cannot be set: {error}") from error


def _now(git: Git, target: str, ref: str) -> str | None:
    try:
        return git.run(target, "rev-parse", "--verify", "--quiet", "--end-of-options", ref).decode().strip()
    except GitFailed as error:
        if error.status == 1:
            return None
        raise


def _refused(ref: str, error: GitFailed, otherwise: str) -> CloneError:
    """What it means that git did not set a branch; `otherwise` is the end of the sentence where nothing is known."""
    if any(part in error.said for part in _MOVED):
        return _moved(ref)
    if other := _IN_THE_WAY.search(error.said):
        beside = _name(other[1])
        return CloneError(f"{_name(ref)} cannot be made beside the branch {beside}: rename or delete that one")
    return CloneError(f"{_name(ref)} {otherwise}", passes=error.passes)


def _moved(ref: str) -> MovedError:
    return MovedError(f"{_name(ref)} has been changed by somebody else in the meantime")


def _name(ref: str) -> str:
    return shown(ref.removeprefix("refs/heads/"))


def _reason(error: GitFailed) -> str:
    """Why the server refuses it: its own words behind `!`, with what it has said besides, else what git makes of it."""
    refused = [line for line in error.said.splitlines() if line.startswith(" ! ")]
    if not refused:
        return str(error)
    remarks = [line.removeprefix("remote:").strip() for line in error.said.splitlines() if line.startswith("remote:")]
    reason = refused[0].rpartition(" (")[2].removesuffix(")")
    return shown(": ".join([reason, *[remark for remark in remarks if remark][:3]]))
