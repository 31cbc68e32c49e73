"""GitLab and Gitea as their tests have them: the fake of each, the bot's adapter for it, and what it calls things."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from fake_forge import TOKEN, Forge
from fake_gitea import OWNER, REPO, FakeGitea
from fake_gitlab import PROJECT, FakeGitLab

from dockfix.frontends.bot.platform import Given, NewPull, Repository, Suggestion
from dockfix.frontends.bot.platforms.gitea import Gitea
from dockfix.frontends.bot.platforms.gitlab import GitLab
from dockfix.frontends.bot.token import Token

BRANCH = "dockfix/safe-0123456789ab"
NEW = NewPull(BRANCH, "main", "Safe changes", "Why.\n\n```diff\n+RUN x\n```\n")


class Kind(NamedTuple):
    """One of the two.

    `pulls` and `comments` are what its fake calls them, `end` is what a comment keeps of its last line end, `draft`
    what the title of a draft begins with, and `right` what is said where the right to close one is missing. Among so many
    newer ones of others the account's own closed ones are found (`own_among`), and those of another (`others_among`).
    """

    name: str
    forge: type[Forge]
    adapter: type[GitLab | Gitea]
    repository: Repository
    owner: str
    given: Given
    remark: Suggestion
    pulls: str
    comments: str
    end: str
    draft: str
    right: str
    own_among: int
    others_among: int

    def platform(self, forge: Forge, sleep: Callable[[float], object], token: str = TOKEN) -> GitLab | Gitea:
        """The bot's adapter to a fake; `sleep` is called with the seconds that it would wait."""
        return self.adapter(Token(token), forge.address, sleep)

    def opened(self, forge: Forge) -> list[Any]:
        """The pull requests of a fake, as it answers them."""
        return getattr(forge, self.pulls)

    def commented(self, forge: Forge) -> list[str]:
        """The texts of the comments on the first pull request of a fake."""
        return [one["body"] for one in getattr(forge, self.comments)[1]]


GITLAB = Kind(
    name="GitLab",
    forge=FakeGitLab,
    adapter=GitLab,
    repository=Repository(PROJECT, "https://gitlab.example.com/group/project.git", "main"),
    owner="group",
    given=Given(1, "refs/merge-requests/1/head", f"{1:040x}", "main"),
    remark=Suggestion("Dockerfile", 3, 5, "Sort these.", "/usr/bin/a \\\n    b"),
    pulls="requests",
    comments="notes",
    end="",
    draft="Draft: ",
    right=r"may not close merge requests.*the scope api, and its account the role Developer",
    own_among=300,
    others_among=99,
)
GITEA = Kind(
    name="Gitea",
    forge=FakeGitea,
    adapter=Gitea,
    repository=Repository(f"{OWNER}/{REPO}", "https://gitea.example.com/org/repo.git", "main"),
    owner=OWNER,
    given=Given(1, "refs/pull/1/head", f"{1:040x}", "main"),
    remark=Suggestion("a folder/Dockerfile", 3, 5, "Sort these.", "RUN a \\\n    b"),
    pulls="pulls",
    comments="comments",
    end="\n",
    draft="WIP: ",
    right=r"may not close pull requests.*write:repository and write:issue",
    own_among=1_000,
    others_among=49,
)
