"""Remarks at the lines of a pull request on GitHub: as a review with suggestions, or as the result of a check."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from hashlib import sha256

from ..platform import Given, Repository, Suggestion
from .fitting import within_bytes
from .github_answers import Json, number, part, parts, same, text
from .github_api import Api, Request, fitting

_PULLS = "pull-requests: write"
_CHECKS = "checks: write, which only tokens of apps have, such as GITHUB_TOKEN of Actions"
_CHECK = "dockfix"
_AT_ONCE = 50
_LONGEST = 65_535
"""Bytes of a summary and of what is said in an annotation: https://docs.github.com/en/rest/checks/runs"""
_HUNK = re.compile(r"^@@ -\S+ \+(\d+)(?:,(\d+))? @@", re.MULTILINE)
_TICKS = re.compile(r"`+")


def review(
    api: Api, login: str, repository: Repository, given: Given, body: str, suggestions: Sequence[Suggestion]
) -> None:
    """Review it, once for a head and text. `login` is the token's account, empty for an app."""
    path = f"/repos/{repository.name}/pulls/{given.number}"
    hunks = {
        text(one, "filename"): [
            range(int(first), int(first) + int(lines or 1)) for first, lines in _HUNK.findall(text(one, "patch"))
        ]
        for one in api.pages(Request("GET", f"{path}/files", _PULLS))
    }
    comments = [_comment(one) for one in suggestions if _is_shown(one, hunks)]
    elsewhere = [_line(one) for one in suggestions if not _is_shown(one, hunks)]
    told = fitting("\n".join((body.rstrip(), "", *elsewhere)) if elsewhere else body)

    def found() -> Json | None:
        """What an app has written is its own if it is the same text: another one's would do as well."""
        for one in api.pages(Request("GET", f"{path}/reviews", _PULLS)):
            user = part(one, "user")
            own = text(user, "login") == login if login else text(user, "type") == "Bot"
            if own and text(one, "commit_id") == given.head and same(text(one, "body"), told):
                return one
        return None

    if found() is None:
        fields: Json = {"commit_id": given.head, "body": told, "event": "COMMENT", "comments": comments}
        api.ask(Request("POST", f"{path}/reviews", _PULLS, fields), found)


def check(api: Api, repository: Repository, given: Given, body: str, suggestions: Sequence[Suggestion]) -> bool:
    """Say it as the result of a check, once for a head and text; whether it was not there yet.

    One that was given up in the middle is not completed but made anew: GitHub shows the last of a name.
    """
    path = f"/repos/{repository.name}/check-runs"
    told = sha256(repr((given.head, body, [tuple(one) for one in suggestions])).encode()).hexdigest()

    def found() -> Json | None:
        where = f"/repos/{repository.name}/commits/{given.head}/check-runs"
        query = {"check_name": _CHECK, "filter": "all"}
        runs = parts(api.ask(Request("GET", where, _CHECKS, query=query)), "check_runs")
        return next((run for run in runs if run.get("external_id") == told and run.get("status") == "completed"), None)

    if found() is not None:
        return False
    notes = [_annotation(one) for one in suggestions]
    bundles = [notes[at : at + _AT_ONCE] for at in range(0, len(notes), _AT_ONCE)] or [[]]
    title = "1 suggestion" if len(notes) == 1 else f"{len(notes)} suggestions"
    said: Json = {"title": title, "summary": within_bytes(body, _LONGEST)}
    done: Json = {"status": "completed", "conclusion": "neutral" if notes else "success"}
    first: Json = {
        "name": _CHECK,
        "head_sha": given.head,
        "external_id": told,
        "output": {**said, "annotations": bundles[0]},
    }
    state: Json = done if len(bundles) == 1 else {"status": "in_progress"}
    run = number(api.ask(Request("POST", path, _CHECKS, {**first, **state}), found), "id")
    for at, bundle in enumerate(bundles[1:], 2):
        output: Json = {"output": {**said, "annotations": bundle}}
        _append(api, f"{path}/{run}", {**output, **(done if at == len(bundles) else state)}, at * _AT_ONCE)
    return True


def _append(api: Api, run: str, fields: Json, most: int) -> None:
    """Further annotations, of which there are `most` then, or fewer where these are the last.

    After a failure it is looked how many there are: those that are sent twice are there twice.
    """

    def found() -> Json | None:
        output = part(api.ask(Request("GET", run, _CHECKS)), "output")
        return {} if number(output, "annotations_count") > most - _AT_ONCE else None

    api.ask(Request("PATCH", run, _CHECKS, fields), found)


def _is_shown(one: Suggestion, hunks: Mapping[str, Sequence[range]]) -> bool:
    """Whether GitHub takes a remark there: all its lines are in one part of the diff, or next to its changes.

    https://docs.github.com/en/rest/pulls/reviews#create-a-review-for-a-pull-request
    """
    return any(one.first in hunk and one.last in hunk for hunk in hunks.get(one.path, ()))


def _comment(one: Suggestion) -> Json:
    place: Json = {"path": one.path, "side": "RIGHT", "line": one.last}
    more: Json = {"start_line": one.first, "start_side": "RIGHT"} if one.first < one.last else {}
    return {**place, **more, "body": one.message if one.text is None else f"{one.message}\n\n{_block(one.text)}"}


def _block(text: str) -> str:
    """What may be applied; nothing in it deletes the lines. Its fence is longer than any within."""
    fence = "`" * max(3, *(len(ticks) + 1 for ticks in _TICKS.findall(text)), 3)
    return "\n".join((f"{fence}suggestion", *([text] if text else []), fence))


def _line(one: Suggestion) -> str:
    lines = f"{one.first}" if one.first == one.last else f"{one.first}-{one.last}"
    path = "".join(letter for letter in one.path if letter.isprintable() and letter != "`")
    return f"- `{path}`, line {lines}: {one.message}"


def _annotation(one: Suggestion) -> Json:
    place: Json = {"path": one.path, "start_line": one.first, "end_line": one.last, "annotation_level": "notice"}
    details = {"raw_details": within_bytes(one.text, _LONGEST)} if one.text else {}
    return {**place, "message": within_bytes(one.message, _LONGEST), **details}
