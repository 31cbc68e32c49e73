"""What a repository may say about the bot, and what is said about a wrong table."""

from __future__ import annotations

import textwrap
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dockfix.adapters.config import NOTHING, Configurations
from dockfix.adapters.settings import ConfigError
from dockfix.frontends.bot.schedule import shut
from dockfix.frontends.bot.settings import BotSettings, NamedGroup
from dockfix.frontends.bot.table import bot_settings

KNOWN = {"merge-runs": {}, "cache-mounts": {}}

EVERYTHING = """
    [bot]
    enabled = false
    mode = "comments"
    level = "safe"
    group-by = ["transform", "file"]
    paths = ["services/**"]
    skip-paths = ["legacy"]
    base = "develop"
    max-open = 2
    per-hour = 0
    schedule = "* 0-5 * * 1-5"
    timezone = "Europe/Berlin"
    labels = ["docker"]
    reviewers = ["ann"]
    assignees = ["ben"]
    draft = true
    title-prefix = "build: "
    sign-off = true
    dashboard = true

    [bot.groups.caches]
    transforms = ["cache-mounts"]
    levels = ["review"]
    paths = ["api/**"]
"""
EVERYTHING_READ = BotSettings(
    enabled=False,
    mode="comments",
    level="safe",
    group_by=("transform", "file"),
    groups=(NamedGroup("caches", frozenset({"cache-mounts"}), frozenset({"review"}), ("api/**",)),),
    paths=("services/**",),
    skip_paths=("legacy",),
    base="develop",
    max_open=2,
    per_hour=0,
    schedule="* 0-5 * * 1-5",
    timezone="Europe/Berlin",
    labels=("docker",),
    reviewers=("ann",),
    assignees=("ben",),
    draft=True,
    title_prefix="build: ",
    sign_off=True,
    dashboard=True,
)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def read(text: str, path: str = ".dockfix.toml", defaults: BotSettings | None = None) -> BotSettings:
    Path(path).write_text(textwrap.dedent(text))
    said = Configurations(KNOWN).of_bot(".")
    return bot_settings(said or NOTHING, KNOWN, defaults or BotSettings())


def complaint(text: str, path: str = ".dockfix.toml") -> str:
    with pytest.raises(ConfigError) as caught:
        read(text, path)
    return str(caught.value)


def test_every_key_is_read() -> None:
    assert read(EVERYTHING) == EVERYTHING_READ


def test_every_key_of_a_table_in_pyproject_is_read() -> None:
    assert read(EVERYTHING.replace("[bot", "[tool.dockfix.bot"), "pyproject.toml") == EVERYTHING_READ


def test_what_a_repository_does_not_say_the_operator_says() -> None:
    defaults = BotSettings(max_open=1, labels=("x",), schedule="* * * * 6")
    assert read('level = "safe"', defaults=defaults) == defaults
    assert read("[bot]\nlabels = []\n", defaults=defaults) == defaults._replace(labels=())


def test_an_empty_schedule_is_one_for_all_times() -> None:
    defaults = BotSettings(schedule="* * * * 6")
    assert read('[bot]\nschedule = ""\n', defaults=defaults).schedule == ""


def test_without_a_file_nothing_is_said() -> None:
    assert Configurations(KNOWN).of_bot(".") is None


