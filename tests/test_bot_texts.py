"""What the bot writes: readable for a person, the same for the same, and deaf to whatever a repository has in it.

After a change on purpose: `pytest tests/test_bot_texts.py --snapshot-update`, then read the difference as somebody
who gets such a pull request.
"""

from __future__ import annotations

import re
import subprocess
import tomllib

import pytest
from bot_groups import groups, tame, words
from bot_reading import (
    ACTED_ON,
    CONTROL,
    FULL,
    OPERATOR,
    REVIEW,
    SAFE,
    SETTINGS,
    Text,
    assert_harmless,
    flat,
    law,
    parsed,
    pull_of,
    said,
)
from hypothesis import Phase, given, settings as configured, strategies as st
from syrupy.assertion import SnapshotAssertion

from dockfix.frontends.bot.groups import Group
from dockfix.frontends.bot.marker import mark_of, marked
from dockfix.frontends.bot.settings import BotSettings, Operator
from dockfix.frontends.bot.texts import commit, pull

# syrupy would rather have the names of the tests in those of the files.
pytestmark = pytest.mark.filterwarnings(r"ignore:\s*Can not relate snapshot:UserWarning")


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


def test_a_title_names_a_file_once() -> None:
    change = SAFE.made[0]._replace(title="write .dockerignore: send only what is taken", path=".dockerignore")
    group = SAFE._replace(made=[change])
    assert pull.title(group, SETTINGS) == "dockfix: write .dockerignore: send only what is taken"
    (message,) = commit.messages(group, SETTINGS, OPERATOR, "12ab")
    assert message.splitlines()[0] == "Write .dockerignore: send only what is taken"


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
