"""A Gitea with one repository, whose pull requests, comments and issues live as long as it does."""

from __future__ import annotations

from collections.abc import Mapping

from fake_forge import TOKEN, Asked, Forge, Json, Page, Refusal

OWNER, REPO = "some org", "repo.x"
NOW = "2026-11-30T12:00:00+01:00"


class FakeGitea(Forge):
    """`max_page` is the most entries on a page. Issues and pull requests are numbered together."""

    shapes = "gitea.json"
    root = "/api/v1"
    max_page = 50

    def __init__(self) -> None:
        super().__init__()
        self.users = ["dockfix-bot", "ada", "Bob"]
        self.labels = ["docker", "bot"]
        self.count = 0
        self.pulls: list[Json] = []
        self.issues: list[Json] = []
        self.comments: dict[int, list[Json]] = {}
        self.reviews: dict[int, list[Json]] = {}
        self.statuses: list[tuple[str, Json]] = []
        self.reviewers: dict[int, list[str]] = {}
        self.told: Json = None
        self.knows_pairs = True
        self.knows_posters = True
        self.knows_user = True
        self.counts = True
        self.repository: dict[str, Json] = {
            "id": 1,
            "full_name": f"{OWNER}/{REPO}",
            "clone_url": "https://gitea.example.com/org/repo.git",
            "default_branch": "main",
            "archived": False,
            "fork": False,
            "empty": False,
        }

    def is_token(self, headers: Mapping[str, str]) -> bool:
        return {name.lower(): value for name, value in headers.items()}.get("authorization") == f"token {TOKEN}"

    def paged(self, page: Page, asked: Asked) -> tuple[Json, dict[str, str]]:
        size, number = min(int(asked.query.get("limit", 30)), self.max_page), int(asked.query.get("page", 1))
        headers = {"X-Total-Count": str(len(page.entries))} if self.counts else {}
        return page.entries[(number - 1) * size : number * size], headers

    def user(self, name: str) -> Json:
        return {"id": self.users.index(name) + 1, "login": name}

    def given(
        self, branch: str, *, fork: bool = False, state: str = "open", gone: bool = False, by: str = "ada"
    ) -> Json:
        """A pull request that somebody opens; where its branch is gone, `ref` is another than `label`."""
        self.count += 1
        number = self.count
        merged = state == "merged"
        made = {
            "id": 1000 + number,
            "number": number,
            "user": self.user(by),
            "title": f"Change {number}",
            "body": "",
            "state": "closed" if merged else state,
            "merged": merged,
            "draft": False,
            "created_at": NOW,
            "html_url": f"https://gitea.example.com/org/repo/pulls/{number}",
            "head": {
                "label": branch,
                "ref": f"refs/pull/{number}/head" if gone else branch,
                "sha": f"{number:040x}",
                "repo_id": 2 if fork else 1,
                "repo": None,
            },
            "base": {"label": "main", "ref": "main", "sha": "b" * 40, "repo_id": 1, "repo": self.repository},
        }
        self.pulls.append(made)
        return made

    def userGetCurrent(self, asked: Asked) -> Json:  # noqa: N802
        if not self.knows_user:
            raise Refusal(403, {"message": "token does not have at least one of required scope(s): [read:user]"})
        return self.user("dockfix-bot")

    def repoGet(self, asked: Asked) -> Json:  # noqa: N802
        self._in_repository(asked)
        return self.repository

    def orgListRepos(self, asked: Asked) -> Json:  # noqa: N802
        if asked.names["org"] != OWNER:
            raise Refusal(404, {"message": "GetOrgByName"})
        return Page([{**self.repository, "full_name": f"{OWNER}/{name}"} for name in ("a", "b", "c")])

    def userListRepos(self, asked: Asked) -> Json:  # noqa: N802
        if asked.names["username"] not in self.users:
            raise Refusal(404, {"message": "GetUserByName"})
        return Page([{**self.repository, "full_name": f"{asked.names['username']}/own"}])

    def repoListPullRequests(self, asked: Asked) -> Json:  # noqa: N802
        self._in_repository(asked)
        who = asked.query.get("poster") if self.knows_posters else None
        found = [one for one in reversed(self.pulls) if one["state"] == asked.query["state"]]
        return Page([one for one in found if who in (None, one["user"]["login"])])

    def repoGetPullRequestByBaseHead(self, asked: Asked) -> Json:  # noqa: N802
        self._in_repository(asked)
        if not self.knows_pairs:
            raise Refusal(404, "404 page not found")
        for one in self.pulls:
            pair = one["base"]["label"], one["head"]["label"], one["head"]["repo_id"]
            if pair == (asked.names["base"], asked.names["head"], 1):
                return one
        raise Refusal(404, {"message": "not found", "url": "https://gitea.example.com/api/swagger"})

    def repoCreatePullRequest(self, asked: Asked) -> Json:  # noqa: N802
        self._in_repository(asked)
        told = self.told = asked.body
        for one in self.pulls:
            if (one["head"]["label"], one["head"]["repo_id"], one["state"]) == (told["head"], 1, "open"):
                raise Refusal(409, {"message": f"pull request already exists for these targets [id: {one['id']}]"})
        for name in told.get("assignees", []):
            if name not in self.users:
                raise Refusal(422, {"message": f"Assignee does not exist: [name: {name}]"})
        made = self.given(told["head"])
        made |= {"title": told["title"], "body": told["body"], "user": self.user("dockfix-bot")}
        made["draft"] = told["title"].startswith("WIP:")
        made["labels"] = [{"id": number, "name": self.labels[number - 1]} for number in told.get("labels", [])]
        made["assignees"] = [self.user(name) for name in told.get("assignees", [])]
        return made

    def repoEditPullRequest(self, asked: Asked) -> Json:  # noqa: N802
        made = self._pull(asked)
        made |= {name: value for name, value in asked.body.items() if name in ("title", "body", "state")}
        return made

    def repoGetReviewers(self, asked: Asked) -> Json:  # noqa: N802
        return [self.user(name) for name in self.users]

    def repoGetAssignees(self, asked: Asked) -> Json:  # noqa: N802
        return [self.user(name) for name in self.users]

    def repoCreatePullReviewRequests(self, asked: Asked) -> Json:  # noqa: N802
        self.reviewers[self._pull(asked)["number"]] = asked.body["reviewers"]
        return []

    def repoListPullReviews(self, asked: Asked) -> Json:  # noqa: N802
        return Page(self.reviews.get(self._pull(asked)["number"], []))

    def repoCreatePullReview(self, asked: Asked) -> Json:  # noqa: N802
        made = {"id": 1, "body": asked.body["body"], "user": self.user("dockfix-bot"), "state": "COMMENT"}
        self.reviews.setdefault(self._pull(asked)["number"], []).append(made)
        self.told = asked.body
        return made

    def repoCreateStatus(self, asked: Asked) -> Json:  # noqa: N802
        self.statuses.append((asked.names["sha"], asked.body))
        return {"id": 1, "context": asked.body["context"], "status": asked.body["state"]}

    def issueGetComments(self, asked: Asked) -> Json:  # noqa: N802
        return self.comments.get(int(asked.names["index"]), [])

    def issueCreateComment(self, asked: Asked) -> Json:  # noqa: N802
        return self.commented(int(asked.names["index"]), asked.body["body"], "dockfix-bot")

    def commented(self, number: int, body: str, who: str | None) -> Json:
        """A comment that somebody writes, or somebody whose account is gone."""
        comments = self.comments.setdefault(number, [])
        made = {"id": len(comments) + 1, "body": body, "user": self.user(who) if who else None, "created_at": NOW}
        comments.append(made)
        return made

    def issueListIssues(self, asked: Asked) -> Json:  # noqa: N802
        assert asked.query["type"] == "issues"
        who = asked.query.get("created_by")
        found = [one for one in reversed(self.issues) if one["state"] == asked.query["state"]]
        return Page([one for one in found if who in (None, one["user"]["login"])])

    def issueCreateIssue(self, asked: Asked) -> Json:  # noqa: N802
        return self.issued(asked.body["title"], asked.body["body"], "dockfix-bot")

    def issued(self, title: str, body: str, who: str) -> Json:
        """An issue that somebody opens."""
        self.count += 1
        url = f"https://gitea.example.com/org/repo/issues/{self.count}"
        made = {"number": self.count, "title": title, "body": body, "state": "open", "html_url": url}
        made["user"] = self.user(who)
        self.issues.append(made)
        return made

    def issueEditIssue(self, asked: Asked) -> Json:  # noqa: N802
        (made,) = [one for one in self.issues if one["number"] == int(asked.names["index"])]
        made |= asked.body
        return made

    def issueListLabels(self, asked: Asked) -> Json:  # noqa: N802
        return Page([{"id": number, "name": name} for number, name in enumerate(self.labels, 1)])

    def _in_repository(self, asked: Asked) -> None:
        if (asked.names["owner"], asked.names["repo"]) != (OWNER, REPO):
            raise Refusal(404, {"message": "The target couldn't be found."})

    def _pull(self, asked: Asked) -> Json:
        self._in_repository(asked)
        (found,) = [one for one in self.pulls if one["number"] == int(asked.names["index"])]
        return found
