"""What the bot says beside its pull requests: onboarding, comments, dashboard and reports.

After a change on purpose: `pytest tests/test_bot_texts_beside.py --snapshot-update`.
"""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from pathlib import Path

import jsonschema
import pytest
from bot_groups import groups, tame, words
from bot_reading import (
    CONTROL,
    REVIEW,
    ROOT,
    SAFE,
    SETTINGS,
    Text,
    assert_harmless,
    law,
    pull_of,
    sentences,
)
from hypothesis import given, strategies as st
from syrupy.assertion import SnapshotAssertion

from dockfix.frontends.bot.groups import Group
from dockfix.frontends.bot.inspection import Inspection
from dockfix.frontends.bot.marker import CLOSED, TOUCHED
from dockfix.frontends.bot.platform import Comment, Issue, State
from dockfix.frontends.bot.report import Done, Report
from dockfix.frontends.bot.settings import BotSettings, NamedGroup
from dockfix.frontends.bot.texts import comments, dashboard, onboarding, pull, report

# syrupy would rather have the names of the tests in those of the files.
pytestmark = pytest.mark.filterwarnings(r"ignore:\s*Can not relate snapshot:UserWarning")


# Onboarding


def test_the_onboarding_file_says_every_default_as_it_is() -> None:
    made = onboarding.group(Inspection(SETTINGS, False, [])).made[0]
    text = made.files[".dockfix.toml"].decode()
    assert tomllib.loads(text) == {"bot": {"enabled": True}}
    uncommented = re.sub(r"^# (?=[\w-]+ = |\[)", "", text, flags=re.MULTILINE)
    table = tomllib.loads(uncommented)["bot"]
    (group,) = table.pop("groups").values()
    assert {key.replace("-", "_") for key in table} == set(BotSettings._fields) - {"groups"}
    assert {key.replace("-", "_") for key in group} <= set(NamedGroup._fields)
    assert BotSettings(**{key.replace("-", "_"): _frozen(value) for key, value in table.items()}) == SETTINGS


