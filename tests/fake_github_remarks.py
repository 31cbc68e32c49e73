"""Reviews and checks of the fake GitHub."""

from __future__ import annotations

import fake_github_git as gits
import fake_github_shapes as shapes
from fake_github_call import Call, GitHubError, paged, shown_pull
from fake_github_http import Answer
from fake_github_shapes import Json


def list_files(call: Call) -> Answer:
    url = f"https://github.com/{call.hosted.name}"
    links = {f"{name}_url": f"{url}/{name}" for name in ("blob", "raw", "contents")}
    found = gits.patches(call.hosted.bare, call.pull.base, call.pull.sha)
    counts = dict.fromkeys(("additions", "deletions", "changes"), 1)
    return paged(
        call.asked,
        [
            {
                "filename": name,
                "sha": "0" * 40,
                "status": "modified",
                **counts,
                **links,
                **({"patch": patch} if patch else {}),
            }
            for name, patch in found.items()
        ],
    )


def list_reviews(call: Call) -> Answer:
    return paged(call.asked, call.pull.reviews)


def create_review(call: Call) -> Answer:
    thread, body = call.pull, call.body
    patches = gits.patches(call.hosted.bare, thread.base, thread.sha)
    comments = body.get("comments", [])
    assert isinstance(comments, list)
    for comment in comments:
        hunks = gits.shown(patches.get(comment["path"], ""))
        last, first = comment["line"], comment.get("start_line", comment["line"])
        if not any(first in hunk and last in hunk for hunk in hunks) or first > last:
            raise GitHubError(422, "Unprocessable Entity", ["Line must be part of the diff"])
        if first == last and "start_line" in comment:
            raise GitHubError(422, "Unprocessable Entity", ["start_line must precede the end line."])
    if not body.get("body"):
        raise GitHubError(422, "Unprocessable Entity", ["Body can't be blank"])
    number = call.fake.next_id()
    made = shapes.review(call.hosted, thread, number, call.fake.login, str(body["commit_id"]), str(body["body"]))
    thread.reviews.append({**made, "comments": comments})
    return Answer(200, made)


def request_reviewers(call: Call) -> Answer:
    names = call.texts("reviewers") + [f"/{name}" for name in call.texts("team_reviewers")]
    if call.pull.user in names:
        raise GitHubError(422, "Review cannot be requested from pull request author.")
    if not set(names) <= set(call.hosted.people):
        raise GitHubError(422, "Reviews may only be requested from collaborators.")
    call.pull.reviewers = sorted({*call.pull.reviewers, *names})
    return Answer(201, shown_pull(call, call.pull))


def create_check(call: Call) -> Answer:
    if not call.fake.as_app:
        raise GitHubError(403, "You must authenticate via a GitHub App.")
    at = f"https://api.github.com/repos/{call.hosted.name}/check-runs"
    number = call.fake.next_id()
    run: Json = {
        "id": number,
        "node_id": "CR_x",
        "url": f"{at}/{number}",
        "html_url": at,
        "details_url": at,
        "started_at": call.fake.now(),
        "completed_at": None,
        "conclusion": None,
        "external_id": "",
        "check_suite": None,
        "app": None,
        "pull_requests": [],
        "status": "queued",
        "output": {},
        "annotations": [],
        **{name: value for name, value in call.body.items() if name != "output"},
    }
    call.hosted.checks.append(run)
    return Answer(201, shown_check(said(run, call.body)))


def said(run: Json, body: Json) -> Json:
    """Annotations are added to those that are there; more than fifty at once are refused."""
    output = body.get("output", {})
    assert isinstance(output, dict)
    notes, there = output.get("annotations", []), run["annotations"]
    assert isinstance(there, list)
    if len(notes) > 50:
        raise GitHubError(422, "Invalid request.", ["annotations: more than 50"])
    there += notes
    run["output"] = {name: output.get(name) for name in ("title", "summary", "text")}
    return run


def shown_check(run: Json) -> Json:
    output, notes = run["output"], run["annotations"]
    assert isinstance(output, dict)
    assert isinstance(notes, list)
    counted = {**output, "annotations_count": len(notes), "annotations_url": f"{run['url']}/annotations"}
    return {**{name: value for name, value in run.items() if name != "annotations"}, "output": counted}


def one_check(call: Call) -> Json:
    found = [run for run in call.hosted.checks if run["id"] == int(call.rest[0])]
    if not found:
        raise GitHubError(404, "Not Found")
    return found[0]


def get_check(call: Call) -> Answer:
    return Answer(200, shown_check(one_check(call)))


def update_check(call: Call) -> Answer:
    run = one_check(call)
    run.update({name: value for name, value in call.body.items() if name != "output"})
    return Answer(200, shown_check(said(run, call.body)))


def list_checks(call: Call) -> Answer:
    found = [
        shown_check(run)
        for run in reversed(call.hosted.checks)
        if run["head_sha"] == call.rest[0] and call.asked.query.get("check_name", run["name"]) == run["name"]
    ]
    return Answer(200, {"total_count": len(found), "check_runs": found})
