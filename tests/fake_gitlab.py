"""A GitLab with one project, whose merge requests, notes and issues live as long as it does."""

from __future__ import annotations

from collections.abc import Mapping

from fake_forge import TOKEN, Asked, Forge, Json, Page, Refusal, link

PROJECT = "group/inner group/project.x"
NOW = "2026-11-30T12:00:00.000Z"


class FakeGitLab(Forge):
    """`mine` is the number of the token's account, `max_page` the most entries on a page."""

    shapes = "gitlab.json"
    root = "/api/v4"
    mine = 7
    max_page = 100

    def __init__(self) -> None:
        super().__init__()
        self.users = {"dockfix-bot": 7, "ada": 11, "bob": 12}
        self.labels = ["docker", "bot"]
        self.changed_lines = {("Dockerfile", line) for line in range(1, 301)}
        self.requests: list[Json] = []
        self.issues: list[Json] = []
        self.notes: dict[int, list[Json]] = {}
        self.statuses: list[tuple[str, Json]] = []
        self.project: dict[str, Json] = {
            "id": 1,
            "path_with_namespace": PROJECT,
            "http_url_to_repo": "https://gitlab.example.com/group/project.git",
            "default_branch": "main",
            "archived": False,
            "empty_repo": False,
        }
        self.next_link = ""

    def is_token(self, headers: Mapping[str, str]) -> bool:
        return headers.get("PRIVATE-TOKEN") == TOKEN

    def paged(self, page: Page, asked: Asked) -> tuple[Json, dict[str, str]]:
        size, number = min(int(asked.query.get("per_page", 20)), self.max_page), int(asked.query.get("page", 1))
        entries = page.entries[(number - 1) * size : number * size]
        more = number * size < len(page.entries)
        headers = {"X-Page": str(number), "X-Per-Page": str(size), "X-Next-Page": str(number + 1) if more else ""}
        if more:
            # As an instance behind a proxy does that does not know its own address.
            path = self.root + next(one["path"] for one in self._operations if one["name"] == asked.operation)
            path = path.replace("{id}", PROJECT.replace("/", "%2F").replace(" ", "%20"))
            for name, value in asked.names.items():
                path = path.replace(f"{{{name}}}", value)
            headers["Link"] = link(asked, (self.next_link or self.address) + path, number + 1)
        return entries, headers

    def user(self, name: str) -> Json:
        return {"id": self.users[name], "username": name, "name": name.title(), "state": "active"}

    def given(self, branch: str, *, fork: bool = False, state: str = "opened", by: str = "ada") -> Json:
        """A merge request that somebody has opened; from a fork its source project is another."""
        number = len(self.requests) + 1
        made = {
            "id": 1000 + number,
            "iid": number,
            "project_id": 1,
            "title": f"Change {number}",
            "description": None,
            "state": state,
            "created_at": NOW,
            "updated_at": NOW,
            "target_branch": "main",
            "source_branch": branch,
            "author": self.user(by),
            "source_project_id": 2 if fork else 1,
            "target_project_id": 1,
            "labels": [],
            "draft": False,
            "sha": f"{number:040x}",
            "web_url": f"https://gitlab.example.com/-/merge_requests/{number}",
        }
        self.requests.append(made)
        return made

    def getUser(self, asked: Asked) -> Json:  # noqa: N802
        return {"id": self.mine, "username": "dockfix-bot"}

    def listUsers(self, asked: Asked) -> Json:  # noqa: N802
        name = asked.query["username"]
        return Page([self.user(name)] if name in self.users else [])

    def getProject(self, asked: Asked) -> Json:  # noqa: N802
        self._in_project(asked)
        return self.project

    def listGroupProjects(self, asked: Asked) -> Json:  # noqa: N802
        if asked.names["id"] != "group":
            raise Refusal(404, {"message": "404 Group Not Found"})
        names = [PROJECT, "group/other"] if asked.query["include_subgroups"].lower() == "true" else ["group/other"]
        return Page([{"id": number, "path_with_namespace": name} for number, name in enumerate(names)])

    def listUserProjects(self, asked: Asked) -> Json:  # noqa: N802
        if asked.names["user_id"] not in self.users:
            raise Refusal(404, {"message": "404 User Not Found"})
        return Page([{"id": 3, "path_with_namespace": f"{asked.names['user_id']}/own"}])

    def listLabels(self, asked: Asked) -> Json:  # noqa: N802
        return Page([{"id": number, "name": name, "color": "#fff"} for number, name in enumerate(self.labels)])

    def listMergeRequests(self, asked: Asked) -> Json:  # noqa: N802
        self._in_project(asked)
        state, branch = asked.query.get("state", "all"), asked.query.get("source_branch")
        found = [
            one for one in self.requests if state in ("all", one["state"]) and branch in (None, one["source_branch"])
        ]
        if asked.query.get("scope") == "created_by_me":
            found = [one for one in found if one["author"]["id"] == self.mine]
        return Page(sorted(found, key=lambda one: -one["iid"]))

    def getMergeRequest(self, asked: Asked) -> Json:  # noqa: N802
        made = self._request(asked)
        return {**made, "diff_refs": {"base_sha": "b" * 40, "start_sha": "5" * 40, "head_sha": made["sha"]}}

    def createMergeRequest(self, asked: Asked) -> Json:  # noqa: N802
        self._in_project(asked)
        told = asked.body
        for one in self.requests:
            if (one["source_branch"], one["state"]) == (told["source_branch"], "opened") and one[
                "source_project_id"
            ] == 1:
                text = f"Another open merge request already exists for this source branch: !{one['iid']}"
                raise Refusal(409, {"message": [text]})
        made = self.given(told["source_branch"], by="dockfix-bot")
        made |= {"title": told["title"], "description": told.get("description"), "target_branch": told["target_branch"]}
        made["draft"] = told["title"].startswith("Draft: ")
        made["labels"] = told["labels"].split(",") if "labels" in told else []
        by_number = {number: name for name, number in self.users.items()}
        made["reviewers"] = [self.user(by_number[number]) for number in told.get("reviewer_ids", [])]
        made["assignees"] = [self.user(by_number[number]) for number in told.get("assignee_ids", [])]
        return made

    def updateMergeRequest(self, asked: Asked) -> Json:  # noqa: N802
        made = self._request(asked)
        made |= {name: value for name, value in asked.body.items() if name in ("title", "description")}
        if asked.body.get("state_event") == "close":
            made["state"] = "closed"
        return made

    def listNotes(self, asked: Asked) -> Json:  # noqa: N802
        notes = self.notes.get(self._request(asked)["iid"], [])
        return Page(notes if asked.query.get("sort") == "asc" else notes[::-1])

    def createNote(self, asked: Asked) -> Json:  # noqa: N802
        return self.noted(self._request(asked)["iid"], asked.body["body"], "dockfix-bot")

    def createDiscussion(self, asked: Asked) -> Json:  # noqa: N802
        position = asked.body["position"]
        if (position["new_path"], position["new_line"]) not in self.changed_lines:
            raise Refusal(400, {"message": '400 Bad request - Note {:line_code=>["can\'t be blank"]}'})
        note = self.noted(self._request(asked)["iid"], asked.body["body"], "dockfix-bot")
        note["position"] = position
        return {"id": "d1", "individual_note": False, "notes": [note]}

    def noted(self, number: int, body: str, who: str, *, system: bool = False) -> Json:
        """A note that somebody writes; GitLab strips what is around it."""
        notes = self.notes.setdefault(number, [])
        note = {
            "id": len(notes) + 1,
            "body": body.strip(),
            "author": self.user(who),
            "created_at": NOW,
            "system": system,
        }
        notes.append(note)
        return note

    def listIssues(self, asked: Asked) -> Json:  # noqa: N802
        mine = asked.query.get("scope") == "created_by_me"
        return Page(
            [
                one
                for one in self.issues
                if one["state"] == asked.query["state"] and (not mine or one["author"]["id"] == self.mine)
            ]
        )

    def createIssue(self, asked: Asked) -> Json:  # noqa: N802
        return self.issued(asked.body["title"], asked.body.get("description"), "dockfix-bot")

    def issued(self, title: str, body: str | None, who: str) -> Json:
        """An issue that somebody opens."""
        number = len(self.issues) + 1
        issue = {
            "id": 500 + number,
            "iid": number,
            "project_id": 1,
            "title": title,
            "description": body,
            "state": "opened",
            "author": self.user(who),
            "created_at": NOW,
            "web_url": f"https://gitlab.example.com/-/issues/{number}",
            "labels": [],
        }
        self.issues.append(issue)
        return issue

    def updateIssue(self, asked: Asked) -> Json:  # noqa: N802
        issue = self.issues[int(asked.names["issue_iid"]) - 1]
        issue["description"] = asked.body.get("description", issue["description"])
        if asked.body.get("state_event") == "close":
            issue["state"] = "closed"
        return issue

    def setStatus(self, asked: Asked) -> Json:  # noqa: N802
        for sha, told in self.statuses:
            if (
                sha == asked.names["sha"]
                and told["name"] == asked.body["name"]
                and told["state"] == asked.body["state"]
            ):
                text = 'Cannot transition status via :succeed from :success (Reason(s): Status cannot transition via "succeed")'
                raise Refusal(400, {"message": text})
        self.statuses.append((asked.names["sha"], asked.body))
        return {"id": 1, "sha": asked.names["sha"], "status": asked.body["state"], "name": asked.body["name"]}

    def _in_project(self, asked: Asked) -> None:
        if asked.names["id"] != PROJECT:
            raise Refusal(404, {"message": "404 Project Not Found"})

    def _request(self, asked: Asked) -> Json:
        self._in_project(asked)
        return self.requests[int(asked.names["merge_request_iid"]) - 1]
