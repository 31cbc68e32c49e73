"""What the bot writes: readable for a person, the same for the same, and deaf to whatever a repository has in it.

After a change on purpose: `pytest tests/test_bot_texts.py --snapshot-update`, then read the difference as somebody
who gets such a pull request.
"""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest
from bot_groups import example, groups, tame, words
from hypothesis import Phase, given, settings as configured, strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension
from syrupy.location import PyTestLocation
from syrupy.types import SnapshotIndex

from dockfix.engine.change import Level
from dockfix.frontends.bot.groups import Group, Ledger
from dockfix.frontends.bot.inspection import Inspection
from dockfix.frontends.bot.marker import CLOSED, TOUCHED, mark_of, marked
from dockfix.frontends.bot.platform import Comment, Issue, Pull, State
from dockfix.frontends.bot.report import Done, Report
from dockfix.frontends.bot.settings import BotSettings, NamedGroup, Operator
from dockfix.frontends.bot.texts import comments, commit, dashboard, escaping, onboarding, pull, report

ROOT = Path(__file__).parent.parent
SETTINGS, OPERATOR = BotSettings(), Operator(author="Dock Fix <dockfix@example.org>")
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
SAFE, REVIEW = example(Level.SAFE), example(Level.REVIEW)
FIGURES = (Ledger("build context of api", "1.2 GB", "3.1 MB", "counted"), Ledger("image", "98 MB", "71 MB", "measured"))
FULL = SAFE._replace(ledgers=FIGURES)
# What no text may hold: what steers a terminal or turns letters around. The space of no width is ours.
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200c-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
ACTED_ON = re.compile(r"@\w|[#!]\w|[$&]\d|[%~]\w|GH-\d|//|www\.|\[(?:skip|no|ci) \w+\]", re.IGNORECASE)
# Without shrinking, which would take minutes with texts as long as these.
law = configured(deadline=None, max_examples=40, phases=[Phase.explicit, Phase.reuse, Phase.generate])
sentences = words.filter(lambda word: bool(escaping.prose(word)))
# syrupy would rather have the names of the tests in those of the files.
pytestmark = pytest.mark.filterwarnings(r"ignore:\s*Can not relate snapshot:UserWarning")


class Text(SingleFileSnapshotExtension):
    """Snapshots as Markdown in files of their own, called as the test says."""

    file_extension = "md"

    @classmethod
    def dirname(cls, *, test_location: PyTestLocation) -> str:
        return str(ROOT / "snapshots/bot")

    @classmethod
    def get_snapshot_name(cls, *, test_location: PyTestLocation, index: SnapshotIndex = 0) -> str:
        return str(index)


def parsed(text: str) -> list[Token]:
    """As GitHub reads it: tables, addresses without markup, and HTML."""
    reader = MarkdownIt("gfm-like")
    assert reader.linkify is not None
    # GitHub makes no links of names such as `file.py`, where py is a country.
    reader.linkify.set({"fuzzy_link": False})
    return reader.parse(text)


def skeleton(text: str) -> list[tuple[str, str, str]]:
    """What it is made of, without its text; HTML and addresses are markup."""
    return [
        (token.type, token.tag, token.content if "html" in token.type else str(token.attrGet("href")))
        for token in flat(parsed(text))
        if token.type != "text"
    ]


def flat(tokens: Sequence[Token]) -> Iterator[Token]:
    """All tokens, in their order."""
    for token in tokens:
        yield token
        yield from flat(token.children or ())


def said(text: str) -> list[str]:
    """The text that is no code: what a platform looks for mentions in."""
    inline = [token for token in parsed(text) if token.type == "inline"]
    return [
        "".join("\n" if child.type != "text" else child.content for child in token.children or ()) for token in inline
    ]


def pull_of(group: Group, body: str, number: int = 1, state: State = State.OPEN) -> Pull:
    return Pull(number, group.branch, "main", state, pull.title(group, SETTINGS), body, NOW)


def assert_harmless(text: str, like: str, *, references: Sequence[str] = ()) -> None:
    """It is made as the other is, and nothing in it is markup, a reference, a command, or steers a terminal."""
    assert skeleton(text) == skeleton(like)
    assert not CONTROL.search(text)
    text.encode()
    found = [found[0] for line in said(text) for found in ACTED_ON.finditer(line)]
    assert [one for one in found if one not in references] == []
    assert not re.search(r"^/\w", text, re.MULTILINE)


# Pull requests


@pytest.mark.parametrize(("name", "group"), [("safe", FULL), ("review", REVIEW)])
def test_the_body_of_a_pull_request(name: str, group: Group, snapshot: SnapshotAssertion) -> None:
    text = f"{pull.title(group, SETTINGS)}\n\n{pull.body(group, SETTINGS)}\n"
    assert text.encode() == snapshot(name=f"pull-{name}", extension_class=Text)


def test_a_title_says_what_and_where() -> None:
    assert pull.title(SAFE, SETTINGS) == f"dockfix: {len(SAFE.made)} safe changes in 3 files"
    one = SAFE._replace(made=SAFE.made[:1])
    assert pull.title(one, SETTINGS) == "dockfix: merge 2 RUN instructions in Containerfile"
    assert pull.title(one, BotSettings(title_prefix="chore(docker):")).startswith("chore(docker): merge 2 RUN")
    twice = SAFE._replace(made=[SAFE.made[0], SAFE.made[0]._replace(path="other/Dockerfile")])
    assert pull.title(twice, SETTINGS) == "dockfix: merge 2 RUN instructions in 2 files"


