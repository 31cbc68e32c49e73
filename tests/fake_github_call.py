"""What the routes of the fake GitHub share: a request for a repository, and refusals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import fake_github_git as gits
import fake_github_shapes as shapes
from fake_github_http import Answer, Asked
from fake_github_shapes import Hosted, Json, Thread

if TYPE_CHECKING:
    from fake_github import FakeGitHub


class GitHubError(Exception):
    def __init__(self, status: int, message: str, errors: Sequence[object] = (), headers: dict[str, str] | None = None):
        super().__init__(message)
        self.status = status
        self.message = message
        self.errors = list(errors)
        self.headers = headers or {}


class Call(NamedTuple):
    """A request for a repository, and what in its path tells what of it."""

    fake: FakeGitHub
    asked: Asked
    hosted: Hosted
    rest: tuple[str, ...]

    @property
    def body(self) -> Json:
        assert isinstance(self.asked.body, dict)
        return self.asked.body

    @property
    def thread(self) -> Thread:
        thread = self.hosted.threads.get(int(self.rest[0]))
        if thread is None:
            raise GitHubError(404, "Not Found")
        return thread

    @property
    def pull(self) -> Thread:
        if not self.thread.head:
            raise GitHubError(404, "Not Found")
        return self.thread

    def texts(self, name: str) -> list[str]:
        value = self.body.get(name, [])
        assert isinstance(value, list)
        return [str(one) for one in value]


def paged(asked: Asked, items: Sequence[Json]) -> Answer:
    size, page = int(asked.query.get("per_page", 30)), int(asked.query.get("page", 1))
    here = list(items[(page - 1) * size : page * size])
    more = len(items) > page * size
    return Answer(200, here, {"Link": f'<https://api.github.com/next?page={page + 1}>; rel="next"'} if more else {})


def refuse(resource: str, message: str) -> GitHubError:
    error = {"resource": resource, "code": "custom", "message": message}
    return GitHubError(422, "Validation Failed", [error])


def shown_pull(call: Call, thread: Thread) -> Json:
    base = gits.branches(call.hosted.bare).get(thread.base, "0" * 40)
    fork = call.fake.repositories.get(thread.fork) if thread.fork is not None else call.hosted
    return shapes.pull(call.hosted, thread, base, fork)