def _frozen(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def test_the_onboarding_diff_is_the_file(tmp_path: Path) -> None:
    made = onboarding.group(Inspection(SETTINGS, False, [])).made[0]
    subprocess.run(["git", "apply"], input=made.diff.encode(), cwd=tmp_path, check=True)
    assert (tmp_path / ".dockfix.toml").read_bytes() == made.files[".dockfix.toml"]


def test_who_declined_the_onboarding_is_not_asked_again_when_a_default_changes() -> None:
    first, second = (onboarding.group(Inspection(each, False, [])) for each in (SETTINGS, BotSettings(max_open=9)))
    assert first.made[0].files != second.made[0].files
    assert first.edit == second.edit


def test_the_body_of_the_onboarding(snapshot: SnapshotAssertion) -> None:
    inspection = Inspection(SETTINGS, False, [SAFE, REVIEW], ["api/Dockerfile.old: it is no text"], 4)
    text = f"{onboarding.title(SETTINGS)}\n\n{onboarding.body(onboarding.group(inspection), inspection)}"
    file = onboarding.group(inspection).made[0].files[".dockfix.toml"]
    assert text.encode() + b"\n-----\n" + file == snapshot(name="onboarding", extension_class=Text)


@law
@given(st.lists(groups, max_size=2), st.lists(sentences, max_size=2))
def test_whatever_a_repository_holds_the_onboarding_has_only_our_markup(these: list[Group], told: list[str]) -> None:
    inspection = Inspection(SETTINGS, False, these, told)
    ours = Inspection(SETTINGS, False, [tame(one) for one in these], ["t" for _ in told])
    group = onboarding.group(inspection)
    assert_harmless(onboarding.body(group, inspection), onboarding.body(group, ours))


# Comments and the dashboard


def test_comments_are_known_by_their_marks(snapshot: SnapshotAssertion) -> None:
    told = [comments.touched(pull_of(SAFE, "")), comments.closed("nothing of it is left to do")]
    assert TOUCHED in told[0]
    assert CLOSED in told[1]
    told += [comments.review([SAFE, REVIEW]), comments.remark(SAFE.made[0])]
    assert "\n-----\n".join(told).encode() == snapshot(name="comments", extension_class=Text)


@pytest.mark.parametrize("reference", ["#7", "!7"])
def test_a_pull_request_that_takes_the_place_of_another_is_referred_to(reference: str) -> None:
    told = f"{reference} proposes the same"
    assert f"dockfix closes this: {told}." in comments.closed(told)


@law
@given(words)
def test_whatever_a_reason_holds_a_comment_has_only_our_markup(reason: str) -> None:
    assert_harmless(comments.closed(reason), comments.closed("t"))


@law
@given(groups)
def test_whatever_a_repository_holds_a_review_has_only_our_markup(group: Group) -> None:
    body, ours = comments.review([group]), comments.review([tame(group)])
    assert_harmless(re.sub("review [0-9a-f]{16}", "review", body), re.sub("review [0-9a-f]{16}", "review", ours))
    for made in group.made:
        assert_harmless(comments.remark(made), comments.remark(tame(group).made[0]._replace(why="w" * bool(made.why))))


def test_however_odd_all_names_are_a_review_and_a_dashboard_are_no_longer_than_github_takes() -> None:
    odd = SAFE.made[0]._replace(path="~" * 4_000, title="~" * 4_000, why="@" * 4_000)
    group = SAFE._replace(made=[odd] * 100)
    review = comments.review([group])
    assert len(review) < 65_000
    assert re.search(r"\n- \d+ of 100 are left out here\.\n", review)
    pulls = [pull_of(SAFE, "", number)._replace(title="~" * 200) for number in range(100)]
    done = [Done("held", f"g{number}", reason="~" * 4_000) for number in range(100)]
    body = dashboard.dashboard(pulls, done, Inspection(SETTINGS, True, [group], ["@" * 4_000] * 100))
    assert len(body) < 65_000
    assert body.count(" are left out here.") >= 2
    assert dashboard.MARK in body


def test_the_same_review_is_known_again_and_another_is_not() -> None:
    posted = [Comment(comments.review([SAFE]), True)]
    assert comments.is_reviewed([SAFE], posted)
    assert not comments.is_reviewed([REVIEW], posted)
    assert not comments.is_reviewed([SAFE], [posted[0]._replace(is_own=False)])


BOARD = (
    [
        pull_of(SAFE, pull.body(SAFE, SETTINGS), 4)._replace(url="https://git.example.org/o/r/pulls/4"),
        pull_of(REVIEW, pull.body(REVIEW, SETTINGS), 3, State.CLOSED),
    ],
    [
        Done("held", "review", reason="#3 proposed the same, and was closed"),
        Done("held", "legacy", reason="5 of its pull requests are open, as many as there may be"),
        Done("opened", "extra", 5, "", "dockfix: merge 2 RUN instructions in Containerfile", "body"),
        Done("left", "safe", 4),
    ],
    Inspection(SETTINGS, True, [SAFE, REVIEW], ["api/Dockerfile.old: it is no text"]),
)


def test_the_dashboard(snapshot: SnapshotAssertion) -> None:
    assert dashboard.dashboard(*BOARD).encode() == snapshot(name="dashboard", extension_class=Text)


def test_the_dashboard_refers_to_pull_requests_as_its_platform_does() -> None:
    body = dashboard.dashboard(*BOARD, "!")
    assert "[!4](https://git.example.org/o/r/pulls/4): " in body
    assert " !5: dockfix: merge 2" in body
    assert not re.search(r"#[45]\b", body)


@pytest.mark.parametrize(("before", "after"), [("[ ]", "[x]"), ("[ ]", "[X]"), ("\n", "\r\n")])
def test_what_is_ticked_is_asked_for(before: str, after: str) -> None:
    body = dashboard.dashboard(*BOARD)
    ticked = body.replace("[ ]", "[x]").replace(before, after).replace("[x]", after if "[" in after else "[x]")
    assert dashboard.asked(body) == frozenset()
    assert dashboard.asked(ticked) == {"safe", "review", "legacy", "extra"}


@pytest.mark.parametrize("name", ["../evil", "a b", "a\nb", "é", "x" * 101, ""])
def test_a_group_that_cannot_be_one_is_not_asked_for(name: str) -> None:
    assert dashboard.asked(f"- [x] <!-- dockfix:ask group={name} --> x") == frozenset()


@law
@given(groups, st.lists(sentences, max_size=2), words)
def test_whatever_a_repository_holds_the_dashboard_asks_for_nothing(group: Group, told: list[str], reason: str) -> None:
    shown = pull_of(group, pull.body(group, SETTINGS))._replace(title=group.made[0].title, url=group.made[0].path)
    done = [Done("held", "other", reason=reason), Done("opened", "new", 2, title=group.made[0].why)]
    body = dashboard.dashboard([shown], done, Inspection(SETTINGS, True, [group], told))
    ours = dashboard.dashboard(
        [shown._replace(title="t")],  # the address is the platform's
        [done[0]._replace(reason="t"), done[1]._replace(title="t")],
        Inspection(SETTINGS, True, [group], ["t" for _ in told]),
    )
    assert_harmless(body, ours, references=["#1", "#2"])
    assert dashboard.asked(body) == frozenset()
    assert dashboard.asked(body.replace("- [ ]", "- [x]")) == {group.name, "other", "new"}


def test_the_dashboard_is_found_by_its_mark_and_else_by_its_title() -> None:
    ours, named, other = Issue(9, "renamed", dashboard.MARK), Issue(3, dashboard.TITLE, ""), Issue(1, "x", "y")
    assert dashboard.found([ours, named, other]) == ours
    assert dashboard.found([named, other]) == named
    assert dashboard.found([other]) is None


# Reports

REPORTS = (
    Report(
        "acme/shop",
        (
            Done(
                "opened", "safe", 4, "https://git.example.org/acme/shop/pulls/4", "dockfix: 2 safe changes", "the\tbody"
            ),
            Done("held", "review", reason="#3 proposed the same, and was closed"),
        ),
        problems=("api/Dockerfile.old: it is no text",),
        files=3,
        changes=7,
        seconds=1.25,
    ),
    Report("acme/old", skipped="it is archived"),
    Report("acme/gone", error="the server does not answer", retry=True),
)


def test_the_report_for_a_person(snapshot: SnapshotAssertion) -> None:
    told = f"{report.text(REPORTS)}-----\n{report.text(REPORTS, verbose=True)}"
    assert told.encode() == snapshot(name="report", extension_class=Text)
    assert report.text([]) == ""


def test_a_report_refers_to_pull_requests_as_its_platform_does() -> None:
    assert "opened safe !4: dockfix: 2 safe" in report.text([REPORTS[0]._replace(sign="!")])


def test_the_report_for_programs_is_as_its_schema_says() -> None:
    schema = json.loads((ROOT / "docs/schema/bot-v1.json").read_text())
    document = json.loads(report.document(REPORTS))
    jsonschema.Draft202012Validator(schema).validate(document)
    assert document["summary"] == {
        "repositories": 3,
        "failed": 1,
        "skipped": 1,
        "files": 3,
        "changes": 7,
        "done": {"held": 1, "opened": 1},
    }


def test_the_status_is_2_when_a_repository_failed() -> None:
    assert [report.status(REPORTS), report.status(REPORTS[:2]), report.status([])] == [2, 0, 0]


@law
@given(st.lists(words, min_size=6, max_size=6))
def test_whatever_a_repository_holds_a_report_cannot_steer_a_terminal(told: list[str]) -> None:
    done = Done("opened", told[0], None, told[1], told[2], told[3], told[4])
    text = report.text([Report(told[5], [done], told[0], told[1], [told[2]])], verbose=True)
    assert not CONTROL.search(text)
    assert all(line.isprintable() for line in text.split("\n"))
    json.loads(report.document([Report(told[5], [done], told[0], told[1], [told[2]])]))
