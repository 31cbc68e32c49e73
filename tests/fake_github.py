"""A GitHub on 127.0.0.1: its REST API over real bare repositories. That it does not lie is tested with prism."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from email.utils import formatdate
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import NamedTuple, Self

import fake_github_git as gits
from fake_github_call import GitHubError
from fake_github_http import Answer, Asked, Broken, Served
from fake_github_routes import routed
from fake_github_shapes import Hosted, Remark, Thread

TOKEN = "ghp_the-token-of-the-fake"  # noqa: S105
BOT = "dockfix-bot"
APP = "github-actions[bot]"


class _Fault(NamedTuple):
    first: int
    last: int
    how: str


class FakeGitHub:
    """Serve until the end of the `with` block. `git` is the address of git's server, if there is one.

    `as_app`: TOKEN is an app's, as GITHUB_TOKEN of Actions: it may make checks, and not ask who it is.
    `asked` are all requests so far.
    """

    def __init__(self, *, as_app: bool = False, git: str = "") -> None:
        self.as_app = as_app
        self.git = git
        self.repositories: dict[str, Hosted] = {}
        self.renamed: dict[str, str] = {}
        self.organisations: set[str] = set()
        self.asked: list[Asked] = []
        self.lock = RLock()
        self._ids = 0
        self._faults: list[_Fault] = []
        self._limits: list[Answer] = []
        self._forbidden: set[str] = set()
        self._revoked = False
        self._served = Served(self._answer, lambda: self.git)
        self.address = self._served.address

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._served.stop()

    @property
    def login(self) -> str:
        return APP if self.as_app else BOT

    # What a test does as a person, or as the operator of GitHub.

    def add(self, name: str, bare: Path, **fields: object) -> Hosted:
        """Host a bare repository as `owner/name`; `fields` are those of Hosted."""
        url = f"{self.address}/{name}.git" if self.git else bare.as_uri()
        hosted = Hosted(self.next_id(), name, bare, url)
        for field, value in fields.items():
            setattr(hosted, field, value)
        self.repositories[name] = hosted
        return hosted

    def rename(self, old: str, new: str) -> None:
        """Give a repository another name; requests for the old one are redirected."""
        hosted = self.repositories.pop(old)
        hosted.name = new
        self.repositories[new] = hosted
        self.renamed[old] = new

    def thread(self, name: str, number: int) -> Thread:
        """A pull request or an issue as it is now."""
        with self.lock:
            self.sync(self.repositories[name])
            return self.repositories[name].threads[number]

    def pulls(self, name: str) -> list[Thread]:
        """All pull requests, from the oldest."""
        with self.lock:
            self.sync(self.repositories[name])
            return [thread for thread in self.repositories[name].threads.values() if thread.head]

    def open(
        self, name: str, title: str, body: str, who: str, *, head: str = "", base: str = "main", fork: str | None = None
    ) -> Thread:
        """A person opens an issue or, with a `head`, a pull request, from a branch of `fork` if one is given."""
        with self.lock:
            hosted = self.repositories[name]
            thread = Thread(len(hosted.threads) + 1, who, title, body, self.now(), head=head, base=base, fork=fork)
            hosted.threads[thread.number] = thread
            if fork is not None:
                ref = f"refs/pull/{thread.number}/head"
                thread.sha = gits.fetched(hosted.bare, self.repositories[fork].bare, head, ref)
            self.sync(hosted)
            return thread

    def comment(self, name: str, number: int, who: str, body: str) -> None:
        """A person comments."""
        self.repositories[name].threads[number].comments.append(Remark(self.next_id(), who, body))

    def close(self, name: str, number: int) -> None:
        """A person closes an issue or pull request without merging."""
        thread = self.thread(name, number)
        thread.state, thread.closed = "closed", self.now()

    def reopen(self, name: str, number: int) -> None:
        """A person opens it again."""
        thread = self.thread(name, number)
        thread.state, thread.closed = "open", None

    def merge(self, name: str, number: int, *, squash: bool = False, delete: bool = False) -> None:
        """A person merges a pull request, and deletes its branch if told so."""
        hosted = self.repositories[name]
        thread = self.thread(name, number)
        gits.merged(hosted.bare, thread.base, thread.sha, f"{thread.title} (#{number})", squash=squash)
        thread.state, thread.closed, thread.merged = "closed", self.now(), self.now()
        if delete:
            gits.delete_branch(hosted.bare, thread.head)

    def age(self, name: str, number: int, hours: float) -> None:
        """It was opened that long ago."""
        self.thread(name, number).created = _stamp(datetime.now(UTC) - timedelta(hours=hours))

    # What goes wrong.

    def fail_at(self, request: int, how: str = "500", times: int = 1) -> None:
        """The request with this number, from 1 for the next, and in all `times` from it on, fail.

        `how`: a status; `reset`: the connection breaks before anything is done; `lost`: it breaks, and all is done.
        """
        first = len(self.asked) + request - 1
        self._faults.append(_Fault(first, first + times - 1, how))

    def limit(
        self,
        times: int = 1,
        *,
        retry_after: int | None = None,
        reset_in: int | None = None,
        status: int = 403,
        fast: int = 0,
    ) -> None:
        """The next requests are too many: a secondary limit, with `retry-after`, or the primary one, till its reset.

        By so many seconds is GitHub's clock fast.
        """
        headers = {"retry-after": str(retry_after)} if retry_after is not None else {}
        message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
        if reset_in is not None:
            now = int(time.time()) + fast
            date = {"Date": formatdate(now, usegmt=True)}
            headers |= {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(now + reset_in), **date}
            message = "API rate limit exceeded for user ID 1."
        body = {"message": message, "documentation_url": "https://docs.github.com"}
        self._limits += [Answer(status, body, headers)] * times

    def forbid(self, *rights: str) -> None:
        """The token has lost these: contents, pull-requests, issues, checks; without any named: all."""
        self._forbidden |= set(rights) or {"metadata", "pull-requests", "issues", "checks"}

    def revoke(self) -> None:
        """The token holds no more."""
        self._revoked = True

    def heal(self) -> None:
        """Nothing goes wrong any more."""
        self._faults, self._limits, self._forbidden, self._revoked = [], [], set(), False

    # What the routes need.

    def next_id(self) -> int:
        self._ids += 1
        return self._ids

    def now(self) -> str:
        return _stamp(datetime.now(UTC))

    def may(self, right: str) -> bool:
        return right not in self._forbidden

    def sync(self, hosted: Hosted) -> None:
        """Learn of what was pushed: heads move; a pull request without branch closes, one that is in its base is merged."""
        tips = gits.branches(hosted.bare)
        for thread in hosted.threads.values():
            if thread.head and thread.state == "open" and thread.fork is None:
                tip = tips.get(thread.head)
                base = tips.get(thread.base, "")
                pushed = tip not in {None, thread.sha}
                if tip is None or (base and gits.is_within(hosted.bare, tip, base)):
                    thread.state, thread.closed = "closed", self.now()
                    thread.merged = self.now() if tip is not None and not pushed else None
                elif pushed:
                    thread.sha = tip or ""
                    gits.set_ref(hosted.bare, f"refs/pull/{thread.number}/head", thread.sha)

    def _answer(self, asked: Asked) -> Answer:
        with self.lock:
            at = len(self.asked)
            how = next((fault.how for fault in self._faults if fault.first <= at <= fault.last), "")
            self.asked.append(asked)
            if how == "reset":
                raise Broken
            if how and how != "lost":
                answer = Answer(int(how), {"message": "Server Error"})
            elif self._limits:
                answer = self._limits.pop(0)
            else:
                answer = self._worked(asked)
            if how == "lost":
                raise Broken
            self.asked[at] = asked._replace(status=answer.status)
            return answer._replace(headers={"X-GitHub-Media-Type": "github.v3", **answer.headers})

    def _worked(self, asked: Asked) -> Answer:
        if self._revoked or asked.token != TOKEN:
            return Answer(401, {"message": "Bad credentials", "documentation_url": "https://docs.github.com/rest"})
        try:
            return routed(self, asked)
        except GitHubError as error:
            errors = {"errors": error.errors} if error.errors else {}
            body = {"message": error.message, **errors, "documentation_url": "https://docs.github.com/rest"}
            return Answer(error.status, body, error.headers)


def _stamp(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")