def test_a_body_names_the_lines_that_switch_a_rule_off_and_they_do() -> None:
    body = pull.body(SAFE, SETTINGS)
    (line,) = set(re.findall(r"`(skip = [^`]*merge-runs[^`]*)`", body))
    assert tomllib.loads(line) == {"skip": ["merge-runs"]}
    (pragma,) = set(re.findall(r"`(# dockfix: [^`]*merge-runs)`", body))
    from dockfix import Options, rewrite

    text = f"FROM debian:12\nRUN echo a\n{pragma}\nRUN echo b\n".encode()
    assert [step.change.transform for step in rewrite({"Dockerfile": text}, options=Options()).steps] == []


def test_a_body_holds_every_diff_as_git_applies_it() -> None:
    fences = [token.content for token in parsed(pull.body(SAFE, SETTINGS)) if token.type == "fence"]
    assert fences == [made.diff for made in SAFE.made]


@law
@given(groups)
def test_whatever_a_repository_holds_the_body_has_only_our_markup(group: Group) -> None:
    body = pull.body(group, SETTINGS)
    ours = pull.body(tame(group), SETTINGS)
    assert_harmless(body, _like(ours, body))
    mark = mark_of(pull_of(group, body))
    assert mark is not None
    assert (mark.group, mark.edit) == (group.name, group.edit)
    assert re.findall(r"<!--\s*dockfix.*?-->", body) == [marked(group.name, group.edit)]


def _like(ours: str, body: str) -> str:
    """The tame body with the other's mark."""
    return ours.replace(
        re.findall(r"<!-- dockfix:pull.*?-->", ours)[0], re.findall(r"<!-- dockfix:pull.*?-->", body)[-1]
    )


@law
@given(groups)
def test_whatever_a_repository_holds_a_title_is_a_line_of_text(group: Group) -> None:
    title = pull.title(group, BotSettings(title_prefix="@x\n#1 "))
    assert not CONTROL.search(title)
    assert "\n" not in title
    assert len(title) <= 120
    assert not ACTED_ON.search(title)


@configured(deadline=None, max_examples=10, phases=[Phase.generate])
@given(groups, st.integers(0, 20_000))
def test_a_body_that_is_too_long_is_cut_between_its_parts(group: Group, limit: int) -> None:
    many = group._replace(made=list(group.made) * 20, told=list(group.told) * 20)
    body = pull.body(many, SETTINGS, limit=limit)
    assert len(body) <= max(limit, pull.LEAST)
    shown = sum(token.type == "fence" for token in parsed(body))
    assert (shown < len(many.made)) == ("changes are left out here" in " ".join(said(body)))
    html = [token.content for token in flat(parsed(body)) if "html" in token.type]
    assert sum("<details>" in one for one in html) == sum("</details>" in one for one in html)
    assert mark_of(pull_of(many, body)) == mark_of(pull_of(many, marked(many.name, many.edit)))


# Commits


def trailers(message: str) -> list[str]:
    """As git reads them."""
    command = ["git", "interpret-trailers", "--parse"]
    return subprocess.run(command, input=message.encode(), capture_output=True, check=True).stdout.decode().splitlines()


def test_the_messages_of_commits(snapshot: SnapshotAssertion) -> None:
    told = commit.messages(REVIEW, BotSettings(sign_off=True), OPERATOR, "0123456789abcdef")
    assert "\n-----\n".join(told).encode() == snapshot(name="commits", extension_class=Text)


@law
@given(groups, st.booleans(), words)
def test_whatever_a_repository_holds_git_reads_our_trailers_alone(group: Group, sign: bool, prefix: str) -> None:
    settings = BotSettings(sign_off=sign, title_prefix=prefix)
    for made, message in zip(group.made, commit.messages(group, settings, OPERATOR, "0123456789abcdef"), strict=True):
        signed = [f"Signed-off-by: {OPERATOR.author}"] if sign else []
        rule = f"Dockfix-Transform: {made.transform} ({made.level}, {made.proof})"
        assert trailers(message) == [rule, *signed, "Dockfix-Content: 0123456789abcdef"]
        subject, empty, *rest = message.split("\n")
        assert subject.strip()
        assert empty == ""
        assert max(len(line) for line in (subject, *rest[: -3 - sign])) <= 72
        assert not CONTROL.search(message)
        assert not ACTED_ON.search(message.replace(OPERATOR.author, ""))


def test_the_content_of_commits_changes_with_all_that_they_hold() -> None:
    told = commit.content("base", SAFE, SETTINGS, OPERATOR)
    assert re.fullmatch("[0-9a-f]{16}", told)
    assert told == commit.content("base", SAFE, SETTINGS, OPERATOR)
    moved = SAFE._replace(made=[SAFE.made[0]._replace(files={"Containerfile": b"FROM scratch\n"}), *SAFE.made[1:]])
    others = [
        commit.content("other", SAFE, SETTINGS, OPERATOR),
        commit.content("base", REVIEW, SETTINGS, OPERATOR),
        commit.content("base", moved, SETTINGS, OPERATOR),
        commit.content("base", SAFE, BotSettings(sign_off=True), OPERATOR),
        commit.content("base", SAFE, BotSettings(title_prefix="chore:"), OPERATOR),
        commit.content("base", SAFE, SETTINGS, Operator(author="A <a@example.org>")),
        commit.content("base", SAFE, SETTINGS, OPERATOR._replace(signing_key="k")),
    ]
    assert len({told, *others}) == len(others) + 1


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


def test_a_pull_request_that_takes_the_place_of_another_is_referred_to() -> None:
    assert "dockfix closes this: #7 proposes the same." in comments.closed("#7 proposes the same")


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
        [shown._replace(title="t", url="")],
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
