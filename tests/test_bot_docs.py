"""What is written about the bot's settings, in docs/ and in the onboarding file, is what the bot reads."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from dockfix.adapters.config import NOTHING, Configurations
from dockfix.frontends.bot.inspection import Inspection
from dockfix.frontends.bot.operator import operator_of
from dockfix.frontends.bot.settings import BotSettings, Operator
from dockfix.frontends.bot.table import MODES, bot_settings
from dockfix.frontends.bot.texts import onboarding

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "bot.md").read_text()
KNOWN = {"clean-package-lists": {}, "clean-download-caches": {}}
BLOCKS = re.findall(r"^```toml\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
# Every one says its default, but for those that say by an example what they are.
EXAMPLES = {"groups"}


def onboarding_file() -> str:
    [made] = onboarding.group(Inspection(BotSettings(), False, ())).made
    return made.files[".dockfix.toml"].decode()


def settings(text: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> BotSettings:
    """What the bot reads in a repository with this `.dockfix.toml`."""
    monkeypatch.chdir(folder)
    Path(".dockfix.toml").write_text(text)
    Configurations(KNOWN).layer_for("Dockerfile")
    return bot_settings(Configurations(KNOWN).of_bot(".") or NOTHING, KNOWN, BotSettings())


DEFAULTS = re.findall(r"^# ([a-z-]+ = .*)$", onboarding_file().partition("# [bot.groups")[0], re.MULTILINE)


class TestTheOnboardingFile:
    def test_it_gives_the_defaults_as_it_is(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        assert settings(onboarding_file(), tmp_path, monkeypatch) == BotSettings()

    def test_it_gives_the_defaults_with_all_of_them_uncommented(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        whole, group, example = onboarding_file().partition("# [bot.groups")
        text = re.sub(r"^# (?=[a-z-]+ = )", "", whole, flags=re.MULTILINE)
        named = {key.replace("-", "_") for key in tomllib.loads(text)["bot"]}
        assert named == set(BotSettings._fields) - EXAMPLES
        assert settings(text + group + example, tmp_path, monkeypatch) == BotSettings()

    @pytest.mark.parametrize("line", DEFAULTS)
    def test_each_default_is_read_alone(self, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        text = onboarding_file().replace(f"# {line}", line)
        assert settings(text, tmp_path, monkeypatch) == BotSettings()

    def test_its_group_is_one_once_it_is_uncommented(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        whole, group, example = onboarding_file().partition("# [bot.groups")
        text = whole + re.sub(r"^# ", "", group + example, flags=re.MULTILINE)
        [named] = settings(text, tmp_path, monkeypatch).groups
        assert (named.name, named.paths) == ("legacy", ("legacy/",))

    def test_it_names_each_mode_that_there_is(self) -> None:
        [line] = [one for one in onboarding_file().splitlines() if one.startswith("# mode = ")]
        assert set(re.findall(r'"([a-z-]+)"', line)) == set(MODES)

    def test_the_schedule_that_it_explains_is_one(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        [schedule] = re.findall(r'"(\* [^"]+)" is on Mondays', onboarding_file())
        text = f'[bot]\nschedule = "{schedule}"\n'
        assert settings(text, tmp_path, monkeypatch).schedule == schedule


class TestThePage:
    def test_it_names_every_setting_of_a_repository_with_its_default(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        [text] = [block for block in BLOCKS if "enabled = " in block]
        named = {key.replace("-", "_") for key in tomllib.loads(text)["bot"]}
        assert named == set(BotSettings._fields)
        read = settings(text, tmp_path, monkeypatch)
        assert read._replace(groups=()) == BotSettings()
        assert read.groups

    def test_it_names_every_setting_of_the_operator_with_its_default(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        [text] = [block for block in BLOCKS if "author = " in block]
        table = tomllib.loads(text)
        named = {key.replace("-", "_") for key in table if key != "bot"}
        # What `--dry-run` says is in no file, and the defaults are the table `bot`.
        assert named == set(Operator._fields) - {"dry_run", "defaults"}
        assert table["bot"]
        monkeypatch.chdir(tmp_path)
        Path("operator.toml").write_text(text)
        assert operator_of("operator.toml", KNOWN)._replace(defaults=BotSettings()) == Operator()
