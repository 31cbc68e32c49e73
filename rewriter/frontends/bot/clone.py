"""A clone of a repository that nobody trusts: what the bot looks at, commits on and pushes from."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from . import given_lines, heads
from .commits import Ground, NewCommit, committed
from .errors import CloneError, GitFailed, MovedError
from .git import Git, shown
from .origin import Origin, origin
from .plan import Head
from .platform import Credentials, Given, Repository
from .pushing import put
from .settings import Operator
from .temporary import temporary
from .tree import BASE, checked_out, fetch, prepare

__all__ = ["Clone", "CloneError", "MovedError", "NewCommit", "cloned"]


class Clone:
    """A repository in a temporary folder of mode 0700. `folder` is the work tree, `base` the name of a branch.

    `commit` is the last one of the base, as it was when it was cloned. All methods raise CloneError.
    """

    def __init__(self, git: Git, source: Origin, base: str, operator: Operator) -> None:
        self.folder = os.path.join(os.path.dirname(git.home), "clone")
        self.base = base
        self._git = git
        self._origin = source
        self._operator = operator
        prepare(git, self.folder)
        self._fetch({f"refs/heads/{base}": BASE}, operator.depth)
        self.commit = self._commit(BASE)
        listing = checked_out(git, self.folder, self.commit, source, operator)
        self._ground = Ground(self.folder, self.commit, listing.modes)

    def heads(self) -> Mapping[str, Head]:
        """The branches of the repository that begin as the bot's do, each with its last commit."""
        folder = os.path.join(os.path.dirname(self._git.home), "heads.git")
        return heads.heads(self._git, folder, self._origin)

    def committed(self, commits: Sequence[NewCommit]) -> str:
        """The name of the last of these commits, made on top of the base one after the other; not pushed yet."""
        return committed(self._git, self._ground, commits, self._operator)

    def tree(self, commits: Sequence[NewCommit]) -> str:
        """Git's name for the files that there are after these commits."""
        files = {path: text for commit in commits for path, text in commit.files.items()}
        made = committed(self._git, self._ground, [NewCommit("", files)], self._operator._replace(signing_key=""))
        return self._git.run(self.folder, "rev-parse", "--verify", f"{made}^{{tree}}").decode().strip()

    def push(self, branch: str, commit: str, over: str | None) -> None:
        """Let a branch be at a commit. `over` is where it must be now; None: it must not be there.

        Raises MovedError where it is elsewhere, unless it is at the commit already.
        """
        put(self._git, self.folder, self._origin, branch, commit, over)

    def delete(self, branch: str, over: str) -> None:
        """Delete a branch that is at `over`. Raises MovedError where it is not."""
        put(self._git, self.folder, self._origin, branch, None, over)

    def at(self, given: Given) -> Mapping[str, given_lines.Lines]:
        """Check out a person's pull request; gives the lines that it changes, from 1, by file, without deleted files.

        Raises MovedError where its head is another commit by now.
        """
        ours, theirs = "refs/dockfix/given-base", "refs/dockfix/given"
        refs = {f"refs/heads/{given.base}": ours, given.ref: theirs}
        for depth in (self._operator.depth, self._operator.depth * 10):
            self._fetch(refs, depth)
            head = self._commit(theirs)
            if head != given.head:
                raise MovedError(f"pull request {given.number} has new commits")
            fork = given_lines.merge_base(self._git, self.folder, ours, theirs)
            if fork:
                break
        else:
            raise CloneError(
                f"pull request {given.number} and its base have no commit in common among the last {depth}"
            )
        checked_out(self._git, self.folder, head, self._origin, self._operator)
        return given_lines.changed(self._git, self.folder, fork, head, self._origin)

    def _fetch(self, refs: Mapping[str, str], depth: int) -> None:
        """Fetch refs, with history but without files, to refs of our own."""
        for ref in refs:
            if not ref.startswith("refs/"):
                raise CloneError(f"{shown(ref)} is not the name of a ref")
            try:
                self._git.run(self._git.home, "check-ref-format", ref)
            except GitFailed as error:
                raise CloneError(f"{shown(ref.removeprefix('refs/heads/'))} is not the name of a branch") from error
        specs = tuple(f"+{ref}:{own}" for ref, own in refs.items())
        try:
            fetch(self._git, self.folder, self._origin, f"--depth={depth}", "--filter=blob:none", refs=specs)
        except GitFailed as error:
            if "couldn't find remote ref" not in error.said:
                raise
            names = " or ".join(shown(ref.removeprefix("refs/heads/")) for ref in refs)
            raise CloneError(f"it has no branch {names}") from error

    def _commit(self, ref: str) -> str:
        return self._git.run(self.folder, "rev-parse", "--verify", f"{ref}^{{commit}}").decode().strip()


@contextmanager
def cloned(repository: Repository, base: str, credentials: Credentials | None, operator: Operator) -> Iterator[Clone]:
    """A clone, with the work tree at the last commit of the branch `base`. Raises CloneError.

    The folder is removed when the block ends, and also when the process is killed.
    """
    if repository.is_empty:
        raise CloneError("it is empty")
    source = origin(repository, credentials)
    with temporary() as folder:
        yield Clone(Git(folder, operator), source, base, operator)