def test_the_other_front_ends_leave_the_table_alone() -> None:
    Path(".dockfix.toml").write_text("skip = ['merge-runs']\n[bot]\nnobody = 'knows'\n")
    assert Configurations(KNOWN).layer_for("Dockerfile").skip == frozenset({"merge-runs"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bot = 1", '"bot" must be a table, not 1'),
        ("[bot]\nmax_open = 1", 'in [bot]: unknown key "max_open"; did you mean max-open?'),
        ("[bot]\nmax-open = true", 'in [bot]: "max-open" must be a number from 0 to 1000, not true'),
        ("[bot]\nper-hour = -1", 'in [bot]: "per-hour" must be a number from 0 to 1000, not -1'),
        ("[bot]\ndraft = 'no'", 'in [bot]: "draft" must be true or false, not "no"'),
        ("[bot]\nlabels = 'a'", 'in [bot]: "labels" must be a list of strings, not "a"'),
        ("[bot]\nmode = 'comment'", 'in [bot]: "mode" cannot be "comment"; did you mean comments?'),
        ("[bot]\nlevel = 'save'", 'in [bot]: "level" cannot be "save"; did you mean safe?'),
        ("[bot]\ngroup-by = ['files']", 'in [bot]: "group-by" cannot hold "files"; did you mean file?'),
        ("[bot]\nbase = 1", 'in [bot]: "base" must be text on one line, not 1'),
        ('[bot]\ntitle-prefix = "a\\nb"', 'in [bot]: "title-prefix" must be text on one line, not "a\nb"'),
        ("[bot]\nschedule = 'before 5am'", 'in [bot]: "schedule": "before 5am" is no cron expression of five fields, as in `* 0-5 * * 1`'),
        ("[bot]\nschedule = '0 25 * * 1'", 'in [bot]: "schedule": "0 25 * * 1" is no cron expression of five fields, as in `* 0-5 * * 1`'),
        ("[bot]\nschedule = '0 5 * * 1'", 'in [bot]: "schedule": "0 5 * * 1" has to begin with `*`: in which minute the bot runs is not known'),
        ("[bot]\ntimezone = '../../etc/passwd'", 'in [bot]: "timezone": "../../etc/passwd" is no time zone of the IANA\'s, as in Europe/Berlin'),
        ("[bot]\ntimezone = 'Mars/Olympus'", 'in [bot]: "timezone": "Mars/Olympus" is no time zone of the IANA\'s, as in Europe/Berlin'),
        ("[bot]\ngroups = ['a']", 'in [bot]: "groups" must be a table of tables, as in [bot.groups.packages]'),
        ("[bot.groups.a]\n", "in [bot.groups.a]: says nothing of what is in it: one of transforms, levels, paths"),
        ("[bot.groups.a]\ntransforms = ['merge-run']", 'in [bot.groups.a]: unknown transform "merge-run"; did you mean merge-runs?'),
        ("[bot.groups.a]\nlevels = ['saf']", 'in [bot.groups.a]: "levels" cannot hold "saf"; did you mean safe?'),
        ("[bot.groups.a]\nfiles = ['saf']", 'in [bot.groups.a]: unknown key "files"; known are levels, paths, transforms'),
        ("[bot.groups]\na = 1", "in [bot.groups.a]: must be a table, not 1"),
    ],
)  # fmt: skip
def test_a_mistake_is_said_in_one_sentence(text: str, expected: str) -> None:
    assert complaint(text) == f".dockfix.toml: {expected}"


@pytest.mark.parametrize("name", ["A", "a..b", ".a", "a b", "a/b", "", "x" * 61, "onboarding", "ä", "a\\nb"])
def test_a_group_whose_name_is_none_of_a_branch_is_refused(name: str) -> None:
    assert "a group cannot be called" in complaint(f'[bot.groups."{name}"]\nlevels = ["safe"]\n')


def test_the_table_of_pyproject_is_named_in_full() -> None:
    text = "[tool.dockfix.bot]\nmax-opn = 1\n"
    assert (
        complaint(text, "pyproject.toml")
        == 'pyproject.toml: in [tool.dockfix.bot]: unknown key "max-opn"; did you mean max-open?'
    )


class TestSchedule:
    MONDAY_NIGHT = datetime(2026, 11, 30, 2, 17, tzinfo=UTC)

    def test_without_one_it_is_never_shut(self) -> None:
        assert shut(BotSettings(), self.MONDAY_NIGHT) == ""

    def test_within_it_nothing_is_shut(self) -> None:
        assert shut(BotSettings(schedule="* 0-5 * * 1"), self.MONDAY_NIGHT) == ""

    def test_at_another_time_it_says_so(self) -> None:
        told = shut(BotSettings(schedule="* 0-5 * * 1"), self.MONDAY_NIGHT.replace(hour=6))
        assert told == "it is not within the schedule * 0-5 * * 1 (UTC)"

    def test_hours_are_those_of_the_time_zone(self) -> None:
        tokyo = BotSettings(schedule="* 11 * * 1", timezone="Asia/Tokyo")
        assert shut(tokyo, self.MONDAY_NIGHT) == ""
        assert shut(tokyo._replace(timezone="UTC"), self.MONDAY_NIGHT) != ""
